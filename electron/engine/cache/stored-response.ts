import type { DecisionStep } from '../../../shared/decision.ts';
import type { HeaderList } from '../../../shared/headers.ts';
import type { ByteRange } from '../http/byte-ranges.ts';
import type { EntityTag } from '../http/etag.ts';
import { parseEntityTag } from '../http/etag.ts';
import { parseHttpDate } from '../http/http-date.ts';
import type { CacheRequest } from './cache-request.ts';
import type { CacheResponse } from './cache-response.ts';
import { readCacheResponse } from './cache-response.ts';
import type { CacheSettings, OverlayRule } from './cache-settings.ts';
import { isStandardMode, NO_OVERLAY, overlayFor } from './cache-settings.ts';
import type { InitialAge, Lifetime, RoundTrip } from './freshness.ts';
import { dateValue, endedLifetime, freshnessLifetime, initialAge } from './freshness.ts';
import type { SearchVariance } from './no-vary-search.ts';
import type { Storability, StorageFacts } from './storability.ts';
import { decideStorability, toldOfStored } from './storability.ts';
import { keptOutField, storedFields, withDate } from './stored-fields.ts';
import type { GoverningDirectives } from './targeted.ts';
import { governingDirectives } from './targeted.ts';
import type { SelectingField } from './vary.ts';
import { selectingFields, unselectedField, variantId } from './vary.ts';

/** Which bytes of a representation are stored; `length` is that of the whole, absent when it was not told. */
export interface StoredPart {
  readonly range: ByteRange;
  readonly length?: number;
}

/** @param length undefined where it is unknown */
export function storedPart(range: ByteRange, length: number | undefined): StoredPart {
  return length === undefined ? { range } : { range, length };
}

/** What is kept of a response besides its body: plain data, fit for JSON. Times are epoch milliseconds. */
export interface StoredHead extends RoundTrip {
  /** The primary cache key. */
  readonly key: string;
  /** The target URI of the request that it answered. */
  readonly uri: string;
  readonly method: string;
  readonly status: number;
  readonly reason: string;
  /** The stored fields (RFC 9111 §3.1), with a valid Date. */
  readonly headers: HeaderList;
  /** The request fields that chose it (RFC 9111 §4.1). */
  readonly selecting: readonly SelectingField[];
  /** The request had an Authorization field. */
  readonly authorized: boolean;
  /** For a stored part: which bytes it has, and of how many, where that is known. */
  readonly part?: StoredPart;
  /** When an answer to HEAD contradicted it first, since it was stored or updated: it is stale from then on (RFC 9111 §4.3.5). */
  readonly contradictedAt?: number;
  /** Cache groups that it belongs to (RFC 9875 §2). */
  readonly groups?: readonly string[];
  /** Which query parameters matter, when not all do (No-Vary-Search). */
  readonly search?: SearchVariance;
}

/** A body that is not in memory: it is opened for each reading. */
export interface StoredBodySource {
  /**
   * Yields the bytes of the range, both ends included. Once opened they stay readable, whatever becomes of the entry.
   *
   * @returns undefined when the body is gone, because its entry has made room or was purged meanwhile
   */
  open(range: ByteRange): AsyncIterable<Uint8Array> | undefined;
}

/** Bytes of a stored body, in memory or opened for reading; undefined when they are gone. */
export function openBody(
  { body }: Pick<StoredResponse, 'body'>,
  range: ByteRange,
): Uint8Array | AsyncIterable<Uint8Array> | undefined {
  const { first, last } = range;
  if (!(body instanceof Uint8Array)) return body.open(range);
  return first === 0 && last === body.length - 1 ? body : body.subarray(first, last + 1);
}

/** A complete stored response, as a store hands it out. */
export interface StoredResponse {
  /** The entry's number in its store; 0 when it is in none. */
  readonly id: number;
  readonly head: StoredHead;
  readonly body: Uint8Array | StoredBodySource;
  /** Undefined while nobody knows it: of what is still arriving, or is only asked about. */
  readonly bodyLength: number | undefined;
  /** A slot for what the policy computes from the head; not stored. */
  policy: ResponsePolicy | undefined;
}

/** What the rules make of a stored head under given settings. Computed once and reused for every hit. */
export interface ResponsePolicy {
  readonly settings: CacheSettings;
  readonly overlay: OverlayRule;
  readonly governing: GoverningDirectives;
  readonly lifetime: Lifetime;
  readonly initialAge: InitialAge;
  /** The value of Date, in epoch milliseconds. */
  readonly date: number;
  readonly etag: EntityTag | undefined;
  readonly lastModified: string | undefined;
  /** The value of Last-Modified in epoch milliseconds, when it is valid. */
  readonly lastModifiedTime: number | undefined;
  /** Every reuse needs a validation (RFC 9111 §5.2.2.4). */
  readonly noCache: boolean;
  /** The directive that forbids serving it stale (RFC 9111 §4.2.4), as written. */
  readonly staleForbiddenBy: string | undefined;
  /** May it be used under these settings at all? A private response stored by a private cache may not in a shared one. */
  readonly storability: Storability;
  /** The steps in which each use of it departs from the RFC, because an overlay says so. */
  readonly departures: readonly DecisionStep[];
  /** What the latest plain hit came to; see reuse.ts. */
  readonly plainHit: PlainHit;
}

/** The latest plain hit on an entry: its age in seconds, the URI asked for and, once hit again, the plan that was made. */
export interface PlainHit {
  age: number;
  uri: string;
  plan: unknown;
}

