import type { HeaderList } from '../../../shared/headers.ts';
import { isHeaderName, trimValues } from '../../../shared/headers.ts';
import type { Malformed, ParsedHead } from './request-head.ts';
import { parseAuthority } from './request-target.ts';

/** Fields that speak of an HTTP/1 connection (RFC 9113 §8.2.2, and §3.1 for the upgrade to h2c). */
const CONNECTION_FIELDS = new Set([
  ...['connection', 'http2-settings', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade'],
]);

/** What a field counts for besides its name and value. */
const FIELD_OVERHEAD = 32;

/** A request head from HTTP/2 in HTTP/1's terms (RFC 9113 §8.3), with what HTTP/2 says apart from the target. */
export interface Http2Head extends ParsedHead {
  readonly version: '2';
  readonly scheme: string;
  readonly authority: string;
  /** The protocol that an extended CONNECT asks for (RFC 8441 §4). */
  readonly protocol?: string;
}

/**
 * Reads the fields of an HTTP/2 request, pseudo-header fields included, whose form the frame layer has checked.
 * Host stands in for a missing `:authority` and the other way round (RFC 9113 §8.3.1), and cookies that were split for
 * compression are one field again (§8.2.3).
 *
 * @param raw `[name, value, …]` as received.
 * @param limit the most bytes that it may have, counted as SETTINGS_MAX_HEADER_LIST_SIZE is (§6.5.2).
 */
export function readHttp2Head(raw: HeaderList, limit: number): Http2Head | Malformed {
  let [method, scheme, path] = ['', '', ''];
  let given: string | undefined;
  let protocol: string | undefined;
  const headers: string[] = [];
  let cookie: number | undefined;
  let size = raw.length * (FIELD_OVERHEAD / 2);
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i] as string;
    const value = raw[i + 1] as string;
    size += name.length + value.length;
    if (name === ':method') method = value;
    else if (name === ':scheme') scheme = value;
    else if (name === ':path') path = value;
    else if (name === ':authority') given = value;
    else if (name === ':protocol') protocol = value;
    else if (name !== 'cookie') headers.push(name, value);
    else if (cookie !== undefined) headers[cookie] = `${headers[cookie] ?? ''}; ${value}`;
    else cookie = headers.push(name, value) - 1;
  }
  if (size > limit) {
    const error = path.length > limit ? 'TARGET_TOO_LONG' : 'HEAD_TOO_LARGE';
    return { error, detail: `It has ${size} bytes, the limit is ${limit}.` };
  }
  const host = hostOf(trimValues(headers));
  if (given !== undefined && host !== undefined && given !== host && !isSameHost(scheme, given, host)) {
    const detail = `:authority is ${JSON.stringify(given)}, but Host is ${JSON.stringify(host)}.`;
    return { error: 'BAD_HOST', detail };
  }
  const authority = given ?? host ?? '';
  if (host === undefined && authority !== '') headers.unshift('host', authority);
  const target = method === 'CONNECT' && protocol === undefined ? authority : path;
  if (method === '' || target === '') return { error: 'MALFORMED_REQUEST_LINE', detail: 'It has no method or path.' };
  const head: Http2Head = { method, target, version: '2', headers, scheme, authority };
  return protocol === undefined ? head : { ...head, protocol };
}

/**
 * The head of an HTTP/2 response as node:http2 takes it, `:status` first: names in lower case, and without fields that
 * speak of an HTTP/1 connection (RFC 9113 §8.2.2).
 */
export function http2ResponseFields(status: number, headers: HeaderList): string[] {
  return addHttp2Fields([':status', String(status)], headers);
}

/**
 * The head of an HTTP/2 request as node:http2 takes it (RFC 9113 §8.3.1): Host becomes `:authority`.
 *
 * @param authority where there is no Host
 */
export function http2RequestFields(
  method: string,
  scheme: string,
  authority: string,
  path: string,
  headers: HeaderList,
): string[] {
  const fields = [':method', method, ':scheme', scheme, ':authority', authority, ':path', path];
  return addHttp2Fields(fields, headers, (host) => (fields[5] = host));
}

/**
 * Appends fields as HTTP/2 has them: names in lower case, nothing about connections (RFC 9113 §8.2).
 *
 * @param onHost takes the value of Host, which is left out then
 */
function addHttp2Fields(fields: string[], headers: HeaderList, onHost?: (host: string) => void): string[] {
  for (let i = 0; i < headers.length; i += 2) {
    const name = (headers[i] as string).toLowerCase();
    const value = headers[i + 1] as string;
    if (name === 'host' && onHost !== undefined) onHost(value);
    else if (!CONNECTION_FIELDS.has(name)) fields.push(name, value);
  }
  return fields;
}

/** Fields as the parts of node:http2 take them that know no lists: repeats become arrays. */
export function http2FieldsObject(headers: HeaderList): Record<string, string | string[]> {
  const fields: Record<string, string | string[]> = {};
  const flat = addHttp2Fields([], headers);
  for (let i = 0; i < flat.length; i += 2) {
    const name = flat[i] as string;
    const value = flat[i + 1] as string;
    const before = fields[name];
    fields[name] = before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value];
  }
  return fields;
}

/** Whether both name the same server, as RFC 9113 §8.3.1 wants of `:authority` and Host: case and a usual port do not count. */
function isSameHost(scheme: string, authority: string, host: string): boolean {
  const [one, other] = [authority, host].map((text) => parseAuthority(scheme === 'https' ? 'https' : 'http', text, ''));
  return one !== undefined && one.origin === other?.origin;
}

function hostOf(headers: HeaderList): string | undefined {
  for (let i = 0; i < headers.length; i += 2) if (isHeaderName(headers[i] as string, 'host')) return headers[i + 1];
  return undefined;
}
