import { open } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { PastSession } from '../trace/past-session.ts';
import type { ReadLosses } from '../trace/recorded-items.ts';
import { recordedItems } from '../trace/recorded-items.ts';
import { SessionError } from '../trace/session-error.ts';
import type { SessionItem } from '../trace/session-item.ts';
import { harFileItems } from './har-import.ts';
import { openSessionFile } from './session-file.ts';

/** A recorded session, open for reading once, whatever it is kept in. */
export interface SessionSource {
  readonly name: string;
  /** Wall time (ms since 1970) of engine time zero. */
  readonly epoch: number;
  /** How many exchanges there are, where that is known beforehand. */
  readonly exchanges?: number;
  items(losses: ReadLosses): AsyncIterable<SessionItem>;
  close(): Promise<void>;
}

/** Opens what an earlier run left in `directory`. @throws {SessionError} */
export async function openRun(directory: string): Promise<SessionSource> {
  const past = await PastSession.open(directory);
  return {
    ...{ name: runName(past.info.epoch), epoch: past.info.epoch, exchanges: past.count },
    items: (losses) => recordedItems(past, past.ids(), losses, past.annotations),
    close: () => past.close(),
  };
}

/** Opens a `.hopscope` or HAR file; what it is, its first bytes say. @throws {SessionError} */
export async function openFile(path: string): Promise<SessionSource> {
  const name = basename(path, extname(path));
  const first = await firstBytes(path);
  if (isGzip(first)) {
    const file = await openSessionFile(path);
    const { epoch, exchanges } = file.head;
    return { name, epoch, exchanges, items: () => file.items, close: () => file.close() };
  }
  if (extname(path).toLowerCase() !== '.har' && !OBJECT.test(first.toString('utf8'))) {
    throw new SessionError('NOT_A_SESSION', 'This is no file of a Hopscope session.');
  }
  return { name, epoch: 0, items: (losses) => harFileItems(path, losses), close: () => Promise.resolve() };
}

/** The name of a run's session: when it began, as clocks here show it. */
export function runName(time: number): string {
  const date = new Date(time);
  const two = (number: number): string => String(number).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** How a HAR file of any name begins. */
const OBJECT = /^\ufeff?\s*\{/;

/** RFC 1952 §2.3.1. */
function isGzip(first: Uint8Array): boolean {
  return first[0] === 0x1f && first[1] === 0x8b;
}

async function firstBytes(path: string): Promise<Buffer> {
  try {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(64), 0, 64, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new SessionError('NOT_FOUND', `There is no file ${path}.`, error);
    if (code === 'EACCES' || code === 'EPERM') {
      throw new SessionError('NOT_READABLE', `Hopscope may not read ${path}.`, error);
    }
    if (code === 'EISDIR') throw new SessionError('NOT_A_SESSION', `${path} is a directory.`, error);
    throw error;
  }
}
