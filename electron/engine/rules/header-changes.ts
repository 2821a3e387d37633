import { FieldNames, headerPairs, withoutHeaders } from '../../../shared/headers.ts';
import type { HeaderList } from '../../../shared/headers.ts';
import type { HeaderChanges } from '../../../shared/rules.ts';

/** Whether a rule changes anything of a message's fields. */
export function changesAny({ set, remove }: HeaderChanges): boolean {
  return set.length > 0 || remove.length > 0;
}

/** The fields without those that are removed, and with those that are set at the end, instead of all of the same name. */
export function changeHeaders(headers: HeaderList, { set, remove }: HeaderChanges): HeaderList {
  const gone = [...remove, ...Array.from(headerPairs(set), ([name]) => name)].map((name) => name.toLowerCase());
  return [...withoutHeaders(headers, new FieldNames(gone)), ...set];
}
