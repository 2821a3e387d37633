import type { HeaderList } from '../../../shared/headers.ts';
import { hasHeader, isHeaderName } from '../../../shared/headers.ts';
import type { Malformed } from './request-head.ts';
import { NOT_FIELD_CONTENT, NOT_TARGET, TOKEN } from './request-head.ts';
import { withoutLength } from './response-head.ts';

/** What the head of a request on an HTTP/1.1 connection is made from. */
export interface OutgoingRequest {
  readonly method: string;
  /** The request-target (RFC 9112 §3.2). */
  readonly path: string;
  /** End-to-end fields, Host among them. */
  readonly headers: HeaderList;
  /** The body's length, undefined where nobody knows it yet; null without a body. */
  readonly body: { readonly length: number | undefined } | null;
  /** The protocols to switch to (RFC 9110 §7.8). */
  readonly upgrade?: string;
}

/** Methods whose requests have content as a rule: without any, they say so (RFC 9110 §8.6). */
const HAS_CONTENT = new Set(['POST', 'PUT', 'PATCH']);

/** The fields as they are written: with those about this connection and about where the body ends (RFC 9112 §6, §9.6). */
export function outgoingFields(request: OutgoingRequest): HeaderList {
  const { headers, body, upgrade } = request;
  const fields = body === null ? withoutBody(request) : withLength(headers, body.length);
  const options: string[] = [];
  if (upgrade !== undefined) options.push('Upgrade');
  // RFC 9110 §10.1.4: who sends TE says that it is for this connection alone.
  if (hasHeader(headers, 'te')) options.push('TE');
  if (options.length === 0) return fields;
  const own = ['Connection', options.join(', '), ...(upgrade === undefined ? [] : ['Upgrade', upgrade])];
  return [...fields, ...own];
}

function withoutBody({ method, headers }: OutgoingRequest): HeaderList {
  const announced = lengthOf(headers);
  if (announced === '0' || (announced === undefined && !HAS_CONTENT.has(method))) return headers;
  const rest = withoutLength(headers);
  return HAS_CONTENT.has(method) ? [...rest, 'Content-Length', '0'] : rest;
}

function withLength(headers: HeaderList, length: number | undefined): HeaderList {
  if (length === undefined) return [...withoutLength(headers), 'Transfer-Encoding', 'chunked'];
  return lengthOf(headers) === String(length) ? headers : [...withoutLength(headers), 'Content-Length', String(length)];
}

/** The one Content-Length; undefined when there is none, and something that is no length when there are several. */
function lengthOf(headers: HeaderList): string | undefined {
  let found: string | undefined;
  for (let i = 0; i < headers.length; i += 2) {
    if (!isHeaderName(headers[i] as string, 'content-length')) continue;
    found = found === undefined ? headers[i + 1] : 'several';
  }
  return found;
}

/**
 * The head's bytes, as a latin1 string (RFC 9112 §3, §5); or why there cannot be such a head. What comes from HTTP/2, from
 * handlers and from settings may hold what would end a line early.
 */
export function formatRequestHead(method: string, path: string, fields: HeaderList): string | Malformed {
  if (!TOKEN.test(method)) return unsendable('method', method);
  if (path === '' || NOT_TARGET.test(path)) return unsendable('target', path);
  let text = `${method} ${path} HTTP/1.1\r\n`;
  for (let i = 0; i < fields.length; i += 2) {
    const name = fields[i] as string;
    const value = fields[i + 1] as string;
    if (!TOKEN.test(name)) return unsendable('field name', name);
    if (NOT_FIELD_CONTENT.test(value)) return unsendable(`value for ${name}`, value);
    text += `${name}: ${value}\r\n`;
  }
  return `${text}\r\n`;
}

function unsendable(what: string, text: string): Malformed {
  return { error: 'NOT_FORWARDABLE', detail: `HTTP/1.1 has no such ${what}: ${JSON.stringify(text.slice(0, 80))}.` };
}
