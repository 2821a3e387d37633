import { utimes } from 'node:fs';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

const PREFIX = 'session-';
const INFO_FILE = 'session.json';
/** How often a live session touches its info file, and how long an untouched one of another machine is left alone. */
const HEARTBEAT_MS = 60_000;
const FORSAKEN_AFTER_MS = 15 * 60_000;

/** Sessions of this process: its own id says nothing, as ids are used again. */
const ownSessions = new Set<string>();
let nextNumber = 1;

/** Where one run keeps its session. */
export interface SessionDirectory {
  readonly path: string;
  /** Why nothing can be recorded there, if that is so. */
  readonly problem?: string;
  remove(): Promise<void>;
}

interface SessionInfo {
  readonly format: 1;
  readonly pid: number;
  readonly host: string;
  /** Records hold numbers in this order. */
  readonly byteOrder: 'little' | 'big';
  readonly startedAt: string;
}

/** Makes a new session directory in `parent`, after deleting what runs that are no more have left there. */
export async function createSessionDirectory(parent: string): Promise<SessionDirectory> {
  const name = `${PREFIX}${process.pid}-${Date.now().toString(36)}-${nextNumber++}`;
  const path = join(parent, name);
  ownSessions.add(path);
  const problems: string[] = [];
  let made = false;
  try {
    await mkdir(parent, { recursive: true, mode: 0o700 });
    problems.push(...(await removeDeadSessions(parent)));
    await mkdir(path, { mode: 0o700 });
    made = true;
    await writeFile(join(path, INFO_FILE), JSON.stringify(sessionInfo()));
  } catch (error) {
    problems.push(`Exchanges are not recorded: ${messageOf(error)}`);
  }
  const heartbeat = setInterval(() => touch(join(path, INFO_FILE)), HEARTBEAT_MS).unref();
  return {
    path,
    ...(problems[0] === undefined ? {} : { problem: problems[0] }),
    async remove() {
      clearInterval(heartbeat);
      if (made) await rm(path, { recursive: true, force: true });
      ownSessions.delete(path);
    },
  };
}

function sessionInfo(): SessionInfo {
  const byteOrder = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 'little' : 'big';
  return { format: 1, pid: process.pid, host: hostname(), byteOrder, startedAt: new Date().toISOString() };
}

function touch(path: string): void {
  const now = new Date();
  // A session whose disk is gone shows that when it writes records; the heartbeat has nothing to add.
  utimes(path, now, now, () => undefined);
}

/** Returns a sentence for each that could not be deleted. */
async function removeDeadSessions(parent: string): Promise<string[]> {
  const problems: string[] = [];
  for (const name of await readdir(parent)) {
    const path = join(parent, name);
    if (!name.startsWith(PREFIX) || ownSessions.has(path) || (await isAlive(path))) continue;
    try {
      await rm(path, { recursive: true, force: true });
    } catch (error) {
      problems.push(`An earlier session cannot be deleted: ${messageOf(error)}`);
    }
  }
  return problems;
}

async function isAlive(path: string): Promise<boolean> {
  const infoPath = join(path, INFO_FILE);
  try {
    const { mtimeMs } = await stat(infoPath);
    const info = JSON.parse(await readFile(infoPath, 'utf8')) as Partial<SessionInfo>;
    if (info.host === hostname()) return info.pid !== process.pid && processExists(Number(info.pid));
    return Date.now() - mtimeMs < FORSAKEN_AFTER_MS;
  } catch (error) {
    // Without a readable info file it is a run that died while it started, unless it is starting now.
    const age = Date.now() - (await stat(path).catch(() => ({ mtimeMs: 0 }))).mtimeMs;
    return (error as NodeJS.ErrnoException).code !== 'ENOENT' || age < HEARTBEAT_MS;
  }
}

function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
