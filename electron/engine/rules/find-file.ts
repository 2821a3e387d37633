import { realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';

/** What a rule's path and a request's path lead to. */
export type FoundFile =
  | { readonly kind: 'file'; readonly path: string }
  /** A folder that was asked for without a slash at its end: what its page names would be looked for beside it. */
  | { readonly kind: 'folder' }
  | { readonly kind: 'missing'; readonly path: string };

/** What says that there is no such file. */
const MISSING: ReadonlySet<string | undefined> = new Set(['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ELOOP']);

/**
 * The file that answers a request. A rule that names a file always means that one; of a folder it is the one at the
 * request's path, `index.html` for a folder in it. Nothing outside of the folder is found, not by `..`, an encoded slash
 * or a link either. Rejects when something is there and cannot be looked at.
 *
 * @param root absolute
 * @param urlPath path and query, as they stand in the URL
 */
export async function findFile(root: string, urlPath: string): Promise<FoundFile> {
  try {
    const named = await stat(root);
    if (!named.isDirectory()) return named.isFile() ? { kind: 'file', path: root } : { kind: 'missing', path: root };
    const path = urlPath.replace(/\?.*$/s, '');
    const names = segmentsOf(path);
    if (names === undefined) return { kind: 'missing', path: join(root, path) };
    return await findWithin(root, names, path.endsWith('/'));
  } catch (error) {
    if (MISSING.has((error as NodeJS.ErrnoException).code)) return { kind: 'missing', path: root };
    throw error;
  }
}

async function findWithin(root: string, names: readonly string[], slashed: boolean): Promise<FoundFile> {
  const wanted = join(root, ...names);
  const missing: FoundFile = { kind: 'missing', path: wanted };
  try {
    const [inside, path] = await Promise.all([realpath(root), realpath(wanted)]);
    if (path !== inside && !path.startsWith(inside.endsWith(sep) ? inside : inside + sep)) return missing;
    const found = await stat(path);
    if (found.isFile()) return slashed ? missing : { kind: 'file', path };
    if (!found.isDirectory()) return missing;
    if (!slashed && names.length > 0) return { kind: 'folder' };
    return await findWithin(root, [...names, 'index.html'], false);
  } catch (error) {
    if (MISSING.has((error as NodeJS.ErrnoException).code)) return missing;
    throw error;
  }
}

/** The names in a path, decoded; undefined when one of them is none, or would lead elsewhere. */
function segmentsOf(path: string): string[] | undefined {
  try {
    const names = path.split('/').filter((name) => name !== '');
    const decoded = names.map((name) => decodeURIComponent(name));
    // Backslashes and colons mean drives, folders and streams on Windows.
    const bad = sep === '\\' ? /[\0/\\:]|^\.{1,2}$/ : /[\0/]|^\.{1,2}$/;
    return decoded.some((name) => bad.test(name)) ? undefined : decoded;
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}
