import type { DecisionStep, NearMiss } from '../../../shared/decision.ts';
import { withoutQuery } from './cache-key.ts';
import type { CacheRequest } from './cache-request.ts';
import type { CacheSettings } from './cache-settings.ts';
import { answerFor } from './representation.ts';
import type { ResponsePolicy, StoredResponse } from './stored-response.ts';
import { policyOf } from './stored-response.ts';
import type { VaryMismatch } from './vary.ts';
import { varyMismatch } from './vary.ts';

/** What the entries under a key have to offer a request. */
export interface Selection {
  /** The entry that answers, as far as URI, Vary and mode are concerned. */
  readonly chosen: StoredResponse | undefined;
  /** Every entry that could have been chosen: those that a validation may update (RFC 9111 §4.3.4). */
  readonly matching: readonly StoredResponse[];
  /** The newest entry whose selecting fields differ, and how. */
  readonly mismatch: { readonly stored: StoredResponse; readonly difference: VaryMismatch } | undefined;
  /** An entry that the current mode does not allow to be used. */
  readonly refused: StoredResponse | undefined;
  /** A part is stored that lacks bytes which the request needs. */
  readonly partial: boolean;
}

const NOTHING: Selection = {
  chosen: undefined,
  matching: [],
  mismatch: undefined,
  refused: undefined,
  partial: false,
};

/** Selects among the entries under a request's key (RFC 9111 §4, §4.1). */
export function selectStored(
  request: CacheRequest,
  candidates: readonly StoredResponse[],
  settings: CacheSettings,
): Selection {
  if (candidates.length === 0) return NOTHING;
  const ignoreVary = settings.mode === 'snapshot';
  const matching: StoredResponse[] = [];
  let mismatch: Selection['mismatch'];
  let refused: StoredResponse | undefined;
  for (const stored of candidates) {
    const policy = policyOf(stored, settings);
    if (!policy.storability.storable) {
      refused = stored;
      continue;
    }
    const difference = ignoreVary ? undefined : varyMismatch(stored.head.selecting, request.headers);
    if (difference === undefined) matching.push(stored);
    else if (mismatch === undefined || isNewer(stored, mismatch.stored, settings)) mismatch = { stored, difference };
  }
  let chosen: StoredResponse | undefined;
  let partial = false;
  for (const stored of matching) {
    if (
      stored.head.part !== undefined &&
      answerFor(request, stored, policyOf(stored, settings)).kind === 'insufficient'
    ) {
      partial = true;
    } else if (chosen === undefined || isPreferred(stored, chosen, settings)) {
      chosen = stored;
    }
  }
  return { chosen, matching, mismatch, refused, partial: partial && chosen === undefined };
}

/** A response that has Vary is preferred to one that forgot it (RFC 9111 §4.1); then the most recent one counts (§4). */
function isPreferred(a: StoredResponse, b: StoredResponse, settings: CacheSettings): boolean {
  const aVaries = a.head.selecting.length > 0;
  const bVaries = b.head.selecting.length > 0;
  return aVaries === bVaries ? isNewer(a, b, settings) : aVaries;
}

/** More recent by Date (RFC 9111 §4), which counts seconds; then by arrival. */
export function isNewer(a: StoredResponse, b: StoredResponse, settings: CacheSettings): boolean {
  const difference = policyOf(a, settings).date - policyOf(b, settings).date;
  return difference === 0 ? a.head.responseTime >= b.head.responseTime : difference > 0;
}

/** Names the entry whose selecting fields almost matched. */
export function varyNearMiss({ stored, difference }: NonNullable<Selection['mismatch']>): NearMiss {
  const { field } = difference;
  return {
    key: stored.head.key,
    field,
    stored: difference.stored ?? '(absent)',
    requested: difference.requested ?? '(absent)',
    why: `A stored response differs only in the request's ${field}, which its Vary names.`,
  };
}

/** Names an entry of a neighbouring URL that differs in one thing, if there is one. */
export function uriNearMiss(request: CacheRequest, neighbours: readonly StoredResponse[]): NearMiss | undefined {
  const path = withoutQuery(request.uri);
  for (const { head } of neighbours) {
    if (head.uri === request.uri || withoutQuery(head.uri) !== path) continue;
    return { key: head.key, ...queryDifference(head.uri.slice(path.length), request.uri.slice(path.length)) };
  }
  return undefined;
}

/** The one query parameter that differs, or the whole query when more do. */
function queryDifference(stored: string, requested: string): Omit<NearMiss, 'key'> {
  const storedParts = stored.slice(1).split('&');
  const requestedParts = requested.slice(1).split('&');
  const onlyStored = storedParts.filter((part) => part !== '' && !requestedParts.includes(part));
  const onlyRequested = requestedParts.filter((part) => part !== '' && !storedParts.includes(part));
  if (onlyStored.length === 0 && onlyRequested.length === 0) {
    const why = 'A stored response has the same query parameters in another order.';
    return { field: 'query', stored, requested, why };
  }
  if (onlyStored.length <= 1 && onlyRequested.length <= 1) {
    const name = ((onlyRequested[0] ?? onlyStored[0]) as string).split('=', 1)[0] ?? '';
    return {
      field: 'query',
      stored: onlyStored[0] ?? '(absent)',
      requested: onlyRequested[0] ?? '(absent)',
      why: `A stored response differs only in the query parameter ${name}.`,
    };
  }
  return { field: 'query', stored, requested, why: 'A stored response has the same path and another query.' };
}

/** The step that tells of a mode which keeps an entry from being used. */
export function refusedStep(stored: StoredResponse, policy: ResponsePolicy): DecisionStep {
  const last = policy.storability.steps.at(-1);
  return {
    rule: 'lookup.refused',
    source: last?.source ?? 'RFC 9111 §3',
    evidence: last?.evidence ?? stored.head.uri,
    effect: 'what is stored may not be used in this mode',
    say: `${last?.evidence ?? 'what is stored'}\nmay not be used in this mode`,
  };
}

/** Names the entry that only the mode keeps from answering, and what about it does. */
export function refusedNearMiss({ head }: StoredResponse, { evidence, rule }: DecisionStep): NearMiss {
  const field = head.authorized && rule === 'lookup.refused' ? 'authorization' : 'mode';
  const requested = 'what this mode may use';
  const why = 'A stored response matches, but the cache may not use it in this mode.';
  return { key: head.key, field, stored: evidence, requested, why };
}

/** Names the entry that is only too old for this request. */
export function ageNearMiss(
  { directives }: CacheRequest,
  { head }: StoredResponse,
  { lifetime }: ResponsePolicy,
  age: number,
): NearMiss {
  const { maxAge, minFresh } = directives;
  const limits = [lifetime.seconds - (minFresh ?? 0), ...(maxAge === undefined ? [] : [maxAge])];
  const limit = Math.max(0, Math.min(...limits));
  const why = `A stored response matches, but it is ${age} s old and may be ${limit} s at most.`;
  return { key: head.key, field: 'age', stored: `${age} s`, requested: `${limit} s at most`, why };
}
