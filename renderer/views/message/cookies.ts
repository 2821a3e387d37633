import { getAllHeaders } from '../../../shared/headers.ts';
import type { HeaderList } from '../../../shared/headers.ts';
import { percentDecoded } from '../body/form-parts.ts';

/** A name with its value, and more to say of it. */
export interface NamedValue {
  readonly name: string;
  readonly value: string;
  /** As in `Path=/, HttpOnly`. */
  readonly more?: string;
}

/** The cookies of a request (RFC 6265 §4.2.1). */
export function requestCookies(headers: HeaderList): NamedValue[] {
  return getAllHeaders(headers, 'cookie')
    .flatMap((field) => field.split(';'))
    .map((pair) => splitPair(pair))
    .filter(({ name, value }) => name !== '' || value !== '');
}

/** The cookies that a response sets, with their attributes (RFC 6265 §4.1.1). */
export function responseCookies(headers: HeaderList): NamedValue[] {
  return getAllHeaders(headers, 'set-cookie').map((field) => {
    const [pair = '', ...attributes] = field.split(';');
    return { ...splitPair(pair), more: attributes.map((attribute) => attribute.trim()).join(', ') };
  });
}

/** The parameters of a query, decoded as forms are. */
export function queryParameters(target: string): NamedValue[] {
  const start = target.indexOf('?');
  if (start < 0) return [];
  const query = target.slice(start + 1).replace(/#.*$/s, '');
  return query
    .split('&', 2_000)
    .filter((pair) => pair !== '')
    .map((pair) => {
      const { name, value } = splitPair(pair);
      return { name: percentDecoded(name), value: percentDecoded(value) };
    });
}

function splitPair(pair: string): NamedValue {
  const equals = pair.indexOf('=');
  if (equals < 0) return { name: pair.trim(), value: '' };
  return { name: pair.slice(0, equals).trim(), value: pair.slice(equals + 1).trim() };
}
