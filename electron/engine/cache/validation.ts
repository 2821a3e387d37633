import type { DecisionStep } from '../../../shared/decision.ts';
import type { HeaderList } from '../../../shared/headers.ts';
import { FieldNames, getHeader, joinedHeader, withoutHeaders } from '../../../shared/headers.ts';
import type { EntityTag } from '../http/etag.ts';
import {
  conditionIncludes,
  formatEntityTag,
  parseEntityTag,
  parseEntityTagCondition,
  strongMatch,
  weakMatch,
} from '../http/etag.ts';
import { parseHttpDate } from '../http/http-date.ts';
import type { CacheRequest } from './cache-request.ts';
import { readCacheResponse } from './cache-response.ts';
import type { CacheSettings } from './cache-settings.ts';
import { overlayFor } from './cache-settings.ts';
import { fieldsOf, ofResponse, ofStored } from './field-evidence.ts';
import { indexedFacts } from './indexed-facts.ts';
import type { ForwardPlan } from './plan.ts';
import { answerFor, isStrongDate } from './representation.ts';
import { isNewer } from './select-stored.ts';
import { REFUSED_BY_REQUEST, sharedPermission, UNPERMITTED } from './storability.ts';
import { storedFields, updatedFields, withDate } from './stored-fields.ts';
import type { ReceivedHead, ResponsePolicy, StoredHead, StoredResponse } from './stored-response.ts';
import { derivePolicy, policyOf } from './stored-response.ts';
import { governingDirectives } from './targeted.ts';
import { SELECTED_BY_ALL, selectingFields, variantId, varyMismatch } from './vary.ts';

const VALIDATORS = [ofResponse('etag'), ofResponse('last-modified')];

/** What a 304 says about the stored responses (RFC 9111 §4.3.3, §4.3.4). */
export type NotModified =
  /** `updates` are updated; `serve`, as a rule one of them, answers the request. */
  | { readonly kind: 'freshened'; readonly updates: readonly StoredResponse[]; readonly serve: StoredResponse }
  /** The origin selects this response, which was stored for other selecting fields, for the request, too. */
  | { readonly kind: 'selected'; readonly stored: StoredResponse }
  /** It answers the client's own condition and goes to the client; `updates` may be freshened by the way. */
  | { readonly kind: 'for-client'; readonly updates: readonly StoredResponse[] }
  /** It matches nothing stored: the request has to be repeated without the cache's conditions. */
  | { readonly kind: 'mismatch'; readonly step: DecisionStep };

/** Finds out which stored responses a 304 is about. */
export function readNotModified(
  request: CacheRequest,
  plan: ForwardPlan,
  received: ReceivedHead,
  settings: CacheSettings,
): NotModified {
  const tag = tagOf(received);
  const suffices = (stored: StoredResponse): boolean =>
    answerFor(request, stored, policyOf(stored, settings)).kind !== 'insufficient';
  if (plan.variants.length > 0) {
    // Only a strong tag tells variants apart, so a 304 without one selects none of them.
    const same = plan.variants.filter((stored) => {
      const { etag } = policyOf(stored, settings);
      return tag !== undefined && etag !== undefined && strongMatch(etag, tag);
    });
    const [stored] = newestOf(same, settings);
    if (stored !== undefined) return { kind: 'selected', stored };
  }
  const updates = identify(request, plan, tag, received, settings);
  const chosen = plan.fallback?.stored;
  const serve =
    chosen !== undefined && updates.includes(chosen) ? chosen : newestOf(updates.filter(suffices), settings)[0];
  if (plan.validating.length === 0 && plan.variants.length === 0) {
    // A client without a copy has no use for a 304, not even for one that nobody asked for.
    const asked = request.ifNoneMatch !== undefined || request.ifModifiedSince !== undefined;
    if (asked || serve === undefined || serve !== chosen) return { kind: 'for-client', updates };
  }
  if (serve !== undefined) return { kind: 'freshened', updates, serve };
  if (request.ifNoneMatch !== undefined && tag !== undefined) {
    const listed = parseEntityTagCondition(request.ifNoneMatch);
    if (conditionIncludes(listed, tag)) return { kind: 'for-client', updates };
  }
  // The origin has compared weakly (RFC 9110 §13.1.2): what it confirms is good for this request, and is not updated.
  const [confirmed] = newestOf(
    plan.validating.filter((stored) => tag !== undefined && hasTag(stored, tag, settings)),
    settings,
  );
  if (confirmed !== undefined) return { kind: 'freshened', updates: [], serve: confirmed };
  const evidence = `304 with \`ETag: ${getHeader(received.headers, 'etag') ?? '(absent)'}\`, \`Last-Modified: ${getHeader(received.headers, 'last-modified') ?? '(absent)'}\``;
  const effect = 'it is about nothing that is stored; asked again without conditions';
  return {
    kind: 'mismatch',
    step: { rule: 'validation.mismatch', source: 'RFC 9111 §4.3.4', evidence, effect, say: effect, fields: VALIDATORS },
  };
}

