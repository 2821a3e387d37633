import type { BodySource } from '../../../shared/body-contract.ts';
import type { InspectorApi } from '../../../shared/contract.ts';
import { hostBytes } from './readable.ts';

const PIECE = 1024 * 1024;

/**
 * Lets the person keep a decoded body as a file. It is handed to the browser piece by piece, which keeps them outside of the
 * page's memory. Resolves with what went wrong, if anything did.
 */
export async function saveBody(
  api: InspectorApi,
  source: BodySource,
  length: number,
  name: string,
): Promise<string | undefined> {
  const bytes = hostBytes(api, source, length);
  const pieces: Blob[] = [];
  for (let at = 0; at < length;) {
    const answer = await bytes.read(at, PIECE);
    if (!answer.ok) return answer.error.message;
    if (answer.value.length === 0) break;
    pieces.push(new Blob([new Uint8Array(answer.value)]));
    at += answer.value.length;
  }
  // Not under its own type: a browser might show it instead of keeping it.
  const url = URL.createObjectURL(new Blob(pieces, { type: 'application/octet-stream' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
  return undefined;
}

/** A name for the file, from the URL; characters that file systems mind are replaced. */
export function bodyFileName(url: string, type: string): string {
  const path = URL.parse(url)?.pathname ?? '';
  const last = path.slice(path.lastIndexOf('/') + 1).replaceAll(/[\0-\x1f\x7f<>:"|?*\\%]/g, '_');
  const name = last === '' ? 'body' : last.slice(-100);
  if (name.includes('.')) return name;
  const extension = EXTENSIONS[type];
  return extension === undefined ? name : `${name}.${extension}`;
}

const EXTENSIONS: Readonly<Record<string, string>> = {
  'application/json': 'json',
  'text/html': 'html',
  'text/css': 'css',
  'text/javascript': 'js',
  'application/javascript': 'js',
  'text/plain': 'txt',
  'application/xml': 'xml',
  'text/xml': 'xml',
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/svg+xml': 'svg',
};
