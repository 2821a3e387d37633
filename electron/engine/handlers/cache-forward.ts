import type { Decision, DecisionStep } from '../../../shared/decision.ts';
import type { ServedAfterwards } from '../cache/conclude.ts';
import { failedDecision, forwardedDecision, freshenedDecision, standIn } from '../cache/conclude.ts';
import { bytesBefore } from '../cache/complete-part.ts';
import { joinedHead } from '../cache/join-parts.ts';
import type { ForwardPlan } from '../cache/plan.ts';
import type { OriginFailure } from '../cache/stale.ts';
import { STALE_IF_ERROR } from '../cache/status-codes.ts';
import { withheldFields } from '../cache/stored-fields.ts';
import { bytesSaved } from '../cache/representation.ts';
import { planStorage } from '../cache/storing.ts';
import type { StoredHead, StoredResponse } from '../cache/stored-response.ts';
import { derivePolicy, openBody, policyOf } from '../cache/stored-response.ts';
import {
  contradictedHead,
  freshenedHead,
  headDifference,
  headStep,
  keptFromOthers,
  otherRequests,
  readNotModified,
  selectedHead,
  selectedStep,
} from '../cache/validation.ts';
import type { Answer } from '../chain/handler.ts';
import type { Reply } from '../chain/reply.ts';
import type { ErrorCode } from '../errors.ts';
import { ExchangeError } from '../errors.ts';
import type { ForwardContext, MarkedHead } from './cache-context.ts';
import { land, noteReusable, receivedHead } from './cache-context.ts';
import { storedReply, withCacheStatus } from './cache-reply.ts';
import { passOn } from './cache-storing.ts';
import { discardBody, TeeBody } from './cache-tee.ts';
import { SequenceBody } from './cache-sequence-body.ts';
import { ResponseToStore } from './cache-response-to-store.ts';

/** Failures that are not the origin's: they say nothing about whether it can be reached. */
const NOT_THE_ORIGIN: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  ...(['CLIENT_GONE', 'STOPPING', 'LOOP', 'NO_UPSTREAM', 'NOT_FORWARDABLE', 'NEXT_TWICE'] as const),
  ...(['HANDLER_FAILED', 'HANDLER_STUCK', 'BAD_CHUNK', 'BAD_FRAMING'] as const),
]);

/** Answers that a request for the rest of a part may get, and that its client, who asked for the whole, has no use for. */
const ABOUT_THE_REST: ReadonlySet<number> = new Set([206, 304, 416]);

/** Sends a request on and does with the answer what RFC 9111 §4.3.3 says. */
export function forwardRequest(context: ForwardContext, plan: ForwardPlan): Promise<Reply> {
  const { x } = context;
  x.forwardHeaders = plan.conditional;
  const mark = context.invalidations.mark();
  const requestTime = Date.now();
  // One wait, not one for each function on the way: most requests that are stored pass here.
  return asked(context.next).then(
    (reply) => conclude(context, plan, reply, receivedHead(reply, requestTime, mark)),
    (error: unknown) => {
      land(context, x.aborted === undefined ? 'not-reusable' : 'abandoned');
      return originFailed(context, plan, error);
    },
  );
}

function asked(next: () => Answer): Promise<Reply> {
  try {
    return Promise.resolve(next());
  } catch (thrown) {
    return Promise.reject(thrown instanceof Error ? thrown : new Error(String(thrown)));
  }
}

function conclude(context: ForwardContext, plan: ForwardPlan, reply: Reply, received: MarkedHead): Answer {
  const { status } = received;
  const plain = status === 200 && context.request.method === 'GET';
  return plain ? passOn(context, plan, reply, received, []) : concludeOther(context, plan, reply, received);
}

