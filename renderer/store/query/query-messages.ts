import type { Annotation } from '../../../shared/annotation.ts';
import type { PackedRows } from './packed-rows.ts';
import type { Sort } from './sort-key.ts';

/** A span of engine time, both ends included. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

/** Which ended rows are wanted, and in which order. */
export interface RowQuery {
  /** In the filter language; what cannot be understood is not sent. */
  readonly filter: string;
  readonly sort: Sort;
  /** Only exchanges that were under way in this time. */
  readonly range: TimeRange | undefined;
  /** What people noted, as far as they noted anything. */
  readonly notes: readonly (readonly [id: number, note: Annotation])[];
}

/** A question about all ended rows that is not about which of them are listed. */
export type RowQuestion =
  /** Values that rows have for a key, the most frequent first. */
  | { readonly kind: 'values'; readonly key: string; readonly typed: string }
  /** Requests by time, in so many parts. */
  | { readonly kind: 'overview'; readonly parts: number };

export interface ValueCount {
  readonly value: string;
  readonly count: number;
}

export interface Overview {
  readonly from: number;
  readonly to: number;
  /** Requests that began in each part; of these, those that failed, and those that were answered from the cache. */
  readonly counts: Uint32Array<ArrayBuffer>;
  readonly errors: Uint32Array<ArrayBuffer>;
  readonly hits: Uint32Array<ArrayBuffer>;
}

export type RowAnswer =
  | { readonly kind: 'values'; readonly values: readonly ValueCount[] }
  | { readonly kind: 'overview'; readonly overview: Overview | undefined };

/** What the page tells and asks the thread that keeps the ended rows; in order. */
export type ToRows =
  | { readonly type: 'add'; readonly rows: PackedRows }
  | { readonly type: 'forget'; readonly ids: Float64Array<ArrayBuffer> }
  | { readonly type: 'reset' }
  /** Takes the place of the query before. */
  | { readonly type: 'query'; readonly number: number; readonly query: RowQuery }
  | { readonly type: 'cancel' }
  | { readonly type: 'ask'; readonly number: number; readonly question: RowQuestion };

export type FromRows =
  | {
      readonly type: 'result';
      /** The query's. */
      readonly number: number;
      /** In the wanted order. */
      readonly ids: Float64Array<ArrayBuffer>;
      /** Rows that only their details can tell about, newest first; complete with the last result. */
      readonly unknown: Float64Array<ArrayBuffer>;
      /** Rows looked at, of how many. */
      readonly seen: number;
      readonly total: number;
      readonly done: boolean;
    }
  | { readonly type: 'answer'; readonly number: number; readonly answer: RowAnswer };
