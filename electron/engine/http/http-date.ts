/**
 * HTTP-date (RFC 9110 §5.6.7): the preferred IMF-fixdate and the two obsolete forms that recipients must still accept.
 */

import { trimOws } from '../../../shared/headers.ts';

const DAY = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)';
const LONG_DAY = '(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)';
const MONTH = '(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)';
const TIME = '(\\d{2}):(\\d{2}):(\\d{2})';

// Matched without regard to case: caches should (RFC 9111 §4.2). Everything else is as strict as the grammar, and a zone
// other than GMT makes a date invalid for calculating expiration (RFC 9111 §4.2).
const IMF_FIXDATE = new RegExp(`^${DAY}, (\\d{2}) ${MONTH} (\\d{4}) ${TIME} GMT$`, 'i');
const RFC850_DATE = new RegExp(`^${LONG_DAY}, (\\d{2})-${MONTH}-(\\d{2}) ${TIME} GMT$`, 'i');
const ASCTIME_DATE = new RegExp(`^${DAY} ${MONTH} ([ \\d]\\d) ${TIME} (\\d{4})$`, 'i');

const MONTHS: readonly string[] = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');

/**
 * The IMF-fixdates that were parsed lately; the other forms depend on more than their text. Every response of one second has
 * the same Date, and a site's files share a few times of modification.
 */
const lately = new Map<string, number | undefined>();
const MAX_LATELY = 64;

/**
 * Parses an HTTP-date.
 *
 * @param value a field value; white space around it is ignored
 * @param now epoch milliseconds, to place the two-digit years of the RFC 850 form
 * @returns epoch milliseconds, or undefined when the value is no valid HTTP-date
 */
export function parseHttpDate(value: string, now: number): number | undefined {
  const known = lately.get(value);
  if (known !== undefined) return known;
  const text = trimOws(value);
  let match = IMF_FIXDATE.exec(text);
  if (match !== null) {
    const [, day, month, year, hour, minute, second] = match;
    const time = epoch(Number(year), month, Number(day), Number(hour), Number(minute), Number(second));
    if (lately.size >= MAX_LATELY) lately.clear();
    lately.set(value, time);
    return time;
  }
  match = RFC850_DATE.exec(text);
  if (match !== null) {
    const [, day, month, year, hour, minute, second] = match;
    const at = (century: number): number | undefined =>
      epoch(century + Number(year), month, Number(day), Number(hour), Number(minute), Number(second));
    const thisYear = new Date(now).getUTCFullYear();
    const century = thisYear - (thisYear % 100);
    const time = at(century);
    // More than 50 years ahead, it is the latest past year with the same last digits (RFC 9110 §5.6.7).
    return time !== undefined && time > new Date(now).setUTCFullYear(thisYear + 50) ? at(century - 100) : time;
  }
  match = ASCTIME_DATE.exec(text);
  if (match !== null) {
    const [, month, day, hour, minute, second, year] = match;
    return epoch(Number(year), month, Number(day), Number(hour), Number(minute), Number(second));
  }
  return undefined;
}

/** What was written last: most dates are those of now. */
let writtenSecond = NaN;
let written = '';

/** Writes epoch milliseconds as an IMF-fixdate, dropping the fraction of a second. */
export function formatHttpDate(time: number): string {
  const second = Math.floor(time / 1000);
  if (second !== writtenSecond) {
    writtenSecond = second;
    written = new Date(second * 1000).toUTCString();
  }
  return written;
}

function epoch(
  year: number,
  monthName: string | undefined,
  day: number,
  hour: number,
  minute: number,
  second: number,
): number | undefined {
  const month = MONTHS.indexOf((monthName ?? '').toLowerCase());
  // The grammar knows second 60, for leap seconds; it counts as the first second of the next minute.
  if (month < 0 || day < 1 || hour > 23 || minute > 59 || second > 60) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(year, month, day);
  if (date.getUTCMonth() !== month) return undefined;
  return date.setUTCHours(hour, minute, second);
}