/** Everything but a 200 to a GET. */
async function concludeOther(
  context: ForwardContext,
  plan: ForwardPlan,
  reply: Reply,
  received: MarkedHead,
): Promise<Reply> {
  const { settings, request } = context;
  const steps: DecisionStep[] = [];
  if (plan.completing !== undefined && ABOUT_THE_REST.has(received.status)) {
    return completed(context, plan, plan.completing, reply, received);
  }
  if (received.status === 304 && plan.matching.length + plan.variants.length > 0) {
    const answered = await notModified(context, plan, reply, received);
    if (answered !== undefined) return answered;
  } else if (STALE_IF_ERROR.has(received.status)) {
    const failure: OriginFailure = { kind: 'error', status: received.status };
    const instead = standIn(request, plan, failure, settings, received.responseTime);
    if (instead !== undefined && 'decision' in instead) {
      const served = serveAfterwards(context, instead, reply);
      if (served !== undefined) {
        land(context, 'not-reusable');
        await discardBody(reply.body);
        return served;
      }
      steps.push(NO_STAND_IN);
    } else if (instead !== undefined) {
      steps.push(instead);
    }
  }
  const applied = request.method === 'HEAD' && received.status === 200;
  const confirmed = applied && (await applyHead(context, plan, received, steps));
  // The stored answer to GET, which is as new now, answers HEAD as well.
  return passOn(context, confirmed ? { ...plan, mayStore: false } : plan, reply, received, steps);
}

/** A 304 to a request for which something is stored; undefined when it is the client's and goes on to it. */
async function notModified(
  context: ForwardContext,
  plan: ForwardPlan,
  reply: Reply,
  received: MarkedHead,
): Promise<Reply | undefined> {
  const { request, settings, store, invalidations } = context;
  const outcome = readNotModified(request, plan, received, settings);
  if (outcome.kind === 'mismatch') return askAgain(context, plan, outcome.step);
  if (outcome.kind === 'selected') {
    const added = await addVariant(context, outcome.stored, received);
    const head = added?.head ?? freshenedHead(outcome.stored.head, request, received, settings);
    const steps = [...plan.steps, selectedStep(received, added !== undefined)];
    const serve = added ?? detached(outcome.stored, head);
    return serveFreshened(context, { ...plan, steps }, reply, serve, added !== undefined);
  }
  let kept = false;
  let serve = outcome.kind === 'freshened' ? outcome.serve : undefined;
  for (const stored of outcome.updates) {
    const head = freshenedHead(stored.head, request, received, settings);
    const outdated = invalidations.happenedSince(head, received.mark);
    const keeps = !outdated && keptFromOthers(head, request, settings) === undefined;
    // What may not be stored any more is not stored any more, nor is any part of the 304 (RFC 9111 §5.2.2.5, §5.2.2.7).
    const goes = outdated || (keeps && !derivePolicy(head, settings).storability.storable);
    if (goes) await store.remove(stored);
    const updated = keeps && !goes ? await store.update(stored, head) : undefined;
    if (stored !== serve) continue;
    kept = updated !== undefined;
    // An entry that was evicted meanwhile may still have its body, which has just been confirmed.
    serve = updated ?? detached(stored, head);
  }
  return serve === undefined ? undefined : serveFreshened(context, plan, reply, serve, kept);
}

/** Answers with what a 304 has confirmed. */
async function serveFreshened(
  context: ForwardContext,
  plan: ForwardPlan,
  reply: Reply,
  serve: StoredResponse,
  kept: boolean,
): Promise<Reply> {
  const { request, settings, store } = context;
  await discardBody(reply.body);
  const served = serveAfterwards(context, freshenedDecision(request, plan, serve, kept, settings), reply);
  if (served === undefined) {
    await store.remove(serve);
    return askAgain(context, plan, BODY_GONE);
  }
  const policy = policyOf(serve, settings);
  const reusable = !policy.noCache && policy.lifetime.seconds * 1000 > policy.initialAge.milliseconds;
  if (reusable && context.flight !== undefined) {
    context.flight.landReusable(serve.head, reply.status);
    context.flight.settle(true);
  }
  noteReusable(context, reusable);
  land(context, 'not-reusable');
  const withheld = withheldFields(reply.headers, policy.governing, settings, policy.overlay);
  return withheld.length === 0 ? served : { ...served, headers: [...served.headers, ...withheld] };
}

/**
 * Stores a response once more, for the fields of another request that the origin selected it for.
 *
 * @returns undefined when it is not stored for them
 */
