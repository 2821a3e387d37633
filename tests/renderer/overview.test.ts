import { describe, expect, test } from 'vitest';
import type { Overview } from '../../renderer/store/query/query-messages.ts';
import {
  barsPath,
  rangeOf,
  shifted,
  spanBetween,
  spanOf,
  timeTeller,
  WHOLE,
  withEdge,
} from '../../renderer/views/overview/overview-model.ts';

const none = new Uint32Array(4);
const axis: Overview = { from: 1000, to: 3000, counts: none, errors: none, hits: none };

describe('the times of the axis', () => {
  const noon = new Date(2026, 0, 31, 12, 0, 0, 250).getTime();

  test('are those of the clock within a day', () => {
    expect(timeTeller(axis, noon - axis.from)(axis.from)).toBe('12:00:00.250');
  });

  test('have their days where the axis goes over several', () => {
    const tell = timeTeller({ ...axis, to: axis.from + 86_400_000 }, noon - axis.from);
    expect([tell(axis.from), tell(axis.from + 86_400_000)]).toEqual(['2026-01-31 12:00:00', '2026-02-01 12:00:00']);
  });
});

describe('a time range on the axis', () => {
  test('is where its times are, and the whole axis without one', () => {
    expect(spanOf(axis, { from: 1500, to: 2000 })).toEqual({ from: 0.25, to: 0.5 });
    expect(spanOf(axis, null)).toEqual(WHOLE);
    expect(rangeOf(axis, { from: 0.25, to: 0.5 })).toEqual({ from: 1500, to: 2000 });
    expect(rangeOf(axis, WHOLE)).toBeNull();
  });

  test('is open at the ends of the axis: what is still to come belongs to it', () => {
    const range = rangeOf(axis, { from: 0.5, to: 1 });
    expect(range).toEqual({ from: 2000, to: Infinity });
    expect(spanOf({ ...axis, to: 5000 }, range)).toEqual({ from: 0.25, to: 1 });
  });

  test('stays on the axis, however its edges are moved', () => {
    expect(spanBetween(0.8, 0.2)).toEqual({ from: 0.2, to: 0.8 });
    expect(withEdge({ from: 0.2, to: 0.4 }, 'from', -1)).toEqual({ from: 0, to: 0.4 });
    expect(withEdge({ from: 0.2, to: 0.4 }, 'to', 0.1).to).toBeGreaterThan(0.2);
    expect(shifted({ from: 0.25, to: 0.5 }, 0.75)).toEqual({ from: 0.75, to: 1 });
    expect(shifted({ from: 0.25, to: 0.5 }, -0.5)).toEqual({ from: 0, to: 0.25 });
    const late = spanOf(axis, { from: 9000, to: 9500 });
    expect(late.from).toBeLessThan(late.to);
    expect(late.to).toBe(1);
  });
});

test('bars are drawn for what is there, a few of many still visible', () => {
  expect(barsPath(Uint32Array.of(0, 100, 1), 100)).toBe('M1 1V0.000h1V1zM2 1V0.900h1V1z');
});
