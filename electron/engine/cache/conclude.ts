import type { Decision, DecisionStep, Verdict } from '../../../shared/decision.ts';
import type { CacheRequest } from './cache-request.ts';
import type { CacheSettings } from './cache-settings.ts';
import { departuresFor } from './departures.ts';
import { ageSeconds, answerStep, deciding, freshnessNow, overtaken, ttlSeconds } from './explain.ts';
import type { ForwardPlan } from './plan.ts';
import type { Answer } from './representation.ts';
import { answerFor } from './representation.ts';
import type { OriginFailure } from './stale.ts';
import { fallbackVerdict } from './stale.ts';
import type { StoragePlan } from './storing.ts';
import type { ResponsePolicy, StoredResponse } from './stored-response.ts';
import { policyOf } from './stored-response.ts';
import { freshenedStep, keptFromOthers } from './validation.ts';

/** Final decisions about requests that went forward: what became of them, as data. */

/** A stored response that answers after all, with its decision. */
export interface ServedAfterwards {
  readonly stored: StoredResponse;
  readonly answer: Answer;
  /** The value of Age; undefined right after a validation, which Age would deny (RFC 9111 §5.1). */
  readonly age: number | undefined;
  readonly decision: Decision;
}

/** The decision about a full response from the origin. */
export function forwardedDecision(
  plan: ForwardPlan,
  status: number,
  storage: StoragePlan | undefined,
  steps: readonly DecisionStep[],
  settings: CacheSettings,
): Decision {
  const stored = storage?.head !== undefined;
  const fresh = stored && storage.policy !== undefined ? remainingLifetime(storage.policy) : undefined;
  const lifetime = stored ? storage.policy?.lifetime.seconds : undefined;
  const decision: { -readonly [K in keyof Decision]: Decision[K] } = {
    verdict: plan.fwd === 'bypass' || plan.fwd === 'method' ? 'BYPASS' : 'MISS',
    hit: false,
    fwd: plan.fwd,
    fwdStatus: status,
    stored,
    key: plan.key,
    mode: settings.mode,
    steps: [...plan.steps, originStep(plan, status), ...steps, ...(storage?.steps ?? [])],
  };
  if (fresh !== undefined) decision.ttl = fresh;
  if (lifetime !== undefined) decision.lifetime = lifetime;
  if (plan.nearMiss !== undefined) decision.nearMiss = plan.nearMiss;
  return decision;
}

const originSteps: DecisionStep[] = [];
const validationSteps: DecisionStep[] = [];

/** There are twice as many of these as status codes: something was validated (RFC 9111 §4.3.3), or forwarded as it came. */
function originStep({ validating, variants }: ForwardPlan, status: number): DecisionStep {
  return validating.length + variants.length === 0
    ? (originSteps[status] ??= makeOriginStep(status, 'RFC 9110 §7.6'))
    : (validationSteps[status] ??= makeOriginStep(status, 'RFC 9111 §4.3.3'));
}

function makeOriginStep(status: number, source: string): DecisionStep {
  const say = `the origin answered ${status}`;
  return {
    rule: 'forward.answered',
    source,
    evidence: `status ${status}`,
    effect: 'passed on',
    say,
  };
}

function remainingLifetime(policy: ResponsePolicy): number {
  return policy.lifetime.seconds - Math.floor(policy.initialAge.milliseconds / 1000);
}

/**
 * The decision about a 304 that freshened what is stored (RFC 9111 §4.3.4).
 *
 * @param kept whether it is stored as it has been freshened
 */
