import type { ExchangeTrace } from '../chain/exchange-trace.ts';
import type { CallTimes } from './lane.ts';

/** Places in the times that a worker tells; seconds since it had read the request, NaN for what did not happen. */
const CALLED = 0;
const START_RESPONSE = 1;
const RETURNED = 2;
const CLOSING = 3;
const CLOSED = 4;
const CHUNKS = 5;

/**
 * Reports the phases inside the application as spans: the call until it returned, the moment of start_response, the
 * making of each of the first chunks, and close.
 *
 * @param began when the request was handed over or its turn was heard of, on the exchange's clock
 * @param times on the worker's clock, which begins when it reads the request
 */
export function traceCall(trace: ExchangeTrace, began: number, times: CallTimes): void {
  const latest = trace.now();
  // What was sent ahead may have been read before: all of it happened until now, whatever the messages came with.
  const read = Math.min(began, latest - lastOf(times) * 1000);
  const at = (index: number): number | undefined => {
    const seconds = times[index];
    return seconds === undefined || Number.isNaN(seconds) ? undefined : read + seconds * 1000;
  };
  const called = at(CALLED);
  if (called === undefined) return;
  trace.span('application', 'environ', read, { end: called });
  const returned = at(RETURNED);
  trace.span(
    'application',
    'call',
    called,
    returned === undefined ? { error: 'it raised an exception' } : { end: returned },
  );
  const started = at(START_RESPONSE);
  if (started !== undefined) trace.span('application', 'start_response', started, { end: started });
  for (let i = CHUNKS; i + 2 < times.length; i += 3) {
    trace.span('application', 'chunk', at(i) ?? latest, {
      end: at(i + 1) ?? latest,
      detail: `${times[i + 2] ?? 0} bytes`,
    });
  }
  const closing = at(CLOSING);
  if (closing !== undefined) trace.span('application', 'close', closing, { end: at(CLOSED) ?? latest });
}

/** The last reading of the worker's clock, in seconds. */
function lastOf(times: CallTimes): number {
  let last = 0;
  // From the first chunk on, every third is a size.
  for (let i = 0; i < times.length; i++) {
    const isSize = i >= CHUNKS && (i - CHUNKS) % 3 === 2;
    const time = times[i] as number;
    // Not a number is not later than anything.
    if (!isSize && time > last) last = time;
  }
  return last;
}
