import type { EntrySort } from '../../../shared/cache-contract.ts';
import type { PlainKey } from '../../i18n/translate.ts';

/** A column of the list of stored entries. Which of them fit is up to the style sheet. */
export interface EntryColumn {
  readonly id: EntryColumnId;
  readonly title: PlainKey;
  /** What the engine sorts by; absent where it does not. */
  readonly sort?: EntrySort;
  /** The order of a first press: names from A to Z, numbers and times from the greatest. */
  readonly ascendingFirst?: true;
  readonly align?: 'end';
}

export type EntryColumnId =
  'uri' | 'variant' | 'status' | 'type' | 'size' | 'age' | 'ttl' | 'validators' | 'hits' | 'used' | 'saved';

export const ENTRY_COLUMNS: readonly EntryColumn[] = [
  { id: 'uri', title: 'cache.columnUri', sort: 'uri', ascendingFirst: true },
  { id: 'variant', title: 'cache.columnVariant' },
  { id: 'status', title: 'cache.columnStatus', sort: 'status', ascendingFirst: true },
  { id: 'type', title: 'cache.columnType' },
  { id: 'size', title: 'cache.columnSize', sort: 'bytes', align: 'end' },
  { id: 'age', title: 'cache.columnAge', sort: 'stored', align: 'end' },
  { id: 'ttl', title: 'cache.columnTtl', align: 'end' },
  { id: 'validators', title: 'cache.columnValidators' },
  { id: 'hits', title: 'cache.columnHits', sort: 'hits', align: 'end' },
  { id: 'used', title: 'cache.columnUsed', sort: 'lastUsed', align: 'end' },
  { id: 'saved', title: 'cache.columnSaved', align: 'end' },
];
