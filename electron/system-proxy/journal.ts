import { open, readFile, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import type { ProxyState } from './proxy-system.ts';

const state = v.record(v.string(), v.record(v.string(), v.nullable(v.string())));
const schema = v.object({
  version: v.literal(1),
  system: v.picklist(['gnome', 'kde', 'macos', 'windows']),
  /** Address of our script. */
  url: v.string(),
  /** What the system held before us. */
  before: state,
  /** What we are about to make it, or have made it. */
  ours: state,
});

/** One that a later version wrote. */
const newer = v.object({ version: v.pipe(v.number(), v.minValue(2)) });

/** What has to be known to undo a change of the system's proxy, written before the first command runs. */
export interface Journal {
  readonly version: 1;
  readonly system: 'gnome' | 'kde' | 'macos' | 'windows';
  readonly url: string;
  readonly before: ProxyState;
  readonly ours: ProxyState;
}

/** Where the journal lies in `directory`. */
export function journalFile(directory: string): string {
  return join(directory, 'journal.json');
}

/** The journal in `directory`; undefined when there is nothing to undo. @throws {Error} for one that cannot be read. */
export async function readJournal(directory: string): Promise<Journal | undefined> {
  const file = journalFile(directory);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new Error(`${file} cannot be read (${String(code)}); set the proxy by hand and delete it`, { cause: error });
  }
  const json = parsed(text);
  if (v.is(newer, json)) {
    throw new Error(
      `a newer Hopscope has set it (${file}); start that one, or set the proxy by hand and delete this file`,
    );
  }
  const journal = v.safeParse(schema, json);
  if (journal.success) return journal.output;
  throw new Error(`${file} does not hold what Hopscope wrote; set the proxy by hand and delete it`);
}

/** Undefined for what is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Writes the journal; when this resolves it is on the disk, whole, whatever happens then. */
export async function writeJournal(directory: string, journal: Journal): Promise<void> {
  const file = journalFile(directory);
  const temporary = `${file}.tmp`;
  const handle = await open(temporary, 'w', 0o600);
  try {
    await handle.writeFile(`${JSON.stringify(journal, undefined, 2)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, file);
  await syncDirectory(directory);
}

/** Removes the journal: there is nothing to undo any more. */
export async function removeJournal(directory: string): Promise<void> {
  await unlink(journalFile(directory));
  await syncDirectory(directory);
}

/** A rename is on the disk when its directory is; Windows has no such thing. */
async function syncDirectory(directory: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
