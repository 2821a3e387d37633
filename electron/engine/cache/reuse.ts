import type { DecisionStep, FieldEvidence, Forward, NearMiss } from '../../../shared/decision.ts';
import { hasHeader, joinedHeader } from '../../../shared/headers.ts';
import type { CacheRequest } from './cache-request.ts';
import type { CacheSettings } from './cache-settings.ts';
import { isStandardMode, overlayFor } from './cache-settings.ts';
import { findCompletion, partialStep } from './complete-part.ts';
import type { Freshness } from './explain.ts';
import {
  ageSeconds,
  decidedByLast,
  deciding,
  foundStep,
  freshnessNow,
  freshnessStep,
  overtaken,
  ttlSeconds,
} from './explain.ts';
import { ofRequest, ofStored } from './field-evidence.ts';
import type { Situation } from './make-plan.ts';
import { forward, OFFLINE_STEP, ONLY_IF_CACHED_STEP, refuse, serve } from './make-plan.ts';
import { isPlainHit, servePlain } from './plain-hit.ts';
import type { Plan, ServePlan } from './plan.ts';
import {
  ageNearMiss,
  conditionNearMiss,
  headNearMiss,
  insistingNearMiss,
  partNearMiss,
  refusedNearMiss,
  varyNearMiss,
} from './near-miss.ts';
import type { Selection } from './select-stored.ts';
import { refusedStep, selectStored } from './select-stored.ts';
import { staleForbidden, staleVerdict } from './stale.ts';
import type { ResponsePolicy, StoredResponse } from './stored-response.ts';
import { policyOf } from './stored-response.ts';
import { validationFields, variantFields } from './validation-request.ts';

/**
 * Decides what to do with a request: answer it from the store, send it on, or refuse it (RFC 9111 §4).
 *
 * @param key the request's cache key
 * @param candidates every complete entry stored under that key
 * @param now epoch milliseconds
 * @param purpose `revalidation` for the background validation of a stale response (RFC 5861 §3), which always asks the origin
 */
export function planRequest(
  request: CacheRequest,
  key: string,
  candidates: readonly StoredResponse[],
  settings: CacheSettings,
  now: number,
  purpose: 'client' | 'revalidation' = 'client',
): Plan {
  const situation: Situation = { request, key, settings, now };
  const bypass = bypassStep(request, settings);
  if (bypass !== undefined) return planBypass(situation, bypass, candidates, purpose);
  const selection = selectStored(request, candidates, settings);
  const { chosen } = selection;
  if (chosen === undefined) return planMiss(situation, selection, candidates);
  const policy = policyOf(chosen, settings);
  const freshness = freshnessNow(chosen, policy, now);
  if (!isStandardMode(settings.mode)) return serveRegardless(situation, chosen, policy, freshness);
  if (purpose === 'revalidation') {
    const steps = [freshnessStep(policy, freshness)];
    return validate(situation, selection, chosen, policy, freshness, 'stale', steps);
  }
  if (isPlainHit(request, policy, freshness)) return servePlain(situation, chosen, policy, freshness);
  return planReuse(situation, selection, chosen, policy, freshness);
}

/** Conditions that only the origin may evaluate (RFC 9111 §4.3.2). */
const ORIGIN_CONDITIONS = ['If-Match', 'If-Unmodified-Since'];

/** Why the cache stands aside. */
interface Bypass {
  readonly fwd: Forward;
  readonly step: DecisionStep;
}

/** Sends a request on that the cache stands aside from, or refuses it. */
function planBypass(
  situation: Situation,
  { fwd, step }: Bypass,
  candidates: readonly StoredResponse[],
  purpose: 'client' | 'revalidation',
): Plan {
  const { request, key, settings, now } = situation;
  const asked = fwd === 'request';
  const without = asked
    ? planRequest({ ...request, originCondition: false }, key, candidates, settings, now, purpose)
    : undefined;
  const nearMiss = without?.action === 'serve' ? conditionNearMiss(request, without.stored) : undefined;
  if (request.directives.onlyIfCached) {
    return refuse(situation, overtaken([step]), ONLY_IF_CACHED_STEP, 'only-if-cached', nearMiss);
  }
  // What would have gone on anyway does not because of its condition (RFC 9211 §2.2).
  const reason = without?.action === 'forward' ? without.fwd : fwd;
  const matching = asked ? selectStored(request, candidates, settings).matching : [];
  return forward(situation, reason, [step], { mayStore: asked, collapsible: false, matching, nearMiss });
}

