/**
 * Header lists: flat, ordered and case-preserving, from socket to socket.
 *
 * The shape is that of Node's `rawHeaders`: `[name, value, name, value, …]`. Names keep the case they had on the wire;
 * values are latin1 strings, one character per byte. Field names are case-insensitive (RFC 9110 §5.1), so every helper
 * compares that way. Names that a caller asks for are written in lower case.
 */
export type HeaderList = readonly string[];

/** A list with no fields, to be shared rather than allocated. */
export const NO_HEADERS: HeaderList = [];

/**
 * Says whether the field name `name`, as it came from the wire, is `lowerName`.
 * Folds only A–Z, so no locale and no allocation is involved.
 */
export function isHeaderName(name: string, lowerName: string): boolean {
  if (name === lowerName) return true;
  const length = name.length;
  if (length !== lowerName.length) return false;
  for (let i = 0; i < length; i++) {
    const code = name.charCodeAt(i);
    const wanted = lowerName.charCodeAt(i);
    if (code === wanted) continue;
    if (code < 65 || code > 90 || code + 32 !== wanted) return false;
  }
  return true;
}

/** The value of the first field called `lowerName`, or undefined. */
export function getHeader(headers: HeaderList, lowerName: string): string | undefined {
  for (let i = 0; i + 1 < headers.length; i += 2) {
    if (isHeaderName(headers[i] as string, lowerName)) return headers[i + 1];
  }
  return undefined;
}

/** The values of every field called `lowerName`, in order; empty when absent. */
export function getAllHeaders(headers: HeaderList, lowerName: string): string[] {
  const values: string[] = [];
  for (let i = 0; i + 1 < headers.length; i += 2) {
    if (isHeaderName(headers[i] as string, lowerName)) values.push(headers[i + 1] as string);
  }
  return values;
}

/**
 * The combined value of a field: its values in order, joined with a comma and one space (RFC 9110 §5.3);
 * undefined when the field is absent (which is not the same as present and empty).
 */
export function joinedHeader(headers: HeaderList, lowerName: string): string | undefined {
  let joined: string | undefined;
  for (let i = 0; i + 1 < headers.length; i += 2) {
    if (isHeaderName(headers[i] as string, lowerName)) joined = combineValues(joined, headers[i + 1] as string);
  }
  return joined;
}

/** The combined value of a field that has one more; `first` is undefined where that is the only one (RFC 9110 §5.3). */
export function combineValues(first: string | undefined, next: string): string {
  return first === undefined ? next : `${first}, ${next}`;
}

/** Without the spaces and tabs around it (RFC 9110 §5.6.3), and only those: what else `trim` takes off is part of a value. */
export function trimOws(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

/** Takes the blanks around the values of a list off, in place: HTTP/2 lets them through where HTTP/1 never has any. */
export function trimValues(headers: string[]): string[] {
  for (let i = 1; i < headers.length; i += 2) {
    const value = headers[i] as string;
    if (isBlank(value.charCodeAt(0)) || isBlank(value.charCodeAt(value.length - 1))) headers[i] = trimOws(value);
  }
  return headers;
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9;
}

/** Says whether at least one field is called `lowerName`. */
export function hasHeader(headers: HeaderList, lowerName: string): boolean {
  for (let i = 0; i + 1 < headers.length; i += 2) {
    if (isHeaderName(headers[i] as string, lowerName)) return true;
  }
  return false;
}

/** A set of field names that is asked for names as they came from the wire. */
export class FieldNames {
  /** By their length, because most names then need no comparison at all. */
  readonly #byLength: string[][] = [];

  /** @param lowerNames in lower case */
  constructor(lowerNames: Iterable<string>) {
    for (const name of lowerNames) (this.#byLength[name.length] ??= []).push(name);
  }

  has(name: string): boolean {
    const alike = this.#byLength[name.length];
    if (alike === undefined) return false;
    for (const candidate of alike) if (isHeaderName(name, candidate)) return true;
    return false;
  }
}

/** The fields whose names are not among `names`; the same list when nothing has to go. */
export function withoutHeaders(headers: HeaderList, names: FieldNames): HeaderList {
  let kept: string[] | undefined;
  for (let i = 0; i + 1 < headers.length; i += 2) {
    const name = headers[i] as string;
    if (names.has(name)) {
      kept ??= headers.slice(0, i);
    } else if (kept !== undefined) {
      kept.push(name, headers[i + 1] as string);
    }
  }
  return kept ?? headers;
}

/** Walks a list as `[name, value]` pairs. Handy in views; loops on the hot path index the list instead. */
export function* headerPairs(headers: HeaderList): Generator<readonly [name: string, value: string], void, undefined> {
  for (let i = 0; i + 1 < headers.length; i += 2) {
    yield [headers[i] as string, headers[i + 1] as string];
  }
}
