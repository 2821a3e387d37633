import { TAKEN_IDS } from '../../shared/settings-routes.ts';

/** An id made from a label that none of `existing` has. Some words stand for themselves where an id may stand. */
export function freeId(label: string, existing: readonly { readonly id: string }[]): string {
  const slug = label
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 32);
  const base = slug === '' || TAKEN_IDS.has(slug) ? `upstream${slug === '' ? '' : '-'}${slug}` : slug;
  let id = base;
  for (let n = 2; existing.some((upstream) => upstream.id === id); n++) id = `${base}-${n}`;
  return id;
}
