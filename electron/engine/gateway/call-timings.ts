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
 * @param began when the request was handed over, on the exchange's clock; the worker's own clock is relative to it
 */
export function traceCall(trace: ExchangeTrace, began: number, times: CallTimes): void {
  const latest = trace.now();
  const at = (index: number): number | undefined => {
    const seconds = times[index];
    // The worker reads the request a moment after it was handed over, so no time may come out later than now.
    return seconds === undefined || Number.isNaN(seconds) ? undefined : Math.min(began + seconds * 1000, latest);
  };
  const called = at(CALLED);
  if (called === undefined) return;
  trace.span('application', 'environ', began, { end: called });
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
