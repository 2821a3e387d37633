import { isHeaderName } from '../../../shared/headers.ts';
import { NOT_TARGET } from './request-head.ts';
import type { Malformed, ParsedHead } from './request-head.ts';

/** Where a request goes, split once on arrival: RFC 9110 §7.1's target URI. */
export interface TargetUrl {
  readonly scheme: 'http' | 'https';
  /** Host without brackets, lower case. */
  readonly hostname: string;
  readonly port: number;
  /** Host and, when it is not the scheme's default, port: as it stands in a Host field. */
  readonly authority: string;
  /** Scheme and authority, as in `http://example.com:8080`: what connections are kept by. */
  readonly origin: string;
  /** The address that the client itself took for the host, by its hosts file, say: it asked for a tunnel to it. */
  readonly address?: string;
  /** Path and query, beginning with `/`; `*` for a server-wide OPTIONS; empty for CONNECT. */
  readonly path: string;
}

// reg-name without percent-encoding is all that DNS can resolve; brackets hold an IPv6 literal (RFC 3986 §3.2.2).
const AUTHORITY = /^(\[[0-9A-Fa-f:.]+\]|[0-9A-Za-z\-._~!$&'()*+;=%]+)(?::(\d{0,5}))?$/;

/** A request without an origin in its target: it is meant for the active reverse upstream. */
export interface OriginForm {
  readonly path: string;
}

/**
 * Reads a request-target (RFC 9112 §3.2) together with the Host field (RFC 9112 §3.2, RFC 9110 §7.2).
 * The absolute and authority forms give a whole URL, the origin and asterisk forms only a path.
 */
export function parseTarget(head: ParsedHead): TargetUrl | OriginForm | Malformed {
  const badHost = checkHost(head);
  if (badHost !== undefined) return badHost;
  const { method, target } = head;
  if (method === 'CONNECT') {
    const url = parseAuthority('http', target, '');
    if (url === undefined || !/:\d+$/.test(target)) return bad(target, 'CONNECT takes host:port.');
    return url;
  }
  if (target === '*') return method === 'OPTIONS' ? { path: '*' } : bad(target, 'Only OPTIONS may ask for *.');
  if (target.includes('#')) return bad(target, 'A target has no fragment.');
  if (target.startsWith('/')) return { path: target };
  return parseAbsolute(target, method);
}

function parseAbsolute(target: string, method?: string): TargetUrl | Malformed {
  const match = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/([^/?]*)(.*)$/.exec(target);
  if (match === null) return bad(target, 'It is neither a path nor an absolute URL.');
  const [, scheme = '', authority = '', rest = ''] = match;
  const lower = scheme.toLowerCase();
  if (lower !== 'http' && lower !== 'https') {
    return { error: 'UNSUPPORTED_SCHEME', detail: `The scheme is ${JSON.stringify(lower)}.` };
  }
  // RFC 9110 §4.2.4: userinfo in a received http URL hides the real host; treat it as an error.
  if (authority.includes('@')) return bad(target, 'An http URL has no user information.');
  // RFC 9112 §3.2.4: without a path, OPTIONS asks about the server as a whole.
  const none = method === 'OPTIONS' ? '*' : '/';
  const path = rest === '' ? none : rest.startsWith('?') ? `/${rest}` : rest;
  return parseAuthority(lower, authority, path) ?? bad(target, 'Its host or port is not valid.');
}

/** Reads an absolute http or https URL that people wrote; undefined for anything else. */
export function parseUrl(url: string): TargetUrl | undefined {
  if (NOT_TARGET.test(url) || url.includes('#')) return undefined;
  const parsed = parseAbsolute(url);
  return 'scheme' in parsed ? parsed : undefined;
}

/** Splits `host[:port]`; `undefined` when it is neither a name nor an address, or the port is out of range. */
export function parseAuthority(scheme: 'http' | 'https', authority: string, path: string): TargetUrl | undefined {
  const match = AUTHORITY.exec(authority);
  if (match === null) return undefined;
  const host = (match[1] ?? '').toLowerCase();
  const usual = scheme === 'http' ? 80 : 443;
  const port = match[2] === undefined || match[2] === '' ? usual : Number(match[2]);
  if (port < 1 || port > 65535) return undefined;
  const hostname = host.startsWith('[') ? host.slice(1, -1) : host;
  const shown = port === usual ? host : `${host}:${port}`;
  return { scheme, hostname, port, authority: shown, origin: `${scheme}://${shown}`, path };
}

/** Says whether a path, with or without query, is `mount` (which has no slash at its end) or below it. */
export function isAtOrBelow(path: string, mount: string): boolean {
  if (!path.startsWith(mount)) return false;
  const next = path[mount.length];
  return next === undefined || next === '/' || next === '?';
}

function checkHost(head: ParsedHead): Malformed | undefined {
  let host: string | undefined;
  for (let i = 0; i < head.headers.length; i += 2) {
    if (!isHeaderName(head.headers[i] as string, 'host')) continue;
    if (host !== undefined) return { error: 'BAD_HOST', detail: 'There is more than one Host field.' };
    host = head.headers[i + 1];
  }
  if (host === undefined) {
    return head.version === '1.0' ? undefined : { error: 'BAD_HOST', detail: 'HTTP/1.1 requires a Host field.' };
  }
  // An empty Host is right for a target without an authority (RFC 9110 §7.2).
  if (host === '' || AUTHORITY.test(host)) return undefined;
  return { error: 'BAD_HOST', detail: `Host is ${JSON.stringify(host.slice(0, 80))}.` };
}

/** The URL as people write it; that of a server as a whole has no path (RFC 9110 §7.1). */
export function formatUrl({ origin, path }: TargetUrl): string {
  return path === '*' ? origin : origin + path;
}

function bad(target: string, why: string): Malformed {
  return { error: 'BAD_TARGET', detail: `${why} Received ${JSON.stringify(target.slice(0, 80))}.` };
}