/** A response's head as it arrived, with the times of its round trip. */
export interface ReceivedHead extends RoundTrip {
  readonly status: number;
  readonly reason: string;
  readonly headers: HeaderList;
}

/**
 * Puts a received response into the form in which it would be stored.
 *
 * @param response the fields of `received`, read
 * @returns `'*'` when `Vary: *` keeps it from ever matching a request (RFC 9111 §4.1)
 */
export function makeHead(
  key: string,
  request: CacheRequest,
  received: ReceivedHead,
  response: CacheResponse,
  settings: CacheSettings,
): StoredHead | '*' {
  const overlay = overlayFor(settings, request.uri);
  const selecting = settings.mode === 'snapshot' ? [] : selectingFields(response.vary, request.headers, overlay);
  if (selecting === '*') return '*';
  const governing = governingDirectives(response, settings);
  const headers = storedFields(withDate(response, received.responseTime), governing, settings, overlay);
  return {
    key,
    uri: request.uri,
    method: request.method,
    status: received.status,
    reason: received.reason,
    headers,
    selecting,
    authorized: request.authorized,
    requestTime: received.requestTime,
    responseTime: received.responseTime,
  };
}

const NO_DEPARTURES: readonly DecisionStep[] = [];

/** What settled the storing says so of the lifetime, whose own step says it again whenever it is looked at. */
function isDeparture({ departure, decides }: DecisionStep): boolean {
  return departure === true && decides !== 'storing';
}

const MAY_BE_USED: Storability = { storable: true, steps: [] };

/** The policy of a stored response under the current settings: from its slot, or computed and put there. */
export function policyOf(stored: StoredResponse, settings: CacheSettings): ResponsePolicy {
  const known = stored.policy;
  if (known !== undefined && known.settings === settings) return known;
  const derived = derivePolicy(stored.head, settings);
  // Kept as long as the entry, so without the steps that only storing needs.
  const policy = derived.storability.storable ? { ...derived, storability: MAY_BE_USED } : derived;
  stored.policy = policy;
  return policy;
}

/**
 * Applies the rules to a head. Pure; everything that a hit needs is computed here, once.
 *
 * @param response the fields of `head`, where they have been read already
 * @param locatesItself see {@link StorageFacts}; so does whatever is stored
 */
export function derivePolicy(
  head: StoredHead,
  settings: CacheSettings,
  response: CacheResponse = readCacheResponse(head.headers),
  locatesItself = true,
): ResponsePolicy {
  const { status } = head;
  const { lastModified } = response;
  const overlay = overlayFor(settings, head.uri);
  const governing = governingDirectives(response, settings);
  const date = dateValue(response, head.responseTime);
  const etag = response.etag === undefined ? undefined : parseEntityTag(response.etag);
  const aged = initialAge(response, date, head);
  const granted = freshnessLifetime(status, response, governing, date, settings, overlay);
  const { contradictedAt } = head;
  const lifetime = contradictedAt === undefined ? granted : endedLifetime(granted, ageAt(head, aged, contradictedAt));
  const facts: StorageFacts = {
    method: head.method,
    status,
    authorized: head.authorized,
    governing,
    lifetime,
    initialAge: aged,
    hasValidator: etag !== undefined || lastModified !== undefined,
    locatesItself,
    unselected: unselectedField(response.vary, head.selecting, overlay),
    keptOut: keptOutField(head.headers, governing, settings, overlay),
    vary: response.vary,
    hasExpires: !governing.targeted && response.expires.length > 0,
  };
  const storability = decideStorability(facts, settings, overlay);
  return {
    settings,
    overlay,
    governing,
    lifetime,
    initialAge: aged,
    date,
    etag,
    lastModified,
    lastModifiedTime: lastModified === undefined ? undefined : parseHttpDate(lastModified, head.responseTime),
    noCache: governing.directives.noCache || overlay.alwaysRevalidate === true,
    staleForbiddenBy: staleForbiddenBy(governing, settings),
    storability,
    departures: overlay === NO_OVERLAY ? NO_DEPARTURES : storability.steps.filter(isDeparture).map(toldOfStored),
    plainHit: { age: -1, uri: '', plan: undefined },
  };
}

/** Age now, in milliseconds (RFC 9111 §4.2.3). A clock that was set back makes nothing younger. */
export function currentAge(head: StoredHead, policy: ResponsePolicy, now: number): number {
  return ageAt(head, policy.initialAge, now);
}

function ageAt({ responseTime }: StoredHead, { milliseconds }: InitialAge, time: number): number {
  return milliseconds + Math.max(0, time - responseTime);
}

/** What tells variants of one key apart: two responses with the same id answer the same requests. */
export function variantIdOf(head: StoredHead): string {
  const { part } = head;
  const id = head.method === 'HEAD' ? `${variantId(head.selecting)}head` : variantId(head.selecting);
  return part === undefined ? id : `${id}part ${part.range.first}-${part.range.last}/${part.length ?? '*'}`;
}

function staleForbiddenBy({ directives }: GoverningDirectives, settings: CacheSettings): string | undefined {
  if (!isStandardMode(settings.mode)) return undefined;
  if (directives.noCache) return 'no-cache';
  if (directives.mustRevalidate) return 'must-revalidate';
  if (settings.mode === 'private') return undefined;
  // Both speak to shared caches only (RFC 9111 §5.2.2.8, §5.2.2.10).
  if (directives.proxyRevalidate) return 'proxy-revalidate';
  return directives.sMaxage?.text;
}
