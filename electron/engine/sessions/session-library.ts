import { open as openToRead, stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import type {
  ExportedFile,
  ExportOrder,
  KeptFile,
  OpenedSession,
  SavedSession,
  SaveOrder,
  SessionEntry,
  SessionProgress,
  UploadOrder,
  UploadPiece,
} from '../../../shared/session-contract.ts';
import type { ReadLosses } from '../trace/recorded-items.ts';
import type { Recorder } from '../trace/recorder.ts';
import { SessionError } from '../trace/session-error.ts';
import type { SessionItem } from '../trace/session-item.ts';
import { ExportedFiles } from './exported-files.ts';
import { writeHarFile } from './har-export.ts';
import { writeSessionFile } from './session-file.ts';
import type { SessionFolder } from './session-folder.ts';
import type { SessionSource } from './session-source.ts';
import { openFile } from './session-source.ts';
import { Uploads } from './uploads.ts';

/** How often it is told how far something is. */
const PROGRESS_EVERY_MS = 250;

export interface LibraryOptions {
  readonly recorder: Recorder;
  readonly folder: SessionFolder;
  /** Hopscope's version, for HAR files. */
  readonly version: string;
}

/** What is being saved or opened: one session at a time. */
interface Job {
  readonly work: SessionProgress['work'];
  readonly name: string;
  readonly of: number | undefined;
  done: number;
  cancelled: boolean;
  toldAt: number;
}

/** Saves what is recorded, and brings recorded sessions back into the list. */
export class SessionLibrary {
  readonly #recorder: Recorder;
  readonly #folder: SessionFolder;
  readonly #version: string;
  readonly #progressListeners = new Set<(progress: SessionProgress | null) => void>();
  readonly #exported = new ExportedFiles();
  readonly #uploads: Uploads;
  #job: Job | undefined;
  #running: Promise<unknown> = Promise.resolve();

  constructor({ recorder, folder, version }: LibraryOptions) {
    this.#recorder = recorder;
    this.#folder = folder;
    this.#uploads = new Uploads(folder);
    this.#version = version;
  }

  /** Where saved sessions lie. */
  get folder(): string {
    return this.#folder.places.files;
  }

  list(): Promise<SessionEntry[]> {
    return this.#folder.list();
  }

  /** Calls `listener` with how far saving or opening is, and with null when it is over. */
  onProgress(listener: (progress: SessionProgress | null) => void): () => void {
    this.#progressListeners.add(listener);
    return () => this.#progressListeners.delete(listener);
  }

  /** Saves what is recorded now. */
  save({ name, format }: SaveOrder): Promise<SavedSession> {
    const ids = this.#recorder.ids();
    return this.#work('saving', name, ids.length, async (job) => {
      const path = await this.#folder.pathFor(name, format === 'har' ? '.har' : '.hopscope');
      const saved = basename(path, extname(path));
      if (format === 'har') return { exchanges: await this.#writeHar(path, ids, false, job), name: saved };
      const head = { name, savedAt: new Date().toISOString(), epoch: this.#recorder.epoch, exchanges: ids.length };
      const items = this.#watched(this.#recorder.items({ exchanges: 0 }, ids), job);
      return { exchanges: await writeSessionFile(path, head, items), name: saved };
    });
  }

  /** Writes some of what is recorded as an HTTP Archive, to be {@link read} until it is deleted. */
  export({ only, secrets }: ExportOrder): Promise<ExportedFile> {
    const ids = this.#recorder.ids(only);
    return this.#work('saving', 'HAR', ids.length, async (job) => {
      const { id, path } = await this.#exported.begin('.har');
      try {
        const exchanges = await this.#writeHar(path, ids, secrets, job);
        return { id, exchanges, bytes: (await stat(path)).size };
      } catch (error) {
        await this.#exported.delete(id);
        throw error;
      }
    });
  }

  /** At most `length` bytes of a saved session's file, or of an exported one. @throws {SessionError} */
  async read(id: string, offset: number, length: number): Promise<Uint8Array> {
    const file = await openToRead(this.#exported.pathOf(id) ?? (await this.#folder.pathOfFile(id)));
    try {
      const { bytesRead, buffer } = await file.read(new Uint8Array(length), 0, length, offset);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  }

  /** Begins a session's file that `owner` hands over in pieces; resolves with its id. @throws {SessionError} */
  beginUpload(order: UploadOrder, owner: object): Promise<string> {
    return this.#uploads.begin(order, owner);
  }

  /** The next piece. @throws {SessionError} */
  writeUpload(piece: UploadPiece): Promise<void> {
    return this.#uploads.write(piece);
  }

  /** The file is whole, and a session like others from now on. @throws {SessionError} */
  endUpload(id: string): Promise<KeptFile> {
    return this.#uploads.end(id);
  }

  /** `owner` is gone, and with it what it has not handed over whole. */
  giveUpUploads(owner: object): Promise<void> {
    return this.#uploads.giveUpAll(owner);
  }

  /**
   * Adds a session to what is recorded.
   * @param prepare called when the session is known to be one, before the first exchange: to clear the list, say
   */
  async open(id: string, prepare: () => void = () => undefined): Promise<OpenedSession> {
    this.#refuseWhileBusy();
    return this.#import(await this.#folder.open(id), prepare);
  }

  /** Adds the session in a file, from wherever, to what is recorded. */
  async openPath(path: string): Promise<OpenedSession> {
    this.#refuseWhileBusy();
    return this.#import(await openFile(path), () => undefined);
  }

  async rename(id: string, name: string): Promise<void> {
    await this.#folder.rename(id, name);
  }

  async delete(id: string): Promise<void> {
    if ((await this.#exported.delete(id)) || (await this.#uploads.giveUp(id))) return;
    await this.#folder.delete(id);
  }

  /** Stops opening a session: what came before stays. */
  cancel(): void {
    if (this.#job?.work === 'opening') this.#job.cancelled = true;
  }

  async close(): Promise<void> {
    if (this.#job !== undefined) this.#job.cancelled = true;
    await this.#running;
    await Promise.all([this.#exported.close(), this.#uploads.giveUpAll()]);
  }

  #writeHar(path: string, ids: readonly number[], secrets: boolean, job: Job): Promise<number> {
    const items = this.#watched(this.#recorder.items({ exchanges: 0 }, ids), job);
    return writeHarFile(path, items, { version: this.#version, epoch: this.#recorder.epoch, secrets });
  }

  async #import(source: SessionSource, prepare: () => void): Promise<OpenedSession> {
    const { name, exchanges } = source;
    try {
      return await this.#work('opening', name, exchanges, async (job) => {
        prepare();
        const losses: ReadLosses = { exchanges: 0 };
        const end: { problem?: string } = {};
        const items = untilDamage(this.#watched(source.items(losses), job), end);
        const { imported, lost } = await this.#recorder.import(source, items);
        return { imported, lost: lost + losses.exchanges, ...end };
      });
    } finally {
      await source.close();
    }
  }

  #refuseWhileBusy(): void {
    if (this.#job === undefined) return;
    throw new SessionError(
      'BUSY',
      `“${this.#job.name}” is still being ${this.#job.work === 'saving' ? 'saved' : 'opened'}.`,
    );
  }

  async #work<T>(work: Job['work'], name: string, of: number | undefined, run: (job: Job) => Promise<T>): Promise<T> {
    this.#refuseWhileBusy();
    const job: Job = { work, name, of, done: 0, cancelled: false, toldAt: performance.now() };
    this.#job = job;
    const result = run(job);
    this.#running = Promise.allSettled([result]);
    try {
      return await result;
    } finally {
      this.#job = undefined;
      this.#tell(null);
    }
  }

  /** Counts what passes, tells of it now and then, and stops it when it is no longer wanted. */
  async *#watched(items: AsyncIterable<SessionItem>, job: Job): AsyncGenerator<SessionItem> {
    for await (const item of items) {
      if (job.cancelled)
        throw new SessionError(
          'CANCELLED',
          `“${job.name}” is no longer being ${job.work === 'saving' ? 'saved' : 'opened'}.`,
        );
      yield item;
      if (item.kind !== 'exchange') continue;
      job.done++;
      const now = performance.now();
      if (now - job.toldAt < PROGRESS_EVERY_MS) continue;
      job.toldAt = now;
      const { work, name, done, of } = job;
      this.#tell(of === undefined ? { work, name, done } : { work, name, done, of });
    }
  }

  #tell(progress: SessionProgress | null): void {
    for (const listener of this.#progressListeners) listener(progress);
  }
}

/** A session that breaks off is worth what came before; where it broke off is told in `end`. */
async function* untilDamage(items: AsyncIterable<SessionItem>, end: { problem?: string }): AsyncGenerator<SessionItem> {
  try {
    yield* items;
  } catch (error) {
    if (!(error instanceof SessionError) || (error.code !== 'DAMAGED' && error.code !== 'TOO_LARGE')) throw error;
    end.problem = error.message;
  }
}
