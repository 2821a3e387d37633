import { describe, expect, test } from 'vitest';
import { applyToRow } from '../../shared/exchange-view.ts';
import type { ExchangeRow } from '../../shared/exchange-view.ts';
import type { TraceEvent } from '../../shared/trace-event.ts';
import { hitRatio } from '../../renderer/store/tally.ts';
import { TraceIndex } from '../../renderer/store/trace-index.ts';
import { answered, started } from './scripted-engine.ts';
import type { Unnumbered } from './scripted-engine.ts';

let seq = 0;
function numbered(event: Unnumbered): TraceEvent {
  return { ...event, seq: ++seq };
}

function endedRow(id: number, status = 200): ExchangeRow {
  let row: ExchangeRow | undefined;
  for (const event of [started(id), ...answered(id, id + 1, status)]) row = applyToRow(row, numbered(event));
  return row!;
}

function indexOf(...ids: number[]): TraceIndex {
  const index = new TraceIndex(100_000);
  index.addPage(ids.map((id) => endedRow(id)));
  index.settle();
  return index;
}

describe('the order of rows', () => {
  test('is by id, whether they come live or by pages backwards', () => {
    const index = indexOf(9, 8, 7);
    index.apply(numbered(started(10)));
    index.addPage([endedRow(6), endedRow(5)]);
    index.settle();
    expect(index.view).toEqual([5, 6, 7, 8, 9, 10]);
  });

  test('puts a row that was late in its place', () => {
    const index = indexOf(1, 2, 4);
    index.apply(numbered(started(3)));
    index.settle();
    expect(index.view).toEqual([1, 2, 3, 4]);
  });

  test('tells where a row stands, or would', () => {
    const index = indexOf(2, 4, 6);
    expect(index.positionOf(4)).toEqual({ index: 1, found: true });
    expect(index.positionOf(5)).toEqual({ index: 2, found: false });
  });
});

describe('events', () => {
  test('replace the row object and leave other rows as they are', () => {
    const index = new TraceIndex(100);
    index.apply(numbered(started(1)));
    index.apply(numbered(started(2)));
    const [first, second] = [index.get(1), index.get(2)];
    for (const event of answered(1)) index.apply(numbered(event));
    expect(index.get(1)).not.toBe(first);
    expect(index.get(2)).toBe(second);
    expect(index.get(1)).toMatchObject({ status: 200, responseBytes: 10, outcome: { kind: 'completed' } });
  });

  test('of an exchange that a page has brought as ended change nothing', () => {
    const index = indexOf(1);
    const row = index.get(1);
    for (const event of [started(1), ...answered(1, 50, 500)]) index.apply(numbered(event));
    index.settle();
    expect(index.get(1)).toBe(row);
    expect(index.counts().total).toBe(1);
  });

  test('of an exchange whose start was missed are ignored', () => {
    const index = new TraceIndex(100);
    for (const event of answered(7)) index.apply(numbered(event));
    index.settle();
    expect(index.size).toBe(0);
  });

  test('do not change which rows are listed unless rows come or go', () => {
    const index = new TraceIndex(100);
    index.apply(numbered(started(1)));
    index.settle();
    const before = index.viewVersion;
    index.apply(numbered(answered(1)[0]!));
    index.settle();
    expect(index.viewVersion).toBe(before);
  });
});

describe('counts', () => {
  test('follow rows as they come, change and go', () => {
    const index = new TraceIndex(100);
    index.apply(numbered(started(1)));
    expect(index.counts()).toMatchObject({ total: 1, running: 1, errors: 0 });
    for (const event of answered(1, 5, 503)) index.apply(numbered(event));
    expect(index.counts()).toMatchObject({ total: 1, running: 0, errors: 1, bytes: 10 });
    index.clear(1);
    expect(index.counts()).toMatchObject({ total: 0, errors: 0, bytes: 0 });
  });

  test('tell hits from what was asked, without bypasses', () => {
    const verdicts = { HIT: 3, MISS: 4, REVALIDATED: 2, STALE: 1, BYPASS: 9, ERROR: 1 };
    expect(
      hitRatio({ total: 20, running: 0, held: 0, errors: 0, bytes: 0, savedBytes: 0, savedMs: 0, verdicts }),
    ).toEqual({
      hits: 6,
      asked: 10,
    });
  });
});

describe('the cap', () => {
  test('drops the oldest ended rows, counts them, and keeps what runs', () => {
    const index = new TraceIndex(3);
    index.apply(numbered(started(1)));
    index.addPage([endedRow(5), endedRow(4), endedRow(3), endedRow(2)]);
    index.settle();
    expect(index.view).toEqual([1, 4, 5]);
    expect(index.evicted).toBe(2);
  });
});

describe('clearing', () => {
  test('keeps what runs and what came later, and pages that were under way bring nothing back', () => {
    const index = indexOf(1, 2);
    index.apply(numbered(started(3)));
    index.addPage([endedRow(4)]);
    index.clear(3);
    index.addPage([endedRow(2), endedRow(1)]);
    index.settle();
    expect(index.view).toEqual([3, 4]);
  });
});

describe('the filter', () => {
  const failed = (row: ExchangeRow): boolean => (row.status ?? 0) >= 400;

  test('lists only rows that pass, and all again without it', () => {
    const index = new TraceIndex(100);
    index.addPage([endedRow(3, 404), endedRow(2), endedRow(1, 500)]);
    index.list({ passes: failed });
    expect(index.view).toEqual([1, 3]);
    index.list({});
    expect(index.view).toEqual([1, 2, 3]);
  });

  test('takes rows in and out as they change', () => {
    const index = indexOf(1);
    index.list({ passes: (row) => row.end === undefined });
    index.apply(numbered(started(2)));
    index.settle();
    expect(index.view).toEqual([2]);
    for (const event of answered(2)) index.apply(numbered(event));
    index.settle();
    expect(index.view).toEqual([]);
  });

  test('inserts older rows in their place', () => {
    const index = new TraceIndex(100);
    index.list({ passes: failed });
    index.addPage([endedRow(9, 404)]);
    index.settle();
    index.addPage([endedRow(8), endedRow(7, 404)]);
    index.settle();
    expect(index.view).toEqual([7, 9]);
  });

  test('forgets cleared rows', () => {
    const index = new TraceIndex(100);
    index.addPage([endedRow(2, 404), endedRow(1, 404)]);
    index.list({ passes: failed });
    index.clear(1);
    index.settle();
    expect(index.view).toEqual([2]);
  });
});