/** The stored responses that a 304 identifies for update, by the first rule that applies (RFC 9111 §4.3.4). */
function identify(
  request: CacheRequest,
  plan: ForwardPlan,
  tag: EntityTag | undefined,
  received: ReceivedHead,
  settings: CacheSettings,
): readonly StoredResponse[] {
  const { matching, validating } = plan;
  const lastModified = getHeader(received.headers, 'last-modified');
  const time = lastModified === undefined ? undefined : parseHttpDate(lastModified, received.responseTime);
  if (tag !== undefined && !tag.weak) {
    return matching.filter((stored) => {
      const policy = policyOf(stored, settings);
      if (policy.etag !== undefined && !weakMatch(policy.etag, tag)) return false;
      if (policy.etag !== undefined && strongMatch(policy.etag, tag)) return true;
      // Servers that compress make the tag of a 200 weak, or leave it out, and that of a 304 strong; the date is a strong
      // validator, too.
      return policy.lastModifiedTime === time && isStrongDate(policy);
    });
  }
  if (tag !== undefined || lastModified !== undefined) {
    const same = matching.filter((stored) => {
      const policy = policyOf(stored, settings);
      if (tag !== undefined && policy.etag !== undefined) return weakMatch(policy.etag, tag);
      return time !== undefined && policy.lastModifiedTime === time;
    });
    return newestOf(same, settings);
  }
  const [only] = matching;
  if (matching.length !== 1 || only === undefined) return [];
  const policy = policyOf(only, settings);
  if (policy.etag === undefined && policy.lastModified === undefined) return [only];
  // A 304 ought to repeat the validator (RFC 9110 §15.4.5). When it answers our condition alone, on a single stored
  // response, there is nothing else that it could be about.
  const ours = validating.length === 1 && validating[0] === only && plan.conditional !== undefined;
  return ours && asksAboutNothingElse(request, policy.etag) ? [only] : [];
}

/** Whether a client has the same entity tag, or none, in its own If-None-Match. */
function asksAboutNothingElse({ ifNoneMatch }: CacheRequest, etag: EntityTag | undefined): boolean {
  if (ifNoneMatch === undefined) return true;
  const listed = parseEntityTagCondition(ifNoneMatch);
  return listed !== '*' && listed.every((tag) => etag !== undefined && weakMatch(tag, etag));
}

function hasTag(stored: StoredResponse, tag: EntityTag, settings: CacheSettings): boolean {
  const { etag } = policyOf(stored, settings);
  return etag !== undefined && weakMatch(etag, tag);
}

function newestOf(stored: readonly StoredResponse[], settings: CacheSettings): readonly StoredResponse[] {
  const newest = stored.reduce<StoredResponse | undefined>(
    (best, one) => (best === undefined || isNewer(one, best, settings) ? one : best),
    undefined,
  );
  return newest === undefined ? [] : [newest];
}

function tagOf({ headers }: Pick<ReceivedHead, 'headers'>): EntityTag | undefined {
  const value = getHeader(headers, 'etag');
  return value === undefined ? undefined : parseEntityTag(value);
}

/**
 * A stored head, updated from a newer response to the same resource (RFC 9111 §3.2, §4.3.4): a 304, a HEAD response or a
 * further part. Its age starts anew. When Vary changed, this request's fields are what it was selected by.
 */
export function freshenedHead(
  stored: StoredHead,
  request: CacheRequest,
  received: ReceivedHead,
  settings: CacheSettings,
): StoredHead {
  const overlay = overlayFor(settings, request.uri);
  const reduce = (fields: HeaderList): HeaderList =>
    storedFields(fields, governingDirectives(readCacheResponse(fields), settings), settings, overlay);
  const update = reduce(withDate(readCacheResponse(received.headers), received.responseTime));
  // Once more on the result: a directive kept from before may name a field that the newer response has brought.
  const headers = reduce(
    updatedFields(stored.headers, isStrengthened(stored, update) ? withoutHeaders(update, ETAG) : update),
  );
  const response = readCacheResponse(headers);
  const selecting = selectingFields(response.vary, request.headers, overlay);
  const { groups: _groups, search: _search, contradictedAt: _contradictedAt, ...rest } = stored;
  return {
    ...rest,
    headers,
    selecting: selecting === '*' ? SELECTED_BY_ALL : selecting,
    requestTime: received.requestTime,
    responseTime: received.responseTime,
    ...indexedFacts(response),
  };
}

