import type { ErrorCode, ExchangeError } from '../errors.ts';
import { formatAddress } from '../http/format-address.ts';
import type { Malformed } from '../http/request-head.ts';
import type { TargetUrl } from '../http/request-target.ts';
import { parseAuthority } from '../http/request-target.ts';

/** What a SOCKS client asks for. */
export interface SocksRequest {
  /** 1 is CONNECT, the only one that is served. */
  readonly command: number;
  readonly url: TargetUrl;
}

export interface SocksLogin {
  readonly name: string;
  readonly password: string;
}

/** A message with its length in bytes; `undefined` while there is not all of it. */
export type Read<T> = { readonly value: T; readonly length: number } | Malformed | undefined;

export const NO_LOGIN = 0;
export const LOGIN = 2;
export const NO_METHOD = 0xff;

/** No name in SOCKS 4 is longer; it would have no end otherwise. */
const MAX_NAME = 255;

/** RFC 1928 §3: the methods that the client can log in by. */
export function readGreeting(bytes: Buffer): Read<readonly number[]> {
  const length = 2 + (bytes[1] ?? 0);
  if (bytes.length < 2 || bytes.length < length) return undefined;
  return { value: [...bytes.subarray(2, length)], length };
}

/** RFC 1929 §2: name and password, as UTF-8. */
export function readLogin(bytes: Buffer): Read<SocksLogin> {
  if (bytes.length < 2) return undefined;
  if (bytes[0] !== 1) return malformed(`The login's version is ${String(bytes[0])}, not 1.`);
  const nameEnd = 2 + (bytes[1] ?? 0);
  if (bytes.length <= nameEnd) return undefined;
  const length = nameEnd + 1 + (bytes[nameEnd] ?? 0);
  if (bytes.length < length) return undefined;
  return {
    value: { name: bytes.toString('utf8', 2, nameEnd), password: bytes.toString('utf8', nameEnd + 1, length) },
    length,
  };
}

/** RFC 1928 §4. */
export function readRequest5(bytes: Buffer): Read<SocksRequest> {
  if (bytes.length > 0 && bytes[0] !== 5) return malformed(`The request's version is ${String(bytes[0])}, not 5.`);
  if (bytes.length < 5) return undefined;
  const [, command = 0, , type = 0, first = 0] = bytes;
  const start = type === 3 ? 5 : 4;
  const size = type === 1 ? 4 : type === 4 ? 16 : type === 3 ? first : undefined;
  if (size === undefined) return { error: 'SOCKS_ADDRESS_TYPE', detail: `It is ${type}.` };
  const end = start + size;
  if (bytes.length < end + 2) return undefined;
  const host = type === 3 ? bytes.toString('latin1', start, end) : addressOf(bytes.subarray(start, end));
  return request(command, host, bytes.readUInt16BE(end), end + 2);
}

/** The memo "SOCKS: A protocol for TCP proxy across firewalls" and its extension 4A: a name behind an impossible address. */
export function readRequest4(bytes: Buffer): Read<SocksRequest> {
  if (bytes.length < 9) return undefined;
  const user = readText(bytes, 8);
  if (user === undefined || 'error' in user) return user;
  const named = bytes.readUInt32BE(4) > 0 && bytes.readUInt32BE(4) < 256;
  const name = named ? readText(bytes, user.length) : undefined;
  if (name !== undefined && 'error' in name) return name;
  if (named && name === undefined) return undefined;
  const host = name?.value ?? addressOf(bytes.subarray(4, 8));
  return request(bytes[1] ?? 0, host, bytes.readUInt16BE(2), name?.length ?? user.length);
}

/** RFC 1928 §6. Nobody needs the address that the far end sees. */
export function reply5(code: number): Buffer {
  return Buffer.from([5, code, 0, 1, 0, 0, 0, 0, 0, 0]);
}

/** 90 grants the request, 91 refuses it, 93 refuses whoever asks. */
export function reply4(code: number): Buffer {
  return Buffer.from([0, code, 0, 0, 0, 0, 0, 0]);
}

const NOT_ALLOWED = 2;
const CODES: Partial<Record<ErrorCode, number>> = {
  ADDRESS_NOT_ALLOWED: NOT_ALLOWED,
  CREDENTIALS_REQUIRED: NOT_ALLOWED,
  TOO_MANY_FAILURES: NOT_ALLOWED,
  LOOP: NOT_ALLOWED,
  DNS_FAILED: 4,
  HOST_UNREACHABLE: 4,
  PROXY_ORIGIN_FAILED: 4,
  CONNECTION_REFUSED: 5,
  PROXY_REFUSED: 5,
  CONNECT_TIMEOUT: 6,
  HEAD_TIMEOUT: 6,
  SOCKS_COMMAND: 7,
  SOCKS_ADDRESS_TYPE: 8,
};

/** The reply code of SOCKS 5 for a failure (RFC 1928 §6): 1 for those that have none of their own. */
export function replyCode(error: ExchangeError): number {
  if ((error.cause as NodeJS.ErrnoException | undefined)?.code === 'ENETUNREACH') return 3;
  return CODES[error.code] ?? 1;
}

/** The text from `start` to the next zero byte. Its `length` counts from the beginning, with that byte. */
function readText(bytes: Buffer, start: number): Read<string> {
  const end = bytes.indexOf(0, start);
  if (end === -1 ? bytes.length - start > MAX_NAME : end - start > MAX_NAME)
    return malformed('A name in it is longer than 255 bytes.');
  return end === -1 ? undefined : { value: bytes.toString('latin1', start, end), length: end + 1 };
}

function request(command: number, host: string, port: number, length: number): Read<SocksRequest> {
  const url = parseAuthority('http', formatAddress(host, port), '');
  if (url === undefined) return { error: 'BAD_TARGET', detail: `It is ${JSON.stringify(host)}, port ${port}.` };
  return { value: { command, url }, length };
}

function addressOf(bytes: Buffer): string {
  if (bytes.length === 4) return bytes.join('.');
  const groups = Array.from({ length: 8 }, (_, i) => bytes.readUInt16BE(2 * i).toString(16));
  // The URL parser writes it as RFC 5952 asks.
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}

function malformed(detail: string): Malformed {
  return { error: 'MALFORMED_SOCKS', detail };
}
