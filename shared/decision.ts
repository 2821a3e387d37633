import type { FreshnessTimes } from './freshness-times.ts';

/**
 * The cache's words: what it decided about one exchange, and why, as plain data.
 *
 * A decision is made in the engine, carried by the trace and shown by the UI; nothing in it refers to live objects, so it
 * survives JSON. Decisions about plain hits are shared between exchanges: treat every one as read-only.
 */

/** How the cache works: RFC 9111 as a shared or a private cache, or one of the departures from it. */
export type CacheMode = 'off' | 'shared' | 'private' | 'snapshot' | 'offline';

/** Every mode, in the order in which a user interface offers them. */
export const CACHE_MODES: readonly CacheMode[] = ['off', 'shared', 'private', 'snapshot', 'offline'];

/**
 * The label of a decision.
 * - `HIT`: answered from the store, fresh (or as fresh as the mode asks).
 * - `MISS`: forwarded, because nothing stored would do.
 * - `REVALIDATED`: the origin confirmed the stored response with a 304, and it was served.
 * - `STALE`: a stored response was served although it is no longer fresh.
 * - `BYPASS`: the cache stood aside: because of its mode, an overlay, or the request's method or content.
 * - `ERROR`: the cache had to answer with an error of its own (504), or the origin failed and nothing could stand in.
 */
export type Verdict = 'HIT' | 'MISS' | 'REVALIDATED' | 'STALE' | 'BYPASS' | 'ERROR';

/** Why a request went forward: the values of the `fwd` parameter (RFC 9211 §2.2). */
export type Forward = 'bypass' | 'method' | 'uri-miss' | 'vary-miss' | 'miss' | 'request' | 'stale' | 'partial';

/** A header field that a step rests on: what a user interface marks in the messages. */
export interface FieldEvidence {
  /**
   * Whose field it is: that of the client's request, of the stored response, or of what the origin answered to this
   * exchange. What the store answers with has the stored fields.
   */
  readonly side: 'request' | 'stored' | 'response';
  /** Lower case. */
  readonly name: string;
  /**
   * The directive in it that counts, its name in lower case and its value without quotes: `max-age=60`. Absent when the
   * whole value counts.
   */
  readonly directive?: string;
}

/** One step on the way to a decision: a rule, what it looked at and what followed from it. */
export interface DecisionStep {
  /** Short and stable, for lookups and tests, e.g. `freshness.lifetime`. */
  readonly rule: string;
  /** Where the rule is written, e.g. `RFC 9111 §4.2.1`, or `Hopscope: snapshot mode`. */
  readonly source: string;
  /** The header and value looked at and the number computed, readable. Code is set in backticks. */
  readonly evidence: string;
  /** What followed, as a readable part of a sentence. */
  readonly effect: string;
  /** The header fields among the evidence. */
  readonly fields?: readonly FieldEvidence[];
  /**
   * What this step settled. `answer`, on exactly one step of a decision: whether the store answered by itself, so what made
   * it a hit, sent the request on, let something stale stand in or refused. `storing`, on at most one: whether the
   * origin's response was stored.
   */
  readonly decides?: 'answer' | 'storing';
  /**
   * This step's parts of the one-line sentence, one in each line; absent on steps that are only worth reading in full.
   * (Lines rather than arrows, because records of plain latin1 take half the bytes.)
   */
  readonly say?: string;
  /** True when the step departs from the RFC because a mode or an overlay says so. */
  readonly departure?: boolean;
}

/** The stored entry that almost answered, and the one thing that stopped it. */
export interface NearMiss {
  /** The cache key of the stored entry. */
  readonly key: string;
  /**
   * What differs: a request header field in lower case, or `query`, `method`, `content`, `range`, `authorization`, `mode`
   * or `age`; or `vary`, which then is `*` and matches no request.
   */
  readonly field: string;
  readonly stored: string;
  readonly requested: string;
  /** A sentence. */
  readonly why: string;
}

