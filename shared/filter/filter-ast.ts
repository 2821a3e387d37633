import type { FilterKey } from './filter-keys.ts';
import type { NumberRange } from './quantity.ts';
import type { TextPattern } from './text-pattern.ts';

/** A filter as a tree. `from` and `to` say which characters of the text a part was written as. */
export type FilterNode =
  | {
      readonly type: 'and' | 'or';
      readonly parts: readonly FilterNode[];
      readonly from: number;
      readonly to: number;
      /** It stands in brackets, which belong to it. */
      readonly bracketed?: true;
    }
  | { readonly type: 'not'; readonly part: FilterNode; readonly from: number; readonly to: number }
  | FilterTerm;

export interface FilterTerm {
  readonly type: 'term';
  readonly from: number;
  readonly to: number;
  readonly key: FilterKey;
  /** For `header[name]`: the name in lower case. */
  readonly field?: string;
  /** Any of these will do. */
  readonly values: readonly FilterValue[];
}

export type FilterValue =
  | { readonly kind: 'pattern'; readonly pattern: TextPattern }
  | { readonly kind: 'range'; readonly range: NumberRange }
  | { readonly kind: 'word'; readonly word: string }
  /** The field is there, whatever its value. */
  | { readonly kind: 'present' };
