/** What a text is made of: bytes (ASCII and all that contains it), or wider units in one of two orders. */
export type TextUnits = 'bytes' | 'utf-16le' | 'utf-16be' | 'utf-32le' | 'utf-32be';

const NEWLINE = 10;

const SIZES: Readonly<Record<TextUnits, 1 | 2 | 4>> = {
  ...{ bytes: 1, 'utf-16le': 2, 'utf-16be': 2, 'utf-32le': 4, 'utf-32be': 4 },
};

/** Bytes of a unit. */
export function unitSize(units: TextUnits): 1 | 2 | 4 {
  return SIZES[units];
}

/** The charset that a Content-Type names, in lower case; empty when it names none (RFC 9110 §8.3.2). */
export function charsetOf(contentType: string): string {
  return /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(contentType)?.[1]?.toLowerCase() ?? '';
}

/**
 * The units of a text that is labelled with a charset and begins with these bytes. A byte order mark wins over the label, as in
 * browsers; UTF-16 without either order is little-endian there, too (Encoding Standard).
 *
 * @param charset in lower case; empty when none is given
 */
export function textUnits(charset: string, head: Uint8Array): TextUnits {
  const [first, second, third, fourth] = head;
  if (first === 0xff && second === 0xfe) return third === 0 && fourth === 0 ? 'utf-32le' : 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  if (first === 0 && second === 0 && third === 0xfe && fourth === 0xff) return 'utf-32be';
  const label = charset.replace(/^utf(?=\d)/, 'utf-');
  if (label === 'utf-16' || label === 'ucs-2') return 'utf-16le';
  if (label === 'utf-32' || label === 'ucs-4') return 'utf-32le';
  return label !== 'bytes' && Object.hasOwn(SIZES, label) ? (label as TextUnits) : 'bytes';
}

/** Where the first line break at or behind `from` ends; −1 when there is none. Units begin with the first byte. */
export function lineEnd(bytes: Uint8Array, from: number, units: TextUnits): number {
  const size = SIZES[units];
  if (size === 1) return bytes.indexOf(NEWLINE, from) + 1 || -1;
  for (let at = bytes.indexOf(NEWLINE, from); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) {
    const end = at - (at % size) + size;
    if (end <= bytes.length && endsLine(bytes, end, units)) return end;
  }
  return -1;
}

/** Whether the unit before `end` is a line break. */
export function endsLine(bytes: Uint8Array, end: number, units: TextUnits): boolean {
  const size = SIZES[units];
  if (end < size) return false;
  const place = units.endsWith('le') ? end - size : end - 1;
  for (let at = end - size; at < end; at++) if (bytes[at] !== (at === place ? NEWLINE : 0)) return false;
  return true;
}

/** Where a row that is to end at `end` ends instead, so that no character is cut. */
export function wholeCharacters(bytes: Uint8Array, end: number, units: TextUnits): number {
  if (end >= bytes.length) return end;
  if (units === 'bytes') {
    // 10xxxxxx continues a character (RFC 3629 §3), which has at most three such bytes.
    let whole = end;
    for (let back = 0; back < 3 && ((bytes[whole] ?? 0) & 0xc0) === 0x80; back++) whole--;
    return whole;
  }
  // DC00–DFFF is the second half of a character of two units (RFC 2781 §2.1).
  const high = units === 'utf-16le' ? bytes[end + 1] : units === 'utf-16be' ? bytes[end] : 0;
  return ((high ?? 0) & 0xfc) === 0xdc ? end - 2 : end;
}
