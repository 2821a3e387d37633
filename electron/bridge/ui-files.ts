import { readFile } from 'node:fs/promises';
import { join, relative, isAbsolute, resolve } from 'node:path';
import { mediaTypeOf } from '../engine/http/media-types.ts';

/** What a page of the UI may do: load its own files, talk to its own host, show captured images it holds itself. */
export function contentSecurityPolicy(connect: readonly string[]): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' blob: data:",
    "font-src 'self'",
    `connect-src ${["'self'", ...connect].join(' ')}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    // Text becomes neither markup nor script; the page's one policy names its own files.
    "require-trusted-types-for 'script'",
    'trusted-types default',
  ].join('; ');
}

export interface UiResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array<ArrayBuffer>;
}

/** Serves the built UI's files to the `app://` protocol and to the web host alike. */
export class UiFiles {
  readonly #root: string;

  /** @param root the folder the UI was built into. */
  constructor(root: string) {
    this.#root = resolve(root);
  }

  /**
   * The answer to a GET of `pathname`, which is as it stands in the URL, still percent-encoded.
   * @param connect origins, besides its own, that the page may connect to.
   */
  async respond(pathname: string, connect: readonly string[] = []): Promise<UiResponse> {
    const path = this.#resolve(pathname);
    if (path === undefined) return sentence(404, 'There is no such file.', connect);
    try {
      const body = await readFile(path);
      return { status: 200, headers: headersFor(mediaTypeOf(path), pathname, connect), body };
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'ENOENT' && code !== 'EISDIR' && code !== 'ENOTDIR') {
        return sentence(500, `The file cannot be read (${code ?? String(error)}).`, connect);
      }
      if (pathname === '/') {
        return sentence(503, 'The user interface is not built: run "npm run build" and start again.', connect);
      }
      return sentence(404, 'There is no such file.', connect);
    }
  }

  /** The file that `pathname` names; `undefined` for one outside the root or a name that no build produces. */
  #resolve(pathname: string): string | undefined {
    let decoded: string;
    try {
      decoded = decodeURIComponent(pathname);
    } catch (error) {
      if (error instanceof URIError) return undefined;
      throw error;
    }
    // A null byte or a backslash is never part of a built file's name, and means different things to different systems.
    if (/[\0\\]/.test(decoded)) return undefined;
    const path = join(this.#root, decoded === '/' ? 'index.html' : decoded);
    const inside = relative(this.#root, path);
    return inside === '' || inside.startsWith('..') || isAbsolute(inside) ? undefined : path;
  }
}

function headersFor(type: string, pathname: string, connect: readonly string[]): Record<string, string> {
  return {
    'Content-Type': type,
    // Built assets carry a hash in their names; everything else may be another file after an update.
    'Cache-Control': pathname.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
    'Content-Security-Policy': contentSecurityPolicy(connect),
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
  };
}

function sentence(status: number, text: string, connect: readonly string[]): UiResponse {
  const headers = headersFor('text/plain; charset=utf-8', '', connect);
  return { status, headers, body: new Uint8Array(new TextEncoder().encode(`${text}\n`)) };
}
