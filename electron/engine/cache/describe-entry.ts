import type { CacheEntry, CacheEntryRow } from '../../../shared/cache-contract.ts';
import type { DecisionStep } from '../../../shared/decision.ts';
import { getHeader } from '../../../shared/headers.ts';
import type { CacheSettings } from './cache-settings.ts';
import type { EntrySummary } from './cache-store.ts';
import { deciding, freshnessNow, freshnessStep } from './explain.ts';
import { freshnessTimes } from './freshness-times.ts';
import { refusedStep } from './select-stored.ts';
import { derivePolicy } from './stored-response.ts';
import type { ResponsePolicy } from './stored-response.ts';

/** Stored entries as people look at them. Pure. */

/** An entry as lists show it, under the current settings. */
export function entryRow(entry: EntrySummary, settings: CacheSettings): CacheEntryRow {
  return rowOf(entry, derivePolicy(entry.head, settings));
}

/**
 * An entry with everything that explains it.
 *
 * @param variants every entry under its key, itself included
 * @param now epoch milliseconds
 */
export function entryDetail(
  entry: EntrySummary,
  variants: readonly EntrySummary[],
  settings: CacheSettings,
  now: number,
): CacheEntry {
  const { head } = entry;
  const policy = derivePolicy(head, settings);
  return {
    ...rowOf(entry, policy),
    ...{ method: head.method, reason: head.reason, headers: head.headers, authorized: head.authorized },
    freshness: freshnessTimes(head, policy),
    steps: [...storingSteps(policy), deciding(freshnessStep(policy, freshnessNow(entry, policy, now)))],
    groups: head.groups ?? [],
    fetchMs: Math.max(0, head.responseTime - head.requestTime),
    variants: variants.map((variant) => entryRow(variant, settings)),
    now,
  };
}

/** Why it may be stored, or may not be used under settings that are others than when it was. */
function storingSteps(policy: ResponsePolicy): readonly DecisionStep[] {
  const { storable, steps } = policy.storability;
  return storable ? steps : [...steps.slice(0, -1), refusedStep(policy)];
}

function rowOf(entry: EntrySummary, policy: ResponsePolicy): CacheEntryRow {
  const { id, head, bytes, bodyLength, hits, lastUsed, bytesSaved } = entry;
  const { key, uri, status, headers, part, requestTime, responseTime } = head;
  const { born, expires, noCache } = freshnessTimes(head, policy);
  const etag = getHeader(headers, 'etag');
  const { lastModified } = policy;
  return {
    ...{ id, key, uri, status, bodyBytes: bodyLength, bytes, stored: responseTime, born, expires, noCache },
    contentType: mediaType(getHeader(headers, 'content-type')),
    selecting: head.selecting.map(({ field, value }) => [field, value ?? null] as const),
    usable: policy.storability.storable,
    ...(etag === undefined ? {} : { etag }),
    ...(lastModified === undefined ? {} : { lastModified }),
    ...{ hits, lastUsed: hits === 0 ? 0 : lastUsed },
    savedBytes: bytesSaved,
    savedMs: hits * Math.max(0, responseTime - requestTime),
    ...(head.method === 'HEAD' ? { headOnly: true } : {}),
    ...(part === undefined ? {} : { part: { ...part.range, length: part.length ?? null } }),
  };
}

/** The media type without parameters, in lower case (RFC 9110 §8.3.1). */
function mediaType(value: string | undefined): string {
  return (value?.split(';', 1)[0] ?? '').trim().toLowerCase();
}
