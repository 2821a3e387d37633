/** What is passed more quickly than this lies on the way to something else. */
const REST_MS = 100;
/** On a long way one looks up from time to time. */
const GLIMPSE_MS = 400;

/**
 * Calls `arrive` with the id of a chosen row at once when there has been a rest before it, and when none is chosen any more.
 * Of rows that follow one another quickly, as while an arrow key is held down, it hears of the one that is rested on, and
 * now and then of one on the way.
 */
export function travelPace(arrive: (id: number | null) => void): (id: number | null) => void {
  let movedAt = -Infinity;
  let arrivedAt = -Infinity;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = (id: number | null): void => {
    arrivedAt = performance.now();
    arrive(id);
  };
  return (id) => {
    clearTimeout(timer);
    const now = performance.now();
    const rested = now - movedAt >= REST_MS;
    movedAt = now;
    if (rested || id === null || now - arrivedAt >= GLIMPSE_MS) stop(id);
    else timer = setTimeout(() => stop(id), REST_MS);
  };
}
