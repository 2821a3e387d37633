import type { DecisionStep, FieldEvidence } from '../../../shared/decision.ts';
import type { HeaderList } from '../../../shared/headers.ts';
import { FieldNames, getAllHeaders, hasHeader, trimOws, withoutHeaders } from '../../../shared/headers.ts';
import { isWhole, parseContentRange, rangeLength } from '../http/byte-ranges.ts';
import { isBodiless } from '../http/response-head.ts';
import { indexedFacts } from './indexed-facts.ts';
import type { CacheRequest } from './cache-request.ts';
import type { CacheResponse } from './cache-response.ts';
import { readCacheResponse } from './cache-response.ts';
import type { CacheSettings, OverlayRule } from './cache-settings.ts';
import { isStandardMode, NO_OVERLAY, overlayFor } from './cache-settings.ts';
import { ofResponse } from './field-evidence.ts';
import { ownUri } from './own-uri.ts';
import { departure, mayAnswerGet, REFUSED_BY_REQUEST } from './storability.ts';
import { withheldFields } from './stored-fields.ts';
import { ANSWERS_ONE_REQUEST } from './status-codes.ts';
import type { ReceivedHead, ResponsePolicy, StoredHead } from './stored-response.ts';
import { derivePolicy, makeHead, storedPart } from './stored-response.ts';

/** Whether and how an arrived response is stored. */
export interface StoragePlan {
  /** What to store; undefined when it must not or need not be stored. */
  readonly head: StoredHead | undefined;
  readonly policy: ResponsePolicy | undefined;
  readonly steps: readonly DecisionStep[];
}

/**
 * Decides about storing a response that is not a 304 to the cache's own conditions (RFC 9111 §3).
 *
 * @param response the fields of `received`, where they have been read already
 */
export function planStorage(
  request: CacheRequest,
  key: string,
  received: ReceivedHead,
  settings: CacheSettings,
  response: CacheResponse = readCacheResponse(received.headers),
): StoragePlan {
  const overlay = overlayFor(settings, request.uri);
  if (request.directives.noStore && isStandardMode(settings.mode) && overlay.ignoreNoStore !== true) {
    return { head: undefined, policy: undefined, steps: [REFUSED_BY_REQUEST] };
  }
  if (ANSWERS_ONE_REQUEST.has(received.status) && isConditional(request)) {
    const evidence = `status ${received.status} answers only this request`;
    return refusal('store.status', ONE_REQUEST_SECTIONS[received.status] ?? 'RFC 9110 §15.5', evidence);
  }
  const head = makeHead(key, request, received, response, settings);
  if (head === '*') {
    const evidence = `\`Vary: ${response.vary ?? '*'}\`, which no request matches`;
    return refusal('store.vary-star', 'RFC 9111 §4.1', evidence, ofResponse('vary'));
  }
  // What is stored is what has come, as a rule.
  const stored = head.headers === response.headers ? response : readCacheResponse(head.headers);
  const policy = derivePolicy(head, settings, stored, mayAnswerGet(request.method) && locatesItself(response, request));
  const { storable } = policy.storability;
  const ignored = ignoredByOverlay(request, received, overlay);
  const steps = ignored.length === 0 ? policy.storability.steps : [...ignored, ...policy.storability.steps];
  if (!storable) return { head: undefined, policy, steps };
  if (isEventStream(stored)) return { head: undefined, policy, steps: [ENDLESS_STEP] };
  const withheld = withheldStep(received.headers, policy, settings);
  const all = withheld === undefined ? steps : [withheld, ...steps];
  if (head.status === 206) return planPart(head, stored, policy, all);
  return { head: withIndexes(head, stored), policy, steps: all };
}

/** The step that tells of fields which qualified directives keep out of the store (RFC 9111 §5.2.2.4, §5.2.2.7). */
function withheldStep(
  headers: HeaderList,
  { governing, overlay }: ResponsePolicy,
  settings: CacheSettings,
): DecisionStep | undefined {
  if (!isStandardMode(settings.mode)) return undefined;
  const withheld = withheldFields(headers, governing, settings, overlay);
  if (withheld.length === 0) return undefined;
  const names = [...new Set(withheld.filter((_, place) => place % 2 === 0))];
  const byNoCache = governing.directives.noCacheFields.includes((names[0] ?? '').toLowerCase());
  const effect = `stored without ${names.map((name) => `\`${name}\``).join(', ')}`;
  return {
    rule: 'store.qualified',
    source: byNoCache ? 'RFC 9111 §5.2.2.4' : 'RFC 9111 §5.2.2.7',
    evidence: `\`${governing.field}: ${governing.value ?? ''}\``,
    effect,
    say: effect,
    fields: [ofResponse(governing.field.toLowerCase())],
  };
}

/** Where RFC 9110 tells what these answer. */
const ONE_REQUEST_SECTIONS: Readonly<Record<number, string>> = {
  304: 'RFC 9110 §15.4.5',
  412: 'RFC 9110 §15.5.13',
  416: 'RFC 9110 §15.5.17',
};

