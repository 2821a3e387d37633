import type { Decision, DecisionStep } from '../../../shared/decision.ts';
import type { HeaderList } from '../../../shared/headers.ts';
import { cacheKey } from './cache-key.ts';
import { readCacheRequest } from './cache-request.ts';
import type { CacheSettings } from './cache-settings.ts';
import { overlayFor } from './cache-settings.ts';
import { planRequest } from './reuse.ts';
import { planStorage } from './storing.ts';
import type { ReceivedHead, StoredResponse } from './stored-response.ts';

/** A request in a question. */
export interface AskedRequest {
  readonly method: string;
  /** Absolute. */
  readonly uri: string;
  readonly headers: HeaderList;
}

/** A question about the rules: given this exchange, what would become of that request? */
export interface WhatIf {
  readonly request: AskedRequest;
  readonly response: ReceivedHead;
  readonly bodyLength: number;
  /** The request that comes later; the same one again when absent. */
  readonly then?: AskedRequest;
  /** When it comes, in epoch milliseconds. */
  readonly now: number;
  readonly settings: CacheSettings;
}

/** The answer, made by the code that decides about live traffic. */
export interface WhatIfAnswer {
  readonly stored: boolean;
  /** Why the response would be stored, or not. */
  readonly storing: readonly DecisionStep[];
  /** What would be decided about the later request, as far as it can be known without asking the origin. */
  readonly decision: Decision;
}

/** Re-decides an exchange under other circumstances: a moved clock, edited fields, another mode. No traffic, no store. */
export function whatIf(question: WhatIf): WhatIfAnswer {
  const { request, response, bodyLength, now, settings } = question;
  const first = readCacheRequest(request.method, request.uri, request.headers);
  const { head, steps } = planStorage(first, keyOf(request.uri, settings), response, settings);
  const then = question.then ?? request;
  const second = readCacheRequest(then.method, then.uri, then.headers);
  const key = keyOf(then.uri, settings);
  const entries: StoredResponse[] = [];
  if (head !== undefined && head.key === key) {
    // Nobody reads the body of an answer that is not sent.
    entries.push({ head, body: { open: noBytes }, bodyLength, policy: undefined });
  }
  const plan = planRequest(second, key, entries, settings, now);
  const stored = head !== undefined;
  if (plan.action !== 'forward') return { stored, storing: steps, decision: plan.decision };
  const { fwd, nearMiss } = plan;
  const decision: Decision = {
    verdict: fwd === 'bypass' || fwd === 'method' ? 'BYPASS' : 'MISS',
    hit: false,
    fwd,
    key,
    mode: settings.mode,
    steps: plan.steps,
    ...(nearMiss === undefined ? {} : { nearMiss }),
  };
  return { stored, storing: steps, decision };
}

function keyOf(uri: string, settings: CacheSettings): string {
  return cacheKey(uri, settings, overlayFor(settings, uri));
}

// eslint-disable-next-line @typescript-eslint/require-await -- an empty stream has nothing to wait for
async function* noBytes(): AsyncGenerator<Uint8Array> {
  yield* [];
}