/** The cache's answer to one exchange. Times are in whole seconds. */
export interface Decision {
  readonly verdict: Verdict;
  /** Answered from the store without asking the origin (RFC 9211 §2.1). Excludes `fwd`. */
  readonly hit: boolean;
  readonly fwd?: Forward;
  /** The status that the next hop answered with, when forwarded and answered (RFC 9211 §2.3). */
  readonly fwdStatus?: number;
  /** Remaining freshness; negative when stale (RFC 9211 §2.4). */
  readonly ttl?: number;
  /** The forwarded response was stored (RFC 9211 §2.5). Known from its head; a body that breaks off undoes it. */
  readonly stored?: boolean;
  /** The request waited for another one to the same key (RFC 9211 §2.6). */
  readonly collapsed?: boolean;
  /** The cache key (RFC 9211 §2.7). */
  readonly key?: string;
  /** A short machine-readable remark (RFC 9211 §2.8), e.g. `only-if-cached`. */
  readonly detail?: string;
  readonly mode: CacheMode;
  readonly steps: readonly DecisionStep[];
  readonly nearMiss?: NearMiss;
  /** Current age of the stored response (RFC 9111 §4.2.3). */
  readonly age?: number;
  /** Freshness lifetime of the stored response (RFC 9111 §4.2.1). */
  readonly lifetime?: number;
}

/** The rules' answer to a question about an exchange under other circumstances. */
export interface WhatIfAnswer {
  readonly stored: boolean;
  /** Why the response would be stored, or not. */
  readonly storing: readonly DecisionStep[];
  /** What would be decided about the later request, as far as it can be known without asking the origin. */
  readonly decision: Decision;
  /** The life of the response in the store; absent when it would not be stored. */
  readonly freshness?: FreshnessTimes;
}

const TOKEN = /^[A-Za-z*][A-Za-z0-9!#$%&'*+\-.^_`|~:/]*$/;

/** A structured-field item: a token where the text allows it, else a string (RFC 9651 §3.3.3, §3.3.4). */
function tokenOrString(text: string): string {
  return TOKEN.test(text) ? text : structuredString(text);
}

const NEEDS_NO_ESCAPE = /^[ !#-[\]-~]*$/;

/** A structured-field string; what it cannot carry (outside printable ASCII) is percent-encoded. */
function structuredString(text: string): string {
  // Nearly all are URLs; going through one character by character costs more than the rest of the field.
  if (NEEDS_NO_ESCAPE.test(text)) return `"${text}"`;
  let out = '"';
  for (const char of text) {
    if (char === '"' || char === '\\') out += `\\${char}`;
    else if (char >= ' ' && char <= '~') out += char;
    else out += encodeURIComponent(char.isWellFormed() ? char : '\ufffd');
  }
  return `${out}"`;
}

/**
 * The decision as one member of the `Cache-Status` list (RFC 9211 §2), to be appended to the members of caches nearer to
 * the origin: `Hopscope; fwd=stale; fwd-status=304; stored; ttl=60`.
 */
export function cacheStatusField(decision: Decision, cacheName: string): string {
  let out = tokenOrString(cacheName);
  if (decision.hit) out += '; hit';
  else if (decision.fwd !== undefined) out += `; fwd=${decision.fwd}`;
  if (decision.fwdStatus !== undefined && !decision.hit) out += `; fwd-status=${String(decision.fwdStatus)}`;
  if (decision.ttl !== undefined) out += `; ttl=${String(Math.trunc(decision.ttl))}`;
  if (decision.stored === true && !decision.hit) out += '; stored';
  if (decision.collapsed === true && !decision.hit) out += '; collapsed';
  if (decision.key !== undefined) out += `; key=${structuredString(decision.key)}`;
  if (decision.detail !== undefined) out += `; detail=${tokenOrString(decision.detail)}`;
  return out;
}

/**
 * The decision in one line, its parts joined by arrows, each as `said` has it in the reader's language:
 * `` `max-age=60` received 71 s ago → stale for 11 s → asked the origin with `If-None-Match: "a1"` → 304, freshened for 60 s``.
 */
export function decisionSentence(decision: Decision, said: (part: string) => string = (part) => part): string {
  const parts: string[] = [];
  for (const step of decision.steps) {
    if (step.say !== undefined && step.say !== '') parts.push(...step.say.split('\n'));
  }
  if (parts.length > 0) return parts.map(said).join(' → ');
  const last = decision.steps.at(-1);
  return last === undefined ? decision.verdict : said(last.effect);
}

/** Says whether any step departs from the RFC; such decisions are badged. */
export function departsFromStandard(decision: Decision): boolean {
  return decision.steps.some((step) => step.departure === true);
}