/** Reasons to stand aside before anything is looked up. */
function bypassStep(request: CacheRequest, settings: CacheSettings): Bypass | undefined {
  const overlay = overlayFor(settings, request.uri);
  if (overlay.neverCache === true && settings.mode !== 'offline') {
    const source = `Hopscope: overlay "${overlay.name}"`;
    const effect = 'the cache stands aside';
    const say = `never cache\n${effect}`;
    const step = { rule: 'bypass.overlay', source, evidence: 'never cache', effect, say };
    return { fwd: 'bypass', step: deciding(step) };
  }
  if (!request.originCondition || !isStandardMode(settings.mode)) return undefined;
  const { headers } = request;
  const there = ORIGIN_CONDITIONS.filter((name) => hasHeader(headers, name.toLowerCase()));
  const evidence = there.map((name) => `\`${name}: ${joinedHeader(headers, name.toLowerCase()) ?? ''}\``).join(', ');
  const fields = there.map((name) => ofRequest(name.toLowerCase()));
  return {
    fwd: 'request',
    step: {
      rule: 'request.origin-condition',
      source: 'RFC 9111 §4.3.2',
      evidence,
      effect: 'only the origin may evaluate it',
      say: `${evidence}\nonly the origin may evaluate it`,
      fields,
      decides: 'answer',
    },
  };
}

/** A stored response exists; decides between serving it, fresh or stale, and validating it. */
function planReuse(
  situation: Situation,
  selection: Selection,
  stored: StoredResponse,
  policy: ResponsePolicy,
  freshness: Freshness,
): Plan {
  const { request } = situation;
  const steps: DecisionStep[] = [freshnessStep(policy, freshness)];
  const objection = requestObjection(request, policy, freshness);
  if (objection !== undefined) {
    steps.push(objection);
    // It is the request's doing only where a fresh response would have answered (RFC 9211 §2.2).
    const fwd = freshness.left > 0 && !policy.noCache ? 'request' : 'stale';
    return validate(situation, selection, stored, policy, freshness, fwd, steps);
  }
  if (policy.noCache) return validate(situation, selection, stored, policy, freshness, 'stale', steps);
  if (freshness.left > 0) {
    if (request.directives.maxAge !== undefined && policy.governing.directives.immutable) {
      steps.push(immutableStep(request, policy));
    }
    return serve(situation, stored, policy, freshness, steps, 'HIT');
  }
  const stale = staleVerdict(request, policy, freshness);
  steps.push(...stale.steps);
  if (stale.serve) return serve(situation, stored, policy, freshness, steps, 'STALE', stale.revalidate);
  return validate(situation, selection, stored, policy, freshness, 'stale', steps);
}

/** What in the request keeps a fresh response from being used (RFC 9111 §5.2.1). */
function requestObjection(
  request: CacheRequest,
  policy: ResponsePolicy,
  freshness: Freshness,
): DecisionStep | undefined {
  const { maxAge, minFresh, noCache } = request.directives;
  if (noCache) {
    const source = request.noCacheFrom === 'Pragma' ? 'RFC 9111 §5.4' : 'RFC 9111 §5.2.1.4';
    const evidence = `\`${request.noCacheFrom ?? 'Cache-Control'}: no-cache\` in the request`;
    return objectionStep('request.no-cache', source, evidence, 'the origin has to be asked', noCacheField(request));
  }
  // A fresh immutable response need not be validated for a mere reload (RFC 8246 §2).
  const immutable = policy.governing.directives.immutable && freshness.left > 0;
  if (maxAge !== undefined && !immutable && (maxAge === 0 || freshness.age > maxAge * 1000)) {
    const zero = maxAge === 0;
    const age = ageSeconds(freshness);
    const evidence = zero ? '`max-age=0` in the request' : `\`max-age=${maxAge}\` in the request, age ${age} s`;
    const effect = zero ? 'the origin has to be asked' : 'too old for this request';
    return objectionStep('request.max-age', 'RFC 9111 §5.2.1.1', evidence, effect, inRequest(`max-age=${maxAge}`));
  }
  if (minFresh !== undefined && freshness.left < minFresh * 1000) {
    const asked = `\`min-fresh=${minFresh}\` in the request`;
    const evidence = freshness.left > 0 ? `${asked}, ${ttlSeconds(policy, freshness)} s left` : asked;
    const field = inRequest(`min-fresh=${minFresh}`);
    return objectionStep('request.min-fresh', 'RFC 9111 §5.2.1.3', evidence, 'not fresh for long enough', field);
  }
  return undefined;
}

