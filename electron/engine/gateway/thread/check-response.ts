import type { HeaderList } from '../../../../shared/headers.ts';
import { getHeader, trimOws } from '../../../../shared/headers.ts';
import type { ApplicationHeaders } from './application-interface.ts';

// PEP 3333: an application is not the one who manages connections.
const HOP_BY_HOP = new Set([
  ...['connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization'],
  ...['te', 'trailer', 'trailers', 'transfer-encoding', 'upgrade'],
]);
const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
// Fields are bytes on the wire: latin1 without control characters, but for tabs (RFC 9110 §5.5), which origins may send.
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
const STATUS = /^[2-9][0-9][0-9] [\x20-\x7e\x80-\xff]*$/;

/** Refuses a status line that cannot be sent. The values come from code that nobody has type-checked. */
export function checkStatus(status: unknown): asserts status is string {
  if (typeof status === 'string' && STATUS.test(status)) return;
  throw new TypeError(
    `The status must be a string of three digits from 200 on, a space and a phrase, not ${show(status)}.`,
  );
}

/** The fields as a flat list, without blanks around their values; refuses those that cannot be sent. */
export function checkHeaders(headers: ApplicationHeaders): HeaderList {
  if (!Array.isArray(headers)) throw new TypeError(`The headers must be an array, not ${show(headers)}.`);
  const list: string[] = [];
  for (const item of headers as readonly unknown[]) {
    if (!Array.isArray(item) || item.length !== 2) {
      throw new TypeError(`Every header must be an array of name and value, not ${show(item)}.`);
    }
    const [name, value] = item as [unknown, unknown];
    if (typeof name !== 'string' || !NAME.test(name)) throw new TypeError(`${show(name)} is not the name of a header.`);
    if (typeof value !== 'string' || !VALUE.test(value)) {
      throw new TypeError(
        `The value of ${name} must be a string of latin1 without control characters: ${show(value)}.`,
      );
    }
    if (HOP_BY_HOP.has(name.toLowerCase())) {
      throw new TypeError(`${name} is for one hop: an application must not send it.`);
    }
    const trimmed = trimOws(value);
    if (name.toLowerCase() === 'content-length' && isRepeatedLength(list, trimmed)) continue;
    list.push(name, trimmed);
  }
  return list;
}

/** Whether the fields say that length already. RFC 9110 §8.6: a message has one length, which is a number. */
function isRepeatedLength(list: HeaderList, length: string): boolean {
  if (!/^\d+$/.test(length)) throw new TypeError(`The Content-Length is not a number: ${show(length)}.`);
  const before = getHeader(list, 'content-length');
  if (before !== undefined && before !== length) {
    throw new TypeError(`The Content-Length is given twice, as ${before} and as ${length}.`);
  }
  return before !== undefined;
}

function show(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : typeof value;
}
