import { parentPort } from 'node:worker_threads';
import { messageOf } from '../../../../shared/message-of.ts';
import type { PacQuestion, PacReport } from './pac-messages.ts';
import { PacSandbox } from './pac-sandbox.ts';

/**
 * The thread that a PAC script runs in: a program of its own, started by pac-client.ts, which ends it when it does not
 * answer. The interpreter interrupts a script between its own steps, but not inside of a built-in function that takes long.
 */

if (parentPort === null) throw new Error('pac-thread.ts is a thread, not a program');
const port = parentPort;
let sandbox: PacSandbox | undefined;

async function answer(question: PacQuestion): Promise<PacReport> {
  if (question.kind === 'load') {
    sandbox = await PacSandbox.load(question.script, question.myAddresses);
    return { kind: 'loaded' };
  }
  if (sandbox === undefined) throw new Error('no script is loaded');
  return { kind: 'ran', run: sandbox.run(question.url, question.host, (name) => question.names.get(name)) };
}

port.on('message', (question: PacQuestion) => {
  answer(question).then(
    (report) => port.postMessage(report),
    (thrown: unknown) => {
      const message = messageOf(thrown);
      port.postMessage({ kind: 'failed', message } satisfies PacReport);
    },
  );
});
port.postMessage({ kind: 'started' } satisfies PacReport);
