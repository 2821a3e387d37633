import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { textIfThere } from './text-if-there.ts';

const NAME = 'cleared.json';

/**
 * What the last clear of a session has left, and what was deleted since. Records of what was cleared are on disk until they are deleted, and some for
 * longer, where bodies of other exchanges lie beside them: this file says that they do not count.
 */
export interface ClearedMark {
  /** The newest segment at the time of the clear. */
  readonly lastSegment: number;
  /** Ids of the exchanges in segments up to that one which were kept. */
  readonly kept: readonly number[];
  /** Ids of exchanges that were deleted one by one since. */
  readonly deleted?: readonly number[];
}

/** The mark of a session that is being recorded. */
export class ClearedFile {
  readonly #directory: string;
  readonly #failed: (error: NodeJS.ErrnoException) => void;
  #current: ClearedMark | undefined;

  /** @param failed told when the disk fails; the mark is then the one before. */
  constructor(directory: string, failed: (error: NodeJS.ErrnoException) => void) {
    this.#directory = directory;
    this.#failed = failed;
  }

  /** Of the last clear that was not undone. */
  get current(): ClearedMark | undefined {
    return this.#current;
  }

  /** Notes a clear, or with undefined that there is none (any more). */
  note(mark: ClearedMark | undefined): void {
    try {
      writeCleared(this.#directory, mark);
      this.#current = mark;
    } catch (error) {
      this.#failed(error as NodeJS.ErrnoException);
    }
  }
}

/** Throws when the disk fails. */
function writeCleared(directory: string, mark: ClearedMark | undefined): void {
  const path = join(directory, NAME);
  if (mark === undefined) return rmSync(path, { force: true });
  // At once: whoever clears and quits does not want to see any of it again.
  writeFileSync(`${path}.part`, JSON.stringify(mark), { mode: 0o600 });
  renameSync(`${path}.part`, path);
}

/** Says which exchanges of a session count, by segment and id. */
export async function readCleared(directory: string): Promise<(segment: number, id: number) => boolean> {
  const mark = await textIfThere(join(directory, NAME));
  const {
    lastSegment = 0,
    kept = [],
    deleted = [],
  } = mark === undefined ? {} : (JSON.parse(mark) as Partial<ClearedMark>);
  const [keeps, gone] = [new Set(kept), new Set(deleted)];
  return (segment, id) => (segment > lastSegment || keeps.has(id)) && !gone.has(id);
}
