import type { HeaderList } from '../../../shared/headers.ts';
import { joinedHeader } from '../../../shared/headers.ts';
import { parseStringList } from '../http/structured-fields.ts';

/**
 * Cache groups (RFC 9875): strings that tie stored responses of one origin together, so that an unsafe request can
 * invalidate them at once. Members are compared character by character.
 */

const NONE: readonly string[] = [];

/** The groups that Cache-Groups names (RFC 9875 §2); none when the field is absent or malformed. */
export function cacheGroups(value: string | undefined): readonly string[] {
  return value === undefined ? NONE : (parseStringList(value) ?? NONE);
}

/** The groups that a response to an unsafe request invalidates (RFC 9875 §3). */
export function invalidatedGroups(responseHeaders: HeaderList): readonly string[] {
  const value = joinedHeader(responseHeaders, 'cache-group-invalidation');
  return value === undefined ? NONE : (parseStringList(value) ?? NONE);
}