const ETAG = new FieldNames(['etag']);

/** Says whether a tag would become strong: that its bytes are these very ones was never said of the stored response. */
function isStrengthened(stored: StoredHead, update: HeaderList): boolean {
  const before = tagOf(stored);
  const after = tagOf({ headers: update });
  return before?.weak === true && after?.weak === false && weakMatch(before, after);
}

/**
 * What forbids to keep for others what the answer to a request has updated: the request itself (RFC 9111 §5.2.1.5), or in a
 * shared cache that it was authorised and nothing permits it (§3.5).
 *
 * @param head the stored head, updated
 */
export function keptFromOthers(
  head: StoredHead,
  request: CacheRequest,
  settings: CacheSettings,
): DecisionStep | undefined {
  if (request.directives.noStore) return REFUSED_BY_REQUEST;
  if (!request.authorized || head.authorized || settings.mode !== 'shared') return undefined;
  if (overlayFor(settings, head.uri).ignoreAuthorization === true) return undefined;
  const { directives } = governingDirectives(readCacheResponse(head.headers), settings);
  return sharedPermission(directives) === undefined ? UNPERMITTED : undefined;
}

/**
 * The head of a stored response as it answers another request, for whose fields the origin selected it with a 304 (RFC 9111
 * §4.1): freshened, and stored for that request's fields.
 *
 * @returns undefined when it must not be stored for that request
 */
export function selectedHead(
  stored: StoredHead,
  request: CacheRequest,
  received: ReceivedHead,
  settings: CacheSettings,
): StoredHead | undefined {
  const freshened = freshenedHead(stored, request, received, settings);
  const head = { ...freshened, authorized: stored.authorized || request.authorized };
  if (request.directives.noStore || varyMismatch(head.selecting, request.headers) !== undefined) return undefined;
  return derivePolicy(head, settings).storability.storable ? head : undefined;
}

/**
 * The step that says that the origin's 304 selects a stored variant for a request that it was not stored for.
 *
 * @param added whether it is now stored for that request, too
 */
export function selectedStep(received: ReceivedHead, added: boolean): DecisionStep {
  const evidence = `304 with \`ETag: ${getHeader(received.headers, 'etag') ?? '(absent)'}\``;
  const effect = added
    ? 'a stored variant fits this request too, and is now stored for it as well'
    : 'a stored variant fits this request too';
  const fields = [ofResponse('etag'), ofStored('etag')];
  return { rule: 'validation.selected', source: 'RFC 9111 §4.1', evidence, effect, say: effect, fields };
}

/** A field in which a HEAD response differs from a stored GET response. */
export interface HeadDifference {
  readonly field: 'status' | 'ETag' | 'Last-Modified' | 'Content-Length' | 'Vary';
  readonly stored: string;
  readonly received: string;
}

/**
 * What keeps a HEAD response from confirming a stored GET response (RFC 9111 §4.3.5): its status, every validator it has,
 * and its Content-Length have to match.
 *
 * @returns undefined when it confirms it
 */
export function headDifference(
  stored: StoredResponse,
  received: ReceivedHead,
  settings: CacheSettings,
): HeadDifference | undefined {
  const { status, part } = stored.head;
  // A 200 confirms a 200, of which a part may be stored as a 206.
  if (part === undefined && status !== received.status) {
    return { field: 'status', stored: String(status), received: String(received.status) };
  }
  const policy = policyOf(stored, settings);
  const tag = tagOf(received);
  if (tag !== undefined && (tag.weak !== policy.etag?.weak || !weakMatch(tag, policy.etag))) {
    const known = policy.etag === undefined ? '(absent)' : formatEntityTag(policy.etag);
    return { field: 'ETag', stored: known, received: formatEntityTag(tag) };
  }
  const lastModified = getHeader(received.headers, 'last-modified');
  if (lastModified !== undefined && lastModified !== policy.lastModified) {
    return { field: 'Last-Modified', stored: policy.lastModified ?? '(absent)', received: lastModified };
  }
  const length = getHeader(received.headers, 'content-length');
  const known = part === undefined ? stored.bodyLength : part.length;
  if (length === undefined || known === undefined || Number(length) === known) return undefined;
  return { field: 'Content-Length', stored: String(known), received: length };
}

