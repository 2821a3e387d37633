import { describe, expect, test } from 'vitest';
import { RateMeter } from '../../renderer/store/rates.ts';
import { SavedTime } from '../../renderer/store/saved-time.ts';
import type { ExchangeRow } from '../../shared/exchange-view.ts';

function row(start: number, end: number, more: Partial<ExchangeRow> = {}): ExchangeRow {
  return {
    ...{ id: 1, kind: 'http', start, end, method: 'GET', url: 'http://a/x', version: 'HTTP/1.1', client: '', nth: 1 },
    ...{ connection: 1, requestBytes: 0, responseBytes: 10, warnings: 0, outcome: { kind: 'completed' } },
    ...more,
  };
}

describe('the time that the cache saves', () => {
  const fetched = (ms: number, host = 'a'): ExchangeRow => row(0, ms, { from: 'upstream', url: `http://${host}/` });
  const served = (ms: number, host = 'a'): ExchangeRow => row(0, ms, { from: 'cache', url: `http://${host}/` });

  test('is what the host takes on average, for each answer from the cache, less what that took', () => {
    const saved = new SavedTime();
    saved.count(served(2), 1);
    expect(saved.ms).toBe(0);
    saved.count(fetched(100), 1);
    saved.count(fetched(200), 1);
    expect(saved.ms).toBe(148);
    saved.count(served(2, 'another'), 1);
    expect(saved.ms).toBe(148);
  });

  test('goes with the rows that it comes from, and is never less than nothing', () => {
    const saved = new SavedTime();
    const rows = [fetched(100), served(2), served(3), fetched(1, 'b'), served(50, 'b')];
    for (const one of rows) saved.count(one, 1);
    expect(saved.ms).toBe(195);
    for (const one of rows) saved.count(one, -1);
    expect(saved.ms).toBe(0);
    saved.count(
      row(0, 100, { from: 'upstream', outcome: { kind: 'aborted', by: 'client', phase: 'send', message: '' } }),
      1,
    );
    saved.count(served(1), 1);
    expect(saved.ms).toBe(0);
  });
});

describe('rates', () => {
  test('are of whole seconds, the newest last', () => {
    const meter = new RateMeter();
    for (const end of [10_000, 10_999, 11_500, 12_100]) meter.ended(row(0, end));
    const { requests, bytes } = meter.read(12_400);
    expect([requests.slice(-3), bytes.slice(-3)]).toEqual([
      [0, 2, 1],
      [0, 20, 10],
    ]);
    expect(requests).toHaveLength(59);
  });

  test('forget what is longer ago than a minute, whenever it becomes known', () => {
    const meter = new RateMeter();
    meter.ended(row(0, 70_000));
    meter.ended(row(0, 10_500));
    expect(meter.read(71_000).requests.reduce((a, b) => a + b)).toBe(1);
    expect(meter.read(200_000).requests.every((count) => count === 0)).toBe(true);
  });
});
