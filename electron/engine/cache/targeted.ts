import type { HeaderList } from '../../../shared/headers.ts';
import { isHeaderName, joinedHeader } from '../../../shared/headers.ts';
import type { BareItem } from '../http/structured-fields.ts';
import { isInnerList, parseDictionary } from '../http/structured-fields.ts';
import type { RawDirective, ResponseDirectives } from './cache-control.ts';
import { NO_RESPONSE_DIRECTIVES, parseResponseDirectives, typeResponseDirectives } from './cache-control.ts';
import type { CacheResponse } from './cache-response.ts';
import type { CacheSettings } from './cache-settings.ts';

/** The directives that govern a response, and the field that they were taken from. */
export interface GoverningDirectives {
  readonly directives: ResponseDirectives;
  /** `Cache-Control`, or the targeted field that replaces it, as it is written. */
  readonly field: string;
  /** The combined value of that field; undefined when a response has none. */
  readonly value: string | undefined;
  /** Whether Cache-Control and Expires are ignored, because a targeted field was used (RFC 9213 §2.2). */
  readonly targeted: boolean;
}

/**
 * Finds the directives that a cache with these settings has to obey: those of the first targeted field on its list that is
 * valid and not empty, else those of Cache-Control (RFC 9213 §2.2).
 */
export function governingDirectives(response: CacheResponse, settings: CacheSettings): GoverningDirectives {
  // CDN-Cache-Control and its like speak to shared caches; a private cache has an empty target list.
  if (settings.mode !== 'private') {
    for (const field of settings.targetedFields) {
      const value = joinedHeader(response.headers, field);
      if (value === undefined) continue;
      const directives = parseTargetedField(value);
      if (directives !== undefined) {
        return { directives, field: writtenName(response.headers, field), value, targeted: true };
      }
    }
  }
  const value = response.cacheControl;
  const directives = value === undefined ? NO_RESPONSE_DIRECTIVES : parseResponseDirectives(value);
  return { directives, field: 'Cache-Control', value, targeted: false };
}

/** A field's name as the origin writes it: `CDN-Cache-Control`. */
function writtenName(headers: HeaderList, lowerName: string): string {
  return headers.find((name, place) => place % 2 === 0 && isHeaderName(name, lowerName)) ?? lowerName;
}

/**
 * Parses a targeted field, which is a Dictionary (RFC 9213 §2.1).
 *
 * @returns undefined when the field is empty or malformed: it is then ignored as a whole
 */
export function parseTargetedField(value: string): ResponseDirectives | undefined {
  const dictionary = parseDictionary(value);
  if (dictionary === undefined || dictionary.size === 0) return undefined;
  const raw: RawDirective[] = [];
  for (const [name, member] of dictionary) {
    if (isInnerList(member)) raw.push({ name, value: undefined, malformed: true });
    else if (member.item.type !== 'boolean') raw.push(toDirective(name, member.item));
    // One that says of itself that it does not hold is as good as absent.
    else if (member.item.value) raw.push({ name, value: undefined, malformed: false });
  }
  return typeResponseDirectives(raw);
}

/** A value of a type that the directive does not have is not coerced (RFC 9213 §2.1): it is malformed. */
function toDirective(name: string, item: Exclude<BareItem, { type: 'boolean' }>): RawDirective {
  if (item.type === 'integer') return { name, value: String(item.value), malformed: false };
  if (item.type === 'string') {
    // A number of seconds is an Integer; in a String it would be read by some caches and not by others.
    return { name, value: item.value, malformed: /^\d+$/.test(item.value) };
  }
  if (item.type === 'token') return { name, value: item.value, malformed: false };
  return { name, value: String(item.value), malformed: true };
}
