import type { HeaderList } from '../../../shared/headers.ts';
import { FieldNames, getHeader, withoutHeaders } from '../../../shared/headers.ts';
import type { CacheSettings } from './cache-settings.ts';
import { isStandardMode } from './cache-settings.ts';
import { strongValidator } from './representation.ts';
import type { StoredHead } from './stored-response.ts';
import { derivePolicy, storedPart } from './stored-response.ts';

const LENGTH = new FieldNames(['content-length']);

/**
 * What may be stored of a response whose body ended early: a part of it, like one that was asked for (RFC 9111 §3.3). Only
 * with a strong validator, by which the origin can be asked for the rest.
 *
 * @param head the one that it would have been stored with
 * @param expected bytes that its body was to have, if it told
 * @param bytes that have come
 */
export function incompletePart(
  head: StoredHead,
  expected: number | undefined,
  bytes: number,
  settings: CacheSettings,
): StoredHead | undefined {
  const { method, status, headers, part } = head;
  const asked = method === 'GET' && (status === 200 || part !== undefined) && isStandardMode(settings.mode);
  if (!asked || bytes === 0 || !(bytes < (expected ?? Number.POSITIVE_INFINITY))) return undefined;
  if (refusesRanges(headers) || strongValidator(derivePolicy(head, settings)) === undefined) return undefined;
  const first = part?.range.first ?? 0;
  const range = { first, last: first + bytes - 1 };
  const length = part === undefined ? expected : part.length;
  return { ...head, headers: withoutHeaders(headers, LENGTH), part: storedPart(range, length) };
}

/** `Accept-Ranges: none` (RFC 9110 §14.3): there would be no asking for the rest. */
function refusesRanges(headers: HeaderList): boolean {
  return getHeader(headers, 'accept-ranges')?.trim().toLowerCase() === 'none';
}
