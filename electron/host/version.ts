import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The version in package.json, which lies above the sources as well as above the bundle. */
export function version(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const found = read(join(folder, 'package.json'));
    if (found !== undefined) return found;
    if (dirname(folder) === folder) throw new Error('package.json is missing from this installation');
  }
}

function read(path: string): string | undefined {
  try {
    const { name, version: number } = JSON.parse(readFileSync(path, 'utf8')) as { name?: string; version?: string };
    return name === 'hopscope' ? number : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
