import type { HeaderList } from '../../../shared/headers.ts';
import { FieldNames, hasHeader, NO_HEADERS, withoutHeaders } from '../../../shared/headers.ts';
import { connectionOptions } from '../http/connection-fields.ts';
import { formatHttpDate, parseHttpDate } from '../http/http-date.ts';
import type { CacheResponse } from './cache-response.ts';
import type { CacheSettings, OverlayRule } from './cache-settings.ts';
import { isStandardMode } from './cache-settings.ts';
import type { GoverningDirectives } from './targeted.ts';

/**
 * Fields that belong to one connection (RFC 9110 §7.6.1) or to the proxy in between (RFC 9111 §3.1) and are never stored.
 * Trailers are not kept, so neither is the field that announces them.
 */
const NOT_STORED = new FieldNames([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'proxy-authenticate',
  'proxy-authentication-info',
  'proxy-authorization',
]);

const COOKIES: readonly string[] = ['set-cookie'];
const NO_NAMES: readonly string[] = [];

/**
 * The header fields of a response that are stored (RFC 9111 §3.1): all but those of the connection, those of proxies, and
 * those that a qualified `no-cache` or `private` keeps out. Repeated fields stay repeated. Set-Cookie stays.
 */
export function storedFields(
  headers: HeaderList,
  governing: GoverningDirectives,
  settings: CacheSettings,
  overlay: OverlayRule,
): HeaderList {
  const qualified = isStandardMode(settings.mode) ? qualifiedFields(governing, settings, overlay) : NO_NAMES;
  const named = connectionOptions(headers) ?? NO_NAMES;
  const cookies = overlay.ignoreCookies === true ? COOKIES : NO_NAMES;
  const kept = withoutHeaders(headers, NOT_STORED);
  if (qualified.length + named.length + cookies.length === 0) return kept;
  return withoutHeaders(kept, new FieldNames([...qualified, ...named, ...cookies]));
}

/**
 * The fields of an answer from the origin that qualified directives keep out of the store, though not from the client that
 * the answer is for: it gets them with what the answer has confirmed.
 *
 * @param governing the directives of what is stored, once updated
 */
export function withheldFields(
  headers: HeaderList,
  governing: GoverningDirectives,
  settings: CacheSettings,
  overlay: OverlayRule,
): HeaderList {
  const names = qualifiedFields(governing, settings, overlay);
  if (names.length === 0) return NO_HEADERS;
  const withheld: string[] = [];
  for (let i = 0; i + 1 < headers.length; i += 2) {
    const name = headers[i] as string;
    if (names.includes(name.toLowerCase()) && !NOT_STORED.has(name)) withheld.push(name, headers[i + 1] as string);
  }
  return withheld;
}

/** The first of the stored fields that qualified directives keep out of the store under the settings of now. */
export function keptOutField(
  headers: HeaderList,
  governing: GoverningDirectives,
  settings: CacheSettings,
  overlay: OverlayRule,
): string | undefined {
  return qualifiedFields(governing, settings, overlay).find((name) => hasHeader(headers, name));
}

/** Reuse without these fields is what qualified directives allow (RFC 9111 §5.2.2.4, §5.2.2.7). */
function qualifiedFields(
  governing: GoverningDirectives,
  settings: CacheSettings,
  overlay: OverlayRule,
): readonly string[] {
  const { noCacheFields, privateFields } = governing.directives;
  const privateCounts = settings.mode === 'shared' && overlay.ignorePrivate !== true;
  return privateCounts && privateFields.length > 0 ? [...noCacheFields, ...privateFields] : noCacheFields;
}

/**
 * The fields with a valid Date: a recipient with a clock adds a missing one and may replace an invalid one
 * (RFC 9110 §6.6.1).
 *
 * @param responseTime when the response arrived, in epoch milliseconds
 */
export function withDate({ headers, date }: CacheResponse, responseTime: number): HeaderList {
  if (date !== undefined && parseHttpDate(date, responseTime) !== undefined) return headers;
  const kept = date === undefined ? headers : withoutHeaders(headers, DATE);
  return [...kept, 'Date', formatHttpDate(responseTime)];
}

const DATE = new FieldNames(['date']);

/** Left as stored when a newer response updates the rest: they describe the stored bytes (RFC 9111 §3.2). */
const NOT_UPDATED = new FieldNames(['content-length', 'content-range']);

/**
 * Updates stored fields from a newer response's (RFC 9111 §3.2): each field there replaces every stored field of its name,
 * the others stay.
 *
 * @param stored fields as stored
 * @param update the newer response's fields, already reduced by {@link storedFields}
 */
export function updatedFields(stored: HeaderList, update: HeaderList): HeaderList {
  const fresh = withoutHeaders(update, NOT_UPDATED);
  const replaced = new Set<string>();
  for (let i = 0; i + 1 < fresh.length; i += 2) replaced.add((fresh[i] as string).toLowerCase());
  // A validated response is as young as its validation: the old Age no longer counts, whatever the new one says.
  replaced.add('age');
  return [...withoutHeaders(stored, new FieldNames(replaced)), ...fresh];
}
