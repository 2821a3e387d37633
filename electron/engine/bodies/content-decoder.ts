import type { Transform } from 'node:stream';
import zlib from 'node:zlib';

/** Bytes that a decoder gives at once: with Node's 16 KiB the way from piece to piece takes longer than the decoding. */
const PIECE = { chunkSize: 256 * 1024 };

/** More codings than this are not undone: nobody applies them, but for trouble. */
const MAX_CODINGS = 4;

/** The content codings of a body, in the order in which they were applied (RFC 9110 §8.4). */
export function contentCodings(contentEncoding: string | undefined): string[] {
  return (contentEncoding ?? '')
    .split(',')
    .map((coding) => coding.trim().toLowerCase())
    .filter((coding) => coding !== '' && coding !== 'identity');
}

/** The first of the codings that cannot be undone here, beginning with the last applied. */
export function unknownCoding(codings: readonly string[]): string | undefined {
  if (codings.length > MAX_CODINGS) return codings.join(', ');
  return codings.findLast((coding) => !isKnown(coding));
}

function isKnown(coding: string): boolean {
  // Node has zstd since 22.15.
  if (coding === 'zstd') return 'createZstdDecompress' in zlib;
  return ['gzip', 'x-gzip', 'deflate', 'br'].includes(coding);
}

/**
 * Undoes one coding.
 * @param head the first bytes that it will get, where known: they tell the two meanings of `deflate` apart
 */
export function contentDecoder(coding: string, head?: Uint8Array): Transform {
  switch (coding) {
    case 'br':
      return zlib.createBrotliDecompress(PIECE);
    case 'zstd':
      return zlib.createZstdDecompress(PIECE);
    case 'deflate':
      // "deflate" means the zlib format (RFC 9110 §8.4.1.2), but some send the bare compressed data.
      return head === undefined || hasZlibHeader(head) ? zlib.createInflate(PIECE) : zlib.createInflateRaw(PIECE);
    default:
      return zlib.createGunzip(PIECE);
  }
}

/** RFC 1950 §2.2: method 8, and the first two bytes are a multiple of 31. */
function hasZlibHeader([first = 0, second = 0]: Uint8Array): boolean {
  return (first & 0x0f) === 8 && ((first << 8) | second) % 31 === 0;
}
