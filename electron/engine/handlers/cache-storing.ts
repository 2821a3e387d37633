import type { DecisionStep } from '../../../shared/decision.ts';
import { readCacheResponse } from '../cache/cache-response.ts';
import { isStandardMode } from '../cache/cache-settings.ts';
import type { CacheStore } from '../cache/cache-store.ts';
import { forwardedDecision } from '../cache/conclude.ts';
import type { ForwardPlan } from '../cache/plan.ts';
import { tellsOutdated } from '../cache/status-codes.ts';
import type { StoragePlan } from '../cache/storing.ts';
import { expectedLength, planStorage } from '../cache/storing.ts';
import type { ReceivedHead, StoredResponse } from '../cache/stored-response.ts';
import type { Answer } from '../chain/handler.ts';
import type { Reply } from '../chain/reply.ts';
import type { ForwardContext, MarkedHead } from './cache-context.ts';
import { land, noteReusable } from './cache-context.ts';
import { shareBody } from './cache-follow.ts';
import { withCacheStatus } from './cache-reply.ts';
import { storeBytes, TeeBody } from './cache-tee.ts';
import { ResponseToStore } from './cache-response-to-store.ts';

const NONE: readonly StoredResponse[] = [];

/** Passes the origin's answer on, storing it on the way if it may be stored. */
export function passOn(
  context: ForwardContext,
  plan: ForwardPlan,
  reply: Reply,
  received: MarkedHead,
  steps: readonly DecisionStep[],
): Answer {
  const { x, request, settings, store } = context;
  const interim = received.status < 200 || reply.tunnel !== undefined;
  const response = readCacheResponse(received.headers);
  let storage = plan.mayStore && !interim ? planStorage(request, plan.key, received, settings, response) : undefined;
  const expected = expectedLength(request.method, received.status, response);
  if (storage?.head !== undefined && expected !== undefined && expected > store.maxBodyBytes) {
    storage = { ...storage, head: undefined, steps: [tooLargeStep(expected, store.maxBodyBytes)] };
  }
  const outdated =
    storage === undefined || storage.head !== undefined ? NONE : findOutdated(context, plan, received, storage);
  if (storage !== undefined && outdated.length > 0) {
    storage = { ...storage, steps: [...storage.steps, outdatedStep(plan, received.status, outdated.length)] };
  }
  const decision = forwardedDecision(plan, received.status, storage, steps, settings);
  x.trace.decided(decision);
  const headers = x.settings.cache.cacheStatus ? withCacheStatus(reply.headers, decision) : reply.headers;
  if (storage?.head === undefined || storage.policy === undefined) {
    // A 304 is about its client's own copy: the others still need the response that it stands for.
    const aboutCopy = received.status === 304;
    land(context, aboutCopy ? 'abandoned' : 'not-reusable');
    if (!aboutCopy) noteReusable(context, false);
    const passed = { ...reply, headers };
    return outdated.length === 0 ? passed : forget(store, outdated).then(() => passed);
  }
  const { lifetime, initialAge, noCache } = storage.policy;
  const whole = storage.head.part === undefined;
  const reusable = whole && !noCache && lifetime.seconds * 1000 > initialAge.milliseconds;
  const lead = reusable || !isStandardMode(settings.mode);
  // What is stale from the start may have been freshened when it is asked for again.
  if (lead || noCache || plan.validating.length > 0) noteReusable(context, lead);
  const shared = lead ? shareBody(context.flight, storage.head, received.mark, reply.body, expected) : undefined;
  const storing = new ResponseToStore(context, plan, decision, storage.head, received, reply, expected, shared);
  if (lead) context.flight?.landReusable(storage.head, received.status);
  else land(context, 'not-reusable');
  if (reply.body === null || reply.body instanceof Uint8Array) {
    return storeBytes(reply.body, storing).then(() => ({ ...reply, headers }));
  }
  return { ...reply, headers, body: new TeeBody(reply.body, storing) };
}

function tooLargeStep(length: number, max: number): DecisionStep {
  const evidence = `\`Content-Length: ${length}\`, the store takes bodies up to ${max} bytes`;
  const say = `${evidence}\nnot stored`;
  return {
    ...{ rule: 'store.too-large', source: 'Hopscope: store limit', evidence, effect: 'not stored', say },
    ...{ fields: [{ side: 'response', name: 'content-length' }], decides: 'storing' },
  };
}

/** What a shared cache refuses to store because it is for one user. */
const FOR_ONE_USER: ReadonlySet<string> = new Set(['store.authorization', 'store.private']);

/** A newer answer that must not be stored makes the stored ones outdated, unless it is an error or about this request only. */
function findOutdated(
  { request, settings }: ForwardContext,
  { matching }: ForwardPlan,
  { status }: ReceivedHead,
  { steps }: StoragePlan,
): readonly StoredResponse[] {
  if (!tellsOutdated(status) || request.directives.noStore || !isStandardMode(settings.mode)) return NONE;
  // What HEAD tells of answers to GET has been seen to before (RFC 9111 §4.3.5).
  const about = matching.filter(({ head }) => request.method === 'GET' || head.method === 'HEAD');
  // An answer for one user says nothing about what everyone gets.
  const personal = request.authorized && FOR_ONE_USER.has(steps.at(-1)?.rule ?? '');
  return personal ? about.filter(({ head }) => head.authorized) : about;
}

/** An answer other than a 304 says that what was validated will not do; else the most recent one counts. */
function outdatedStep({ validating }: ForwardPlan, status: number, count: number): DecisionStep {
  const source = validating.length > 0 ? 'RFC 9111 §4.3.3' : 'RFC 9111 §4';
  const effect =
    count === 1
      ? 'the stored response is outdated, and removed'
      : `the ${count} stored responses are outdated, and removed`;
  return { rule: 'store.replaced', source, evidence: `status ${status}`, effect, say: effect };
}

async function forget(store: CacheStore, outdated: readonly StoredResponse[]): Promise<void> {
  for (const stored of outdated) await store.remove(stored);
}
