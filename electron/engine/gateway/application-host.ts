import { resolve } from 'node:path';
import type { ApplicationUpstream } from '../../../shared/settings-routes.ts';
import type { Application } from './application.ts';
import { findPython } from './find-python.ts';
import type { Worker } from './lane.ts';
import { PythonWorker } from './python-worker.ts';
import { SourceWatcher } from './source-watcher.ts';
import { ThreadWorker } from './thread-worker.ts';
import type { ThreadSpec } from './thread/thread-message.ts';
import { WorkerPool } from './worker-pool.ts';

/** What running applications tell their surroundings. */
export interface GatewayEnvironment {
  /** Text that an application wrote, with its name. */
  onOutput(application: string, text: string): void;
  /** One sentence about something that a person should look into. */
  onTrouble(sentence: string): void;
}

const LOAD_TIMEOUT = 60_000;
const IDLE_TIMEOUT = 60_000;
const RETIRE_TIMEOUT = 3_000;
const AHEAD_TIME = 10;

/** One application with its workers. */
export interface ApplicationHost {
  readonly application: Application;
  close(): Promise<void>;
}

/** What is hosted, and how; `directory` is absolute. */
export type HostedApplication = Omit<ApplicationUpstream, 'type' | 'id' | 'timeout'> & {
  /** A handler class takes a place in the chain, an application is its end. */
  readonly holds: ThreadSpec['kind'];
};

/** Starts an application's or handler class's first worker. */
export function startApplication(hosted: HostedApplication, environment: GatewayEnvironment): ApplicationHost {
  const { module: name, mount, label, workers, reload } = hosted;
  const onOutput = (text: string): void => environment.onOutput(label, text);
  // Many a sentence begins with the name, and many a label is the name.
  const onTrouble = (sentence: string): void =>
    environment.onTrouble(sentence.startsWith(label) ? sentence : `${label}: ${sentence}`);
  const watcher = reload ? new SourceWatcher(() => pool.reload(), onTrouble) : undefined;
  const pool = new WorkerPool({
    maxWorkers: workers,
    loadTimeout: LOAD_TIMEOUT,
    idleTimeout: IDLE_TIMEOUT,
    retireTimeout: RETIRE_TIMEOUT,
    aheadTime: AHEAD_TIME,
    start: () => startWorker(hosted, onOutput, (files) => watcher?.add(files)),
    onTrouble,
  });
  return {
    application: {
      name,
      mount: mount === '/' ? '' : mount,
      take: (taker) => pool.take(taker),
      leave: (taker) => pool.leave(taker),
      release: (lane) => pool.release(lane),
      abandon: (lane) => pool.abandon(lane),
      onOutput,
    },
    async close() {
      watcher?.close();
      await pool.close();
    },
  };
}

function startWorker(
  hosted: HostedApplication,
  onOutput: (text: string) => void,
  onFiles: (files: readonly string[]) => void,
): Worker {
  const { kind, holds, python, directory, module, env, threads, workers, reload } = hosted;
  if (kind === 'javascript') {
    const spec = { kind: holds, file: resolve(directory, module), lanes: threads };
    return new ThreadWorker({ spec, env, onOutput, onFiles });
  }
  return new PythonWorker({
    ...{ python: findPython(python, directory), module, directory, env, threads, reload },
    ...{ multiprocess: workers > 1, onOutput, onFiles },
  });
}
