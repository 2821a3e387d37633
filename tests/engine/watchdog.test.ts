import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Watchdog } from '../../electron/engine/watchdog.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function watched(): { watchdog: Watchdog; late: () => number } {
  let count = 0;
  return { watchdog: new Watchdog(() => count++), late: () => count };
}

test('what does not happen in time is late, once', () => {
  const { watchdog, late } = watched();
  watchdog.expect(100);
  vi.advanceTimersByTime(99);
  expect(late()).toBe(0);
  vi.advanceTimersByTime(1_000);
  expect(late()).toBe(1);
  watchdog.expect(10);
  vi.advanceTimersByTime(10);
  expect(late()).toBe(2);
});

test('expecting something else puts it off, or brings it forward', () => {
  const { watchdog, late } = watched();
  watchdog.expect(100);
  vi.advanceTimersByTime(80);
  watchdog.expect(100);
  vi.advanceTimersByTime(99);
  expect(late()).toBe(0);
  watchdog.expect(10_000);
  watchdog.expect(5);
  vi.advanceTimersByTime(5);
  expect(late()).toBe(1);
});

test('nothing is late while it rests, waits for ever, or after it was stopped', () => {
  const { watchdog, late } = watched();
  watchdog.expect(100);
  watchdog.rest();
  vi.advanceTimersByTime(1_000);
  watchdog.expect(100);
  watchdog.expect(0);
  vi.advanceTimersByTime(1_000);
  watchdog.expect(100);
  watchdog.stop();
  watchdog.expect(100);
  vi.advanceTimersByTime(1_000);
  expect(late()).toBe(0);
  expect(vi.getTimerCount()).toBe(0);
});
