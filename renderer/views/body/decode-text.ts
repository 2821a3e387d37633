/** Bytes as text, and what the reader should know of how they became it. */
export interface DecodedText {
  readonly text: string;
  readonly charset: string;
  readonly note?: string;
}

/**
 * Bytes as text in `charset` (empty when none is given). A byte order mark wins, as it does in browsers; an unknown charset
 * counts as UTF-8; bytes that are no UTF-8 although nothing says what they are become Windows-1252, as browsers have it.
 */
export function decodeText(bytes: Uint8Array<ArrayBuffer>, charset: string): DecodedText {
  const wanted = byteOrderMark(bytes) ?? charset;
  const decoder = openDecoder(wanted === '' ? 'utf-8' : wanted);
  if (decoder === undefined) {
    const text = new TextDecoder().decode(bytes);
    return { text, charset: 'utf-8', note: `The charset “${charset}” is not known; shown as UTF-8.` };
  }
  try {
    return { text: decoder.decode(bytes), charset: decoder.encoding };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
  const given = charset === '' ? undefined : decoder.encoding;
  if (given === undefined) {
    const text = new TextDecoder('windows-1252').decode(bytes);
    return {
      text,
      charset: 'windows-1252',
      note: 'These bytes are not UTF-8, and no charset is given; shown as Windows-1252.',
    };
  }
  const text = new TextDecoder(given).decode(bytes);
  return {
    text,
    charset: given,
    note: `Some bytes are not valid ${given}, which is the charset given; each is shown as �.`,
  };
}

function openDecoder(charset: string): TextDecoder | undefined {
  try {
    return new TextDecoder(charset, { fatal: true });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Encoding Standard, "BOM sniff". */
function byteOrderMark([first, second, third]: Uint8Array): string | undefined {
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return undefined;
}
