import type { FileAppender } from './file-appender.ts';
import { RECORD_HEADER_BYTES, RECORD_UNIT } from './record-format.ts';
import type { SymbolTable } from './symbol-table.ts';
import { TrackReader } from './track.ts';
import type { Track } from './track.ts';

/** Matches text that latin1 cannot hold. */
const WIDE = /[^\u0000-\u00ff]/;

/** Appends `track` as the record of exchange `id` (see record-format.ts). Returns its length in bytes. */
export function appendRecord(file: FileAppender, id: number, track: Track): number {
  const { count, numbers, text } = track;
  const wide = WIDE.test(text);
  const textBytes = wide ? text.length * 2 : text.length;
  const textStart = RECORD_HEADER_BYTES + count * 4;
  const length = (textStart + textBytes + RECORD_UNIT - 1) & -RECORD_UNIT;
  const { block, start } = file.reserve(length);
  const out = block.numbers;
  const end = (start + length) / 4;
  // The last numbers may be covered only in part by text.
  out[end - 2] = 0;
  out[end - 1] = 0;
  let at = start / 4;
  out[at++] = id;
  out[at++] = count;
  out[at++] = textBytes;
  out[at++] = wide ? 1 : 0;
  out.set(numbers.subarray(0, count), at);
  block.bytes.write(text, start + textStart, wide ? 'utf16le' : 'latin1');
  return length;
}

/** A reader for the record that fills `bytes`; `undefined` when it was not (completely) written or is not of `id`. */
export function openRecord(bytes: Buffer, id: number, symbols: SymbolTable): TrackReader | undefined {
  if (bytes.length < RECORD_HEADER_BYTES) return undefined;
  const [recordId, count = 0, textBytes = 0, wide] = uint32s(bytes, 0, 4);
  const textStart = RECORD_HEADER_BYTES + count * 4;
  const textEnd = textStart + textBytes;
  if (recordId !== id || textEnd > bytes.length) return undefined;
  const numbers = new Int32Array(uint32s(bytes, RECORD_HEADER_BYTES, count).buffer);
  return new TrackReader(
    numbers,
    count,
    bytes.toString(wide === 1 ? 'utf16le' : 'latin1', textStart, textEnd),
    symbols,
  );
}

/** Numbers in the machine's byte order, from bytes of any alignment. */
function uint32s(bytes: Buffer, offset: number, count: number): Uint32Array {
  const numbers = new Uint32Array(count);
  new Uint8Array(numbers.buffer).set(bytes.subarray(offset, offset + count * 4));
  return numbers;
}
