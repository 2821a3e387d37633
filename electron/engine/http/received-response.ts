import type { HeaderList } from '../../../shared/headers.ts';
import { hasHeader, joinedHeader } from '../../../shared/headers.ts';
import { hasConnectionOption } from './connection-fields.ts';
import type { Malformed } from './request-head.ts';
import { parseContentLength, parseFields, transferCodings } from './request-head.ts';
import type { ReplyFraming } from './response-head.ts';
import { isBodiless, withOneLength } from './response-head.ts';

/** A response's head as it stood on an HTTP/1 connection. */
export interface ReceivedResponse {
  readonly version: '1.0' | '1.1';
  readonly status: number;
  readonly reason: string;
  readonly headers: HeaderList;
  /** Where the body ends (RFC 9112 §6.3). */
  readonly framing: ReplyFraming;
  /** The transfer coding that the body is in, besides chunked, and that can be undone. */
  readonly coding?: string;
  /** The Transfer-Encoding, where it names codings that nobody knows. */
  readonly unknownCoding?: string;
  /** Whether the connection can carry another request after this (RFC 9112 §9.3). */
  readonly persists: boolean;
}

const STATUS_LINE = /^HTTP\/1\.(\d) ([1-9]\d\d)(?: ([\t\x20-\x7e\x80-\xff]*))?$/;
/** Transfer codings that are undone here (RFC 9112 §7.2). */
const UNDONE_CODINGS: ReadonlySet<string> = new Set(['gzip', 'x-gzip', 'deflate']);
/** All that are registered (RFC 9112 §7.3). */
const KNOWN_CODINGS: ReadonlySet<string> = new Set([...UNDONE_CODINGS, 'chunked', 'compress', 'x-compress']);
const SPACE_BEFORE_COLON = /(^|\r\n)([!#$%&'*+\-.^_`|~0-9A-Za-z]+)[\t ]+:/g;

/**
 * Reads the head of a response to a request of `method`.
 *
 * @param text the head decoded as latin1, without the empty line. Lines end with CRLF.
 */
export function parseResponseHead(text: string, method: string): ReceivedResponse | Malformed {
  const lineEnd = text.indexOf('\r\n');
  const line = lineEnd === -1 ? text : text.slice(0, lineEnd);
  const match = STATUS_LINE.exec(line);
  if (match === null) return malformed(`Its status line is ${JSON.stringify(line.slice(0, 80))}.`);
  const status = Number(match[2]);
  const headers = lineEnd === -1 ? [] : responseFields(text, lineEnd + 2);
  if ('error' in headers) return malformed(headers.detail);
  const read = responseFraming(method, status, headers);
  if ('error' in read) return read;
  // RFC 9112 §9.3: HTTP/1.0 connections persist only when both sides say so.
  const older = match[1] === '0';
  // It has no transfer codings either (RFC 9112 §6.1): what follows one that claims to is not to be trusted.
  const persists = older
    ? hasConnectionOption(headers, 'keep-alive') && !hasHeader(headers, 'transfer-encoding')
    : !hasConnectionOption(headers, 'close');
  const version = older ? '1.0' : '1.1';
  const told = { version, status, reason: match[3] ?? '', headers: withOneLength(headers) } as const;
  const ends = read.framing.kind !== 'close' && !(status === 204 && method !== 'HEAD' && announcesBody(headers));
  return { ...told, ...read, persists: persists && ends };
}

/**
 * Whether the head speaks of a body. A 204 has none (RFC 9112 §6.3, rule 1) and must not say that it has (RFC 9110 §8.6): one
 * that does is followed by bytes, perhaps, that would be taken for the next answer.
 */
function announcesBody(headers: HeaderList): boolean {
  const lengths = joinedHeader(headers, 'content-length');
  return hasHeader(headers, 'transfer-encoding') || (lengths !== undefined && parseContentLength(lengths) !== 0);
}

function responseFields(text: string, from: number): HeaderList | Malformed {
  const fields = parseFields(text, from);
  if (!('error' in fields)) return fields;
  // RFC 9112 §5.1: a proxy removes white space between a name and its colon from responses.
  const mended = text.slice(from).replace(SPACE_BEFORE_COLON, '$1$2:');
  return parseFields(mended, 0);
}

/** How a body is framed, and the coding it is in. */
type BodyForm = Pick<ReceivedResponse, 'framing' | 'coding' | 'unknownCoding'>;

function responseFraming(method: string, status: number, headers: HeaderList): BodyForm | Malformed {
  if (isBodiless(method, status)) return { framing: { kind: 'none' } };
  const codings = joinedHeader(headers, 'transfer-encoding');
  const lengths = joinedHeader(headers, 'content-length');
  // "identity" was the name for no coding at all (RFC 2616 §3.6), until RFC 7230 dropped it.
  if (codings !== undefined && codings.toLowerCase() !== 'identity') {
    // RFC 9112 §6.3, rule 3: this may be an attempt to smuggle a response.
    if (lengths !== undefined) return malformed('It has both Transfer-Encoding and Content-Length.');
    return codedForm(codings);
  }
  if (lengths === undefined) return { framing: { kind: 'close' } };
  // Rule 5.
  const length = parseContentLength(lengths);
  if (length === undefined) return malformed(`Its Content-Length is ${JSON.stringify(lengths.slice(0, 80))}.`);
  return { framing: { kind: 'length', length } };
}

/**
 * Rule 4: without chunked as the last coding, the body ends with its connection. What it is in besides is undone, since nothing
 * tells the next recipient of it, or refused (§7): nobody could read it, or tell whether it is whole. A name that is not
 * registered is no coding: servers that send one put the bytes of the content behind it.
 */
function codedForm(value: string): BodyForm | Malformed {
  const codings = transferCodings(value);
  const chunked = codings.at(-1) === 'chunked';
  const framing = { kind: chunked ? 'chunked' : 'close' } as const;
  const others = (chunked ? codings.slice(0, -1) : codings).filter((name) => name !== 'identity');
  const [coding, more] = others;
  if (coding === undefined) return { framing };
  if (more === undefined && UNDONE_CODINGS.has(coding)) return { framing, coding };
  if (!others.some((name) => KNOWN_CODINGS.has(name))) return { framing, unknownCoding: value };
  return { error: 'TRANSFER_CODING', detail: `Its Transfer-Encoding is ${JSON.stringify(value.slice(0, 80))}.` };
}

/** For how long (ms) the server says that it keeps an idle connection; undefined when it says nothing. */
export function keepAliveHint(headers: HeaderList): number | undefined {
  const match = /(?:^|[,; ])timeout=(\d{1,6})/i.exec(joinedHeader(headers, 'keep-alive') ?? '');
  return match === null ? undefined : Number(match[1]) * 1000;
}

function malformed(detail: string): Malformed {
  return { error: 'MALFORMED_RESPONSE', detail };
}
