/** A thread that computes for longer than this (ms) keeps others from their core: schedulers let it end its slice first. */
const STRETCH_MS = 0.3;
/** Long enough for whoever waits to be let in, and as short as timers can be. */
const REST_MS = 0.01;

const nobodyWakes = new Int32Array(new SharedArrayBuffer(4));

/**
 * The same items. Whoever works through them on a thread of its own lets go of its core now and then, so that a request which
 * arrives there meanwhile waits for a fraction of a millisecond and not for the whole of the work.
 */
export function* paced<T>(items: Iterable<T>): Generator<T, void, undefined> {
  let since = performance.now();
  for (const item of items) {
    yield item;
    if (performance.now() - since < STRETCH_MS) continue;
    Atomics.wait(nobodyWakes, 0, 0, REST_MS);
    since = performance.now();
  }
}
