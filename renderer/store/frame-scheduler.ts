import type { Scheduler } from './trace-feed.ts';

/** A hidden window gets no animation frames; then this many milliseconds are the pace. */
const HIDDEN_PACE_MS = 250;
/** Nothing waits longer than this for others to have their time. */
const LONGEST_PAUSE_MS = 80;

/**
 * Calls back with an animation frame, or after a quarter of a second when there is none. What a call causes, up to the frame
 * that shows it, is measured: for as long as it took nothing is called again. Where the screen keeps up that is no wait at
 * all; where it does not, half of the time stays for the keyboard and the mouse, and fewer frames show more at once.
 */
export function createFrameScheduler(): Scheduler {
  let freeAt = 0;
  const shown = new MessageChannel();
  let begun = 0;
  // A message that is sent in a frame comes after it has been drawn.
  shown.port1.onmessage = () => {
    const now = performance.now();
    freeAt = now + Math.min(LONGEST_PAUSE_MS, now - begun);
  };
  return (callback) => {
    let done = false;
    let frame = 0;
    const run = (): void => {
      if (done) return;
      done = true;
      cancelAnimationFrame(frame);
      clearTimeout(timer);
      begun = performance.now();
      callback();
      shown.port2.postMessage(undefined);
    };
    const pause = freeAt - performance.now();
    const timer = setTimeout(run, HIDDEN_PACE_MS);
    if (pause <= 0) frame = requestAnimationFrame(run);
    else {
      setTimeout(() => {
        if (!done) frame = requestAnimationFrame(run);
      }, pause);
    }
  };
}
