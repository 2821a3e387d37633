import { FieldNames, getHeader, withoutHeaders } from '../../../shared/headers.ts';
import type { CacheRequest } from '../cache/cache-request.ts';
import type { CacheSettings } from '../cache/cache-settings.ts';
import { collapsedDecision } from '../cache/conclude.ts';
import type { ForwardPlan } from '../cache/plan.ts';
import { planRequest } from '../cache/reuse.ts';
import type { StoredHead, StoredResponse } from '../cache/stored-response.ts';
import type { Exchange } from '../chain/exchange.ts';
import type { Answer } from '../chain/handler.ts';
import type { Body, Reply } from '../chain/reply.ts';
import { ExchangeError } from '../errors.ts';
import { parseContentRange } from '../http/byte-ranges.ts';
import type { EntityTag } from '../http/etag.ts';
import { formatEntityTag, parseEntityTag, strongMatch } from '../http/etag.ts';
import { storedReply } from './cache-reply.ts';
import type { Flight } from './cache-flights.ts';
import type { Arriving, SharedReader } from './cache-shared-body.ts';
import { COMPARABLE_BYTES, SharedBody } from './cache-shared-body.ts';
import { discardBody } from './cache-tee.ts';

/**
 * Lets those who wait for a response read its body while it arrives. Should it break off, they must be able to go on by
 * themselves: a strong entity tag or a body that is small enough to be compared allows that.
 */
export function shareBody(
  flight: Flight | undefined,
  head: StoredHead,
  mark: number,
  body: Body,
  length: number | undefined,
): SharedBody | undefined {
  if (flight === undefined || body === null || body instanceof Uint8Array) return undefined;
  const small = length !== undefined && length <= COMPARABLE_BYTES;
  if (!small && strongTag(head.headers) === undefined) return undefined;
  const shared = new SharedBody();
  flight.arriving = { head, body: shared, mark, length };
  return shared;
}

/** The request that waits for it. */
export interface Follower {
  readonly x: Exchange;
  readonly request: CacheRequest;
  readonly settings: CacheSettings;
  readonly next: () => Answer;
}

/**
 * Answers a request with a response that is still arriving for another one (RFC 9111 §4).
 *
 * @returns undefined when the response does not fit the request, or its beginning is no longer there
 */
export function follow(follower: Follower, waiting: ForwardPlan, arriving: Arriving): Reply | undefined {
  const { x, request, settings } = follower;
  const { head, length } = arriving;
  const reader = arriving.body.join();
  if (reader === undefined) return undefined;
  const body = { open: () => new FollowerBody(follower, arriving, reader) };
  const stored: StoredResponse = { id: 0, head, body, bodyLength: length, policy: undefined };
  const plan = planRequest(request, waiting.key, [stored], settings, Date.now());
  if (plan.action !== 'serve' || (plan.answer.kind !== 'whole' && plan.answer.kind !== 'not-modified')) {
    reader.leave();
    return undefined;
  }
  if (plan.answer.kind === 'not-modified') reader.leave();
  const decision = collapsedDecision(waiting, plan.decision, head.status);
  const { cacheStatus } = x.settings.cache;
  const reply = storedReply(stored, plan.answer, decision, { age: plan.age, cacheStatus });
  if (reply === undefined) return undefined;
  x.trace.decided(decision);
  // Without a length from the origin there is none for the client either, until the end.
  return length === undefined ? { ...reply, headers: withoutHeaders(reply.headers, LENGTH) } : reply;
}

const LENGTH = new FieldNames(['content-length']);
const DONE: IteratorResult<Uint8Array> = { done: true, value: undefined };

/** The body of an arriving response on its way to one more client. */
class FollowerBody implements AsyncIterable<Uint8Array>, AsyncIterator<Uint8Array> {
  readonly #follower: Follower;
  readonly #arriving: Arriving;
  readonly #reader: SharedReader;
  #sent = 0;
  /** The origin's own answer to this request, when the shared one ended early. */
  #rest: AsyncIterator<Uint8Array> | undefined;

  constructor(follower: Follower, arriving: Arriving, reader: SharedReader) {
    this.#follower = follower;
    this.#arriving = arriving;
    this.#reader = reader;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Uint8Array>> {
    if (this.#rest !== undefined) return this.#rest.next();
    const piece = await this.#reader.next();
    if (piece instanceof Uint8Array) {
      this.#sent += piece.length;
      return { done: false, value: piece };
    }
    this.#reader.leave();
    if (piece === 'whole') return DONE;
    const rest = await continueAlone(this.#follower, this.#arriving, this.#sent);
    this.#rest = rest[Symbol.asyncIterator]();
    return this.#rest.next();
  }

  async return(): Promise<IteratorResult<Uint8Array>> {
    this.#reader.leave();
    await this.#rest?.return?.();
    return DONE;
  }
}

const VALIDATORS = ['etag', 'last-modified'] as const;
const CONDITIONS = new FieldNames(['if-none-match', 'if-modified-since', 'range', 'if-range']);

/**
 * Whoever fetched the response left, or the origin broke it off. Asks the origin for what is missing, and goes on only with
 * bytes that certainly belong to those already sent: by a strong entity tag, or because the beginning is the same again.
 */
async function continueAlone(
  { x, next }: Follower,
  { head, body }: Arriving,
  sent: number,
): Promise<AsyncIterable<Uint8Array>> {
  if (x.aborted !== undefined) throw new ExchangeError('CLIENT_GONE', 'receive', x.aborted.message);
  const tag = strongTag(head.headers);
  const plain = withoutHeaders(x.request.headers, CONDITIONS);
  x.forwardHeaders =
    tag === undefined || sent === 0 ? plain : [...plain, 'Range', `bytes=${sent}-`, 'If-Range', formatEntityTag(tag)];
  x.trace.note('info', 'CONTINUED', `The shared response ended after ${sent} bytes; the origin is asked for the rest.`);
  const reply = await next();
  const received = strongTag(reply.headers);
  const same = tag !== undefined && received !== undefined && strongMatch(tag, received);
  const { body: source } = reply;
  if (source !== null && !(source instanceof Uint8Array)) {
    const range = parseContentRange(getHeader(reply.headers, 'content-range') ?? '')?.range;
    if (same && reply.status === 206 && range?.first === sent) return source;
    const alike = VALIDATORS.every((name) => getHeader(reply.headers, name) === getHeader(head.headers, name));
    const prefix = alike && !same ? body.prefix(sent) : undefined;
    if (reply.status === head.status && (same || prefix !== undefined)) return after(source, sent, prefix);
  }
  await discardBody(source);
  throw notTheSame();
}

/** What follows the first `length` bytes, which have to be `expected`. */
async function* after(
  body: AsyncIterable<Uint8Array>,
  length: number,
  expected: Uint8Array | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  let at = 0;
  for await (const chunk of body) {
    const known = chunk.subarray(0, length - at);
    if (expected !== undefined && Buffer.compare(known, expected.subarray(at, at + known.length)) !== 0) {
      throw notTheSame();
    }
    at += known.length;
    if (known.length < chunk.length) yield chunk.subarray(known.length);
  }
  if (at < length) throw notTheSame();
}

function strongTag(headers: readonly string[]): EntityTag | undefined {
  const value = getHeader(headers, 'etag');
  const tag = value === undefined ? undefined : parseEntityTag(value);
  return tag?.weak === false ? tag : undefined;
}

function notTheSame(): ExchangeError {
  const why = 'The request that this one shared a response with ended early, and the origin has another response now.';
  return new ExchangeError('CLOSED_EARLY', 'receive', why);
}
