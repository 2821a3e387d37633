import type { HeaderList } from '../../../shared/headers.ts';
import { FieldNames, withoutHeaders } from '../../../shared/headers.ts';
import { cacheKey, pathKey, placeOf } from '../cache/cache-key.ts';
import type { CacheRequest } from '../cache/cache-request.ts';
import { readCacheRequest } from '../cache/cache-request.ts';
import type { CacheSettings } from '../cache/cache-settings.ts';
import { overlayFor } from '../cache/cache-settings.ts';
import type { CacheStore } from '../cache/cache-store.ts';
import { collapsedDecision, failedDecision } from '../cache/conclude.ts';
import { answersFor } from '../cache/no-vary-search.ts';
import type { ForwardPlan, Plan, RefusePlan, ServePlan } from '../cache/plan.ts';
import { bytesSaved } from '../cache/representation.ts';
import { planRequest } from '../cache/reuse.ts';
import { hasToPass, OFF_DECISION } from '../cache/stand-aside.ts';
import type { StoredHead, StoredResponse } from '../cache/stored-response.ts';
import { variantIdOf } from '../cache/stored-response.ts';
import type { Exchange, RequestHead } from '../chain/exchange.ts';
import type { Answer, Handler } from '../chain/handler.ts';
import type { Reply } from '../chain/reply.ts';
import { ExchangeError } from '../errors.ts';
import { formatUrl } from '../http/request-target.ts';
import { cachePlace } from '../upstream/routing/route.ts';
import { awaitFlight } from './cache-collapse.ts';
import type { ForwardContext } from './cache-context.ts';
import type { Flight } from './cache-flights.ts';
import { flightKey, Flights, variantFlightKey } from './cache-flights.ts';
import { follow } from './cache-follow.ts';
import { forwardRequest } from './cache-forward.ts';
import { Invalidations } from './cache-invalidations.ts';
import { storedReply } from './cache-reply.ts';
import { neighbourNearMiss } from './cache-neighbours.ts';
import { cacheSettingsOf } from './cache-settings.ts';
import { passThrough } from './cache-unsafe.ts';

export interface CacheOptions {
  readonly store: CacheStore;
  /** What was invalidated lately; shared with whoever purges. */
  readonly invalidations?: Invalidations;
  /**
   * Sends a request on once more, past this handler. Wanted when the origin answers a validation with a 304 that is about
   * nothing stored; without it such an answer is an error.
   */
  readonly again?: (x: Exchange) => Promise<Reply>;
}

/** What the handler remembers of an exchange until it is finished: the background validation that it is. */
interface CacheState {
  revalidating: string | undefined;
}

/** A validation that has not ended after this time (ms) no longer keeps others from being started. */
const REVALIDATION_MS = 60_000;
/** How often a request waits for others before it goes out by itself. */
const MAX_WAITS = 3;
/** The same for one about a copy that its client has: its 304 would leave the next one waiting in vain. */
const MAX_WAITS_WITH_COPY = 1;

/** Answers from the store what RFC 9111 allows, stores what passes, and explains both. */
export function cacheHandler(options: CacheOptions): Handler<CacheState> {
  const cache = new Cache(options);
  return {
    name: 'cache',
    setup: (x) => ({ revalidating: cache.revalidationOf(x) }),
    handle: (x, state, next) => cache.handle(x, state, next),
    finish: (_x, state) => cache.finish(state),
  };
}

/** One request on its way through the cache. */
interface Lookup {
  readonly x: Exchange;
  readonly state: CacheState;
  readonly request: CacheRequest;
  readonly key: string;
  readonly settings: CacheSettings;
  readonly next: () => Answer;
}

class Cache {
  readonly #store: CacheStore;
  readonly #again: CacheOptions['again'];
  readonly #flights = new Flights();
  readonly #invalidations: Invalidations;
  /** Background validations that are running, with the time when they are given up. */
  readonly #revalidating = new Map<string, number>();
  /** What their requests validate. */
  readonly #revalidations = new WeakMap<RequestHead, string>();

  constructor({ store, again, invalidations = new Invalidations() }: CacheOptions) {
    this.#invalidations = invalidations;
    this.#store = store;
    this.#again = again;
  }

