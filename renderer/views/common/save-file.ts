import type { Answer } from '../../../shared/contract.ts';

/** Bytes that are read by range, wherever they are. */
export interface ReadableBytes {
  readonly length: number;
  read(offset: number, length: number): Promise<Answer<Uint8Array>>;
}

const PIECE = 1024 * 1024;

/** Lets the person keep `text` as a file of that name. */
export function saveFile(name: string, type: string, text: string): void {
  keep(new Blob([text], { type }), name);
}

/**
 * Lets the person keep bytes as a file. They are handed to the browser piece by piece, which keeps them outside of the page's
 * memory. Resolves with what went wrong, if anything did.
 */
export async function saveBytes(bytes: ReadableBytes, name: string): Promise<string | undefined> {
  const pieces: Blob[] = [];
  for (let at = 0; at < bytes.length;) {
    const answer = await bytes.read(at, Math.min(PIECE, bytes.length - at));
    if (!answer.ok) return answer.error.message;
    if (answer.value.length === 0) break;
    pieces.push(new Blob([new Uint8Array(answer.value)]));
    at += answer.value.length;
  }
  // Not under its own type: a browser might show it instead of keeping it.
  keep(new Blob(pieces, { type: 'application/octet-stream' }), name);
  return undefined;
}

function keep(content: Blob, name: string): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // A browser that asks where to begins to read only then.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
