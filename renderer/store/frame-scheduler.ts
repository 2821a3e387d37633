import type { Scheduler } from './trace-feed.ts';

/** A hidden window gets no animation frames; then this many milliseconds are the pace. */
const HIDDEN_PACE_MS = 250;

/** Calls back with the next animation frame, or after a quarter of a second when there is none. */
export const frameScheduler: Scheduler = (callback) => {
  let done = false;
  const run = (): void => {
    if (done) return;
    done = true;
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    callback();
  };
  const frame = requestAnimationFrame(run);
  const timer = setTimeout(run, HIDDEN_PACE_MS);
};
