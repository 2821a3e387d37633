import { parseFilter } from './parse-filter.ts';

/** A part of a filter that can be shown and taken away by itself. */
export interface FilterPart {
  readonly text: string;
  readonly from: number;
  readonly to: number;
  readonly negated: boolean;
}

/** The parts that must all hold, as they are written; none when the filter is empty or cannot be understood. */
export function filterParts(text: string): FilterPart[] {
  const parsed = parseFilter(text);
  if (!parsed.ok || parsed.node === undefined) return [];
  const { node } = parsed;
  const parts = node.type === 'and' && node.bracketed !== true ? node.parts : [node];
  return parts.map((part) => ({
    text: text.slice(part.from, part.to),
    from: part.from,
    to: part.to,
    negated: part.type === 'not',
  }));
}

/** `value` as a filter's value: quoted when it would mean something else otherwise. */
export function quoteValue(value: string): string {
  return /^[^\s"(),*/!-][^\s"(),*]*$/.test(value) ? value : `"${value.replace(/["\\]/g, '\\$&')}"`;
}

/** `text` narrowed by `term`. What has "or" at its top is put in brackets first. */
export function addTerm(text: string, term: string): string {
  const kept = text.trim();
  if (kept === '') return term;
  if (filterParts(kept).some((part) => part.text === term)) return kept;
  const parsed = parseFilter(kept);
  const either = parsed.ok && parsed.node?.type === 'or' && parsed.node.bracketed !== true;
  return `${either ? `(${kept})` : kept} ${term}`;
}

/** `text` without the part that was written from `from` to `to`. */
export function removePart(text: string, { from, to }: Pick<FilterPart, 'from' | 'to'>): string {
  const before = text.slice(0, from).replace(/(\s+|^)(AND|&&|&)?\s*$/, '');
  const after = text.slice(to).replace(/^\s*((AND|&&|&)\s+)?/, '');
  return [before, after].filter((part) => part !== '').join(' ');
}

/** `text` with the opposite of one of its parts in its place. */
export function negatePart(text: string, part: FilterPart): string {
  const opposite = invertFilter(part.text);
  const parsed = parseFilter(opposite);
  const loose = parsed.ok && parsed.node?.type === 'or' && parsed.node.bracketed !== true;
  const alone = part.text === text.trim();
  return text.slice(0, part.from) + (loose && !alone ? `(${opposite})` : opposite) + text.slice(part.to);
}

/** The opposite of a filter; the opposite of an opposite is what it was. */
export function invertFilter(text: string): string {
  const kept = text.trim();
  const parsed = parseFilter(kept);
  if (!parsed.ok || parsed.node === undefined) return kept;
  const { node } = parsed;
  if (node.type === 'not') {
    if (kept.startsWith('NOT (')) return kept.slice(5, -1);
    return /^(NOT\s|[-!])/.test(kept) ? kept.replace(/^(NOT\s+|[-!])/, '') : kept.replace('!=', '=');
  }
  return node.type === 'term' || node.bracketed === true ? `-${kept}` : `NOT (${kept})`;
}

/** `text` with `key:value` switched on or off. Of one key only one value at a time is on. */
export function toggleTerm(text: string, key: string, value: string): string {
  const term = `${key}:${value}`;
  const parts = filterParts(text);
  const on = parts.find((part) => part.text.toLowerCase() === term);
  if (on !== undefined) return removePart(text, on);
  const other = parts.find((part) => part.text.toLowerCase().startsWith(`${key}:`));
  return addTerm(other === undefined ? text : removePart(text, other), term);
}

/** Whether `key:value` is one of the filter's parts. */
export function hasTerm(text: string, key: string, value: string): boolean {
  return filterParts(text).some((part) => part.text.toLowerCase() === `${key}:${value}`);
}
