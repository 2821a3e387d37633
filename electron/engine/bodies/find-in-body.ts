import type { BodyFinding, FindInBody } from '../../../shared/body-contract.ts';
import { unitSize } from '../../../shared/text-units.ts';
import type { TextUnits } from '../../../shared/text-units.ts';
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
  units: TextUnits,
  { text, matchCase, from }: FindInBody,
  rowAt: (offset: number) => Promise<number>,
): Promise<BodyFinding | undefined> {
  const plain = encode(text, units);
  const sought = matchCase ? plain : fold(plain, units);
  const size = unitSize(units);
  // Windows overlap, so that nothing hides between two of them, and begin with a unit.
  const step = WINDOW - Math.ceil(sought.length / size) * size + size;
  for (let at = from; at < from + STRETCH; at += step) {
    await body.reached(at + WINDOW);
    const bytes = await body.read(at, WINDOW);
    if (bytes === undefined) return undefined;
    const place = placeOf(matchCase ? asBuffer(bytes) : fold(bytes, units), sought, size);
    if (place >= 0) {
      const offset = at + place;
      return { match: { offset, length: sought.length, row: await rowAt(offset) }, next: offset + sought.length };
    }
    const { done, length } = body.facts;
    if (done && at + bytes.length >= length) return {};
  }
  return { next: from + Math.ceil(STRETCH / step) * step };
}

/** Where a text begins among whole units; −1 when it is not there. */
function placeOf(bytes: Buffer, sought: Buffer, size: number): number {
  let place = bytes.indexOf(sought);
  while (place >= 0 && place % size !== 0) place = bytes.indexOf(sought, place + 1);
  return place;
}

function encode(text: string, units: TextUnits): Buffer {
  const size = unitSize(units);
  if (size === 1) return Buffer.from(text);
  if (size === 2) return units === 'utf-16le' ? Buffer.from(text, 'utf16le') : Buffer.from(text, 'utf16le').swap16();
  const points = Array.from(text, (character) => character.codePointAt(0) ?? 0);
  const bytes = Buffer.alloc(points.length * size);
  points.forEach((point, place) => {
    if (units === 'utf-32le') bytes.writeUInt32LE(point, place * size);
    else bytes.writeUInt32BE(point, place * size);
  });
  return bytes;
}

function fold(bytes: Uint8Array, units: TextUnits): Buffer {
  const size = unitSize(units);
  const folded = Buffer.allocUnsafe(bytes.length);
  if (size === 1) {
    for (let i = 0; i < bytes.length; i++) folded[i] = FOLDED[bytes[i] as number] as number;
    return folded;
  }
  folded.set(bytes);
  // Only where all other bytes of the unit are zero is the last one a letter of ASCII.
  const last = units.endsWith('le') ? 0 : size - 1;
  for (let i = 0; i + size <= bytes.length; i += size) {
    let others = 0;
    for (let k = 0; k < size; k++) if (k !== last) others |= bytes[i + k] as number;
    if (others === 0) folded[i + last] = FOLDED[bytes[i + last] as number] as number;
  }
  return folded;
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
