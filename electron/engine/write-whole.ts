import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { whyNotWritten } from './write-trouble.ts';

/** A file could not be written. What was in its place is as it was, and nothing half written is left. */
export class NotWritten extends Error {
  /** Why, as the end of a sentence. */
  readonly reason: string;

  constructor(path: string, cause: unknown) {
    const reason = whyNotWritten(cause);
    super(`${path} was not written: ${reason}`, { cause });
    this.name = 'NotWritten';
    this.reason = reason;
  }
}

export interface WholeFileOptions {
  /** Who may read and write it, less what the umask takes; its user alone by default. */
  readonly mode?: number;
  /** Ends the writing: nothing of it is left then. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Writes beside `path` first, and takes its place when all is written and on the disk.
 * @throws {NotWritten} when the disk does not take it; whatever else `write` throws.
 */
export async function writeWhole(
  path: string,
  write: (file: NodeJS.WritableStream) => Promise<void>,
  { mode = 0o600, signal }: WholeFileOptions = {},
): Promise<void> {
  const temporary = `${path}.${process.pid}.part`;
  try {
    await write(createWriteStream(temporary, { mode, flush: true, ...(signal && { signal }) }));
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {
      // A disk that takes nothing does not let go of anything either; why it takes nothing is what counts.
    });
    throw isAbout(temporary, error) ? new NotWritten(path, error) : error;
  }
}

/** Whether an error comes of writing a file, and not of what was read for it. */
function isAbout(temporary: string, error: unknown): boolean {
  const { path, syscall = '' } = error as NodeJS.ErrnoException;
  // What is open already is named by its system call alone.
  return path === temporary || (path === undefined && /^(?:write|fsync|close)/.test(syscall));
}
