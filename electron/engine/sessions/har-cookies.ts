import { headerPairs, isHeaderName } from '../../../shared/headers.ts';
import type { HeaderList } from '../../../shared/headers.ts';
import { MASKED } from '../../../shared/masked-fields.ts';

/** A cookie as HAR 1.2 lists it. */
interface HarCookie {
  readonly name: string;
  readonly value: string;
  readonly path?: string;
  readonly domain?: string;
  /** ISO 8601. */
  readonly expires?: string;
  readonly httpOnly?: boolean;
  readonly secure?: boolean;
}

/** The cookies that a request sends (RFC 6265 §4.2.1). */
export function sentCookies(headers: HeaderList): readonly HarCookie[] {
  return valuesOf(headers, 'cookie').flatMap((value) => value.split(';').filter(isFilled).map(pairOf));
}

/** The cookies that a response sets (RFC 6265 §5.2). @param at when it did so, as wall time in milliseconds */
export function setCookies(headers: HeaderList, at: number): readonly HarCookie[] {
  return valuesOf(headers, 'set-cookie').map((value) => {
    const [pair = '', ...attributes] = value.split(';');
    const given = new Map(attributes.map(pairOf).map((one) => [one.name.toLowerCase(), one.value]));
    const [path, domain, expires] = [given.get('path'), given.get('domain'), expiry(given, at)];
    return {
      ...pairOf(pair),
      ...(path === undefined ? {} : { path }),
      ...(domain === undefined ? {} : { domain }),
      ...(expires === undefined ? {} : { expires }),
      ...{ httpOnly: given.has('httponly'), secure: given.has('secure') },
    };
  });
}

/** Max-Age wins over Expires (RFC 6265 §5.3). */
function expiry(given: ReadonlyMap<string, string>, at: number): string | undefined {
  const seconds = given.get('max-age') ?? '';
  const time = new Date(/^-?\d+$/.test(seconds) ? at + Number(seconds) * 1000 : Date.parse(given.get('expires') ?? ''));
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}

function pairOf(text: string): { readonly name: string; readonly value: string } {
  const at = text.indexOf('=');
  return at < 0
    ? { name: text.trim(), value: '' }
    : { name: text.slice(0, at).trim(), value: text.slice(at + 1).trim() };
}

/** Those that are known: a session may have come from an export without them. */
function valuesOf(headers: HeaderList, name: string): string[] {
  return Array.from(headerPairs(headers)).flatMap(([field, value]) =>
    isHeaderName(field, name) && value !== MASKED ? [value] : [],
  );
}

function isFilled(text: string): boolean {
  return text.trim() !== '';
}
