import type { FileHandle } from 'node:fs/promises';
import { RECORD_HEADER_BYTES, RECORD_UNIT } from './record-format.ts';

const WINDOW_BYTES = 1024 * 1024;

/**
 * Calls `visit` for each whole record of a file, in order, without reading more of a long record than its head. Ends
 * quietly where a record is not whole: what a killed process was writing last.
 */
export async function walkRecords(
  file: FileHandle,
  visit: (id: number, offset: number, length: number) => void,
): Promise<void> {
  const { size } = await file.stat();
  const window = Buffer.alloc(Math.min(WINDOW_BYTES, size));
  const numbers = new DataView(window.buffer, window.byteOffset, window.byteLength);
  const little = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
  let windowStart = 0;
  let windowEnd = 0;
  for (let offset = 0; offset + RECORD_HEADER_BYTES <= size;) {
    if (offset < windowStart || offset + RECORD_HEADER_BYTES > windowEnd) {
      const { bytesRead } = await file.read(window, 0, window.length, offset);
      windowStart = offset;
      windowEnd = offset + bytesRead;
      if (bytesRead < RECORD_HEADER_BYTES) return;
    }
    const at = offset - windowStart;
    const [id, count, textBytes] = [0, 4, 8].map((field) => numbers.getUint32(at + field, little));
    const bytes = RECORD_HEADER_BYTES + (count as number) * 4 + (textBytes as number);
    const length = Math.ceil(bytes / RECORD_UNIT) * RECORD_UNIT;
    // No exchange has the number 0: these are zeros that a file system left where nothing was written.
    if (id === 0 || offset + length > size) return;
    visit(id as number, offset, length);
    offset += length;
  }
}
