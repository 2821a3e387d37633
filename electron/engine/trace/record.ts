import type { FileAppender } from './file-appender.ts';
import { RECORD_HEADER_NUMBERS } from './record-format.ts';
import type { SymbolTable } from './symbol-table.ts';
import { TrackReader } from './track.ts';
import type { Track } from './track.ts';

/** Matches text that latin1 cannot hold. */
const WIDE = /[^\u0000-\u00ff]/;

/** Appends `track` as the record of exchange `id` (see record-format.ts). Returns its length in bytes. */
export function appendRecord(file: FileAppender, id: number, track: Track): number {
  const text = track.texts.join('');
  const wide = WIDE.test(text);
  const textBytes = wide ? text.length * 2 : text.length;
  const { count, numbers } = track;
  const textStart = (RECORD_HEADER_NUMBERS + count) * 8;
  const length = textStart + ((textBytes + 7) & ~7);
  const { block, start } = file.reserve(length);
  const out = block.numbers;
  let at = start / 8;
  out[(start + length) / 8 - 1] = 0;
  out[at++] = id;
  out[at++] = count;
  out[at++] = textBytes;
  out[at++] = wide ? 1 : 0;
  for (let i = 0; i < count; i++) out[at++] = numbers[i] as number;
  if (wide) block.bytes.write(text, start + textStart, 'utf16le');
  else block.bytes.write(text, start + textStart, 'latin1');
  return length;
}

/** A reader for the record that fills `bytes`; `undefined` when it was not (completely) written or is not of `id`. */
export function openRecord(bytes: Buffer, id: number, symbols: SymbolTable): TrackReader | undefined {
  const headerBytes = RECORD_HEADER_NUMBERS * 8;
  if (bytes.length < headerBytes) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const count = view.getFloat64(8, LITTLE_ENDIAN);
  const textBytes = view.getFloat64(16, LITTLE_ENDIAN);
  const textStart = headerBytes + count * 8;
  if (view.getFloat64(0, LITTLE_ENDIAN) !== id || textStart + textBytes > bytes.length) return undefined;
  const numbers = new Float64Array(count);
  for (let i = 0; i < count; i++) numbers[i] = view.getFloat64(headerBytes + i * 8, LITTLE_ENDIAN);
  const encoding = view.getFloat64(24, LITTLE_ENDIAN) === 1 ? 'utf16le' : 'latin1';
  return new TrackReader(numbers, count, bytes.toString(encoding, textStart, textStart + textBytes), symbols);
}

const LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
