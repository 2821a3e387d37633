/**
 * Byte ranges (RFC 9110 §14): the Range and Content-Range fields.
 */

import { trimOws } from '../../../shared/headers.ts';

/** A range of bytes within a representation; both ends are included, counted from 0. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/** A member of a Range field: `first-`, `first-last`, or `-suffix`. */
export type RangeSpec =
  | { readonly first: number; readonly last: number | undefined }
  | { readonly first: undefined; readonly suffix: number };

/** A Content-Range: the bytes enclosed and the length of the whole representation, where the sender knew them. */
export interface ContentRange {
  readonly range: ByteRange | undefined;
  readonly length: number | undefined;
}

const RANGE_SPEC = /^(\d*)-(\d*)$/;
const CONTENT_RANGE = /^bytes[ \t]+(?:(\d+)-(\d+)|\*)\/(\d+|\*)$/i;

/**
 * Parses a Range field.
 *
 * @returns the ranges in the order asked for; undefined when the unit is not bytes or the value is invalid, in which case the
 *   field is ignored (RFC 9110 §14.2)
 */
export function parseRange(value: string): readonly RangeSpec[] | undefined {
  const equals = value.indexOf('=');
  if (equals < 0 || trimOws(value.slice(0, equals)).toLowerCase() !== 'bytes') return undefined;
  const specs: RangeSpec[] = [];
  for (const part of value.slice(equals + 1).split(',')) {
    const text = trimOws(part);
    if (text === '') continue;
    const match = RANGE_SPEC.exec(text);
    if (match === null) return undefined;
    const [, firstText = '', lastText = ''] = match;
    if (firstText === '') {
      if (lastText === '') return undefined;
      specs.push({ first: undefined, suffix: Number(lastText) });
      continue;
    }
    const first = Number(firstText);
    const last = lastText === '' ? undefined : Number(lastText);
    // A last position below the first one makes the whole field invalid (RFC 9110 §14.1.1).
    if (last !== undefined && last < first) return undefined;
    specs.push({ first, last });
  }
  return specs.length === 0 ? undefined : specs;
}

/**
 * Resolves a range against a representation of `length` bytes (RFC 9110 §14.1.2).
 *
 * @returns undefined when the range is unsatisfiable
 */
export function resolveRange(spec: RangeSpec, length: number): ByteRange | undefined {
  if (spec.first === undefined) {
    if (spec.suffix === 0 || length === 0) return undefined;
    return { first: Math.max(0, length - spec.suffix), last: length - 1 };
  }
  if (spec.first >= length) return undefined;
  return { first: spec.first, last: Math.min(spec.last ?? length - 1, length - 1) };
}

/** The bytes that a range names itself; undefined when they depend on the length of the representation. */
export function namedRange(spec: RangeSpec): ByteRange | undefined {
  if (spec.first === undefined || spec.last === undefined) return undefined;
  return { first: spec.first, last: spec.last };
}

/**
 * Parses a Content-Range field.
 *
 * @returns undefined when the unit is not bytes or the value is invalid, e.g. an end outside the length (RFC 9110 §14.4)
 */
export function parseContentRange(value: string): ContentRange | undefined {
  const match = CONTENT_RANGE.exec(trimOws(value));
  if (match === null) return undefined;
  const [, first, last, total] = match;
  const length = total === '*' ? undefined : Number(total);
  if (first === undefined || last === undefined) return { range: undefined, length };
  const range = { first: Number(first), last: Number(last) };
  if (range.last < range.first || (length !== undefined && length <= range.last)) return undefined;
  return { range, length };
}

/** Writes the Content-Range of a 206 whose representation has `length` bytes; undefined when nobody knows how many. */
export function formatContentRange(range: ByteRange, length: number | undefined): string {
  return `bytes ${String(range.first)}-${String(range.last)}/${length === undefined ? '*' : String(length)}`;
}

/** Says whether a range is all of a representation of `length` bytes; never where that is unknown. */
export function isWhole({ first, last }: ByteRange, length: number | undefined): boolean {
  return first === 0 && length !== undefined && last === length - 1;
}

/** How many bytes a range has. */
export function rangeLength({ first, last }: ByteRange): number {
  return last - first + 1;
}

/** Says whether `outer` has every byte of `inner`. */
export function rangeContains(outer: ByteRange, inner: ByteRange): boolean {
  return outer.first <= inner.first && inner.last <= outer.last;
}

/** Says whether two ranges overlap or touch, so that their bytes together make one range. */
export function rangesJoin(a: ByteRange, b: ByteRange): boolean {
  return a.first <= b.last + 1 && b.first <= a.last + 1;
}
