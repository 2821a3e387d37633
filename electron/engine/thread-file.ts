import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The program of a thread: `source` beside the module `from` (its import.meta.url) in the sources; in what ships, where
 * modules are bundled, the file of its name at the bundle's root, while `from` may be in a chunk one folder below.
 */
export function threadFile(from: string, source: string): string {
  const here = dirname(fileURLToPath(from));
  if (from.endsWith('.ts')) return join(here, source);
  const name = `${basename(source, '.ts')}.js`;
  const beside = join(here, name);
  return existsSync(beside) ? beside : join(dirname(here), name);
}
