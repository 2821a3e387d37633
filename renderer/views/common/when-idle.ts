/** A page that is never idle is no reason to wait longer than this. */
const LATEST_MS = 1500;

/** Calls back once what is wanted now has been drawn and nothing else is to be done; the result takes the wish back. */
export function whenIdle(callback: () => void): () => void {
  // Safari does not tell when it is idle.
  if (!('requestIdleCallback' in window)) {
    const timer = setTimeout(callback, LATEST_MS);
    return () => clearTimeout(timer);
  }
  const request = requestIdleCallback(callback, { timeout: LATEST_MS });
  return () => cancelIdleCallback(request);
}
