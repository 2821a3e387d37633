import { access, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import type { KeptFile, SessionEntry } from '../../../shared/session-contract.ts';
import { messageOf } from '../../../shared/message-of.ts';
import { bytesIn, pastSessionDirectories } from '../trace/session-directory.ts';
import { SessionError } from '../trace/session-error.ts';
import { writeSessionFile } from './session-file.ts';
import { safeFileName } from './session-name.ts';
import type { SessionSource } from './session-source.ts';
import { openFile, openRun, runName } from './session-source.ts';
import { PastSession } from '../trace/past-session.ts';

const ENDINGS: Readonly<Record<string, 'saved' | 'har'>> = { '.hopscope': 'saved', '.har': 'har' };
export type SessionEnding = '.hopscope' | '.har';

/** Where sessions are, in a data directory. */
export interface SessionPlaces {
  /** The recordings of runs. */
  readonly runs: string;
  /** Saved sessions, and files that people put there. */
  readonly files: string;
}

/** The ending of a session's file, in lower case. @throws {SessionError} when it is no session's. */
export function sessionEnding(fileName: string): SessionEnding {
  const ending = extname(fileName).toLowerCase();
  if (ending !== '.hopscope' && ending !== '.har') {
    throw new SessionError('NOT_A_SESSION', 'This is no file of a Hopscope session.');
  }
  return ending;
}

/** The places for sessions in a data directory. */
export function sessionPlaces(dataDir: string): SessionPlaces {
  return { runs: join(dataDir, 'session'), files: join(dataDir, 'sessions') };
}

/**
 * The recorded sessions of a data directory, apart from those of runs that go on. An id is only ever compared with what is
 * there, so that none leads anywhere else.
 */
export class SessionFolder {
  readonly places: SessionPlaces;

  constructor(places: SessionPlaces) {
    this.places = places;
  }

  /** Every session, the newest first. */
  async list(): Promise<SessionEntry[]> {
    const [runs, files] = await Promise.all([pastSessionDirectories(this.places.runs), this.#files()]);
    const entries = await Promise.all([...runs.map(describeRun), ...files.map(describeFile)]);
    return entries.filter((entry) => entry !== undefined).sort((a, b) => b.endedAt - a.endedAt);
  }

  /** Opens a session for reading. @throws {SessionError} */
  async open(id: string): Promise<SessionSource> {
    const { path, isRun } = await this.#find(id);
    return isRun ? openRun(path) : openFile(path);
  }

  /** Where a saved session's file is. @throws {SessionError} when there is none: what an earlier run left is not one file. */
  async pathOfFile(id: string): Promise<string> {
    const { path, isRun } = await this.#find(id);
    if (isRun) throw new SessionError('NOT_FOUND', 'This recording has no file before it is saved.');
    return path;
  }

  /** Where a session called `name` is saved. @throws {SessionError} when that name is taken or cannot be one. */
  async pathFor(name: string, ending: SessionEnding): Promise<string> {
    await mkdir(this.places.files, { recursive: true, mode: 0o700 });
    const path = join(this.places.files, safeFileName(name) + ending);
    if (await exists(path)) throw new SessionError('NAME_TAKEN', `There is a session called “${name}” already.`);
    return path;
  }

  /** Makes a file that was written in the folder a session called `name`, or `name (2)` and so on, whichever is free. */
  async adopt(written: string, name: string, ending: SessionEnding): Promise<KeptFile> {
    for (let nth = 1; ; nth++) {
      const free = nth === 1 ? name : `${name} (${nth})`;
      const path = join(this.places.files, free + ending);
      if (!(await takeName(path))) continue;
      await rename(written, path);
      return { id: fileId(path), name: free };
    }
  }

  /** Renames a saved session; saves that of an earlier run under the name. @throws {SessionError} */
  async rename(id: string, name: string): Promise<void> {
    const { path, isRun } = await this.#find(id);
    if (isRun) return this.#saveRun(path, name);
    const ending = extname(path).toLowerCase() === '.har' ? '.har' : '.hopscope';
    await rename(path, await this.pathFor(name, ending));
  }

  /** Deletes a session. @throws {SessionError} */
  async delete(id: string): Promise<void> {
    const { path } = await this.#find(id);
    await rm(path, { recursive: true, force: true });
  }

  async #saveRun(directory: string, name: string): Promise<void> {
    const path = await this.pathFor(name, '.hopscope');
    const source = await openRun(directory);
    try {
      const { epoch, exchanges = 0 } = source;
      const head = { name, savedAt: new Date().toISOString(), epoch, exchanges };
      await writeSessionFile(path, head, source.items({ exchanges: 0 }));
    } finally {
      await source.close();
    }
    await rm(directory, { recursive: true, force: true });
  }

  async #find(id: string): Promise<{ path: string; isRun: boolean }> {
    const run = (await pastSessionDirectories(this.places.runs)).find((path) => runId(path) === id);
    if (run !== undefined) return { path: run, isRun: true };
    const file = (await this.#files()).find((path) => fileId(path) === id);
    if (file !== undefined) return { path: file, isRun: false };
    throw new SessionError('NOT_FOUND', 'This session is not there any more.');
  }

  async #files(): Promise<string[]> {
    try {
      const names = await readdir(this.places.files);
      return names
        .filter((name) => extname(name).toLowerCase() in ENDINGS)
        .map((name) => join(this.places.files, name));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  }
}

function runId(path: string): string {
  return `run:${basename(path)}`;
}

function fileId(path: string): string {
  return `file:${basename(path)}`;
}

/** Undefined for one that holds nothing, or is gone meanwhile. */
async function describeRun(path: string): Promise<SessionEntry | undefined> {
  const id = runId(path);
  const bytes = await bytesIn(path).catch(() => 0);
  try {
    const past = await PastSession.open(path);
    try {
      const { count: exchanges, endedAt, info } = past;
      const startedAt = Date.parse(info.startedAt);
      if (exchanges === 0) return undefined;
      return { id, kind: 'run', name: runName(startedAt), startedAt, endedAt, exchanges, bytes };
    } finally {
      await past.close();
    }
  } catch (error) {
    const { mtimeMs: endedAt } = await stat(path).catch(() => ({ mtimeMs: 0 }));
    return { id, kind: 'run', name: runName(endedAt), endedAt, bytes, problem: messageOf(error) };
  }
}

async function describeFile(path: string): Promise<SessionEntry | undefined> {
  const ending = extname(path);
  const kind = ENDINGS[ending.toLowerCase()] ?? 'saved';
  try {
    const { mtimeMs: endedAt, size: bytes } = await stat(path);
    const known = { id: fileId(path), kind, name: basename(path, ending), endedAt, bytes };
    if (kind === 'har') return known;
    return await withHead(known, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function withHead(known: SessionEntry, path: string): Promise<SessionEntry> {
  try {
    const source = await openFile(path);
    await source.close();
    return source.exchanges === undefined ? known : { ...known, exchanges: source.exchanges };
  } catch (error) {
    return { ...known, problem: messageOf(error) };
  }
}

/** Renaming would replace what has the name, so that it is taken first; false when another file has it. */
async function takeName(path: string): Promise<boolean> {
  try {
    await (await open(path, 'wx', 0o600)).close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
