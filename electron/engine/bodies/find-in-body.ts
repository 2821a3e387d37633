import type { BodyFinding, FindInBody } from '../../../shared/body-contract.ts';
import type { ReadableBody } from './readable-body.ts';

/** Bytes searched at once, and before an answer says how to go on. */
const WINDOW = 1024 * 1024;
const STRETCH = 32 * WINDOW;

/** Every byte as what it counts as when case does not matter: A–Z as a–z. */
const FOLDED = Uint8Array.from({ length: 256 }, (_, byte) => (byte >= 65 && byte <= 90 ? byte + 32 : byte));

/**
 * Looks for a text in a body from a byte on, as far as one stretch goes; undefined when the body is not kept (any more).
 *
 * @param rowAt tells which row a byte is in
 */
export async function findInBody(
  body: ReadableBody,
  { text, matchCase, from }: FindInBody,
  rowAt: (offset: number) => Promise<number>,
): Promise<BodyFinding | undefined> {
  const sought = matchCase ? Buffer.from(text) : fold(Buffer.from(text));
  // Windows overlap, so that nothing hides between two of them.
  const step = WINDOW - sought.length + 1;
  for (let at = from; at < from + STRETCH; at += step) {
    await body.reached(at + WINDOW);
    const bytes = await body.read(at, WINDOW);
    if (bytes === undefined) return undefined;
    const place = (matchCase ? asBuffer(bytes) : fold(bytes)).indexOf(sought);
    if (place >= 0) {
      const offset = at + place;
      return { match: { offset, length: sought.length, row: await rowAt(offset) }, next: offset + sought.length };
    }
    const { done, length } = body.facts;
    if (done && at + bytes.length >= length) return {};
  }
  return { next: from + Math.ceil(STRETCH / step) * step };
}

function fold(bytes: Uint8Array): Buffer {
  const folded = Buffer.allocUnsafe(bytes.length);
  for (let i = 0; i < bytes.length; i++) folded[i] = FOLDED[bytes[i] as number] as number;
  return folded;
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