/** The head of a stored GET response that a HEAD response contradicts: stale from now on (RFC 9111 §4.3.5). */
export function contradictedHead(stored: StoredHead, { responseTime }: ReceivedHead): StoredHead {
  return { ...stored, contradictedAt: stored.contradictedAt ?? responseTime };
}

/**
 * The step that says what a HEAD response made of a stored GET response.
 *
 * @param refusal why what it confirms may not be stored any more, if that is so
 */
export function headStep(difference: HeadDifference | undefined, refusal?: DecisionStep): DecisionStep {
  const names = { rule: 'validation.head', source: 'RFC 9111 §4.3.5' };
  const outdated = 'the stored `GET` response is outdated';
  if (difference === undefined && refusal !== undefined) {
    const { evidence, source, fields = [] } = refusal;
    return { ...names, source, evidence, effect: outdated, say: `${evidence}\n${outdated}`, fields };
  }
  if (difference === undefined) {
    const effect = 'the stored `GET` response is updated';
    return { ...names, evidence: 'validators and length match', effect, say: effect };
  }
  const { field, stored, received } = difference;
  const evidence = `\`${field}\` is \`${received}\`, stored \`${stored}\``;
  const effect = field === 'Vary' ? outdated : 'the stored `GET` response is stale from now on';
  const lower = field.toLowerCase();
  const fields = field === 'status' ? [] : [ofResponse(lower), ofStored(lower)];
  return { ...names, evidence, effect, say: `${evidence}\n${effect}`, fields };
}

/**
 * What keeps a stored response, once updated by the answer to a HEAD, from the requests that it answered before: where that
 * answer has another Vary, only a strong tag says that these are the bytes for its request, too (RFC 9111 §4.1).
 */
export function otherRequests(
  stored: StoredResponse,
  updated: StoredHead,
  received: ReceivedHead,
  settings: CacheSettings,
): HeadDifference | undefined {
  if (variantId(updated.selecting) === variantId(stored.head.selecting)) return undefined;
  const { etag } = policyOf(stored, settings);
  const tag = tagOf(received);
  if (etag !== undefined && tag !== undefined && strongMatch(etag, tag)) return undefined;
  const varyOf = ({ headers }: Pick<StoredHead, 'headers'>): string => joinedHeader(headers, 'vary') ?? '(absent)';
  return { field: 'Vary', stored: varyOf(stored.head), received: varyOf(received) };
}

/**
 * The step of a successful validation, and for how long others are answered by what it has confirmed.
 *
 * @param kept whether what the 304 has brought is stored
 */
export function freshenedStep(
  head: StoredHead,
  kept: boolean,
  settings: CacheSettings,
): { step: DecisionStep; ttl: number | undefined } {
  const policy = derivePolicy(head, settings);
  const { lifetime, initialAge } = policy;
  const ttl = lifetime.seconds - Math.floor(initialAge.milliseconds / 1000);
  // With `Vary: *` it is kept for the origin to confirm again, and answers nobody by itself (RFC 9111 §4.1).
  const useful = kept && head.selecting[0]?.field !== '*';
  const effect = useful ? freshenedText(policy, ttl) : '304, good for this request alone';
  const aged = lifetime.seconds > 0 && initialAge.evidence !== '';
  const time = aged ? `${lifetime.evidence}, ${initialAge.evidence}` : lifetime.evidence;
  const fields = fieldsOf('stored', aged ? [...lifetime.fields, ...initialAge.fields] : lifetime.fields);
  const { noCache } = policy.governing.directives;
  if (noCache) fields.unshift(ofStored(policy.governing.field.toLowerCase(), 'no-cache'));
  const asking = noCache ? '`no-cache`' : 'always revalidate';
  const evidence = policy.noCache ? `${asking}; ${time}` : time;
  return {
    step: { rule: 'validation.freshened', source: 'RFC 9111 §4.3.4', evidence, effect, say: effect, fields },
    ttl: useful ? ttl : undefined,
  };
}

function freshenedText(policy: ResponsePolicy, ttl: number): string {
  if (ttl > 0 && !policy.noCache) return `304, freshened for ${ttl} s`;
  const { staleWhileRevalidate } = policy.governing.directives;
  // Without a validation first it may be served again all the same (RFC 5861 §3).
  return staleWhileRevalidate === undefined || policy.staleForbiddenBy !== undefined
    ? '304, still good; the next request has to ask again'
    : '304, still good, but stale from the start';
}