export function freshenedDecision(
  request: CacheRequest,
  plan: ForwardPlan,
  stored: StoredResponse,
  kept: boolean,
  settings: CacheSettings,
): ServedAfterwards {
  const policy = policyOf(stored, settings);
  const answer = answerFor(request, stored, policy);
  const { step, ttl } = freshenedStep(stored.head, kept, settings);
  const steps = [...plan.steps, ...departuresFor(request, stored, policy), step];
  if (answer.kind !== 'whole' || answer.unranged !== undefined) steps.push(answerStep(answer, stored));
  // The request may forbid to keep what a 304 has brought, and so may the 304.
  const refusal = kept
    ? undefined
    : (keptFromOthers(stored.head, request, settings) ?? policy.storability.steps.at(-1));
  if (refusal !== undefined) steps.push(refusal);
  const decision: Decision = {
    verdict: 'REVALIDATED',
    hit: false,
    fwd: plan.fwd,
    fwdStatus: 304,
    ...(ttl === undefined ? {} : { ttl }),
    key: plan.key,
    mode: settings.mode,
    steps,
    age: Math.floor(policy.initialAge.milliseconds / 1000),
    ...(ttl === undefined ? {} : { lifetime: policy.lifetime.seconds }),
  };
  return { stored, answer, age: undefined, decision };
}

/**
 * A stored response that stands in for an origin that failed, if it may.
 *
 * @returns the answer, or the step that says why there is none; undefined when there is nothing stored to stand in
 */
export function standIn(
  request: CacheRequest,
  plan: ForwardPlan,
  failure: OriginFailure,
  settings: CacheSettings,
  now: number,
): ServedAfterwards | DecisionStep | undefined {
  const { fallback } = plan;
  if (fallback === undefined) return undefined;
  const verdict = fallbackVerdict(request, fallback, failure, settings, now);
  if (!verdict.serve) return verdict.step;
  const { stored } = fallback;
  const policy = policyOf(stored, settings);
  const freshness = freshnessNow(stored, policy, now);
  const answer = answerFor(request, stored, policy);
  const age = ageSeconds(freshness);
  const label: Verdict = freshness.left > 0 ? 'HIT' : 'STALE';
  const decision: Decision = {
    verdict: label,
    hit: false,
    fwd: plan.fwd,
    ...(failure.kind === 'error' ? { fwdStatus: failure.status } : { detail: failure.code }),
    ttl: ttlSeconds(policy, freshness),
    key: plan.key,
    mode: settings.mode,
    steps: [
      ...overtaken(plan.steps),
      ...departuresFor(request, stored, policy),
      deciding(verdict.step),
      answerStep(answer, stored),
    ],
    age,
    lifetime: policy.lifetime.seconds,
  };
  return { stored, answer, age, decision };
}

/** The decision about a request that failed at the origin, or whose client left, and that nothing stored could answer. */
export function failedDecision(
  plan: ForwardPlan,
  code: string,
  message: string,
  why: DecisionStep | undefined,
  settings: CacheSettings,
): Decision {
  const gone = code === 'CLIENT_GONE';
  const say = gone ? 'the client left before there was an answer' : `the origin failed: ${message}`;
  const nothing = why === undefined && plan.fallback === undefined;
  const failed: DecisionStep = {
    rule: 'forward.failed',
    source: why === undefined ? 'RFC 9110 §15.6' : 'RFC 9111 §4.2.4',
    evidence: code,
    effect: gone
      ? 'nobody is there to be answered'
      : nothing
        ? 'nothing is stored that could stand in'
        : 'the failure is passed on',
    ...(why === undefined ? { say, decides: 'answer' } : {}),
  };
  return {
    verdict: 'ERROR',
    hit: false,
    fwd: plan.fwd,
    key: plan.key,
    detail: code,
    mode: settings.mode,
    steps: [...overtaken(plan.steps), ...(why === undefined ? [failed] : [deciding(why), failed])],
    ...(plan.nearMiss === undefined ? {} : { nearMiss: plan.nearMiss }),
  };
}

/** The decision about a request that another one's response answered (RFC 9211 §2.6). */
export function collapsedDecision(waiting: ForwardPlan, served: Decision, status: number): Decision {
  const say = 'waited for a request to the same key that was already on its way';
  const step = { rule: 'forward.collapsed', source: 'RFC 9111 §4', evidence: `key ${waiting.key}`, effect: say, say };
  // What it would have asked the origin itself was never sent.
  const decided = waiting.steps.filter(({ rule }) => !rule.startsWith('validation.'));
  return {
    ...served,
    verdict: 'MISS',
    hit: false,
    fwd: waiting.fwd,
    fwdStatus: status,
    collapsed: true,
    steps: [...decided, step, ...overtaken(served.steps)],
  };
}
