import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What a start of the app is asked to open. */
export interface LaunchWishes {
  /** Absolute paths. */
  readonly files: readonly string[];
  /** `hopscope:` links as they came, not looked at yet. */
  readonly links: readonly string[];
}

/**
 * Sorts what is left of a command line when its flags are taken out.
 *
 * @param words may have switches among them that are meant for Chromium.
 * @param cwd what relative paths are relative to.
 * @param appPath what Electron was given to run, which in development is one of the words.
 */
export function launchWishes(words: readonly string[], cwd: string, appPath: string): LaunchWishes {
  const operands = words.filter((word) => word !== '' && !word.startsWith('-'));
  const isLink = (word: string): boolean => /^hopscope:/i.test(word);
  const files = operands.filter((word) => !isLink(word)).map((word) => toPath(word, cwd));
  return { files: files.filter((file) => file !== appPath), links: operands.filter(isLink) };
}

/** Desktops hand files over as paths or as `file:` URLs. */
function toPath(word: string, cwd: string): string {
  const url = /^file:/i.test(word) ? URL.parse(word) : null;
  return url?.hostname === '' ? fileURLToPath(url) : resolve(cwd, word);
}
