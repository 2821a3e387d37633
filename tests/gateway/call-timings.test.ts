import { expect, test } from 'vitest';
import type { ExchangeTrace } from '../../electron/engine/chain/exchange-trace.ts';
import { traceCall } from '../../electron/engine/gateway/call-timings.ts';

/** The spans, as in `call 1-2`, that come of a worker's times when its last message is heard at `now`. */
function spans(now: number, began: number, times: readonly number[]): string[] {
  const told: string[] = [];
  const trace = {
    now: () => now,
    span: (_lane: string, name: string, start: number, { end = now } = {}) => told.push(`${name} ${start}-${end}`),
  };
  traceCall(trace as unknown as ExchangeTrace, began, times);
  return told;
}

/** Called, start_response, returned, closing, closed; then a chunk of 5000 bytes. In seconds. */
const times = [0.001, 0.002, 0.003, NaN, NaN, 0.003, 0.005, 5_000];

test('phases are placed from when the request was handed over', () => {
  expect(spans(110, 100, times)).toEqual([
    ...['environ 100-101', 'call 101-103', 'start_response 102-102', 'chunk 103-105'],
  ]);
});

test('phases of a request that was read before its turn was heard of keep their length', () => {
  expect(spans(100, 99, times)).toEqual(['environ 95-96', 'call 96-98', 'start_response 97-97', 'chunk 98-100']);
});
