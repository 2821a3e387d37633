import type { InnerList, Member } from '../http/structured-fields.ts';
import { isInnerList, parseDictionary } from '../http/structured-fields.ts';
import { placeOf, withoutQuery } from './cache-key.ts';
import { decodeQueryName } from './query-name.ts';

/**
 * No-Vary-Search (the HTTP working group's draft of that name): a response says which parts of the query do not matter, so
 * that it can answer other URLs too.
 */

/** Which query parameters tell URLs apart. Plain data, stored with the response. */
export interface SearchVariance {
  /** Parameters that do not matter: these, or all of them but `except`. */
  readonly ignored: readonly string[] | { readonly except: readonly string[] };
  /** Whether the order of the parameters matters. */
  readonly order: boolean;
}

/**
 * Reads the field. Strict as the draft wants it: whatever is not understood leaves every parameter significant.
 *
 * @returns undefined when the whole query matters, in its order
 */
export function searchVariance(value: string | undefined): SearchVariance | undefined {
  const dictionary = value === undefined ? undefined : parseDictionary(value);
  if (dictionary === undefined) return undefined;
  const keyOrder = booleanOf(dictionary.get('key-order'));
  const params = dictionary.get('params');
  const except = dictionary.get('except');
  if (keyOrder === 'invalid') return undefined;
  const order = keyOrder !== true;
  const all = params !== undefined && !isInnerList(params) ? booleanOf(params) : undefined;
  if (all === 'invalid') return undefined;
  if (except !== undefined) {
    if (all !== true || !isInnerList(except)) return undefined;
    const names = parameterNames(except);
    return names === undefined ? undefined : { ignored: { except: names }, order };
  }
  if (all === true) return { ignored: { except: [] }, order };
  const names = params !== undefined && isInnerList(params) ? parameterNames(params) : [];
  if (names === undefined || (names.length === 0 && order)) return undefined;
  return { ignored: names, order };
}

/** What of a stored response tells which URIs it answers for. */
interface LooseHead {
  readonly key: string;
  readonly uri: string;
  readonly search?: SearchVariance;
}

/**
 * Says whether a stored response answers for another URI as well, by what it says about its query.
 *
 * @param place what answers for the URI, see {@link placeOf}
 */
export function answersFor(stored: LooseHead, uri: string, place: string): boolean {
  const { key, search } = stored;
  return search !== undefined && isEquivalentUri(stored.uri, uri, search) && placeOf(key) === place;
}

/** Says whether two URIs are the same but for what the variance lets them differ in. */
export function isEquivalentUri(a: string, b: string, variance: SearchVariance): boolean {
  const path = withoutQuery(a);
  if (path !== withoutQuery(b)) return false;
  const left = significantParameters(a.slice(path.length), variance);
  const right = significantParameters(b.slice(path.length), variance);
  return (
    left.length === right.length && left.every(([key, value], i) => key === right[i]?.[0] && value === right[i][1])
  );
}

function significantParameters(query: string, variance: SearchVariance): [string, string][] {
  const parameters = [...new URLSearchParams(query)].filter(([key]) => matters(key, variance));
  if (!variance.order) parameters.sort(byKey);
  return parameters;
}

/** The query without what does not matter, as it is written. */
export function significantQuery(query: string, variance: SearchVariance): string {
  const parameters = query
    .slice(1)
    .split('&')
    .map((written): [string, string] => [[...new URLSearchParams(written).keys()][0] ?? '', written])
    .filter(([key, written]) => written !== '' && matters(key, variance));
  if (!variance.order) parameters.sort(byKey);
  return parameters.length === 0 ? '' : `?${parameters.map(([, written]) => written).join('&')}`;
}

function matters(key: string, { ignored }: SearchVariance): boolean {
  return 'except' in ignored ? ignored.except.includes(key) : !ignored.includes(key);
}

/** By key alone and stable: the order of equal keys still matters. */
function byKey([a]: [string, string], [b]: [string, string]): number {
  return a < b ? -1 : Number(a > b);
}

function booleanOf(member: Member | undefined): boolean | undefined | 'invalid' {
  if (member === undefined) return undefined;
  return !isInnerList(member) && member.item.type === 'boolean' ? member.item.value : 'invalid';
}

/** Names are written like keys in a query. */
function parameterNames(list: InnerList): string[] | undefined {
  const names: string[] = [];
  for (const { item } of list.items) {
    if (item.type !== 'string') return undefined;
    names.push(decodeQueryName(item.value));
  }
  return names;
}