function inRequest(directive: string): FieldEvidence {
  return ofRequest('cache-control', directive);
}

function noCacheField({ noCacheFrom }: CacheRequest): FieldEvidence {
  return ofRequest((noCacheFrom ?? 'Cache-Control').toLowerCase(), 'no-cache');
}

function objectionStep(
  rule: string,
  source: string,
  evidence: string,
  effect: string,
  field: FieldEvidence,
): DecisionStep {
  return { rule, source, evidence, effect, say: `${evidence}\n${effect}`, fields: [field] };
}

function immutableStep({ directives }: CacheRequest, { governing }: ResponsePolicy): DecisionStep {
  const asked = `max-age=${directives.maxAge ?? 0}`;
  const evidence = `\`immutable\`, and \`${asked}\` in the request`;
  const fields = [ofStored(governing.field.toLowerCase(), 'immutable'), inRequest(asked)];
  const effect = 'no validation while it is fresh';
  return { rule: 'response.immutable', source: 'RFC 8246 §2', evidence, effect, fields };
}

/** Modes in which what is stored answers whatever its headers say. */
function serveRegardless(
  situation: Situation,
  stored: StoredResponse,
  policy: ResponsePolicy,
  freshness: Freshness,
): ServePlan {
  const { mode } = situation.settings;
  const residentSeconds = Math.max(0, Math.floor((situation.now - stored.head.responseTime) / 1000));
  const step: DecisionStep = {
    rule: `${mode}.serve`,
    source: `Hopscope: ${mode} mode`,
    evidence: `stored ${residentSeconds} s ago, ${policy.lifetime.evidence}`,
    effect: mode === 'snapshot' ? 'the first answer wins until purged' : 'only the store answers, freshness is ignored',
    say: mode === 'snapshot' ? 'snapshot mode: the first answer wins' : 'offline mode: freshness is ignored',
    departure: true,
  };
  return serve(situation, stored, policy, freshness, [step], 'HIT');
}

/** Nothing stored may answer: says why, by the forward reasons of RFC 9211 §2.2. */
function planMiss(situation: Situation, selection: Selection, candidates: readonly StoredResponse[]): Plan {
  const { request, settings } = situation;
  const { mismatch, refused, headAlone } = selection;
  let fwd: Forward = 'uri-miss';
  let step: DecisionStep = {
    rule: 'lookup.uri-miss',
    source: 'RFC 9111 §4',
    evidence: `\`${request.method} ${request.uri}\``,
    effect: 'nothing is stored for this URL',
    say: 'nothing is stored for this URL',
    decides: 'answer',
  };
  let nearMiss: NearMiss | undefined;
  if (selection.partial) {
    fwd = 'partial';
    step = partialStep(request, selection.matching);
    nearMiss = partNearMiss(request, selection.matching);
  } else if (refused !== undefined) {
    fwd = 'miss';
    step = refusedStep(policyOf(refused, settings));
    nearMiss = refusedNearMiss(refused, policyOf(refused, settings));
  } else if (mismatch !== undefined) {
    fwd = 'vary-miss';
    nearMiss = varyNearMiss(request, mismatch, candidates, settings);
    step = varyStep(nearMiss);
  } else if (headAlone !== undefined) {
    fwd = 'miss';
    nearMiss = headNearMiss(request, headAlone);
    const effect = 'only the head is stored, and this needs the body';
    const evidence = `\`${request.method} ${request.uri}\``;
    step = { rule: 'lookup.head-alone', source: 'RFC 9110 §9.3.2', evidence, effect, say: effect };
  }
  if (settings.mode === 'offline') return refuse(situation, overtaken([step]), OFFLINE_STEP, 'offline', nearMiss);
  if (request.directives.onlyIfCached)
    return refuse(situation, overtaken([step]), ONLY_IF_CACHED_STEP, 'only-if-cached', nearMiss);
  if (fwd === 'uri-miss') return forward(situation, fwd, [step]);
  step = deciding(step);
  const completion = selection.partial ? findCompletion(request, selection.matching, settings) : undefined;
  if (completion !== undefined) {
    const { stored, headers, step: asked } = completion;
    const more = {
      conditional: headers,
      completing: stored,
      matching: selection.matching,
      collapsible: false,
      nearMiss,
    };
    return forward(situation, fwd, [step, asked], more);
  }
  const selecting = mismatch?.stored.head.selecting ?? [];
  const miss = { nearMiss, matching: selection.matching, selecting };
  const variants = fwd === 'vary-miss' ? variantFields(request, candidates, settings) : undefined;
  if (variants === undefined || !isStandardMode(settings.mode)) return forward(situation, fwd, [step], miss);
  const effect = 'asked the origin whether a stored variant fits this request too';
  const say = `asked the origin with ${variants.evidence}`;
  const fields = [ofStored('etag')];
  const asked = {
    rule: 'validation.variants',
    source: 'RFC 9111 §4.1',
    evidence: variants.evidence,
    effect,
    say,
    fields,
  };
  const more = { conditional: variants.headers, variants: variants.validating };
  return forward(situation, fwd, [step, asked], { ...miss, ...more });
}

