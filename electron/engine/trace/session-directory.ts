import { utimes } from 'node:fs';
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { messageOf } from '../../../shared/message-of.ts';
import { whyNotWritten } from '../write-trouble.ts';
import { holdsExchanges } from './past-session.ts';
import { SessionError } from './session-error.ts';
import type { SessionInfo } from './session-info.ts';
import { INFO_FILE, readSessionInfo, readSessionOwner, sessionInfo } from './session-info.ts';

const PREFIX = 'session-';
/** How often a live session touches its info file, and how long an untouched one of another machine is left alone. */
const HEARTBEAT_MS = 60_000;
const FORSAKEN_AFTER_MS = 15 * 60_000;

/** Live sessions of this process: its own id says nothing, as ids are used again. */
const ownSessions = new Set<string>();
let nextNumber = 1;

/** How much of earlier runs is kept. */
export interface PastSessionLimits {
  /** Sessions. */
  readonly count: number;
  /** Bytes on disk of all of them; the newest is kept even if it alone has more. */
  readonly bytes: number;
}

/** Where one run keeps its session. */
export interface SessionDirectory {
  readonly path: string;
  /** Whether it is there: nothing can be recorded otherwise. */
  readonly made: boolean;
  /** What everyone should know of it. */
  readonly problem?: string;
  /** The run is over: what it recorded stays, within the limits. */
  release(limits: PastSessionLimits): Promise<void>;
}

/** Makes a new session directory in `parent`, after deleting what is too much of what earlier runs have left there. */
export async function createSessionDirectory(
  parent: string,
  epoch: number,
  limits: PastSessionLimits,
): Promise<SessionDirectory> {
  const name = `${PREFIX}${process.pid}-${Date.now().toString(36)}-${nextNumber++}`;
  const path = join(parent, name);
  ownSessions.add(path);
  const problems: string[] = [];
  let made = false;
  const info = sessionInfo(epoch);
  try {
    await mkdir(parent, { recursive: true, mode: 0o700 });
    problems.push(...(await prunePastSessions(parent, limits)));
    await mkdir(path, { mode: 0o700 });
    made = true;
    await writeFile(join(path, INFO_FILE), JSON.stringify(info));
  } catch (error) {
    problems.push(`Exchanges are not recorded: ${parent}: ${whyNotWritten(error)}`);
  }
  const heartbeat = setInterval(() => touch(join(path, INFO_FILE)), HEARTBEAT_MS).unref();
  return {
    ...{ path, made },
    ...(problems[0] === undefined ? {} : { problem: problems[0] }),
    async release(limitsAtEnd) {
      clearInterval(heartbeat);
      ownSessions.delete(path);
      if (!made) return;
      await markClosed(path, info);
      await prunePastSessions(parent, limitsAtEnd);
    },
  };
}

/** The directories of sessions in `parent` whose runs are over, the newest first. */
export async function pastSessionDirectories(parent: string): Promise<string[]> {
  const found: { readonly path: string; readonly startedAt: number }[] = [];
  for (const name of await namesIn(parent)) {
    const path = join(parent, name);
    if (!name.startsWith(PREFIX) || ownSessions.has(path) || (await isAlive(path))) continue;
    found.push({ path, startedAt: await startOf(path) });
  }
  return found.sort((a, b) => b.startedAt - a.startedAt).map(({ path }) => path);
}

/**
 * Ids of processes are used again: unmarked, the session would not be offered while another process has the id of this one.
 * No more than that is lost on a disk that takes no more, of which recording has told.
 */
async function markClosed(path: string, info: SessionInfo): Promise<void> {
  await Promise.allSettled([
    writeFile(join(path, INFO_FILE), JSON.stringify({ ...info, closed: true }), { flag: 'r+' }),
  ]);
}

function touch(path: string): void {
  const now = new Date();
  // A session whose disk is gone shows that when it writes records; the heartbeat has nothing to add.
  utimes(path, now, now, () => undefined);
}

/**
 * Deletes sessions without exchanges and the oldest beyond the limits. What a later version recorded is left to that one.
 * Returns a sentence for each that would not go.
 */
async function prunePastSessions(parent: string, limits: PastSessionLimits): Promise<string[]> {
  const problems: string[] = [];
  let kept = 0;
  let bytes = 0;
  for (const path of await pastSessionDirectories(parent)) {
    if (await isOfLaterVersion(path)) continue;
    try {
      bytes += await bytesIn(path);
      const fits = kept < limits.count && (kept === 0 || bytes <= limits.bytes);
      if (fits && (await holdsExchanges(path))) kept++;
      else await rm(path, { recursive: true, force: true });
    } catch (error) {
      // Another Hopscope that starts or ends now deletes the same ones.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
        problems.push(`An earlier session cannot be deleted: ${messageOf(error)}`);
      }
    }
  }
  return problems;
}

/** Bytes of the files in a session's directory. */
export async function bytesIn(directory: string): Promise<number> {
  let bytes = 0;
  for (const name of await readdir(directory)) bytes += (await stat(join(directory, name))).size;
  return bytes;
}

async function namesIn(parent: string): Promise<string[]> {
  try {
    return await readdir(parent);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** Those that cannot be read are the oldest. */
async function startOf(path: string): Promise<number> {
  const { startedAt } = await readSessionInfo(path).catch(() => ({ startedAt: '' }));
  const time = Date.parse(startedAt);
  return Number.isNaN(time) ? 0 : time;
}

async function isOfLaterVersion(path: string): Promise<boolean> {
  return readSessionInfo(path).then(
    () => false,
    (error: unknown) => error instanceof SessionError && error.code === 'NEWER_FORMAT',
  );
}

async function isAlive(path: string): Promise<boolean> {
  try {
    const { mtimeMs } = await stat(join(path, INFO_FILE));
    const { pid, host, closed } = await readSessionOwner(path);
    if (closed === true) return false;
    if (host === hostname()) return pid !== process.pid && processExists(Number(pid));
    return Date.now() - mtimeMs < FORSAKEN_AFTER_MS;
  } catch (error) {
    // Without a readable info file it is a run that died while it started, unless it is starting now.
    const age = Date.now() - (await stat(path).catch(() => ({ mtimeMs: 0 }))).mtimeMs;
    const unreadable = (error as NodeJS.ErrnoException).code !== 'ENOENT' && !(error instanceof SyntaxError);
    return unreadable || age < HEARTBEAT_MS;
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