async function addVariant(
  { request, settings, store, invalidations }: ForwardContext,
  stored: StoredResponse,
  received: MarkedHead,
): Promise<StoredResponse | undefined> {
  const head = selectedHead(stored.head, request, received, settings);
  const { body } = stored;
  // A body that is not in memory is not worth a second copy: the origin's next 304 selects it again.
  if (head === undefined || !(body instanceof Uint8Array)) return undefined;
  const writer = store.begin(head);
  await writer.write(body);
  const added = await writer.commit();
  // What the origin selected it may have replaced meanwhile (RFC 9111 §4.4).
  if (added === undefined || !invalidations.happenedSince(head, received.mark)) return added;
  await store.remove(added);
  return undefined;
}

const BODY_GONE: DecisionStep = {
  rule: 'store.gone',
  source: 'Hopscope: store',
  evidence: 'the stored response was dropped while the origin was asked about it',
  effect: 'asked again for the whole',
  say: 'the stored response was dropped while the origin was asked about it\nasked again for the whole',
};

/** What was to stand in for an origin that failed cannot. */
const NO_STAND_IN: DecisionStep = {
  rule: 'store.gone',
  source: 'Hopscope: store',
  evidence: 'the stored response was dropped while the origin was asked',
  effect: 'nothing can stand in',
};

function detached(stored: StoredResponse, head: StoredHead): StoredResponse {
  return { id: stored.id, head, body: stored.body, bodyLength: stored.bodyLength, policy: undefined };
}

/** The origin's 304 is about something else: what was validated is outdated, and the request goes out as it came. */
async function askAgain(context: ForwardContext, plan: ForwardPlan, step: DecisionStep): Promise<Reply> {
  const { x, again, store } = context;
  for (const stored of plan.validating) await store.remove(stored);
  const repeated: ForwardPlan = {
    ...plan,
    conditional: undefined,
    validating: [],
    variants: [],
    completing: undefined,
    matching: [],
    fallback: undefined,
    steps: [...plan.steps, step],
  };
  if (again === undefined) {
    const error = new ExchangeError('WRONG_NOT_MODIFIED', 'cache');
    land(context, 'not-reusable');
    return originFailed(context, repeated, error);
  }
  x.forwardHeaders = undefined;
  const mark = context.invalidations.mark();
  const requestTime = Date.now();
  let reply: Reply;
  try {
    reply = await again(x);
  } catch (error) {
    land(context, 'not-reusable');
    return originFailed(context, repeated, error);
  }
  return conclude(context, repeated, reply, receivedHead(reply, requestTime, mark));
}

/**
 * A HEAD response updates the stored GET responses, or makes them stale or invalid (RFC 9111 §4.3.5). Stale ones are asked
 * about with the next GET, which the origin may confirm after all: the length that it tells HEAD is often another one. And
 * they stand in for an origin that fails.
 *
 * @returns whether one is updated
 */
async function applyHead(
  context: ForwardContext,
  plan: ForwardPlan,
  received: MarkedHead,
  steps: DecisionStep[],
): Promise<boolean> {
  const { request, settings, store, invalidations } = context;
  let updated = false;
  for (const stored of plan.matching) {
    if (stored.head.method === 'HEAD') continue;
    const head = freshenedHead(stored.head, request, received, settings);
    const contradiction = headDifference(stored, received, settings);
    const difference = contradiction ?? otherRequests(stored, head, received, settings);
    if (invalidations.happenedSince(head, received.mark)) {
      await store.remove(stored);
      continue;
    }
    // An answer for one user, or one that is not to be stored, says nothing about what everyone gets.
    if (keptFromOthers(head, request, settings) !== undefined) continue;
    const { storable, steps: reasons } = derivePolicy(head, settings).storability;
    if (contradiction !== undefined) await store.update(stored, contradictedHead(stored.head, received));
    else if (difference !== undefined || !storable) await store.remove(stored);
    // A part answers no HEAD.
    else if ((await store.update(stored, head)) !== undefined) updated ||= head.part === undefined;
    steps.push(headStep(difference, storable ? undefined : reasons.at(-1)));
  }
  return updated;
}

