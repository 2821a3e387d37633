import type { CacheMode, Decision, WhatIfAnswer } from '../../../shared/decision.ts';
import type { HeaderList } from '../../../shared/headers.ts';
import { cacheKey } from './cache-key.ts';
import { readCacheRequest } from './cache-request.ts';
import type { CacheSettings } from './cache-settings.ts';
import { overlayFor } from './cache-settings.ts';
import { freshnessTimes } from './freshness-times.ts';
import { passNearMiss } from './near-miss.ts';
import type { ForwardPlan } from './plan.ts';
import { planRequest } from './reuse.ts';
import { selectStored } from './select-stored.ts';
import { hasToPass, OFF_DECISION, passPlan, passRefusal } from './stand-aside.ts';
import type { StoragePlan } from './storing.ts';
import { planStorage } from './storing.ts';
import type { ReceivedHead, StoredResponse } from './stored-response.ts';
import { derivePolicy } from './stored-response.ts';
import { withoutUpgrade } from './without-upgrade.ts';

/** A request in a question. */
export interface AskedRequest {
  readonly method: string;
  /** Absolute. */
  readonly uri: string;
  readonly headers: HeaderList;
  /** A body came with it. */
  readonly hasContent?: boolean;
  /** The protocols that it asks to switch to. */
  readonly upgrade?: string | undefined;
}

/** A question about the rules: given this exchange, what would become of that request? */
export interface WhatIf {
  readonly request: AskedRequest;
  readonly response: ReceivedHead;
  /** Of the whole representation, where it is known. */
  readonly bodyLength: number | undefined;
  /** What answers for the request's URL, see {@link cacheKey}; the same for both. */
  readonly place?: string;
  /** The request that comes later; the same one again when absent. */
  readonly then?: AskedRequest;
  /** When it comes, in epoch milliseconds. */
  readonly now: number;
  readonly settings: CacheSettings;
  /**
   * The modes that the response may have come in, likeliest first, where `settings` say offline: nothing is ever stored in
   * that mode, and the question is about what had been.
   */
  readonly cameIn?: readonly CacheMode[];
}

/**
 * Re-decides an exchange under other circumstances: a moved clock, edited fields, another mode. No traffic, no store; the
 * code is the one that decides about live traffic.
 */
export function whatIf(question: WhatIf): WhatIfAnswer {
  const { request, bodyLength, now, settings, place } = question;
  if (settings.mode === 'off') return { stored: false, storing: OFF_DECISION.steps, decision: OFF_DECISION };
  const { head, steps: storing } = storagePlanOf(question);
  const stored = head !== undefined;
  const life = head === undefined ? {} : { freshness: freshnessTimes(head, derivePolicy(head, settings)) };
  const then = question.then ?? request;
  const second = readCacheRequest(then.method, then.uri, then.headers);
  const key = keyOf(then.uri, settings, place);
  const entries: StoredResponse[] = [];
  if (head !== undefined && head.key === key) {
    // Nobody reads the body of an answer that is not sent.
    entries.push({ id: 0, head, body: { open: noBytes }, bodyLength, policy: undefined });
  }
  const { upgrade, hasContent = false } = then;
  if (upgrade !== undefined || hasToPass(then.method, hasContent)) {
    const nearMiss =
      upgrade === undefined
        ? passNearMiss(second, selectStored(second, entries, settings).chosen)
        : withoutUpgrade(second, upgrade, hasContent, key, entries, settings, now);
    const refusal = passRefusal(second, key, settings, nearMiss, upgrade);
    const decision = refusal?.decision ?? forwardDecision(passPlan(second, key, nearMiss, upgrade), settings);
    return { stored, storing, decision, ...life };
  }
  const plan = planRequest(second, key, entries, settings, now);
  const decision = plan.action === 'forward' ? forwardDecision(plan, settings) : plan.decision;
  return { stored, storing, decision, ...life };
}

type Storing = Pick<StoragePlan, 'head' | 'steps'>;

/** The storing in the first of the modes that stores the response; in the first of all when none does. */
function storagePlanOf(question: WhatIf): Storing {
  const { settings, cameIn = ['shared'] } = question;
  if (settings.mode !== 'offline') return storagePlan(question, settings);
  const plans = cameIn.map((mode) => storagePlan(question, { ...settings, mode }));
  const plan = plans.find(({ head }) => head !== undefined) ?? plans[0];
  return plan ?? storagePlan(question, { ...settings, mode: 'shared' });
}

/** Whether the exchange's response is stored: its request comes to an empty store, and the response follows. */
function storagePlan({ request, response, place }: WhatIf, settings: CacheSettings): Storing {
  const first = readCacheRequest(request.method, request.uri, request.headers);
  const key = keyOf(request.uri, settings, place);
  if ((request.hasContent === true || request.upgrade !== undefined) && !hasToPass(request.method, false)) {
    return { head: undefined, steps: passPlan(first, key, undefined, request.upgrade).steps };
  }
  const plan = planRequest(first, key, [], settings, response.responseTime);
  if (plan.action === 'forward' && !plan.mayStore) return { head: undefined, steps: plan.steps };
  return planStorage(first, key, response, settings);
}

/** What can be said of a request that goes on before its answer is there. */
function forwardDecision({ fwd, key, steps, nearMiss }: ForwardPlan, { mode }: CacheSettings): Decision {
  const verdict = fwd === 'bypass' || fwd === 'method' ? 'BYPASS' : 'MISS';
  return { verdict, hit: false, fwd, key, mode, steps, ...(nearMiss === undefined ? {} : { nearMiss }) };
}

function keyOf(uri: string, settings: CacheSettings, place: string | undefined): string {
  return cacheKey(uri, settings, overlayFor(settings, uri), place);
}

// eslint-disable-next-line @typescript-eslint/require-await -- an empty stream has nothing to wait for
async function* noBytes(): AsyncGenerator<Uint8Array> {
  yield* [];
}