function varyStep({ field, stored, requested }: NearMiss): DecisionStep {
  const all = field === 'vary';
  const evidence = all
    ? '`Vary: *`, which no request matches'
    : `\`Vary\` names \`${field}\`: stored for \`${stored}\`, requested with \`${requested}\``;
  const effect = 'no stored variant matches';
  const fields = all ? [ofStored('vary')] : [ofStored('vary'), ofRequest(field)];
  return { rule: 'lookup.vary-miss', source: 'RFC 9111 §4.1', evidence, effect, say: `${evidence}\n${effect}`, fields };
}

const VALIDATORS = [ofStored('etag'), ofStored('last-modified')];

/** Asks the origin whether what is stored is still good (RFC 9111 §4.3.1), or for another response if it cannot be asked. */
function validate(
  situation: Situation,
  selection: Selection,
  stored: StoredResponse,
  policy: ResponsePolicy,
  freshness: Freshness,
  fwd: Forward,
  steps: readonly DecisionStep[],
): Plan {
  const { request } = situation;
  const found = foundStep(request, stored);
  const objected = request.directives.noCache;
  const nearMiss = validationNearMiss(request, stored, policy, freshness, objected);
  if (request.directives.onlyIfCached) {
    return refuse(situation, [found, ...steps], ONLY_IF_CACHED_STEP, 'only-if-cached', nearMiss);
  }
  const conditions = validationFields(request, selection.matching, stored, situation.settings);
  const asked: DecisionStep =
    conditions === undefined
      ? {
          rule: 'validation.none',
          source: 'RFC 9111 §4.3.1',
          evidence: 'no validator of its own to send',
          effect: 'asked the origin again',
          say: 'asked the origin again',
        }
      : {
          rule: 'validation.sent',
          source: 'RFC 9111 §4.3.1',
          evidence: conditions.evidence,
          effect: 'asked the origin whether it is still good',
          say: `asked the origin with ${conditions.evidence}`,
          fields: VALIDATORS.filter(({ name }) => hasHeader(stored.head.headers, name)),
        };
  const insists = { evidence: '`no-cache` in the request', fields: [noCacheField(request)] };
  // A request that says how stale the answer may be when the origin fails does not insist (RFC 5861 §4).
  const insistent = objected && request.directives.staleIfError === undefined;
  const forbidden = insistent ? insists : staleForbidden(request, policy, freshness);
  return forward(situation, fwd, [found, ...decidedByLast(steps), asked], {
    conditional: conditions?.headers,
    validating: conditions?.validating ?? [],
    matching: selection.matching,
    nearMiss,
    fallback: { stored, forbidden, source: insistent ? 'RFC 9111 §5.2.1.4' : 'RFC 9111 §4.2.4' },
  });
}

/** What alone kept a stored response from answering; undefined when its own `no-cache` asks for a validation each time. */
function validationNearMiss(
  request: CacheRequest,
  stored: StoredResponse,
  policy: ResponsePolicy,
  freshness: Freshness,
  objected: boolean,
): NearMiss | undefined {
  if (policy.noCache) return undefined;
  const told = objected ? insistingNearMiss : ageNearMiss;
  return told(request, stored, policy, freshness);
}
