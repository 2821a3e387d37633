import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { threadFile } from '../thread-file.ts';

/** What the thread is asked. */
export interface BcryptQuestion {
  readonly password: string;
  readonly hash: string;
}

/** The check before. However many come at once, one thread is at work. */
let last: Promise<unknown> = Promise.resolve();

/** Says whether a bcrypt hash was made of `password`, on a thread: Node has no bcrypt of its own, and this takes its time. */
export function verifyBcrypt(password: string, hash: string): Promise<boolean> {
  const checked = last.then(() => verify({ password, hash }));
  // Whoever asked is told of a failure; those who come next only wait for its end.
  last = Promise.allSettled([checked]);
  return checked;
}

async function verify(question: BcryptQuestion): Promise<boolean> {
  const thread = new Worker(threadFile(import.meta.url, 'bcrypt-thread.ts'), {
    ...{ workerData: question, execArgv: [], name: 'bcrypt' },
  });
  const [isRight] = (await once(thread, 'message')) as [boolean];
  return isRight;
}
