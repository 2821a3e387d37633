import { randomUUID } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { MAX_UPLOAD } from '../../../shared/session-contract.ts';
import type { KeptFile, UploadOrder, UploadPiece } from '../../../shared/session-contract.ts';
import { SessionError } from '../trace/session-error.ts';
import type { SessionEnding, SessionFolder } from './session-folder.ts';
import { sessionEnding } from './session-folder.ts';
import { safeFileName } from './session-name.ts';

/** What an unfinished file is called: no session's ending, so that none is listed. */
const ENDING = '.upload';
/** Nobody writes to a file as old as this any more: its host ended before it was whole. */
const STALE_MS = 24 * 60 * 60 * 1000;
/** Each holds a file open. */
const MOST_AT_ONCE = 8;

interface Upload {
  readonly owner: object;
  /** Without its ending. */
  readonly name: string;
  readonly ending: SessionEnding;
  readonly bytes: number;
  /** Where it is written until it is whole. */
  readonly path: string;
  readonly file: Promise<FileHandle>;
  received: number;
}

/**
 * Files of sessions that clients hand over piece by piece. A file has its name in the folder when it is whole, and nothing is
 * left of it when it is given up, fails or its client leaves.
 */
export class Uploads {
  readonly #folder: SessionFolder;
  readonly #running = new Map<string, Upload>();

  constructor(folder: SessionFolder) {
    this.#folder = folder;
  }

  /**
   * Begins a file, which belongs to `owner`; resolves with its id.
   * @throws {SessionError} when it is no session's file by its name, or too large
   */
  async begin({ name, bytes }: UploadOrder, owner: object): Promise<string> {
    const ending = sessionEnding(name);
    if (bytes > MAX_UPLOAD) {
      throw new SessionError('TOO_LARGE', `Files of more than ${MAX_UPLOAD / 1024 ** 3} GiB cannot be handed over.`);
    }
    if (this.#running.size >= MOST_AT_ONCE) {
      throw new SessionError('BUSY', 'Too many files are being handed over at once.');
    }
    const uuid = randomUUID();
    const directory = this.#folder.places.files;
    const path = join(directory, uuid + ENDING);
    const upload = {
      ...{ owner, ending, bytes, path, received: 0 },
      name: safeFileName(basename(name, extname(name))),
      file: create(directory, path),
    };
    // Before anything is waited for: a client that leaves meanwhile takes it along.
    const id = `upload:${uuid}`;
    this.#running.set(id, upload);
    try {
      await upload.file;
    } catch (error) {
      this.#running.delete(id);
      throw error;
    }
    return id;
  }

  /** Adds a piece; each begins where the one before has ended. A file that cannot be written on is given up. */
  async write({ id, offset, base64 }: UploadPiece): Promise<void> {
    const upload = this.#find(id);
    try {
      const piece = Buffer.from(base64, 'base64');
      if (offset !== upload.received || offset + piece.length > upload.bytes) throw incomplete(upload);
      upload.received += piece.length;
      await (await upload.file).appendFile(piece);
    } catch (error) {
      await this.giveUp(id);
      throw error;
    }
  }

  /** Gives a file that is whole its name, or a like one that is free. */
  async end(id: string): Promise<KeptFile> {
    const upload = this.#find(id);
    this.#running.delete(id);
    const { name, ending, bytes, received, path } = upload;
    try {
      const file = await upload.file;
      try {
        if (received !== bytes) throw incomplete(upload);
        await file.sync();
      } finally {
        await file.close();
      }
      return await this.#folder.adopt(path, name, ending);
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
  }

  /** Leaves nothing of a file; says whether there was one of that id. */
  async giveUp(id: string): Promise<boolean> {
    const upload = this.#running.get(id);
    if (upload === undefined) return false;
    this.#running.delete(id);
    // Waits for what is being written.
    await (await upload.file).close();
    await rm(upload.path, { force: true });
    return true;
  }

  /** Gives up the files of a client, or all. */
  async giveUpAll(owner?: object): Promise<void> {
    const ids = [...this.#running].filter(([, upload]) => owner === undefined || upload.owner === owner);
    await Promise.all(ids.map(([id]) => this.giveUp(id)));
  }

  #find(id: string): Upload {
    const upload = this.#running.get(id);
    if (upload === undefined) throw new SessionError('NOT_FOUND', 'This file is not being handed over any more.');
    return upload;
  }
}

function incomplete({ received, bytes }: Upload): SessionError {
  return new SessionError('DAMAGED', `The file did not arrive whole: ${received} of ${bytes} bytes.`);
}

async function create(directory: string, path: string): Promise<FileHandle> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await deleteStale(directory);
  return open(path, 'wx', 0o600);
}

/** Deletes what hosts have left that ended in the middle of a file. */
async function deleteStale(directory: string): Promise<void> {
  const names = (await readdir(directory)).filter((name) => name.endsWith(ENDING));
  for (const path of names.map((name) => join(directory, name))) {
    const found = await stat(path).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    });
    if (found !== undefined && Date.now() - found.mtimeMs > STALE_MS) await rm(path, { force: true });
  }
}