/** The rest of a stored part has come: the whole goes to the client and into the store (RFC 9111 §3.3, §3.4). */
async function completed(
  context: ForwardContext,
  plan: ForwardPlan,
  part: StoredResponse,
  reply: Reply,
  received: MarkedHead,
): Promise<Reply> {
  const { x, request, settings } = context;
  const storage = planStorage(request, plan.key, received, settings);
  const { head, policy } = storage;
  const before = head === undefined || policy === undefined ? undefined : bytesBefore(part, head, policy, settings);
  const length = head?.part?.length;
  const { body } = reply;
  if (before === undefined || length === undefined || body === null) {
    await discardBody(body);
    const effect = 'the rest does not fit; asked again for the whole';
    const evidence = `status ${received.status}`;
    const step = { rule: 'part.mismatch', source: 'RFC 9111 §3.4', evidence, effect, say: effect };
    return askAgain(context, plan, step);
  }
  const stored = openBody(part, { first: 0, last: before - 1 });
  if (stored === undefined) {
    await discardBody(body);
    await context.store.remove(part);
    return askAgain(context, plan, BODY_GONE);
  }
  const step = { rule: 'part.joined', source: 'RFC 9111 §3.4', evidence: `${before} bytes were stored` };
  const effect = `joined with the rest to a whole of ${length} bytes`;
  // The whole is stored, not the part that has come.
  const steps = storage.steps.filter(({ rule }) => rule !== 'store.part');
  const decision = forwardedDecision(plan, 206, { ...storage, steps }, [{ ...step, effect, say: effect }], settings);
  x.trace.decided(decision);
  const whole = joinedHead(
    freshenedHead(part.head, request, received, settings),
    request,
    { first: 0, last: length - 1 },
    length,
  );
  const storing = new ResponseToStore(context, plan, decision, whole, received, reply, length);
  const told = x.settings.cache.cacheStatus ? withCacheStatus(whole.headers, decision) : whole.headers;
  return {
    ...reply,
    status: 200,
    reason: 'OK',
    headers: [...told, 'Content-Length', String(length)],
    body: new TeeBody(new SequenceBody([stored, body]), storing),
  };
}

/** Answers with what is stored, although the request went forward; undefined when its body is gone. */
function serveAfterwards(
  { x, store }: ForwardContext,
  { stored, answer, decision, age }: ServedAfterwards,
  { upstream, remote }: Pick<Reply, 'upstream' | 'remote'>,
): Reply | undefined {
  const reply = storedReply(stored, answer, decision, { age, cacheStatus: x.settings.cache.cacheStatus });
  if (reply === undefined) return undefined;
  if (x.aborted === undefined) store.touch(stored, bytesSaved(answer, stored));
  x.trace.decided(decision);
  return { ...reply, ...(upstream === undefined ? {} : { upstream }), ...(remote === undefined ? {} : { remote }) };
}

/** The origin could not be asked: something stored stands in, or the failure goes on. */
function originFailed(context: ForwardContext, plan: ForwardPlan, error: unknown): Reply {
  const { x, request, settings } = context;
  const code = error instanceof ExchangeError ? error.code : 'HANDLER_FAILED';
  const message = error instanceof Error ? error.message : String(error);
  let why: DecisionStep | undefined;
  if (x.aborted === undefined && !NOT_THE_ORIGIN.has(code)) {
    const failure: OriginFailure = { kind: 'unreachable', code, message };
    const instead = standIn(request, plan, failure, settings, Date.now());
    if (instead !== undefined && 'decision' in instead) {
      const served = serveAfterwards(context, instead, {});
      if (served !== undefined) return served;
      why = NO_STAND_IN;
    } else {
      why = instead;
    }
  }
  const decision: Decision = failedDecision(plan, code, message, why, settings);
  x.trace.decided(decision);
  // Disconnected, and what is stored must not be served stale: 504 (RFC 9111 §5.2.2.2).
  if (why?.source === 'RFC 9111 §4.2.4') throw new ExchangeError('STALE_FORBIDDEN', 'cache', message, error);
  throw error;
}
