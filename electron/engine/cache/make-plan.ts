import type { Decision, DecisionStep, Forward, NearMiss, Verdict } from '../../../shared/decision.ts';
import type { CacheRequest } from './cache-request.ts';
import type { CacheSettings } from './cache-settings.ts';
import type { Freshness } from './explain.ts';
import { departuresFor } from './departures.ts';
import { ageSeconds, answerStep, decidedByLast, foundStep, ttlSeconds } from './explain.ts';
import { ofRequest } from './field-evidence.ts';
import type { ForwardPlan, RefusePlan, ServePlan } from './plan.ts';
import { answerFor } from './representation.ts';
import type { ResponsePolicy, StoredResponse } from './stored-response.ts';

/** The facts a plan is made from, gathered once per request. */
export interface Situation {
  readonly request: CacheRequest;
  readonly key: string;
  readonly settings: CacheSettings;
  readonly now: number;
}

/** Answers from the store; the last of `steps` settled that. */
export function serve(
  situation: Situation,
  stored: StoredResponse,
  policy: ResponsePolicy,
  freshness: Freshness,
  steps: readonly DecisionStep[],
  verdict: Verdict,
  revalidate = false,
): ServePlan {
  const { request } = situation;
  const answer = answerFor(request, stored, policy);
  const age = ageSeconds(freshness);
  const decision = {
    verdict,
    hit: true,
    ttl: ttlSeconds(policy, freshness),
    key: situation.key,
    mode: situation.settings.mode,
    steps: [
      foundStep(request, stored),
      ...departuresFor(request, stored, policy),
      ...decidedByLast(steps),
      answerStep(answer, stored),
    ],
    age,
    lifetime: policy.lifetime.seconds,
  } satisfies Decision;
  return { action: 'serve', stored, answer, age, revalidate, decision, prepared: undefined };
}

export const ONLY_IF_CACHED_STEP: DecisionStep = {
  rule: 'request.only-if-cached',
  source: 'RFC 9111 §5.2.1.7',
  evidence: '`only-if-cached` in the request',
  effect: '504 instead of asking the origin',
  say: '`only-if-cached`\n504',
  fields: [ofRequest('cache-control', 'only-if-cached')],
  decides: 'answer',
};

export const OFFLINE_STEP: DecisionStep = {
  rule: 'offline.refuse',
  source: 'Hopscope: offline mode',
  evidence: 'only the store may answer',
  effect: '504 instead of asking the origin',
  say: 'offline mode\n504',
  departure: true,
  decides: 'answer',
};

/** Answers with 504; `last` says why the request does not go on, and is marked as what decided. */
export function refuse(
  situation: Situation,
  steps: readonly DecisionStep[],
  last: DecisionStep,
  detail: string,
  nearMiss?: NearMiss,
): RefusePlan {
  const decision: Decision = {
    verdict: 'ERROR',
    hit: false,
    key: situation.key,
    detail,
    mode: situation.settings.mode,
    steps: [...steps, last],
    ...(nearMiss === undefined ? {} : { nearMiss }),
  };
  return { action: 'refuse', decision };
}

const NONE: readonly never[] = [];
const NOTHING_MORE: Partial<ForwardPlan> = {};

/** Sends the request on. */
export function forward(
  situation: Situation,
  fwd: Forward,
  steps: readonly DecisionStep[],
  more: Partial<ForwardPlan> = NOTHING_MORE,
): ForwardPlan {
  const { request, key } = situation;
  const { noStore, noCache, maxAge } = request.directives;
  const insists = noCache || maxAge === 0;
  const plan: ForwardPlan = {
    action: 'forward',
    fwd,
    key,
    conditional: undefined,
    validating: NONE,
    variants: NONE,
    completing: undefined,
    matching: NONE,
    fallback: undefined,
    mayStore: true,
    // A request that insists on the origin, or on not being stored, or asks for a part, has its own round trip.
    collapsible: request.method === 'GET' && fwd !== 'bypass' && !noStore && !insists && request.range === undefined,
    steps,
    nearMiss: undefined,
    selecting: NONE,
  };
  return more === NOTHING_MORE ? plan : Object.assign(plan, more);
}
