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
    if (!isHeaderName(headers[i] as string, lowerName)) continue;
    joined = joined === undefined ? headers[i + 1] : `${joined}, ${headers[i + 1] as string}`;
  }
  return joined;
}

/** Says whether at least one field is called `lowerName`. */
export function hasHeader(headers: HeaderList, lowerName: string): boolean {
  for (let i = 0; i + 1 < headers.length; i += 2) {
    if (isHeaderName(headers[i] as string, lowerName)) return true;
  }
  return false;
}

/** The fields whose lower-case names are not in `lowerNames`; the same list when nothing has to go. */
export function withoutHeaders(headers: HeaderList, lowerNames: ReadonlySet<string>): HeaderList {
  let kept: string[] | undefined;
  for (let i = 0; i + 1 < headers.length; i += 2) {
    const name = headers[i] as string;
    if (lowerNames.has(name.toLowerCase())) {
      kept ??= headers.slice(0, i);
    } else if (kept !== undefined) {
      kept.push(name, headers[i + 1] as string);
    }
  }
  return kept ?? headers;
}

/** The list without any field called `lowerName`; the same list when there is none. */
export function withoutHeader(headers: HeaderList, lowerName: string): HeaderList {
  let kept: string[] | undefined;
  for (let i = 0; i + 1 < headers.length; i += 2) {
    const name = headers[i] as string;
    if (isHeaderName(name, lowerName)) {
      kept ??= headers.slice(0, i);
    } else if (kept !== undefined) {
      kept.push(name, headers[i + 1] as string);
    }
  }
  return kept ?? headers;
}

/**
 * The list in which `name` has exactly the one value `value`: the first field of that name is replaced in its place
 * (keeping the case it had), later ones are dropped, and the field is appended when there was none.
 */
export function withHeader(headers: HeaderList, name: string, value: string): HeaderList {
  const lowerName = name.toLowerCase();
  const result: string[] = [];
  let placed = false;
  for (let i = 0; i + 1 < headers.length; i += 2) {
    const current = headers[i] as string;
    if (!isHeaderName(current, lowerName)) {
      result.push(current, headers[i + 1] as string);
    } else if (!placed) {
      result.push(current, value);
      placed = true;
    }
  }
  if (!placed) result.push(name, value);
  return result;
}

/** The list with one more field at its end. */
export function appendHeader(headers: HeaderList, name: string, value: string): HeaderList {
  const result = headers.slice();
  result.push(name, value);
  return result;
}

/** Walks a list as `[name, value]` pairs. Handy in views; loops on the hot path index the list instead. */
export function* headerPairs(headers: HeaderList): Generator<readonly [name: string, value: string], void, undefined> {
  for (let i = 0; i + 1 < headers.length; i += 2) {
    yield [headers[i] as string, headers[i + 1] as string];
  }
}
