import { Readable } from 'node:stream';
import { getHeader } from '../../../shared/headers.ts';
import type { HeaderList } from '../../../shared/headers.ts';
import { contentCodings, contentDecoder, unknownCoding } from './content-decoder.ts';

/** A body grows no larger than this when its codings are undone. */
const MAX_DECODED = 32 * 1024 * 1024;

/** A whole body without the content codings of its message; undefined when they cannot be undone, or not to the end. */
export async function withoutCodings(headers: HeaderList, body: Uint8Array): Promise<Uint8Array | undefined> {
  const codings = contentCodings(getHeader(headers, 'content-encoding'));
  if (unknownCoding(codings) !== undefined) return undefined;
  let bytes = body;
  for (const coding of codings.toReversed()) {
    const parts: Uint8Array[] = [];
    let length = 0;
    try {
      for await (const part of Readable.from([bytes]).pipe(contentDecoder(coding, bytes))) {
        parts.push(part as Uint8Array);
        length += (part as Uint8Array).length;
        if (length > MAX_DECODED) return undefined;
      }
    } catch {
      // A body that was cut off, or is not what its fields say: whoever asks has it as it is.
      return undefined;
    }
    bytes = Buffer.concat(parts);
  }
  return bytes;
}
