/** A body without its content codings. */
export interface DecodedBody {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** What the reader should know: a coding that cannot be undone here, an early end, the size limit. */
  readonly note?: string;
  /** Content codings remain: the bytes are not readable as their media type. */
  readonly coded: boolean;
}

/** Decoded bytes beyond this are not made: a few kilobytes can claim to be gigabytes. */
const DECODED_LIMIT = 16 * 1024 * 1024;

const FORMATS: Readonly<Record<string, string>> = {
  gzip: 'gzip',
  'x-gzip': 'gzip',
  deflate: 'deflate',
  br: 'brotli',
  zstd: 'zstd',
};

/**
 * Undoes the content codings of a captured body, the last applied first (RFC 9110 §8.4).
 * @param complete whether `bytes` are the whole body; if not, an early end is expected
 */
export async function decodeBody(
  bytes: Uint8Array<ArrayBuffer>,
  contentEncoding: string | undefined,
  complete: boolean,
): Promise<DecodedBody> {
  const codings = (contentEncoding ?? '')
    .split(',')
    .map((coding) => coding.trim().toLowerCase())
    .filter((coding) => coding !== '' && coding !== 'identity');
  let decoded: DecodedBody = { bytes, coded: false };
  for (const coding of codings.reverse()) {
    decoded = await undo(decoded.bytes, coding, complete);
    if (decoded.coded || decoded.note !== undefined) break;
  }
  return decoded;
}

async function undo(bytes: Uint8Array<ArrayBuffer>, coding: string, complete: boolean): Promise<DecodedBody> {
  const stream = openDecoder(coding);
  if (stream === undefined) {
    return {
      bytes,
      coded: true,
      note: `The body is coded as “${coding}”, which cannot be decoded here; these are its coded bytes.`,
    };
  }
  const writer = stream.writable.getWriter();
  // The reading side sees the same failures; this one only must not go unhandled.
  const written = writer.write(bytes).then(() => writer.close());
  const chunks: Uint8Array[] = [];
  let length = 0;
  let note: string | undefined;
  const reader = (stream.readable as ReadableStream<Uint8Array>).getReader();
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      chunks.push(part.value);
      length += part.value.length;
      if (length <= DECODED_LIMIT) continue;
      note = 'Only the first 16 MiB of the decoded body are shown.';
      await reader.cancel();
      break;
    }
    if (note === undefined) await written;
  } catch (error) {
    if (complete) note = `The ${coding} data is damaged: ${error instanceof Error ? error.message : String(error)}`;
  }
  // What went wrong with writing shows in reading; a second report of it has nobody to tell.
  void Promise.allSettled([written]);
  if (length === 0 && note !== undefined) return { bytes, coded: true, note };
  return { bytes: concat(chunks, length), coded: false, ...(note === undefined ? {} : { note }) };
}

/** The browser's decoder, or `undefined` where it has none for this coding. */
function openDecoder(coding: string): GenericTransformStream | undefined {
  const format = FORMATS[coding];
  if (format === undefined) return undefined;
  try {
    return new DecompressionStream(format as CompressionFormat);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

function concat(chunks: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

/** Bytes as text in `charset`; what it cannot carry becomes U+FFFD, and an unknown charset counts as UTF-8. */
export function decodeText(
  bytes: Uint8Array<ArrayBuffer>,
  charset: string,
): { readonly text: string; readonly note?: string } {
  try {
    return { text: new TextDecoder(charset === '' ? 'utf-8' : charset).decode(bytes) };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { text: new TextDecoder().decode(bytes), note: `The charset “${charset}” is not known; shown as UTF-8.` };
  }
}

/** Whether bytes of an unknown type look like text: no control characters but white space in the first few kilobytes. */
export function looksLikeText(bytes: Uint8Array): boolean {
  const head = bytes.subarray(0, 4096);
  return !head.some((byte) => byte < 9 || (byte > 13 && byte < 27) || (byte > 27 && byte < 32) || byte === 127);
}
