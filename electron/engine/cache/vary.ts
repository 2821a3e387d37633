import type { HeaderList } from '../../../shared/headers.ts';
import { joinedHeader, trimOws } from '../../../shared/headers.ts';
import { TOKEN } from '../http/request-head.ts';
import type { OverlayRule } from './cache-settings.ts';
import { remembering } from './memo.ts';

/**
 * Vary (RFC 9110 §12.5.5, RFC 9111 §4.1): which request fields chose a stored response, and whether another request would
 * have chosen it too.
 */

/** One field that a stored response was chosen by, with its value in the request that it answered. */
export interface SelectingField {
  /** Lower case. */
  readonly field: string;
  /** The combined value as received; absent (undefined) and empty are different. */
  readonly value: string | undefined;
  /** The value in the form in which two equivalent values are equal. */
  readonly normal: string | undefined;
}

/** The field whose values differ. */
export interface VaryMismatch {
  readonly field: string;
  readonly stored: string | undefined;
  readonly requested: string | undefined;
}

const NO_FIELDS: readonly SelectingField[] = [];

/** What a stored response was selected by that has `Vary: *` since it was updated: no request matches (RFC 9111 §4.1). */
export const SELECTED_BY_ALL: readonly SelectingField[] = [{ field: '*', value: '*', normal: '*' }];

/**
 * Reads Vary into the selecting fields of a response to a request.
 *
 * @param vary the combined value of that field
 * @returns `'*'` when any member is `*` or no field name: such a response never matches another request (RFC 9111 §4.1)
 */
export function selectingFields(
  vary: string | undefined,
  requestHeaders: HeaderList,
  overlay: OverlayRule,
): '*' | readonly SelectingField[] {
  if (vary === undefined || overlay.ignoreVary === true) return NO_FIELDS;
  let names = fieldNames(vary);
  if (names === '*') return '*';
  if (overlay.ignoreCookies === true) names = names.filter((name) => name !== 'cookie');
  return shareSelecting(
    names.map((field) => {
      const value = joinedHeader(requestHeaders, field);
      return { field, value, normal: value === undefined ? undefined : normaliseFieldValue(field, value) };
    }),
  );
}

/**
 * The selecting fields that count for a URL.
 *
 * @param ignoreVary none do
 */
export function countingFields(
  selecting: readonly SelectingField[],
  ignoreVary: boolean,
  overlay: OverlayRule,
): readonly SelectingField[] {
  if (ignoreVary) return NO_FIELDS;
  return overlay.ignoreCookies === true ? selecting.filter(({ field }) => field !== 'cookie') : selecting;
}

/** Says whether an overlay keeps anything that Vary names from counting. */
export function isVaryIgnored(vary: string, { ignoreVary, ignoreCookies }: OverlayRule): boolean {
  if (ignoreVary === true || ignoreCookies !== true) return ignoreVary === true;
  const names = fieldNames(vary);
  return names !== '*' && names.includes('cookie');
}

/**
 * A field that Vary names and that a response was not stored by, because it did not count then. Which requests such a
 * response is for is not known.
 */
export function unselectedField(
  vary: string | undefined,
  selecting: readonly SelectingField[],
  overlay: OverlayRule,
): string | undefined {
  if (vary === undefined || overlay.ignoreVary === true) return undefined;
  const names = fieldNames(vary);
  const isUnknown = (name: string): boolean => !selecting.some(({ field }) => field === name);
  if (names === '*') return isUnknown('*') ? '*' : undefined;
  return names.find((name) => isUnknown(name) && !(name === 'cookie' && overlay.ignoreCookies === true));
}

const shared = new Map<string, readonly SelectingField[]>();
const MAX_SHARED = 1_024;

/**
 * The list itself or an equal one from before. Thousands of entries are selected by a few dozen lists; where they share
 * them, a lookup finds the list in the processor's caches, which halves the time that selecting takes.
 */
export function shareSelecting(selecting: readonly SelectingField[]): readonly SelectingField[] {
  if (selecting.length === 0) return NO_FIELDS;
  let id = '';
  for (const { field, value } of selecting) id += value === undefined ? `${field}\n` : `${field}:${value}\n`;
  const known = shared.get(id);
  if (known !== undefined) return known;
  // Long values, such as cookies, are rarely shared.
  if (id.length > 512) return selecting;
  if (shared.size >= MAX_SHARED) shared.clear();
  shared.set(id, selecting);
  return selecting;
}

