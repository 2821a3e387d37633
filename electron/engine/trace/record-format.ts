import type { DecisionStep, FieldEvidence } from '../../../shared/decision.ts';
import type { BodyCapture, SpanLane } from '../../../shared/trace-event.ts';

/**
 * The session store's records, version 1. A record is a multiple of eight bytes, in the machine's byte order:
 *
 *     uint32  id of the exchange
 *     uint32  count of numbers
 *     uint32  bytes of text
 *     uint32  1 when the text is UTF-16, 0 when it is latin1
 *     int32   × count, then the text, then zeros up to the next multiple of eight
 *
 * The numbers are a run of events, each led by its tag, its seq and its time; see event-encoder.ts for what follows. The
 * list record begins with `exchange.started`, whose seq and time are whole; all others are relative to them, times in
 * microseconds. Texts follow one another in the order in which numbers announce their lengths.
 */
export const RECORD_HEADER_BYTES = 16;
export const RECORD_UNIT = 8;

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
  // Four bits were too few: later tags count on above the flags.
  messagesEnded: 1 << 9,
  /** Where the heads of recorded messages lie: see message-log.ts. */
  messageBlocks: 2 << 9,
  gatewayCalled: 3 << 9,
  gatewayAnswered: 4 << 9,
  gatewayOutput: 5 << 9,
  gatewayFramework: 6 << 9,
  clientSecured: 7 << 9,
  upstreamSecured: 8 << 9,
  /** The session that the exchange was opened from: a text, without seq or time. */
  session: 9 << 9,
  upstreamRequest: 10 << 9,
  upstreamResponse: 11 << 9,
  /** Like {@link TAG.headers}, relative to those of the upstream's answer. */
  headersLike: 12 << 9,
  /** The address that the request went to: a text behind {@link TAG.responseStarted}, without seq or time. */
  remote: 13 << 9,
  /** The exchange was sent again by hand: nothing more, behind {@link TAG.started} and {@link TAG.session}. */
  replay: 14 << 9,
  ruleApplied: 15 << 9,
  held: 16 << 9,
  released: 17 << 9,
} as const;

/** Added to a tag when seq and times do not fit 32 bits and are floats instead. */
export const LONG = 16;
export const TAG_MASK = ~(31 << 4);
/** Above the tag of a span: its lane, and which texts it has. */
export const LANE_SHIFT = 5;
export const LANE_MASK = 3;
export const HAS_DETAIL = 128;
export const HAS_ERROR = 256;

export const LANES: readonly SpanLane[] = ['client', 'handler', 'upstream', 'application'];

/** Stands before the five texts of a near miss, and −1 where there is none; a length, in records of old, before its JSON. */
export const NEAR_MISS = -2;

/** What a step of a decision settled, by its number − 1; whose field is evidence, by its number. */
export const STEP_DECIDES: readonly NonNullable<DecisionStep['decides']>[] = ['answer', 'storing'];
export const EVIDENCE_SIDES: readonly FieldEvidence['side'][] = ['request', 'stored', 'response'];

/** Reasons for a short capture, by their number − 1. */
export const TRUNCATIONS: readonly NonNullable<BodyCapture['truncated']>[] = ['cap', 'backlog', 'aborted'];
