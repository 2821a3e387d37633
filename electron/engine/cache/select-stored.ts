import type { DecisionStep } from '../../../shared/decision.ts';
import type { CacheRequest } from './cache-request.ts';
import type { CacheSettings } from './cache-settings.ts';
import { overlayFor } from './cache-settings.ts';
import { answerFor } from './representation.ts';
import { toldOfStored } from './storability.ts';
import type { ResponsePolicy, StoredResponse } from './stored-response.ts';
import { policyOf } from './stored-response.ts';
import type { VaryMismatch } from './vary.ts';
import { countingFields, varyMismatch } from './vary.ts';

/** What the entries under a key have to offer a request. */
export interface Selection {
  /** The entry that answers, as far as URI, Vary and mode are concerned. */
  readonly chosen: StoredResponse | undefined;
  /** Every entry that could have been chosen: those that a validation may update (RFC 9111 §4.3.4). */
  readonly matching: readonly StoredResponse[];
  /** The newest entry whose selecting fields differ, and how. */
  readonly mismatch: { readonly stored: StoredResponse; readonly difference: VaryMismatch } | undefined;
  /** An entry that the current settings do not allow to be used. */
  readonly refused: StoredResponse | undefined;
  /** A part is stored that lacks bytes which the request needs. */
  readonly partial: boolean;
  /** An answer to HEAD, which has no body for this request. */
  readonly headAlone: StoredResponse | undefined;
}

const NOTHING: Selection = {
  chosen: undefined,
  matching: [],
  mismatch: undefined,
  refused: undefined,
  partial: false,
  headAlone: undefined,
};

/** Says whether a stored response may answer a method: one to HEAD has nothing for another (RFC 9110 §9.3.2). */
export function answersMethod({ head }: StoredResponse, { method }: CacheRequest): boolean {
  return head.method !== 'HEAD' || method === 'HEAD';
}

/** Selects among the entries under a request's key (RFC 9111 §4, §4.1). */
export function selectStored(
  request: CacheRequest,
  candidates: readonly StoredResponse[],
  settings: CacheSettings,
): Selection {
  if (candidates.length === 0) return NOTHING;
  const overlay = overlayFor(settings, request.uri);
  const ignoreVary = settings.mode === 'snapshot' || overlay.ignoreVary === true;
  const matching: StoredResponse[] = [];
  let mismatch: Selection['mismatch'];
  let refused: StoredResponse | undefined;
  let headAlone: StoredResponse | undefined;
  for (const stored of candidates) {
    if (!answersMethod(stored, request)) {
      headAlone = stored;
      continue;
    }
    const counting = countingFields(stored.head.selecting, ignoreVary, overlay);
    const difference = varyMismatch(counting, request.headers);
    if (difference === undefined) {
      if (policyOf(stored, settings).storability.storable) matching.push(stored);
      else refused = stored;
    } else if (mismatch === undefined || isNewer(stored, mismatch.stored, settings)) mismatch = { stored, difference };
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
  return { chosen, matching, mismatch, refused, partial: partial && chosen === undefined, headAlone };
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

const NO_REASON: DecisionStep = {
  ...{ rule: 'store.permission', source: 'RFC 9111 §3', evidence: 'what is stored', effect: 'not stored' },
};

/** The step that tells of settings which keep an entry from being used. */
export function refusedStep({ storability }: ResponsePolicy): DecisionStep {
  const last = storability.steps.at(-1);
  const { source, evidence, fields = [] } = toldOfStored(last ?? NO_REASON);
  const effect = 'what is stored may not be used under these settings';
  const say = `${evidence}\nmay not be used under these settings`;
  return { rule: 'lookup.refused', source, evidence, effect, fields, say };
}