/** What is told as it happens has no end to wait for, and would be old news to everyone else. */
const ENDLESS_STEP: DecisionStep = {
  rule: 'store.event-stream',
  source: 'HTML standard, Server-sent events',
  evidence: '`Content-Type: text/event-stream`, which tells what happens as it happens',
  effect: 'not stored',
  say: 'an event stream\nnot stored',
  fields: [ofResponse('content-type')],
  decides: 'storing',
};

function isEventStream({ contentType }: CacheResponse): boolean {
  return contentType !== undefined && /^\s*text\/event-stream\s*(;|$)/i.test(contentType);
}

const CONTENT_RANGE = ofResponse('content-range');
const PART_FIELDS = new FieldNames(['content-range', 'content-length']);

/** A 206 is stored as a part of a 200 (RFC 9111 §3.3), if it says which part, and is one part only. */
function planPart(
  head: StoredHead,
  response: CacheResponse,
  policy: ResponsePolicy,
  steps: readonly DecisionStep[],
): StoragePlan {
  const values = getAllHeaders(head.headers, 'content-range');
  const [value = ''] = values;
  const parsed = values.length === 1 ? parseContentRange(value) : undefined;
  if (parsed?.range === undefined) {
    const evidence = value === '' ? '206 without `Content-Range`' : `\`Content-Range: ${value}\``;
    return refusal('store.part', 'RFC 9111 §3.3', `${evidence}, not one range`, CONTENT_RANGE);
  }
  const { range, length } = parsed;
  const bytes = rangeLength(range);
  const told = expectedLength(head.method, 206, response);
  if (told !== undefined && told !== bytes) {
    const contradiction = `\`Content-Range: ${value}\` is about ${bytes} bytes, \`Content-Length\` is ${response.contentLength ?? ''}`;
    return refusal('store.part', 'RFC 9110 §14.4', contradiction, CONTENT_RANGE);
  }
  const headers: HeaderList = withoutHeaders(head.headers, PART_FIELDS);
  const whole = isWhole(range, length);
  const evidence = `\`Content-Range: ${value}\``;
  const effect = whole ? 'it is the whole after all' : 'stored as a part';
  const step = { rule: 'store.part', source: 'RFC 9111 §3.3', evidence, effect, say: effect, fields: [CONTENT_RANGE] };
  const stored: StoredHead = whole
    ? { ...head, headers, status: 200, reason: 'OK' }
    : { ...head, headers, part: storedPart(range, length) };
  return { head: withIndexes(stored, response), policy, steps: [...steps, step] };
}

/** Content-Location equals the target URI (RFC 9110 §9.3.3); a reference relative to it counts once resolved. */
function locatesItself({ contentLocation }: CacheResponse, request: CacheRequest): boolean {
  return contentLocation !== undefined && ownUri(contentLocation, request) === ownUri(request.uri, request);
}

/** Adds what stores index entries by. */
function withIndexes(head: StoredHead, response: CacheResponse): StoredHead {
  // Few have either, and a copy of the head would be made for each response.
  if (response.cacheGroups === undefined && response.noVarySearch === undefined) return head;
  return { ...head, ...indexedFacts(response) };
}

const NOTHING: readonly DecisionStep[] = [];

/** What an overlay makes this cache ignore of an exchange, and what can be told only while it passes. */
function ignoredByOverlay(
  request: CacheRequest,
  received: ReceivedHead,
  overlay: OverlayRule,
): readonly DecisionStep[] {
  if (overlay === NO_OVERLAY) return NOTHING;
  const steps: DecisionStep[] = [];
  if (request.directives.noStore && overlay.ignoreNoStore === true) {
    const { rule, evidence, fields = [] } = REFUSED_BY_REQUEST;
    steps.push(departure(rule, overlay, evidence, fields));
  }
  if (overlay.ignoreCookies === true && hasHeader(received.headers, 'set-cookie')) {
    steps.push(departure('store.cookies', overlay, '`Set-Cookie`', [ofResponse('set-cookie')]));
  }
  return steps;
}

/** Whether a request asks for something under conditions, or for a part of it. */
function isConditional({ range, ifNoneMatch, ifModifiedSince, originCondition }: CacheRequest): boolean {
  return range !== undefined || ifNoneMatch !== undefined || ifModifiedSince !== undefined || originCondition;
}

function refusal(rule: string, source: string, evidence: string, ...fields: readonly FieldEvidence[]): StoragePlan {
  const step: DecisionStep = {
    ...{ rule, source, evidence, effect: 'not stored', say: `${evidence}\nnot stored` },
    ...{ fields, decides: 'storing' },
  };
  return { head: undefined, policy: undefined, steps: [step] };
}

/**
 * How many bytes a body must have to count as complete (RFC 9112 §8): its Content-Length, or undefined when it ends by
 * itself. A Content-Length that is repeated with different values, or invalid, makes no body complete: NaN. Where there can
 * be no body, none is complete, whatever the field says (RFC 9112 §6.3).
 */
export function expectedLength(method: string, status: number, { contentLength }: CacheResponse): number | undefined {
  if (isBodiless(method, status)) return 0;
  if (contentLength === undefined) return undefined;
  if (/^\d+$/.test(contentLength)) return Number(contentLength);
  const values = new Set(contentLength.split(',').map(trimOws));
  const [value = ''] = values;
  return values.size === 1 && /^\d+$/.test(value) ? Number(value) : Number.NaN;
}
