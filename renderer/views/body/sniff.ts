/** Signatures by which files tell what they are, at an offset. */
const SIGNATURES: readonly (readonly [type: string, offset: number, bytes: readonly number[]])[] = [
  ['image/png', 0, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ['image/jpeg', 0, [0xff, 0xd8, 0xff]],
  ['image/gif', 0, ascii('GIF8')],
  ['image/webp', 8, ascii('WEBP')],
  ['image/avif', 4, ascii('ftypavif')],
  ['image/avif', 4, ascii('ftypavis')],
  ['image/bmp', 0, ascii('BM')],
  ['image/x-icon', 0, [0, 0, 1, 0]],
  ['application/gzip', 0, [0x1f, 0x8b]],
  ['application/zstd', 0, [0x28, 0xb5, 0x2f, 0xfd]],
  ['application/zip', 0, ascii('PK\u0003\u0004')],
  ['application/pdf', 0, ascii('%PDF-')],
  ['application/wasm', 0, ascii('\0asm')],
  ['font/woff2', 0, ascii('wOF2')],
  ['font/woff', 0, ascii('wOFF')],
  ['video/mp4', 4, ascii('ftyp')],
];

/** The type that the bytes themselves show; undefined when they show none. */
export function sniffType(bytes: Uint8Array): string | undefined {
  const found = SIGNATURES.find(([, offset, signature]) =>
    signature.every((byte, place) => bytes[offset + place] === byte),
  );
  if (found !== undefined) return found[0];
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 512)).trimStart().toLowerCase();
  if (/^(?:<!doctype html|<html|<head|<body|<script)/.test(head)) return 'text/html';
  if (/^(?:<svg[\s>]|<\?xml[^>]*>\s*(?:<!--.*?-->\s*)*<svg[\s>])/s.test(head)) return 'image/svg+xml';
  if (head.startsWith('<?xml')) return 'application/xml';
  if (head.startsWith('-----begin ')) return 'application/x-pem-file';
  return undefined;
}

/** Whether bytes of an unknown type look like text: no control characters but white space in the first few kilobytes. */
export function looksLikeText(bytes: Uint8Array): boolean {
  const head = bytes.subarray(0, 4096);
  return !head.some((byte) => byte < 9 || (byte > 13 && byte < 27) || (byte > 27 && byte < 32) || byte === 127);
}

function ascii(text: string): number[] {
  return Array.from(text, (character) => character.charCodeAt(0));
}
