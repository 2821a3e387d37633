import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { SessionError } from './session-error.ts';

/** Says whose session a directory holds, and how it is to be read. */
export const INFO_FILE = 'session.json';

/** The version of the records that this program writes; see record-format.ts. */
const FORMAT = 1;

export interface SessionInfo {
  readonly format: typeof FORMAT;
  readonly pid: number;
  readonly host: string;
  /** Records hold numbers in this order. */
  readonly byteOrder: 'little' | 'big';
  readonly startedAt: string;
  /** Wall time (ms since 1970) of engine time zero. */
  readonly epoch: number;
  /** The run has closed it; one that crashed has not. */
  readonly closed?: true;
}

const byteOrder = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 'little' : 'big';

/** The info of a session that begins now, in this process. */
export function sessionInfo(epoch: number): SessionInfo {
  return {
    ...{ format: FORMAT, pid: process.pid, host: hostname(), byteOrder },
    ...{ startedAt: new Date().toISOString(), epoch },
  };
}

/** Whose session is in `directory`, whether or not it can be read here. Rejects when there is no telling. */
export async function readSessionOwner(
  directory: string,
): Promise<Partial<Pick<SessionInfo, 'pid' | 'host' | 'closed'>>> {
  return (JSON.parse(await readFile(join(directory, INFO_FILE), 'utf8')) as Partial<SessionInfo> | null) ?? {};
}

/** The info of the session in `directory`, if its records can be read here. @throws {SessionError} why not. */
export async function readSessionInfo(directory: string): Promise<SessionInfo> {
  const info: { readonly [K in keyof SessionInfo]?: unknown } = parse(
    await readFile(join(directory, INFO_FILE), 'utf8').catch(noSession),
  );
  if (typeof info.format === 'number' && info.format > FORMAT) {
    throw new SessionError('NEWER_FORMAT', 'A newer Hopscope recorded this session.');
  }
  if (info.format !== FORMAT || typeof info.epoch !== 'number' || !Number.isFinite(info.epoch)) noSession();
  if (info.byteOrder !== byteOrder) {
    throw new SessionError('OTHER_BYTE_ORDER', 'A machine with the other byte order recorded this session.');
  }
  return info as SessionInfo;
}

function parse(text: string): object {
  try {
    return (JSON.parse(text) as object | null) ?? {};
  } catch (error) {
    return noSession(error);
  }
}

function noSession(cause?: unknown): never {
  throw new SessionError('NOT_A_SESSION', 'There is no recorded session here.', cause);
}
