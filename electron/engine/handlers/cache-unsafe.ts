import type { DecisionStep } from '../../../shared/decision.ts';
import { cacheKey, placeOf } from '../cache/cache-key.ts';
import type { CacheRequest } from '../cache/cache-request.ts';
import { readCacheResponse } from '../cache/cache-response.ts';
import type { CacheSettings } from '../cache/cache-settings.ts';
import { isStandardMode, overlayFor } from '../cache/cache-settings.ts';
import type { CacheStore } from '../cache/cache-store.ts';
import { failedDecision, forwardedDecision } from '../cache/conclude.ts';
import type { Invalidation } from '../cache/invalidation.ts';
import { invalidatedBy, invalidationSteps, sharedGroups, sparedStep } from '../cache/invalidation.ts';
import { passNearMiss } from '../cache/near-miss.ts';
import { answersFor } from '../cache/no-vary-search.ts';
import { selectStored } from '../cache/select-stored.ts';
import { passPlan, passRefusal } from '../cache/stand-aside.ts';
import { mayAnswerGet } from '../cache/storability.ts';
import { expectedLength, planStorage } from '../cache/storing.ts';
import type { ReceivedHead, StoredResponse } from '../cache/stored-response.ts';
import { withoutUpgrade } from '../cache/without-upgrade.ts';
import type { Exchange } from '../chain/exchange.ts';
import type { Answer } from '../chain/handler.ts';
import type { Reply } from '../chain/reply.ts';
import { ExchangeError } from '../errors.ts';
import { receivedHead } from './cache-context.ts';
import type { Invalidations } from './cache-invalidations.ts';
import { withCacheStatus } from './cache-reply.ts';
import { storeBytes, TeeBody } from './cache-tee.ts';
import { ResponseToStore } from './cache-response-to-store.ts';

export interface PassContext {
  readonly x: Exchange;
  readonly request: CacheRequest;
  readonly key: string;
  readonly settings: CacheSettings;
  readonly store: CacheStore;
  readonly invalidations: Invalidations;
  readonly next: () => Answer;
}

/**
 * Passes a request on that nothing stored can answer because of its method, its content or its wish to switch protocols.
 * The answer may invalidate what is stored (RFC 9111 §4.4), and that of a POST or PATCH may be stored for later GETs
 * (RFC 9110 §9.3.3, RFC 5789 §2).
 */
export async function passThrough(context: PassContext): Promise<Reply> {
  const { x, request, key, settings, store, next } = context;
  const entries = store.lookup(key);
  const upgrade = x.request.upgrade?.protocols;
  const hasContent = x.body !== null && x.body.length !== 0;
  const nearMiss =
    upgrade === undefined
      ? passNearMiss(request, selectStored(request, entries, settings).chosen)
      : withoutUpgrade(request, upgrade, hasContent, key, entries, settings, Date.now());
  const refusal = passRefusal(request, key, settings, nearMiss, upgrade);
  if (refusal !== undefined) {
    x.trace.decided(refusal.decision);
    throw new ExchangeError(settings.mode === 'offline' ? 'OFFLINE' : 'ONLY_IF_CACHED', 'cache', nearMiss?.why);
  }
  const plan = passPlan(request, key, nearMiss, upgrade);
  const mark = context.invalidations.mark();
  const requestTime = Date.now();
  let reply: Reply;
  try {
    reply = await next();
  } catch (error) {
    const code = error instanceof ExchangeError ? error.code : 'HANDLER_FAILED';
    const message = error instanceof Error ? error.message : String(error);
    x.trace.decided(failedDecision(plan, code, message, undefined, settings));
    throw error;
  }
  const { status, headers } = reply;
  const received = receivedHead(reply, requestTime, mark);
  const response = readCacheResponse(headers);
  const steps = await invalidate(context, received);
  const storage =
    mayAnswerGet(request.method) && isStandardMode(settings.mode)
      ? planStorage(request, context.key, received, settings, response)
      : undefined;
  const decision = forwardedDecision(plan, status, storage, steps, settings);
  x.trace.decided(decision);
  const told =
    x.settings.cache.cacheStatus && reply.tunnel === undefined ? withCacheStatus(headers, decision) : headers;
  if (storage?.head === undefined) return { ...reply, headers: told };
  // What it has invalidated itself is no reason to let go of it.
  const marked = { ...received, mark: context.invalidations.mark() };
  const expected = expectedLength(request.method, status, response);
  const surroundings = { ...context, flight: undefined };
  const storing = new ResponseToStore(surroundings, plan, decision, storage.head, marked, reply, expected);
  if (reply.body === null || reply.body instanceof Uint8Array) {
    await storeBytes(reply.body, storing);
    return { ...reply, headers: told };
  }
  return { ...reply, headers: told, body: new TeeBody(reply.body, storing) };
}

const SNAPSHOTS_STAY: DecisionStep = {
  rule: 'invalidation.snapshot',
  source: 'Hopscope: snapshot mode',
  evidence: 'snapshots stay until they are purged',
  effect: 'nothing is invalidated',
  departure: true,
};

/** Removes what the answer to an unsafe request makes invalid, and says what that was. */
async function invalidate(context: PassContext, received: ReceivedHead): Promise<DecisionStep[]> {
  const { request, settings, store, invalidations } = context;
  const invalidation = invalidatedBy(request, received);
  if (invalidation !== undefined && !isStandardMode(settings.mode)) return [SNAPSHOTS_STAY];
  if (invalidation === undefined) {
    const spared = sparedStep(request, received);
    return spared === undefined ? [] : [spared];
  }
  const removed: number[] = [];
  const gone: StoredResponse[] = [];
  const place = placeOf(context.key);
  for (const uri of invalidation.uris) {
    const key = cacheKey(uri, settings, overlayFor(settings, uri), place);
    const alike = store.lookupLoose(uri).filter(({ head }) => answersFor(head, uri, place));
    gone.push(...store.lookup(key), ...alike);
    invalidations.noteUri(uri, key);
    let count = 0;
    for (const name of new Set([key, ...alike.map(({ head }) => head.key)])) {
      invalidations.note(name);
      count += (await store.purge({ key: name })).purged;
    }
    removed.push(count);
  }
  const shared = sharedGroups(invalidation, gone);
  removed.push(await purgeGroups(context, invalidation));
  const further = [await purgeGroups(context, shared)];
  return [...invalidationSteps(invalidation, removed), ...invalidationSteps(shared, further)];
}

/** @returns how many stored responses went */
async function purgeGroups({ store, invalidations }: PassContext, { groups, origin }: Invalidation): Promise<number> {
  if (groups.length === 0) return 0;
  for (const group of groups) invalidations.noteGroup(origin, group);
  return (await store.purge({ groups, origin })).purged;
}