  handle(x: Exchange, state: CacheState, next: () => Answer): Answer {
    const settings = cacheSettingsOf(x.settings);
    if (settings.mode === 'off') {
      x.trace.decided(OFF_DECISION);
      return next();
    }
    const { method, url, headers } = x.request;
    const uri = formatUrl(url);
    const request = readCacheRequest(method, uri, headers);
    const place = cachePlace(x.route, url);
    const key = cacheKey(uri, settings, overlayFor(settings, uri), place);
    const hasContent = x.body !== null && x.body.length !== 0;
    if (hasToPass(method, hasContent) || x.request.upgrade !== undefined) {
      return passThrough({ x, request, key, settings, store: this.#store, invalidations: this.#invalidations, next });
    }
    return this.#look({ x, state, request, key, settings, next }, 0);
  }

  /** What an exchange is the background validation of. */
  revalidationOf({ purpose, request }: Exchange): string | undefined {
    return purpose === 'revalidation' ? this.#revalidations.get(request) : undefined;
  }

  finish({ revalidating }: CacheState): void {
    if (revalidating !== undefined) this.#revalidating.delete(revalidating);
  }

  /** @param waits how often this request has waited for others already */
  #look(lookup: Lookup, waits: number): Answer {
    const { x, request, key, settings } = lookup;
    const entries = this.#candidates(lookup);
    return this.#act(lookup, planRequest(request, key, entries, settings, Date.now(), x.purpose), waits);
  }

  /**
   * What is stored under the key, and what answers for the URL although its query differs in what does not matter
   * (No-Vary-Search): one may have the variant that the other lacks, or be the most recent (RFC 9111 §4). Where that is
   * nothing, offline what a snapshot was kept by.
   */
  #candidates({ request: { uri }, key, settings }: Lookup): readonly StoredResponse[] {
    const entries = this.#store.lookup(key);
    // An origin says the same of all queries of a path, so that most URLs are spared the search.
    if (entries.length > 0 && !entries.some(({ head }) => head.search !== undefined)) return entries;
    const loose = this.#store.lookupLoose(uri);
    const isNew = (id: number): boolean => !entries.some((entry) => entry.id === id);
    const alike = loose.filter(({ id, head }) => isNew(id) && answersFor(head, uri, placeOf(key)));
    if (entries.length > 0) return [...entries, ...alike];
    const byPath = alike.length === 0 && settings.mode === 'offline' && settings.snapshotKey === 'path';
    return byPath ? this.#store.lookup(pathKey(uri)) : alike;
  }

