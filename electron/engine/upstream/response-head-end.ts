const CR = 13;
const LF = 10;
const HEAD_END = Buffer.from('\r\n\r\n');
const BARE_HEAD_END = Buffer.from('\n\n');
const BEGINNING = 'HTTP/';

/** Bytes that a head may have: larger ones than others take exist in the wild and are worth seeing. */
export const MAX_HEAD = 2 * 1024 * 1024;

/** Where the head at the start of some bytes ends, with its empty line, and its text (latin1, lines end with CRLF). */
export interface FoundHead {
  readonly text: string;
  readonly end: number;
}

/**
 * Looks for the end of a response's head; undefined when it has not come yet. Empty lines before the status line are
 * passed over, and lines may end with a lone LF (RFC 9112 §2.2): both exist in the wild.
 *
 * @param seen how many of the bytes have been looked at before.
 */
export function headEnd(bytes: Buffer, seen: number): FoundHead | 'not HTTP' | undefined {
  let start = 0;
  while (bytes[start] === CR || bytes[start] === LF) start++;
  const begun = bytes.toString('latin1', start, start + BEGINNING.length);
  if (!BEGINNING.startsWith(begun)) return 'not HTTP';
  const from = Math.max(start, seen - HEAD_END.length);
  const end = bytes.indexOf(HEAD_END, from);
  const head = end === -1 ? bytes : bytes.subarray(0, end);
  const bare = head.indexOf(BARE_HEAD_END, from);
  if (bare !== -1) {
    const text = bytes.toString('latin1', start, bare).replace(/\r?\n/g, '\r\n');
    return { text, end: bare + BARE_HEAD_END.length };
  }
  if (end === -1) return undefined;
  const text = bytes.toString('latin1', start, end);
  return { text, end: end + HEAD_END.length };
}
