import { isIP } from 'node:net';
import { addressBytes } from '../../http/address-bytes.ts';
import { compileBlock } from '../routing/bypass-list.ts';

/** What the functions of a PAC script may ask of the world. */
export interface PacWorld {
  /** The addresses of a host name, none when it has none; may throw to have the script run again when the answer is there. */
  resolve(name: string): readonly string[];
  /** This machine's, at least one. */
  readonly myAddresses: readonly string[];
  readonly now: Date;
}

const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];

type PacFunction = (...args: unknown[]) => string | number | boolean | null;

/**
 * The functions that a PAC script can call: the ones that Netscape defined and every browser has, which know IPv4 alone, and
 * Microsoft's, which end in Ex or are about lists and know IPv6 as well. Arguments come from the script and are anything.
 */
export function pacFunctions(world: PacWorld): Readonly<Record<string, PacFunction>> {
  const resolveAll = (host: unknown): readonly string[] =>
    isIP(text(host)) === 0 ? world.resolve(text(host)) : [text(host)];
  const resolve = (host: unknown): string | null => resolveAll(host).find((address) => isIP(address) === 4) ?? null;
  return {
    isPlainHostName: (host) => !/[.:]/.test(text(host)),
    dnsDomainIs: (host, domain) => text(host).toLowerCase().endsWith(text(domain).toLowerCase()),
    localHostOrDomainIs: (host, full) => text(host) === text(full) || text(full).startsWith(`${text(host)}.`),
    isResolvable: (host) => resolve(host) !== null,
    isInNet: (host, pattern, mask) => isInNet(resolve(host), text(pattern), text(mask)),
    isInNetEx: (host, block) => {
      const isIn = compileBlock(text(block));
      return isIn !== undefined && resolveAll(host).some((address) => isIn(address, 0));
    },
    dnsResolve: (host) => resolve(host),
    dnsResolveEx: (host) => resolveAll(host).join(';'),
    isResolvableEx: (host) => resolveAll(host).length > 0,
    myIpAddress: () => world.myAddresses.find((address) => isIP(address) === 4) ?? '127.0.0.1',
    myIpAddressEx: () => world.myAddresses.join(';'),
    sortIpAddressList: (list) => sortAddresses(text(list)),
    getClientVersion: () => '1.0',
    convert_addr: (address) => toNumber(text(address)) ?? 0,
    dnsDomainLevels: (host) => text(host).split('.').length - 1,
    shExpMatch: (subject, pattern) => shellMatch(text(subject), text(pattern)),
    weekdayRange: (...args) => weekdayRange(world.now, args),
    dateRange: (...args) => dateRange(world.now, args),
    timeRange: (...args) => timeRange(world.now, args),
    alert: () => null,
  };
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : String(value);
}

function toNumber(address: string): number | undefined {
  if (isIP(address) !== 4) return undefined;
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

function isInNet(address: string | null, pattern: string, mask: string): boolean {
  const [host, net, bits] = [toNumber(address ?? ''), toNumber(pattern), toNumber(mask)];
  if (host === undefined || net === undefined || bits === undefined) return false;
  return (host & bits) === (net & bits);
}

/** IPv6 first, each kind in ascending order; empty when something in the list, or nothing, is an address. */
function sortAddresses(list: string): string {
  const addresses = list.split(';').map((address) => address.trim());
  if (addresses.some((address) => isIP(address) === 0)) return '';
  return addresses
    .map((address) => ({ address, bytes: addressBytes(address) }))
    .toSorted((a, b) => b.bytes.length - a.bytes.length || Buffer.compare(a.bytes, b.bytes))
    .map(({ address }) => address)
    .join(';');
}

/** `*` is any run of characters, `?` any one; the leftmost match that works is enough, so no pattern takes long. */
export function shellMatch(subject: string, pattern: string): boolean {
  let at = 0;
  let wanted = 0;
  let star = -1;
  let resume = 0;
  while (at < subject.length) {
    const mark = pattern[wanted];
    if (mark === '*') {
      star = wanted++;
      resume = at;
    } else if (mark === '?' || mark === subject[at]) {
      at++;
      wanted++;
    } else if (star === -1) return false;
    else {
      wanted = star + 1;
      at = ++resume;
    }
  }
  while (pattern[wanted] === '*') wanted++;
  return wanted === pattern.length;
}

/** Takes a closing `GMT` off the arguments and gives the date's parts in the zone that is meant. */
function zoned(now: Date, args: unknown[]): { parts: DateParts; rest: unknown[] } {
  const utc = args.at(-1) === 'GMT';
  const rest = utc ? args.slice(0, -1) : args;
  const local = utc ? now : new Date(now.getTime() - now.getTimezoneOffset() * 60_000);
  const parts = {
    ...{ weekday: local.getUTCDay(), day: local.getUTCDate(), month: local.getUTCMonth() },
    ...{ year: local.getUTCFullYear(), second: Math.floor((local.getTime() % 86_400_000) / 1000) },
  };
  return { parts, rest };
}

interface DateParts {
  readonly weekday: number;
  readonly day: number;
  readonly month: number;
  readonly year: number;
  /** Of the day. */
  readonly second: number;
}

function weekdayRange(now: Date, args: unknown[]): boolean {
  const { parts, rest } = zoned(now, args);
  const [from = -1, to = from] = rest.map((day) => DAYS.indexOf(text(day).toUpperCase()));
  return isBetween(parts.weekday, from, to);
}

/** One value or two; and for two, a day, a month, a year each, or only some of these. */
function dateRange(now: Date, args: unknown[]): boolean {
  const { parts, rest } = zoned(now, args);
  const half = rest.length === 1 ? 1 : rest.length / 2;
  const from = dateOf(rest.slice(0, half));
  const to = rest.length === 1 ? from : dateOf(rest.slice(half));
  const rank = (date: Partial<DateParts>): number =>
    (from.year === undefined ? 0 : (date.year ?? 0) * 10_000) +
    (from.month === undefined ? 0 : (date.month ?? 0) * 100) +
    (from.day === undefined ? 0 : (date.day ?? 0));
  return isBetween(rank(parts), rank(from), rank(to));
}

function dateOf(values: unknown[]): Partial<DateParts> {
  let date: Partial<DateParts> = {};
  for (const value of values) {
    const month = MONTHS.indexOf(text(value).toUpperCase());
    const number = Number(value);
    if (month !== -1) date = { ...date, month };
    else if (number > 31) date = { ...date, year: number };
    else date = { ...date, day: number };
  }
  return date;
}

/**
 * An hour; two hours; two of hours and minutes; two of hours, minutes and seconds. The last hour or minute is in the range as
 * a whole, as in every browser.
 */
function timeRange(now: Date, args: unknown[]): boolean {
  const { parts, rest } = zoned(now, args);
  const numbers = rest.map(Number);
  if (numbers.length === 1) return Math.floor(parts.second / 3600) === numbers[0];
  const half = numbers.length / 2;
  const [fromHour = 0, fromMinute = 0, fromSecond = 0] = numbers.slice(0, half);
  const [toHour = 0, toMinute = 59, toSecond = 59] = numbers.slice(half);
  return isBetween(
    parts.second,
    fromHour * 3600 + fromMinute * 60 + fromSecond,
    toHour * 3600 + toMinute * 60 + toSecond,
  );
}

/** In a range that may go around, as from Friday to Monday. */
function isBetween(value: number, from: number, to: number): boolean {
  return from <= to ? value >= from && value <= to : value >= from || value <= to;
}
