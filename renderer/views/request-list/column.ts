import type { ExchangeField } from '../../../shared/search-contract.ts';
import type { SortKey } from '../../store/query/sort-key.ts';

/** A column of the request list. */
export interface Column {
  readonly id: ColumnId;
  /** Pixels; the path column takes what is left. */
  readonly width: number;
  readonly minWidth: number;
  readonly align?: 'end';
  /** What its title sorts by; nothing for what the list does not know of all rows. */
  readonly sort?: SortKey;
  /** What is asked of the engine for the rows in sight; everything else is in the rows. */
  readonly field?: ExchangeField;
  /** Shown only when it is chosen. */
  readonly optional?: true;
}

export type ColumnId = FixedColumnId | FieldColumnId;

/** A column with the values of one header field. */
export type FieldColumnId = `${'request' | 'response'}[${string}]`;

export type FixedColumnId =
  | 'id'
  | 'time'
  | 'method'
  | 'host'
  | 'path'
  | 'status'
  | 'cache'
  | 'type'
  | 'size'
  | 'duration'
  | 'latency'
  | 'ttl'
  | 'age'
  | 'saved'
  | 'upstream'
  | 'remote'
  | 'protocol'
  | 'client'
  | 'requestSize'
  | 'key'
  | 'rules'
  | 'comment'
  | 'waterfall';
