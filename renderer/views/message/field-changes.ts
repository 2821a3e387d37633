import { headerPairs } from '../../../shared/headers.ts';
import type { Translate } from '../../i18n/translate.ts';
import type { HeaderList } from '../../../shared/headers.ts';

/** What became of a field on its way through the proxy. */
export interface FieldChange {
  readonly name: string;
  readonly value: string;
  readonly kind: 'same' | 'removed' | 'added' | 'changed';
  /** The value behind the proxy, where it changed. */
  readonly became?: string;
}

/** The fields of a message before the proxy, in order, and what became of each; then those that were added. */
export function fieldChanges(before: HeaderList, after: HeaderList): FieldChange[] {
  // By name, the values behind the proxy that have no counterpart yet.
  const left = new Map<string, { readonly name: string; readonly value: string }[]>();
  for (const [name, value] of headerPairs(after)) {
    const key = name.toLowerCase();
    const values = left.get(key);
    if (values === undefined) left.set(key, [{ name, value }]);
    else values.push({ name, value });
  }
  const kept = [...headerPairs(before)].map(([name, value]) => {
    const values = left.get(name.toLowerCase()) ?? [];
    const same = values.findIndex((other) => other.value === value);
    if (same >= 0) values.splice(same, 1);
    return { name, value, same: same >= 0 };
  });
  const changes = kept.map(({ name, value, same }): FieldChange => {
    if (same) return { name, value, kind: 'same' };
    const became = left.get(name.toLowerCase())?.shift()?.value;
    return became === undefined ? { name, value, kind: 'removed' } : { name, value, kind: 'changed', became };
  });
  const added = [...left.values()].flat().map((field): FieldChange => ({ ...field, kind: 'added' }));
  return [...changes, ...added];
}

/** How many fields changed, in words; empty when none did. */
export function changeWords(t: Translate, changes: readonly FieldChange[]): string {
  const count = (kind: FieldChange['kind']): number => changes.filter((change) => change.kind === kind).length;
  const kinds = ['removed', 'changed', 'added'] as const;
  return kinds
    .filter((kind) => count(kind) > 0)
    .map((kind) => t(`message.${kind}Fields`, { number: count(kind) }))
    .join(t('common.comma'));
}