/** The names in a Vary value, sorted, so that the order in which a server lists them makes no second variant. */
const fieldNames: (vary: string) => '*' | readonly string[] = remembering((vary) => {
  const names = new Set<string>();
  for (const part of vary.split(',')) {
    const name = trimOws(part).toLowerCase();
    if (name === '') continue;
    // What is no field name means something that nobody knows: no request surely matches it.
    if (name === '*' || !TOKEN.test(name)) return '*';
    names.add(name);
  }
  return [...names].sort();
}, 128);

/** Says how a request differs from the one that selected a stored response; undefined when they match (RFC 9111 §4.1). */
export function varyMismatch(
  selecting: readonly SelectingField[],
  requestHeaders: HeaderList,
): VaryMismatch | undefined {
  for (const stored of selecting) {
    const mismatch = mismatchIn(stored, requestHeaders);
    if (mismatch !== undefined) return mismatch;
  }
  return undefined;
}

/** Everything in which a request differs from the one that selected a stored response. */
export function varyMismatches(selecting: readonly SelectingField[], requestHeaders: HeaderList): VaryMismatch[] {
  return selecting.map((stored) => mismatchIn(stored, requestHeaders)).filter((mismatch) => mismatch !== undefined);
}

function mismatchIn({ field, value, normal }: SelectingField, requestHeaders: HeaderList): VaryMismatch | undefined {
  const requested = joinedHeader(requestHeaders, field);
  if (field !== '*') {
    if (requested === value) return undefined;
    // Absent matches only absent.
    if (requested !== undefined && normal !== undefined && normaliseFieldValue(field, requested) === normal)
      return undefined;
  }
  return { field, stored: value, requested };
}

/** A text that two requests share exactly when they select the same variant by these fields. */
export function variantId(selecting: readonly SelectingField[]): string {
  let id = '';
  for (const { field, normal } of selecting) {
    id += normal === undefined ? `${field}\n` : `${field}:${normal}\n`;
  }
  return id;
}

/** {@link variantId} for a request that has been answered by no response yet, by fields that select for its key. */
export function requestVariantId(selecting: readonly SelectingField[], requestHeaders: HeaderList): string {
  return variantId(
    selecting.map(({ field }) => {
      const value = joinedHeader(requestHeaders, field);
      return { field, value, normal: value === undefined ? undefined : normaliseFieldValue(field, value) };
    }),
  );
}

/** Fields that are lists of preferences, where order means nothing beside the weights (RFC 9110 §12.5.1–§12.5.4). */
const PREFERENCES = new Set(['accept', 'accept-charset', 'accept-encoding', 'accept-language']);

/**
 * Brings a combined field value into a form that equivalent values share: white space around list members goes, and the
 * negotiation fields are compared without regard to case, but for parameters, default weights and the order of members.
 */
export function normaliseFieldValue(field: string, value: string): string {
  return PREFERENCES.has(field) ? normalisePreferences(value) : splitList(value).join(',');
}

const normalisePreferences = remembering(
  (value) =>
    splitList(value)
      .map(normalisePreference)
      .filter((member) => member !== '')
      .sort()
      .join(','),
  512,
);

/** Splits at commas outside quoted strings and trims the members. */
function splitList(value: string): string[] {
  if (!value.includes('"')) return value.split(',').map(trimOws);
  const members: string[] = [];
  let start = 0;
  let quoted = false;
  for (let i = 0; i <= value.length; i++) {
    const code = value.charCodeAt(i);
    if (quoted && code === 92 /* backslash */ && i + 1 < value.length) {
      i++;
    } else if (code === 34 /* quote */) {
      quoted = !quoted;
    } else if (i === value.length || (code === 44 /* comma */ && !quoted)) {
      members.push(trimOws(value.slice(start, i)));
      start = i + 1;
    }
  }
  return members;
}

/** `Text/HTML; q=1.000` → `text/html`; `de;q=0.80` → `de;q=0.8`. Other parameters may tell cases apart (RFC 9110 §8.3.1). */
function normalisePreference(member: string): string {
  if (member.includes('"')) return member;
  const [range = '', ...parameters] = member.split(';').map(trimOws);
  let out = range.toLowerCase();
  for (const parameter of parameters) {
    const weight = /^q\s*=\s*(\d(?:\.\d*)?)$/i.exec(parameter)?.[1];
    if (weight === undefined) out += `;${parameter}`;
    else if (Number(weight) !== 1) out += `;q=${Number(weight)}`;
  }
  return out;
}
