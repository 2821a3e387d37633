import { ageSeconds, freshnessStep } from './explain.ts';
import type { Freshness } from './explain.ts';
import type { CacheRequest } from './cache-request.ts';
import type { Situation } from './make-plan.ts';
import { serve } from './make-plan.ts';
import type { ServePlan } from './plan.ts';
import type { PlainHit, ResponsePolicy, StoredResponse } from './stored-response.ts';

/** Fresh, and a request that asks for nothing special: by far the most frequent case, decided without further ado. */
export function isPlainHit(request: CacheRequest, policy: ResponsePolicy, freshness: Freshness): boolean {
  const { directives } = request;
  return (
    freshness.left > 0 &&
    !policy.noCache &&
    !directives.noCache &&
    directives.maxAge === undefined &&
    directives.minFresh === undefined
  );
}

/**
 * The decision of a plain hit changes once a second, and hits come in thousands: entries that are hit twice in one second
 * keep their plan. Only so many of them, because with a million entries the plans would take more memory than the entries.
 */
const keptPlans: (PlainHit | undefined)[] = [];
const KEPT_PLANS = 4_096;
let nextKept = 0;

/** The plan of a plain hit, made or kept. */
export function servePlain(
  situation: Situation,
  stored: StoredResponse,
  policy: ResponsePolicy,
  freshness: Freshness,
): ServePlan {
  const { request } = situation;
  const age = ageSeconds(freshness);
  const simple =
    request.method === 'GET' &&
    request.range === undefined &&
    request.ifNoneMatch === undefined &&
    request.ifModifiedSince === undefined &&
    stored.head.part === undefined;
  const { plainHit } = policy;
  // The slot is this function's own; what is in it has been made for this very entry.
  const kept = plainHit.plan as ServePlan | undefined;
  if (simple && kept?.age === age && kept.stored === stored && plainHit.uri === request.uri) return kept;
  const plan = serve(situation, stored, policy, freshness, [freshnessStep(policy, freshness)], 'HIT');
  if (simple) keepPlan(plainHit, age, request.uri, plan);
  return plan;
}

function keepPlan(plainHit: PlainHit, age: number, uri: string, plan: ServePlan): void {
  const again = plainHit.age === age && plainHit.uri === uri;
  plainHit.age = age;
  plainHit.uri = uri;
  plainHit.plan = undefined;
  if (!again) return;
  plainHit.plan = plan;
  const forgotten = keptPlans[nextKept];
  if (forgotten !== undefined && forgotten !== plainHit) forgotten.plan = undefined;
  keptPlans[nextKept] = plainHit;
  nextKept = (nextKept + 1) % KEPT_PLANS;
}
