import type { HeaderList } from '../../../shared/headers.ts';
import { joinedHeader, trimOws } from '../../../shared/headers.ts';
import type { ErrorCode } from '../errors.ts';

/** The version of HTTP that a message came in; a later minor version than 1.1 is read as that. */
export type HttpVersion = '1.0' | '1.1' | '2';

/** A request head as it stood on the wire, before its target is resolved. */
export interface ParsedHead {
  readonly method: string;
  readonly target: string;
  readonly version: HttpVersion;
  readonly headers: HeaderList;
}

/** What is wrong with a message, for an error response and the trace. */
export interface Malformed {
  readonly error: ErrorCode;
  readonly detail: string;
}

export const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
// VCHAR, obs-text, SP and HTAB (RFC 9110 §5.5): anything else must be refused or replaced.
export const NOT_FIELD_CONTENT = /[^\t\x20-\x7e\x80-\xff]/;
// A target has no whitespace or controls; bytes above 0x7f are not valid either, but common and harmless.
export const NOT_TARGET = /[^\x21-\x7e\x80-\xff]/;

/**
 * Parses a request line and its fields (RFC 9112 §3 and §5).
 *
 * @param text the head decoded as latin1, from the request line to the last field line, without the empty line.
 * Lines end with CRLF; a lone CR or LF is refused, because recipients disagree about it.
 */
export function parseRequestHead(text: string): ParsedHead | Malformed {
  const lineEnd = text.indexOf('\r\n');
  const line = lineEnd === -1 ? text : text.slice(0, lineEnd);
  const start = parseRequestLine(line);
  if ('error' in start) return start;
  const headers = lineEnd === -1 ? [] : parseFields(text, lineEnd + 2);
  if ('error' in headers) return headers;
  const { method, target, version } = start;
  return { method, target, version, headers };
}

/** Reads the line without its end (RFC 9112 §3). */
export function parseRequestLine(line: string): Omit<ParsedHead, 'headers'> | Malformed {
  const first = line.indexOf(' ');
  const last = line.lastIndexOf(' ');
  if (first <= 0 || last === first) return malformed('MALFORMED_REQUEST_LINE', `Received ${quote(line)}.`);
  const method = line.slice(0, first);
  const target = line.slice(first + 1, last);
  const version = line.slice(last + 1);
  if (!TOKEN.test(method)) return malformed('MALFORMED_REQUEST_LINE', `${quote(method)} is not a method.`);
  if (version !== 'HTTP/1.1' && version !== 'HTTP/1.0') {
    const match = /^HTTP\/(\d)\.(\d)$/.exec(version);
    if (match === null) return malformed('MALFORMED_REQUEST_LINE', `${quote(version)} is not an HTTP version.`);
    // A higher minor version of the same major one is to be read as the highest we know (RFC 9110 §2.5).
    if (match[1] !== '1') return malformed('VERSION_NOT_SUPPORTED', `The client asked for ${version}.`);
  }
  if (target === '' || NOT_TARGET.test(target)) return malformed('BAD_TARGET', `Received ${quote(target)}.`);
  return { method, target, version: version === 'HTTP/1.0' ? '1.0' : '1.1' };
}

/**
 * Parses field lines from `from` to the end of `text` (RFC 9112 §5). Also used for trailer sections.
 */
export function parseFields(text: string, from: number): string[] | Malformed {
  const headers: string[] = [];
  let position = from;
  while (position < text.length) {
    let end = text.indexOf('\r\n', position);
    if (end === -1) end = text.length;
    const colon = text.indexOf(':', position);
    if (colon === -1 || colon > end) {
      return malformed('MALFORMED_HEADER', `Received ${quote(text.slice(position, end))}.`);
    }
    const name = text.slice(position, colon);
    // Space before the colon and folded lines (RFC 9112 §5.1, §5.2) fail here, too: neither is a token.
    if (!TOKEN.test(name)) return malformed('MALFORMED_HEADER', `${quote(name)} is not a field name.`);
    const value = trimField(text, colon + 1, end);
    if (NOT_FIELD_CONTENT.test(value)) {
      return malformed('MALFORMED_HEADER', `The value of ${name} has a control character.`);
    }
    headers.push(name, value);
    position = end + 2;
  }
  return headers;
}

function trimField(text: string, from: number, to: number): string {
  let start = from;
  let end = to;
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9;
}

/**
 * How long a request's body is: nothing, a number of bytes, until the last chunk; or as the frames of HTTP/2 say, which
 * may have announced a length.
 */
export type Framing =
  | { readonly kind: 'none' | 'chunked' }
  | { readonly kind: 'length'; readonly length: number }
  | { readonly kind: 'frames'; readonly length: number | undefined };

/** No length is told of at all. */
export const NO_BODY: Framing = { kind: 'none' };
/** The length is told, as 0. */
const EMPTY_BODY: Framing = { kind: 'none' };
const CHUNKED: Framing = { kind: 'chunked' };

/** Decides the body's length (RFC 9112 §6.3, for requests). */
export function requestFraming(head: ParsedHead): Framing | Malformed {
  const codings = joinedHeader(head.headers, 'transfer-encoding');
  const lengths = joinedHeader(head.headers, 'content-length');
  if (codings !== undefined) return codedFraming(head, codings, lengths !== undefined);
  if (lengths === undefined) return NO_BODY;
  const length = parseContentLength(lengths);
  if (length === undefined) return malformed('BAD_FRAMING', `Content-Length is ${quote(lengths)}.`);
  return length === 0 ? EMPTY_BODY : { kind: 'length', length };
}

/** The length that all of a message's Content-Length fields, joined, agree on; undefined when they do not, or are no lengths. */
export function parseContentLength(joined: string): number | undefined {
  // Equal repeats may be taken as one (RFC 9110 §8.6); anything else is an attack or a bug.
  const values = new Set(joined.split(',').map(trimOws));
  const [value] = values;
  if (values.size !== 1 || value === undefined || !/^\d{1,15}$/.test(value)) return undefined;
  return Number(value);
}

/** The codings that a combined Transfer-Encoding names, in lower case (RFC 9112 §6.1). */
export function transferCodings(value: string): string[] {
  return value
    .split(',')
    .map((coding) => trimOws(coding).toLowerCase())
    .filter((coding) => coding !== '');
}

function codedFraming(head: ParsedHead, value: string, hasLength: boolean): Framing | Malformed {
  if (hasLength) return malformed('BAD_FRAMING', 'Both Transfer-Encoding and Content-Length are present.');
  // RFC 9112 §6.1: HTTP/1.0 has no transfer codings, so the framing cannot be trusted.
  if (head.version === '1.0') return malformed('BAD_FRAMING', 'HTTP/1.0 has no Transfer-Encoding.');
  const codings = transferCodings(value);
  if (codings.length === 1 && codings[0] === 'chunked') return CHUNKED;
  const chunked = codings.indexOf('chunked');
  if (codings.length === 0 || (chunked !== -1 && chunked !== codings.length - 1)) {
    return malformed('BAD_FRAMING', `Transfer-Encoding is ${quote(value)}.`);
  }
  return malformed('UNKNOWN_TRANSFER_CODING', `Transfer-Encoding is ${quote(value)}.`);
}

function malformed(error: ErrorCode, detail: string): Malformed {
  return { error, detail };
}

function quote(text: string): string {
  const shown = text.length > 80 ? `${text.slice(0, 80)}…` : text;
  return JSON.stringify(shown);
}
