import type { ExchangeRow } from '../../shared/exchange-view.ts';
import { splitUrl } from '../../shared/url-parts.ts';
import type { RowPredicate } from './trace-index.ts';

/**
 * The quick filter: words that must all be found. A plain word is looked for in method, URL, status and verdict;
 * `key:value` looks in one place, a leading `-` excludes, `a,b` means either, quotes keep spaces together.
 * Whatever is not a known key, such as `localhost:3000`, is a plain word.
 */
export function parseQuickFilter(text: string): RowPredicate | undefined {
  const tests = words(text).map(toTest);
  const [only] = tests;
  if (only === undefined) return undefined;
  return tests.length === 1 ? only : (row) => tests.every((test) => test(row));
}

/** The keys that the filter knows, with what they are for. */
export const FILTER_KEYS: Readonly<Record<string, string>> = {
  method: 'the request method',
  host: 'part of the host',
  path: 'part of the path or query',
  status: 'a status: 404, 4xx or >=400',
  cache: 'a cache verdict: hit, miss, revalidated, stale, bypass, error',
  type: 'part of the media type',
  is: 'running, failed, aborted, cached or tunnel',
};

type ValueTest = (row: ExchangeRow, value: string) => boolean;

const KEY_TESTS: Readonly<Record<string, ValueTest>> = {
  method: (row, value) => row.method.toLowerCase() === value,
  host: (row, value) => splitUrl(row.url).host.toLowerCase().includes(value),
  path: (row, value) => splitUrl(row.url).path.toLowerCase().includes(value),
  status: (row, value) => statusMatches(row.status, value),
  cache: (row, value) => row.verdict?.toLowerCase() === value,
  type: (row, value) => row.contentType?.includes(value) === true,
  is: stateMatches,
};

/** `text` cut at spaces outside double quotes; quotes that are never closed reach to the end. */
function words(text: string): string[] {
  return (text.match(/(?:[^\s"]|"[^"]*"?)+/g) ?? []).map((word) => word.replaceAll('"', ''));
}

function toTest(word: string): RowPredicate {
  const negated = word.length > 1 && word.startsWith('-');
  const body = (negated ? word.slice(1) : word).toLowerCase();
  const test = positiveTest(body);
  return negated ? (row) => !test(row) : test;
}

function positiveTest(word: string): RowPredicate {
  const colon = word.indexOf(':');
  const keyTest =
    colon > 0 && Object.hasOwn(KEY_TESTS, word.slice(0, colon)) ? KEY_TESTS[word.slice(0, colon)] : undefined;
  if (keyTest === undefined) return (row) => plainMatches(row, word);
  const values = word.slice(colon + 1).split(',');
  // A key without a value yet, as while typing, excludes nothing.
  if (values.every((value) => value === '')) return () => true;
  return (row) => values.some((value) => value !== '' && keyTest(row, value));
}

function plainMatches(row: ExchangeRow, word: string): boolean {
  return (
    row.url.toLowerCase().includes(word) ||
    row.method.toLowerCase().includes(word) ||
    (row.status !== undefined && String(row.status).startsWith(word)) ||
    (row.verdict !== undefined && row.verdict.toLowerCase().startsWith(word))
  );
}

function statusMatches(status: number | undefined, value: string): boolean {
  if (status === undefined) return false;
  const comparison = /^(>=|<=|>|<)(\d+)$/.exec(value);
  if (comparison !== null) {
    const limit = Number(comparison[2]);
    if (comparison[1] === '>=') return status >= limit;
    if (comparison[1] === '<=') return status <= limit;
    return comparison[1] === '>' ? status > limit : status < limit;
  }
  return String(status).startsWith(value.replace(/x+$/, ''));
}

function stateMatches(row: ExchangeRow, value: string): boolean {
  switch (value) {
    case 'running':
      return row.end === undefined;
    case 'failed':
    case 'aborted':
      return row.outcome?.kind === value;
    case 'cached':
      return row.from === 'cache';
    case 'tunnel':
      return row.kind === 'tunnel';
    default:
      return false;
  }
}

/** The filter text with `key:value` switched on or off: chips and menus edit the same text that people type. */
export function toggleTerm(text: string, key: string, value: string): string {
  const current = words(text);
  const term = `${key}:${value}`;
  const kept = current.filter((word) => word.toLowerCase() !== term);
  if (kept.length < current.length) return kept.map(requote).join(' ');
  // Two verdicts at once would match nothing, so the new value takes the place of the old one.
  const others = kept.filter((word) => !word.toLowerCase().startsWith(`${key}:`));
  return [...others.map(requote), term].join(' ');
}

/** Whether `key:value` is one of the filter's words. */
export function hasTerm(text: string, key: string, value: string): boolean {
  return words(text).some((word) => word.toLowerCase() === `${key}:${value}`);
}

function requote(word: string): string {
  return /\s/.test(word) ? `"${word}"` : word;
}
