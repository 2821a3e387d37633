import { basename } from 'node:path';
import type { AppNotice } from '../../shared/app-contract.ts';
import type { OpenedSession } from '../../shared/session-contract.ts';
import { messageOf } from '../../shared/message-of.ts';

/** The part of the engine's library of sessions that this needs. */
interface SessionOpener {
  /** Rejects with a sentence when it is no session, or not one of ours. */
  openPath(path: string): Promise<OpenedSession>;
}

/** Adds the session in a file to the list, and tells what became of it. */
export async function openSessionFile(sessions: SessionOpener, path: string): Promise<AppNotice> {
  const name = basename(path);
  try {
    return { code: 'opened', name, ...(await sessions.openPath(path)) };
  } catch (error) {
    return { code: 'not-opened', name, reason: messageOf(error) };
  }
}
