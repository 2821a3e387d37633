import type { EntryId } from './cache-contract.ts';
import type { TextUnits } from './text-units.ts';

/** Whose body: a message's of an exchange, or that of a stored response. */
export type BodySource =
  { readonly exchange: number; readonly side: 'request' | 'response' } | { readonly entry: EntryId };

/**
 * What the UI may ask about bodies without their content codings: a part of the contract's request map. Codings are undone
 * on the host's side, once, however often a body is read; nothing here ever holds a whole body in memory. Each of these
 * answers `NOT_FOUND` when the body is not kept (any more).
 */
export interface BodyRequestMap {
  /** Begins to undo a body's content codings, or tells how far that has come. */
  'body.open': { params: { source: BodySource }; result: BodyFacts };
  /** Decoded bytes from `offset` on, at most `length` (≤ 1 MiB); waits until they are decoded, shorter at the end. */
  'body.decoded': { params: { source: BodySource; offset: number; length: number }; result: Uint8Array };
  /** Where the rows of a text from number `from` on lie, at most `limit` (≤ 1,000). */
  'body.rows': { params: { source: BodySource; from: number; limit: number }; result: BodyRows };
  /** Looks for `text` from byte `from` on, in one stretch of the body at a time, so that the asker can stop. */
  'body.find': { params: FindInBody; result: BodyFinding };
}

export interface BodyFacts {
  /** Bytes kept, as they travelled. */
  readonly coded: number;
  /** The content codings, in the order in which they were applied (RFC 9110 §8.4). */
  readonly codings: readonly string[];
  /** Bytes without them so far; grows until `done`. */
  readonly length: number;
  readonly done: boolean;
  readonly problem?: BodyProblem;
}

/**
 * Why the decoded bytes are not what the fields promise.
 * - `unknown`: a coding that cannot be undone here; the bytes still have it.
 * - `mislabelled`: the bytes do not have the coding at all, and are shown as they came.
 * - `damaged`, `early-end`: what came before the damage or the end is there.
 * - `limit`: decoding stopped at the limit; a few kilobytes can claim to be gigabytes.
 */
export interface BodyProblem {
  readonly kind: 'unknown' | 'mislabelled' | 'damaged' | 'early-end' | 'limit';
  readonly coding: string;
  /** What the decoder said; empty when there is nothing to add. */
  readonly detail: string;
}

/** Bytes of a row at most: a longer line goes on in further rows. */
export const ROW_BYTES = 240;

/** Rows of a text: lines, and parts of lines that are longer than {@link ROW_BYTES}. */
export interface BodyRows {
  /** Where the first row begins, in decoded bytes. */
  readonly offset: number;
  /** Where each row ends, line break included, counted from `offset`. */
  readonly ends: readonly number[];
  /** The number of the line, from 1, that the first row belongs to, and whether the row begins it. */
  readonly line: number;
  readonly begins: boolean;
  /** How many rows there are; an estimate until `counted`. */
  readonly rows: number;
  readonly counted: boolean;
  /** What the text is made of. */
  readonly units: TextUnits;
}

export interface FindInBody {
  readonly source: BodySource;
  /** Looked for in the body's own units: as UTF-8, UTF-16 or UTF-32. */
  readonly text: string;
  /** Whether A and a differ; only ASCII letters are ever taken for the same. */
  readonly matchCase: boolean;
  readonly from: number;
}

export interface BodyFinding {
  readonly match?: { readonly offset: number; readonly length: number; readonly row: number };
  /** Where to go on looking; absent when all of the body has been searched. */
  readonly next?: number;
}
