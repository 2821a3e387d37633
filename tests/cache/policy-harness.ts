import { expect } from 'vitest';
import type { CacheSettings } from '../../electron/engine/cache/cache-settings.ts';
import { overlayFor } from '../../electron/engine/cache/cache-settings.ts';
import { cacheKey } from '../../electron/engine/cache/cache-key.ts';
import type { CacheRequest } from '../../electron/engine/cache/cache-request.ts';
import { readCacheRequest } from '../../electron/engine/cache/cache-request.ts';
import type { Plan } from '../../electron/engine/cache/plan.ts';
import { planRequest } from '../../electron/engine/cache/reuse.ts';
import type { StoragePlan } from '../../electron/engine/cache/storing.ts';
import { planStorage } from '../../electron/engine/cache/storing.ts';
import type { ReceivedHead, StoredResponse } from '../../electron/engine/cache/stored-response.ts';
import { cacheSettingsOf } from '../../electron/engine/handlers/cache-settings.ts';
import { formatHttpDate } from '../../electron/engine/http/http-date.ts';
import type { HeaderList } from '../../shared/headers.ts';
import { defaultSettings } from '../../shared/settings.ts';
import { wrongMarks } from '../support/deciders.ts';

/** The moment every policy test begins at: a whole second, so that dates lose nothing. */
export const T0 = Date.UTC(2026, 2, 1, 12, 0, 0);
export const URI = 'http://example.test/page';

/** Fields as `Name: value` lines. */
export function fields(...lines: string[]): HeaderList {
  return lines.flatMap((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon), line.slice(colon + 1).trim()];
  });
}

/** An HTTP-date so many seconds after {@link T0}. */
export function date(seconds: number): string {
  return formatHttpDate(T0 + seconds * 1000);
}

export function settings(change: Partial<CacheSettings> = {}): CacheSettings {
  return { ...cacheSettingsOf(defaultSettings()), ...change };
}

export interface RequestShape {
  readonly method?: string;
  readonly uri?: string;
  readonly headers?: readonly string[];
}

export interface ResponseShape {
  readonly status?: number;
  /** `Date: T0` is added unless a Date is among them or `date` is false. */
  readonly headers?: readonly string[];
  readonly date?: false;
  readonly body?: string;
  /** Seconds after T0 when it arrived, and how long it took. */
  readonly at?: number;
  readonly delay?: number;
}

export function request(shape: RequestShape = {}): CacheRequest {
  return readCacheRequest(shape.method ?? 'GET', shape.uri ?? URI, fields(...(shape.headers ?? [])));
}

export function received(shape: ResponseShape = {}): ReceivedHead {
  const headers = [...fields(...(shape.headers ?? []))];
  const dated = headers.some((name, i) => i % 2 === 0 && name.toLowerCase() === 'date');
  if (!dated && shape.date !== false) headers.push('Date', date(shape.at ?? 0));
  const responseTime = T0 + (shape.at ?? 0) * 1000;
  return {
    status: shape.status ?? 200,
    reason: '',
    headers,
    requestTime: responseTime - (shape.delay ?? 0) * 1000,
    responseTime,
  };
}

/** What storing one response would come to. */
export function storage(response: ResponseShape, asked: RequestShape = {}, under = settings()): StoragePlan {
  const made = request(asked);
  return planStorage(made, keyOf(made, under), received(response), under);
}

/** The stored form of a response; fails when the policy does not store it. */
export function store(response: ResponseShape, asked: RequestShape = {}, under = settings()): StoredResponse {
  const { head, steps } = storage(response, asked, under);
  if (head === undefined) throw new Error(`not stored: ${steps.at(-1)?.evidence ?? ''}`);
  const body = new TextEncoder().encode(response.body ?? 'body');
  return { id: 0, head, body, bodyLength: body.length, policy: undefined };
}

/** What is done with a request so many seconds after T0, given what is stored. */
export function plan(stored: readonly StoredResponse[], asked: RequestShape = {}, after = 1, under = settings()): Plan {
  const made = request(asked);
  const planned = planRequest(made, keyOf(made, under), stored, under, T0 + after * 1000);
  expect(wrongMarks(planned.action === 'forward' ? planned : planned.decision)).toBeUndefined();
  return planned;
}

function keyOf(made: CacheRequest, under: CacheSettings): string {
  return cacheKey(made.uri, under, overlayFor(under, made.uri));
}

/**
 * What becomes of a second request when the first one got `response`, in a word: `hit`, `stale`, `504`, or `fwd=…` with the
 * reason, and `not stored` when there is nothing to reuse.
 */
export function reuse(
  response: ResponseShape,
  options: { first?: RequestShape; second?: RequestShape; after?: number; under?: CacheSettings } = {},
): string {
  const { first = {}, second = first, after = 1, under = settings() } = options;
  if (storage(response, first, under).head === undefined) return 'not stored';
  const made = plan([store(response, first, under)], second, after, under);
  if (made.action === 'refuse') return '504';
  if (made.action === 'forward') return `fwd=${made.fwd}`;
  return made.decision.verdict.toLowerCase();
}
