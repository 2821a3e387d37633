import type { HeaderList } from '../../../shared/headers.ts';
import { FieldNames, trimOws, withoutHeaders } from '../../../shared/headers.ts';
import type { EntityTag } from '../http/etag.ts';
import { conditionIncludes, formatEntityTag, parseEntityTagCondition } from '../http/etag.ts';
import { asksForCoding } from './accepted-coding.ts';
import type { CacheRequest } from './cache-request.ts';
import type { CacheSettings } from './cache-settings.ts';
import { answerFor } from './representation.ts';
import { answersMethod } from './select-stored.ts';
import type { StoredResponse } from './stored-response.ts';
import { policyOf } from './stored-response.ts';

/** A request's fields with the conditions of the cache in them. */
export interface ValidationFields {
  readonly headers: HeaderList;
  /** The stored responses whose validators are in there. */
  readonly validating: readonly StoredResponse[];
  /** The conditions, in backticks. */
  readonly evidence: string;
}

const CONDITIONS = new FieldNames(['if-none-match', 'if-modified-since']);

/**
 * Adds to a request the conditions that validate what is stored (RFC 9111 §4.3.1).
 *
 * Entity tags of all stored responses that could be chosen are sent, united with the client's own (§4.3.2). Last-Modified is
 * sent when a single response is validated, in place of the client's If-Modified-Since, which is answered afterwards from
 * the validated response.
 *
 * @returns undefined when there is nothing to send, or when the client's own If-None-Match would make it meaningless
 */
export function validationFields(
  request: CacheRequest,
  matching: readonly StoredResponse[],
  chosen: StoredResponse,
  settings: CacheSettings,
): ValidationFields | undefined {
  const validating: StoredResponse[] = [];
  const tags: EntityTag[] = [];
  for (const stored of matching) {
    const { etag } = policyOf(stored, settings);
    if (etag === undefined || !coversRequest(request, stored, settings)) continue;
    validating.push(stored);
    if (!tags.some((tag) => tag.opaque === etag.opaque && tag.weak === etag.weak)) tags.push(etag);
  }
  const added: string[] = [];
  if (tags.length > 0) added.push('If-None-Match', unitedTags(request.ifNoneMatch, tags));
  const { lastModified, lastModifiedTime } = policyOf(chosen, settings);
  const single = validating.length === 0 || (validating.length === 1 && validating[0] === chosen);
  // If-Modified-Since beside a foreign If-None-Match would be ignored (RFC 9110 §13.1.3).
  const heard = tags.length > 0 || request.ifNoneMatch === undefined;
  if (lastModified !== undefined && lastModifiedTime !== undefined && single && heard) {
    added.push('If-Modified-Since', lastModified);
    if (validating.length === 0) validating.push(chosen);
  }
  if (added.length === 0) return undefined;
  const headers = [...withoutHeaders(request.headers, CONDITIONS), ...added];
  return { headers, validating, evidence: conditionsText(added) };
}

/** More tags than this make a head that servers refuse. */
const MAX_VARIANTS = 16;

/**
 * Adds to a request that no stored variant matches the entity tags of the variants that there are: a 304 then tells which
 * of them the origin selects for this request, too (RFC 9111 §4.1, §4.3.1). Not weak ones, which a compressed variant may
 * share with the one that is not, nor those of codings that the client has not asked for.
 *
 * @param candidates every entry under the request's key
 * @returns undefined when there is none, or when the request has a condition or range that only the origin's own answer fits
 */
export function variantFields(
  request: CacheRequest,
  candidates: readonly StoredResponse[],
  settings: CacheSettings,
): ValidationFields | undefined {
  const { ifNoneMatch, ifModifiedSince, range } = request;
  if (
    ifModifiedSince !== undefined ||
    range !== undefined ||
    (ifNoneMatch !== undefined && trimOws(ifNoneMatch) === '*')
  )
    return undefined;
  const tagged = candidates.filter((stored) => {
    const { etag, storability } = policyOf(stored, settings);
    if (etag === undefined || etag.weak || stored.head.part !== undefined || !storability.storable) return false;
    return answersMethod(stored, request) && asksForCoding(request.headers, stored.head.headers);
  });
  if (tagged.length === 0) return undefined;
  const validating = tagged.sort((a, b) => b.head.responseTime - a.head.responseTime).slice(0, MAX_VARIANTS);
  const tags = validating.map((stored) => policyOf(stored, settings).etag).filter((tag) => tag !== undefined);
  const added = ['If-None-Match', unitedTags(ifNoneMatch, tags)];
  const headers = [...withoutHeaders(request.headers, CONDITIONS), ...added];
  return { headers, validating, evidence: conditionsText(added) };
}

/** A part's tag is sent only for a range that the part satisfies (RFC 9111 §4.3.2). */
function coversRequest(request: CacheRequest, stored: StoredResponse, settings: CacheSettings): boolean {
  if (stored.head.part === undefined) return true;
  const { kind } = answerFor(request, stored, policyOf(stored, settings));
  return kind === 'range' || kind === 'ranges';
}

/** The client's list and ours, each tag once; `*` would match anything and is left to be answered by us. */
function unitedTags(clientList: string | undefined, tags: readonly EntityTag[]): string {
  const client = clientList === undefined ? [] : parseEntityTagCondition(clientList);
  if (client === '*') return tags.map(formatEntityTag).join(', ');
  const united = [...client];
  for (const tag of tags) {
    if (!conditionIncludes(united, tag)) united.push(tag);
  }
  return united.map(formatEntityTag).join(', ');
}

function conditionsText(added: readonly string[]): string {
  const texts: string[] = [];
  for (let i = 0; i + 1 < added.length; i += 2) texts.push(`\`${added[i] ?? ''}: ${added[i + 1] ?? ''}\``);
  return texts.join(' and ');
}
