import type { Fields, Step } from './scenario.ts';
import { cc } from './scenario.ts';

/** Steps with parts of one representation of ten bytes. */

export const FRESH = cc('max-age=3600');
export const TAG: Fields = [['ETag', '"abc"']];
export const OLD: Fields = [['Last-Modified', '{-5000}']];
export const TEN = '0123456789';
export const range = (value: string, more: Fields = []): Fields => [['Range', value], ...more];
export const whole = (more: Fields = TAG): Step => ({
  response: { headers: [...FRESH, ...more], body: TEN },
  reaches: true,
  status: 200,
});

/** A 206 for bytes of {@link TEN}. */
export const part = (first: number, last: number, more: Fields = TAG, length: number | string = 10): Step => ({
  headers: range(`bytes=${first}-${last}`),
  response: {
    status: 206,
    headers: [...FRESH, ...more, ['Content-Range', `bytes ${first}-${last}/${length}`]],
    body: TEN.slice(first, last + 1),
  },
  reaches: true,
  status: 206,
  body: TEN.slice(first, last + 1),
});
export const stored = (value: string, first: number, last: number, length: number | string = 10): Step => ({
  headers: range(value),
  reaches: false,
  status: 206,
  body: TEN.slice(first, last + 1),
  expect: { 'content-range': `bytes ${first}-${last}/${length}`, 'content-length': String(last - first + 1) },
});
export const again = (headers: Fields = []): Step => ({
  headers,
  response: { headers: [...FRESH, ...TAG], body: TEN },
  reaches: true,
  status: 200,
});
