import type { BodyCapture } from '../../../shared/trace-event.ts';

/**
 * The session store's records, version 1. A record is a multiple of eight bytes, in the machine's byte order:
 *
 *     float64  id of the exchange
 *     float64  count of numbers
 *     float64  bytes of text
 *     float64  1 when the text is UTF-16, 0 when it is latin1
 *     float64  × count, then the text, then zeros up to the next multiple of eight
 *
 * The numbers are a run of events, each led by its tag. See event-encoder.ts for what follows each tag.
 */
export const RECORD_HEADER_NUMBERS = 4;

/** What the numbers after it mean. Values are part of the format: add, never renumber. */
export const TAG = {
  started: 1,
  requestHead: 2,
  requestEnded: 3,
  decided: 4,
  informational: 5,
  responseStarted: 6,
  responseEnded: 7,
  span: 8,
  note: 9,
  finished: 10,
  /** Headers of the response.started event with the same seq. */
  headers: 11,
  /** Trailers of the request.ended or response.ended event with the same seq. */
  trailers: 12,
  /** Steps of the cache.decided event with the same seq. */
  steps: 13,
  /** Where the captured bodies lie: segment, offset and length of each extent. */
  requestExtents: 14,
  responseExtents: 15,
} as const;

/** Reasons for a short capture, by their number − 1. */
export const TRUNCATIONS: readonly NonNullable<BodyCapture['truncated']>[] = ['cap', 'backlog', 'aborted'];
