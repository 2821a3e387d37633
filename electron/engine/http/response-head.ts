import type { HeaderList } from '../../../shared/headers.ts';
import { isHeaderName, joinedHeader } from '../../../shared/headers.ts';
import type { HttpVersion } from './request-head.ts';
import { parseContentLength } from './request-head.ts';

/** How the end of a response body is marked on an HTTP/1 connection. */
export type ReplyFraming =
  | { readonly kind: 'none' }
  | { readonly kind: 'length'; readonly length: number }
  | { readonly kind: 'chunked' }
  | { readonly kind: 'close' };

/** What a response's framing depends on. `length` is the body's size if it is known. */
export interface ReplyFacts {
  readonly method: string;
  /** What the client speaks. */
  readonly version: HttpVersion;
  readonly status: number;
  readonly headers: HeaderList;
  readonly hasBody: boolean;
  readonly length: number | undefined;
}

/** Says whether a response with this status to this method has no body at all (RFC 9112 §6.3, rules 1 and 2). */
export function isBodiless(method: string, status: number): boolean {
  return (
    method === 'HEAD' || status === 204 || status === 304 || status < 200 || (method === 'CONNECT' && status < 300)
  );
}

/** Says whether a response with this status has no Content-Length either (RFC 9110 §8.6). */
export function hasNoLength(status: number): boolean {
  return status < 200 || status === 204;
}

/**
 * The fields to send and how the body ends (RFC 9112 §6). A length in the reply's own fields is kept where it is, so
 * that order and case survive; otherwise the framing field is added last.
 */
export function frameReply(facts: ReplyFacts): { framing: ReplyFraming; headers: HeaderList } {
  const declared = contentLength(facts.headers);
  if (isBodiless(facts.method, facts.status)) return { framing: { kind: 'none' }, headers: facts.headers };
  const length = facts.hasBody ? facts.length : 0;
  if (length !== undefined) {
    const framing: ReplyFraming = { kind: 'length', length };
    if (declared === length) return { framing, headers: facts.headers };
    return { framing, headers: [...withoutLength(facts.headers), 'Content-Length', String(length)] };
  }
  if (declared !== undefined) return { framing: { kind: 'length', length: declared }, headers: facts.headers };
  if (facts.version === '1.0') return { framing: { kind: 'close' }, headers: facts.headers };
  return { framing: { kind: 'chunked' }, headers: [...facts.headers, 'Transfer-Encoding', 'chunked'] };
}

function contentLength(headers: HeaderList): number | undefined {
  for (let i = 0; i < headers.length; i += 2) {
    if (isHeaderName(headers[i] as string, 'content-length')) {
      const value = Number(headers[i + 1]);
      return Number.isSafeInteger(value) && value >= 0 ? value : undefined;
    }
  }
  return undefined;
}

/** The fields without any Content-Length. */
export function withoutLength(headers: HeaderList): HeaderList {
  const kept: string[] = [];
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] as string;
    if (!isHeaderName(name, 'content-length')) kept.push(name, headers[i + 1] as string);
  }
  return kept;
}

/** A length that is told several times, each time the same, goes on told once (RFC 9110 §8.6): recipients refuse repeats. */
export function withOneLength(headers: HeaderList): HeaderList {
  const lengths = joinedHeader(headers, 'content-length');
  if (lengths?.includes(',') !== true) return headers;
  const length = parseContentLength(lengths);
  return length === undefined ? headers : [...withoutLength(headers), 'Content-Length', String(length)];
}

/** The head's bytes, as a latin1 string: status line, fields, empty line (RFC 9112 §4, §5). */
export function formatHead(status: number, reason: string, headers: HeaderList): string {
  return `HTTP/1.1 ${status} ${reason}\r\n${formatFields(headers)}\r\n`;
}

/** Trailer fields after the last chunk (RFC 9112 §7.1.2). */
export function formatLastChunk(trailers: HeaderList): string {
  return `0\r\n${formatFields(trailers)}\r\n`;
}

/** Field lines (RFC 9112 §5), each with its end. */
export function formatFields(headers: HeaderList): string {
  let text = '';
  for (let i = 0; i < headers.length; i += 2) text += `${headers[i] as string}: ${headers[i + 1] as string}\r\n`;
  return text;
}
