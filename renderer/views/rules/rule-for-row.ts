import type { ExchangeRow } from '../../../shared/exchange-view.ts';
import { quoteValue } from '../../../shared/filter/edit-filter.ts';
import type { Rule } from '../../../shared/rules.ts';
import { splitUrl } from '../../../shared/url-parts.ts';

type Asked = Pick<ExchangeRow, 'kind' | 'method' | 'url'>;

/** A filter for requests like this one: of its method, to its URL, whatever the query if it has one. */
export function filterFor({ kind, method, url }: Asked): string {
  if (kind === 'tunnel') return `is:tunnel url=${quoteValue(url)}`;
  return `method=${quoteValue(method)} ${urlTerm(url)}`;
}

function urlTerm(url: string): string {
  const [asked = ''] = url.split('#', 1);
  const query = asked.indexOf('?');
  if (query < 0) return `url=${quoteValue(asked)}`;
  const pattern = `${asked.slice(0, query)}?*`;
  // A star has its meaning only where nothing needs quotation marks; a beginning is as good as one.
  return /[\s"(),]/.test(pattern) || asked.slice(0, query).includes('*')
    ? `url:/^${escapeRegex(asked.slice(0, query))}\\?/i`
    : `url:${pattern}`;
}

function escapeRegex(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

/** What to call a rule for requests like this one. */
export function nameFor({ kind, method, url }: Asked): string {
  const { host, path } = splitUrl(url);
  const [place = ''] = path.split(/[?#]/, 1);
  return kind === 'tunnel' ? `CONNECT ${host}` : `${method} ${place === '' || place === '/' ? `${host}/` : place}`;
}

/** `name` if none of the rules is called so; else with the next free number behind it. */
export function freeName(name: string, rules: readonly Pick<Rule, 'name'>[]): string {
  const isTaken = (wanted: string): boolean => rules.some((rule) => rule.name === wanted);
  const whole = name.slice(0, LONGEST_NAME).trim();
  if (!isTaken(whole)) return whole;
  const base = whole.replace(/ \d+$/, '').slice(0, LONGEST_NAME - ROOM_FOR_NUMBER);
  let number = 2;
  while (isTaken(`${base} ${number}`)) number++;
  return `${base} ${number}`;
}

/** What the schema allows. */
const LONGEST_NAME = 80;
const ROOM_FOR_NUMBER = 5;
