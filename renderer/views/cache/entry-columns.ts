import type { EntrySort } from '../../../shared/cache-contract.ts';

/** A column of the list of stored entries. Which of them fit is up to the style sheet. */
export interface EntryColumn {
  readonly id: EntryColumnId;
  readonly title: string;
  /** What the engine sorts by; absent where it does not. */
  readonly sort?: EntrySort;
  /** The order of a first press: names from A to Z, numbers and times from the greatest. */
  readonly ascendingFirst?: true;
  readonly align?: 'end';
}

export type EntryColumnId =
  'uri' | 'variant' | 'status' | 'type' | 'size' | 'age' | 'ttl' | 'validators' | 'hits' | 'used' | 'saved';

export const ENTRY_COLUMNS: readonly EntryColumn[] = [
  { id: 'uri', title: 'URL', sort: 'uri', ascendingFirst: true },
  { id: 'variant', title: 'Varies by' },
  { id: 'status', title: 'Status', sort: 'status', ascendingFirst: true },
  { id: 'type', title: 'Type' },
  { id: 'size', title: 'Size', sort: 'bytes', align: 'end' },
  { id: 'age', title: 'Age', sort: 'stored', align: 'end' },
  { id: 'ttl', title: 'Fresh for', align: 'end' },
  { id: 'validators', title: 'Validators' },
  { id: 'hits', title: 'Hits', sort: 'hits', align: 'end' },
  { id: 'used', title: 'Last used', sort: 'lastUsed', align: 'end' },
  { id: 'saved', title: 'Saved', align: 'end' },
];
