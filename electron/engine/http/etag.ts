/**
 * Entity tags (RFC 9110 §8.8.3) and the lists of them in If-Match and If-None-Match (§13.1).
 */

import { trimOws } from '../../../shared/headers.ts';

/** An entity tag. `opaque` keeps its quotes, so that an unquoted tag from a careless server never equals a quoted one. */
export interface EntityTag {
  readonly weak: boolean;
  readonly opaque: string;
}

/** What If-None-Match asks for: any representation, or one of these tags. */
export type EntityTagCondition = '*' | readonly EntityTag[];

/**
 * Parses the value of an ETag field. Tags without quotes occur in the wild and are taken as they are.
 *
 * @returns undefined for an empty value
 */
export function parseEntityTag(value: string): EntityTag | undefined {
  const text = trimOws(value);
  if (text === '') return undefined;
  return text.startsWith('W/') ? { weak: true, opaque: text.slice(2) } : { weak: false, opaque: text };
}

/** Writes a tag as it stands in a field. */
export function formatEntityTag(tag: EntityTag): string {
  return tag.weak ? `W/${tag.opaque}` : tag.opaque;
}

/** Equivalent for If-None-Match: the opaque parts are equal, weak or not (RFC 9110 §8.8.3.2). */
export function weakMatch(a: EntityTag, b: EntityTag): boolean {
  return a.opaque === b.opaque;
}

/** Byte for byte the same representation: equal, and neither tag is weak (RFC 9110 §8.8.3.2). */
export function strongMatch(a: EntityTag, b: EntityTag): boolean {
  return !a.weak && !b.weak && a.opaque === b.opaque;
}

/**
 * Parses the combined value of If-None-Match or If-Match. Commas inside a quoted tag belong to the tag; empty list members
 * are skipped (RFC 9110 §5.6.1).
 */
export function parseEntityTagCondition(value: string): EntityTagCondition {
  const text = trimOws(value);
  if (text === '*') return '*';
  const tags: EntityTag[] = [];
  let start = 0;
  let quoted = false;
  for (let i = 0; i <= text.length; i++) {
    const char = text[i];
    if (char === '"') quoted = !quoted;
    if (i < text.length && (quoted || char !== ',')) continue;
    const tag = parseEntityTag(text.slice(start, i));
    if (tag !== undefined) tags.push(tag);
    start = i + 1;
  }
  return tags;
}

/** Says whether `tag` is among the tags of the condition, by weak comparison (RFC 9110 §13.1.2). */
export function conditionIncludes(condition: EntityTagCondition, tag: EntityTag | undefined): boolean {
  if (condition === '*') return true;
  return tag !== undefined && condition.some((listed) => weakMatch(listed, tag));
}
