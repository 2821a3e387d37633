import type { ApplicationUpstream } from '../../../shared/settings-routes.ts';
import type { Application } from './application.ts';
import { findPython } from './find-python.ts';
import type { Worker } from './lane.ts';
import { PythonWorker } from './python-worker.ts';
import { SourceWatcher } from './source-watcher.ts';
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

/** One application with its workers. */
export interface ApplicationHost {
  readonly application: Application;
  close(): Promise<void>;
}

/** Starts an application's first worker. @param upstream its settings; `directory` is absolute */
export function startApplication(upstream: ApplicationUpstream, environment: GatewayEnvironment): ApplicationHost {
  const { module: name, mount, label, workers, reload } = upstream;
  const onOutput = (text: string): void => environment.onOutput(label, text);
  const onTrouble = (sentence: string): void => environment.onTrouble(`${label}: ${sentence}`);
  const watcher = reload ? new SourceWatcher(() => pool.reload(), onTrouble) : undefined;
  const pool = new WorkerPool({
    maxWorkers: workers,
    loadTimeout: LOAD_TIMEOUT,
    idleTimeout: IDLE_TIMEOUT,
    retireTimeout: RETIRE_TIMEOUT,
    start: () => startWorker(upstream, onOutput, (files) => watcher?.add(files)),
    onTrouble,
  });
  return {
    application: {
      name,
      mount: mount === '/' ? '' : mount,
      take: () => pool.take(),
      leave: (waiting) => pool.leave(waiting),
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
  upstream: ApplicationUpstream,
  onOutput: (text: string) => void,
  onFiles: (files: readonly string[]) => void,
): Worker {
  const { python, directory, module, env, threads, workers, reload } = upstream;
  const multiprocess = workers > 1;
  const interpreter = findPython(python, directory);
  return new PythonWorker({
    ...{ python: interpreter, module, directory, env, threads, multiprocess, reload },
    ...{ onOutput, onFiles },
  });
}
