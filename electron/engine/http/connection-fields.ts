import type { HeaderList } from '../../../shared/headers.ts';
import { FieldNames, isHeaderName, trimOws } from '../../../shared/headers.ts';

// RFC 9110 §7.6.1: meant for one hop, whether or not Connection names them. Proxy-Connection and Keep-Alive are relics, and so
// is HTTP2-Settings, which belongs to an upgrade to h2c (RFC 9113 §3.1). Proxy-Authenticate is a challenge to whoever sent the
// request to that proxy, which is Hopscope (§11.7.1): credentials for it would come here and go no further (§11.7.2).
const HOP_BY_HOP = new FieldNames([
  'connection',
  'http2-settings',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'transfer-encoding',
  'upgrade',
]);
/**
 * Meant for all recipients, so never a connection option (RFC 9110 §7.6.1): without what tells caches who may reuse a
 * response, one that names them in Connection would be reused by anybody.
 */
const FOR_ALL: ReadonlySet<string> = new Set([
  ...['age', 'authorization', 'cache-control', 'cdn-cache-control', 'date', 'expires', 'pragma', 'vary'],
]);
const NONE = new FieldNames([]);

/**
 * A new list of the fields that go on to the next hop: without hop-by-hop ones and those that Connection names
 * (RFC 9110 §7.6.1). Order, case and repeats stay.
 *
 * @param also further names to leave out.
 */
export function endToEndFields(headers: HeaderList, also = NONE): string[] {
  const named = connectionOptions(headers);
  const kept: string[] = [];
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] as string;
    if (HOP_BY_HOP.has(name) || also.has(name) || named?.includes(name.toLowerCase()) === true) continue;
    kept.push(name, headers[i + 1] as string);
  }
  return kept;
}

/**
 * Fields that must not come behind a body (RFC 9110 §6.5.1): they say where it ends, where the message goes, who sends it and
 * how it is to be read, which has been decided by then.
 */
const NOT_BEHIND = new FieldNames([
  ...[
    'authorization',
    'content-encoding',
    'content-length',
    'content-range',
    'content-type',
    'cookie',
    'expect',
    'host',
  ],
  ...['max-forwards', 'range', 'set-cookie', 'trailer'],
]);

/** The trailer fields that go on to the next hop. */
export function endToEndTrailers(trailers: HeaderList): string[] {
  return endToEndFields(trailers, NOT_BEHIND);
}

/** Says whether a field is meant for one hop whatever Connection says. */
export function isHopByHop(name: string): boolean {
  return HOP_BY_HOP.has(name);
}

/**
 * The names of the fields that Connection makes those of one hop (RFC 9110 §7.6.1), lower case; undefined when there are
 * none.
 */
export function connectionOptions(headers: HeaderList): string[] | undefined {
  let named: string[] | undefined;
  for (let i = 0; i < headers.length; i += 2) {
    if (!isHeaderName(headers[i] as string, 'connection')) continue;
    for (const option of (headers[i + 1] as string).toLowerCase().split(',')) {
      const token = trimOws(option);
      if (token === '' || token === 'close' || token === 'keep-alive' || FOR_ALL.has(token)) continue;
      (named ??= []).push(token);
    }
  }
  return named;
}

/** Says whether a Connection field holds `option` (lower case). */
export function hasConnectionOption(headers: HeaderList, option: string): boolean {
  for (let i = 0; i < headers.length; i += 2) {
    if (!isHeaderName(headers[i] as string, 'connection')) continue;
    const value = (headers[i + 1] as string).toLowerCase();
    if (value === option) return true;
    if (value.includes(',') && value.split(',').some((token) => trimOws(token) === option)) return true;
  }
  return false;
}
