import { expect, onTestFinished, test, vi } from 'vitest';
import { travelPace } from '../../renderer/store/travel-pace.ts';

/** Chooses a row every `every` ms and returns where one arrived, and after how many milliseconds in all. */
function travel(ids: readonly (number | null)[], every: number): [id: number | null, at: number][] {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const begun = performance.now();
  const arrivals: [number | null, number][] = [];
  const go = travelPace((id) => arrivals.push([id, performance.now() - begun]));
  for (const id of ids) {
    go(id);
    vi.advanceTimersByTime(every);
  }
  vi.runAllTimers();
  return arrivals;
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, place) => place + 1);

test('whoever steps from one to the next with rests between sees each at once', () => {
  expect(travel([1, 2, 3], 150)).toEqual([
    [1, 0],
    [2, 150],
    [3, 300],
  ]);
});

test('whoever passes quickly sees the first, and the last after a short rest', () => {
  expect(travel(upTo(8), 30)).toEqual([
    [1, 0],
    [8, 310],
  ]);
});

test('choosing none is told at once, and nothing is after it', () => {
  expect(travel([1, 2, null], 30)).toEqual([
    [1, 0],
    [null, 60],
  ]);
});

test('a long way is interrupted by a look now and then', () => {
  expect(travel(upTo(60), 20)).toEqual([
    [1, 0],
    [21, 400],
    [41, 800],
    [60, 1280],
  ]);
});