  #act(lookup: Lookup, plan: Plan, waits: number): Answer {
    switch (plan.action) {
      case 'serve':
        return this.#serve(lookup, plan, waits);
      case 'refuse':
        return this.#refuse(lookup, plan);
      case 'forward':
        return this.#fetch(lookup, plan, waits);
    }
  }

  #serve(lookup: Lookup, plan: ServePlan, waits: number): Answer {
    const { x } = lookup;
    const { stored, answer, decision } = plan;
    const reply = preparedReply(plan, x.settings.cache.cacheStatus);
    if (reply === undefined) return this.#lookPast(lookup, stored, waits);
    this.#store.touch(stored, bytesSaved(answer, stored));
    x.trace.decided(decision);
    if (plan.revalidate) this.#revalidate(lookup, stored);
    return reply;
  }

  /** The body of what was found is gone: as good as never stored. */
  async #lookPast(lookup: Lookup, gone: StoredResponse, waits: number): Promise<Reply> {
    lookup.x.trace.note('info', 'BODY_GONE', 'A stored response would have answered, but its body is gone.');
    await this.#store.remove(gone);
    return this.#look(lookup, waits);
  }

  #refuse({ x, request, key, settings }: Lookup, { decision }: RefusePlan): never {
    let { nearMiss } = decision;
    // What is stored for this very URL is nearer than a neighbour, also when no single thing stopped it.
    if (decision.steps[0]?.rule === 'lookup.uri-miss') nearMiss = neighbourNearMiss(this.#store, request, key);
    x.trace.decided(nearMiss === undefined ? decision : { ...decision, nearMiss });
    const why = nearMiss?.why;
    throw new ExchangeError(settings.mode === 'offline' ? 'OFFLINE' : 'ONLY_IF_CACHED', 'cache', why);
  }

  /** Asks the origin, or waits for somebody else who does. */
  #fetch(lookup: Lookup, plan: ForwardPlan, waits: number, id: string = flightKey(plan, lookup.request)): Answer {
    const { x, request } = lookup;
    const hasCopy = request.ifNoneMatch !== undefined || request.ifModifiedSince !== undefined;
    const patience = hasCopy ? MAX_WAITS_WITH_COPY : MAX_WAITS;
    if (!plan.collapsible || x.purpose !== 'client' || waits >= patience)
      return this.#lead(lookup, plan, undefined, '');
    const flight = this.#flights.find(id);
    if (flight === undefined) return this.#lead(lookup, plan, this.#flights.start(id, Date.now()), id);
    return this.#wait(lookup, plan, waits, flight, id);
  }

  async #wait(lookup: Lookup, plan: ForwardPlan, waits: number, flight: Flight, id: string): Promise<Reply> {
    const { x, request } = lookup;
    const news = await awaitFlight(flight, x, request);
    if (news === 'gone') {
      const error = new ExchangeError('CLIENT_GONE', 'cache', x.aborted?.message);
      this.#nameNearMiss(plan, request);
      x.trace.decided(failedDecision(plan, error.code, error.message, undefined, lookup.settings));
      throw error;
    }
    // Others may wait for the same variant as we do: one of us fetches it.
    if (typeof news === 'object') {
      return this.#fetch(lookup, plan, waits + 1, variantFlightKey(plan.key, news.selecting, request));
    }
    const { arriving } = flight;
    // A response that was asked for before an invalidation must not answer who came after it (RFC 9111 §4.4).
    if (
      news === 'follow' &&
      arriving !== undefined &&
      !this.#invalidations.happenedSince(arriving.head, arriving.mark)
    ) {
      const reply = follow(lookup, plan, arriving);
      if (reply !== undefined) return reply;
    }
    if (news === 'alone' || news === 'follow') return this.#lead(lookup, plan, undefined, id);
    return this.#retry(lookup, plan, flight.status, waits + 1);
  }

  /** The awaited response is stored, or the one who fetched it left: looks again, and says so when it is served. */
  async #retry(lookup: Lookup, waiting: ForwardPlan, answered: number | undefined, waits: number): Promise<Reply> {
    const { x, request, key, settings } = lookup;
    const plan = planRequest(request, key, this.#candidates(lookup), settings, Date.now());
    if (plan.action !== 'serve') return this.#act(lookup, plan, waits);
    const { stored, answer, age } = plan;
    const decision = collapsedDecision(waiting, plan.decision, answered ?? stored.head.status);
    const reply = storedReply(stored, answer, decision, { age, cacheStatus: x.settings.cache.cacheStatus });
    if (reply === undefined) return this.#lookPast(lookup, stored, waits);
    this.#store.touch(stored, bytesSaved(answer, stored));
    x.trace.decided(decision);
    return reply;
  }

  #lead(lookup: Lookup, plan: ForwardPlan, flight: Flight | undefined, id: string): Promise<Reply> {
    const { x, request, settings, next } = lookup;
    const context: ForwardContext = {
      x,
      request,
      settings,
      next,
      flight,
      flights: this.#flights,
      flightKey: id,
      store: this.#store,
      again: this.#again,
      invalidations: this.#invalidations,
    };
    const reply = forwardRequest(context, plan);
    // The request is on its way, and what it nearly found is told with its answer.
    this.#nameNearMiss(plan, request);
    return reply;
  }

  #nameNearMiss(plan: ForwardPlan, request: CacheRequest): void {
    if (plan.fwd === 'uri-miss') plan.nearMiss ??= neighbourNearMiss(this.#store, request, plan.key);
  }

  /** Validates a stale response in the background, once however many requests it answers meanwhile (RFC 5861 §3). */
  #revalidate({ x }: Lookup, stored: StoredResponse): void {
    const id = revalidationId(stored);
    const now = Date.now();
    const until = this.#revalidating.get(id);
    if (until !== undefined && until > now) return;
    this.#revalidating.set(id, now + REVALIDATION_MS);
    const asked = revalidationRequest(x.request, stored.head);
    this.#revalidations.set(asked, id);
    x.spawn('revalidation', asked);
  }
}

interface PreparedReply {
  readonly cacheStatus: boolean;
  readonly reply: Reply;
}

/** The reply that a plan means. Plans of plain hits stay the same object for a second; so does the reply then. */
function preparedReply(plan: ServePlan, cacheStatus: boolean): Reply | undefined {
  const { stored, answer, decision, age } = plan;
  const prepared = plan.prepared as PreparedReply | undefined;
  if (prepared?.cacheStatus === cacheStatus) return prepared.reply;
  const reply = storedReply(stored, answer, decision, { age, cacheStatus });
  // A body that is opened is read once.
  if (reply === undefined || (reply.body !== null && !(reply.body instanceof Uint8Array))) return reply;
  plan.prepared = { cacheStatus, reply } satisfies PreparedReply;
  return reply;
}

function revalidationId({ head }: StoredResponse): string {
  return `${head.key}\n${variantIdOf(head)}`;
}

/** Fields that are about the client's own copy or wishes, not about the representation. */
const CLIENT_WISHES = ['if-none-match', 'if-modified-since', 'range', 'if-range', 'cache-control', 'pragma'];
const CONTENT = ['content-length', 'transfer-encoding', 'expect'];

/** Asks for the very response that is stored: what has selected it stays, and of a part the range. */
function revalidationRequest(request: RequestHead, { method, selecting, part }: StoredHead): RequestHead {
  const selects = new Set(selecting.map(({ field }) => field));
  if (part !== undefined) selects.add('range');
  const left = CLIENT_WISHES.filter((name) => !selects.has(name));
  const headers: HeaderList = withoutHeaders(request.headers, new FieldNames([...left, ...CONTENT]));
  return { ...request, method: method === 'HEAD' ? 'HEAD' : 'GET', headers };
}
