import { fileURLToPath, pathToFileURL } from 'node:url';
import { Worker as NodeWorker } from 'node:worker_threads';
import { threadFile } from '../thread-file.ts';
import type { Worker } from './lane.ts';
import { LoadError } from './lane.ts';
import { ThreadLane } from './thread-lane.ts';
import type { FromThread, ThreadSpec, ToThread } from './thread/thread-message.ts';

/** What a worker thread is started with. */
export interface ThreadWorkerOptions {
  readonly spec: ThreadSpec;
  readonly env: Readonly<Record<string, string>>;
  readonly onOutput: (text: string) => void;
  readonly onFiles: (files: readonly string[]) => void;
}

/** Memory (MiB) that a thread's objects may take before it is ended, instead of the whole process. */
const MAX_HEAP = 1_024;
/** How long (ms) a thread may leave a question unanswered when one of its requests hangs. */
const PING_TIMEOUT = 1_000;

/** A thread with an application or a handler class of the user's. */
export class ThreadWorker implements Worker {
  readonly lanes: readonly ThreadLane[];
  readonly ready: Promise<LoadError | undefined>;
  readonly ended: Promise<string>;
  readonly #thread: NodeWorker;
  #open: number;
  #ping: NodeJS.Timeout | undefined;
  /** Why it ended, where its exit code would not tell. */
  #reason: string | undefined;

  constructor({ spec, env, onOutput, onFiles }: ThreadWorkerOptions) {
    const modules = { 'hopscope/handlers': pathToFileURL(threadFile(import.meta.url, 'thread/handlers.ts')).href };
    const thread = new NodeWorker(threadFile(import.meta.url, 'thread/application-thread.ts'), {
      ...{ workerData: { ...spec, modules }, env: { ...process.env, ...env }, stdout: true, stderr: true },
      resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP },
    });
    this.#thread = thread;
    this.#open = spec.lanes;
    const post = (message: ToThread): void => thread.postMessage(message);
    const name = `thread ${thread.threadId}`;
    this.lanes = Array.from({ length: spec.lanes }, (_, lane) => new ThreadLane(name, lane, post, () => this.#close()));
    for (const stream of [thread.stdout, thread.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', onOutput);
    }
    const ready = Promise.withResolvers<LoadError | undefined>();
    const ended = Promise.withResolvers<string>();
    this.ready = ready.promise;
    this.ended = ended.promise;
    thread.on('message', (message: FromThread) => {
      if (message.type === 'ready') ready.resolve(undefined);
      else if (message.type === 'failed') {
        onOutput(`${message.report}\n`);
        ready.resolve(new LoadError(`${spec.file} could not be loaded.`, message.report));
      } else if (message.type === 'files') onFiles(message.files.map((url) => fileURLToPath(url)));
      else if (message.type === 'pong') clearTimeout(this.#ping);
      else this.lanes[message.lane]?.receive(message);
    });
    thread.on('error', (error: unknown) => {
      this.#reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
      onOutput(`${this.#reason}\n`);
    });
    thread.on('exit', (code) => {
      clearTimeout(this.#ping);
      const why = this.#reason?.split('\n')[0] ?? `exit code ${code}`;
      ready.resolve(new LoadError(`Its thread ended while it was loaded: ${why}.`, this.#reason ?? ''));
      for (const lane of this.lanes) lane.lost(why);
      ended.resolve(why);
    });
  }

  kill(): void {
    void this.#thread.terminate();
  }

  /** One of its requests hangs: if that is because the thread does nothing else any more, it is ended. */
  suspect(): void {
    this.#ping ??= setTimeout(() => {
      this.#reason ??= 'its thread, which another request had kept from doing anything else';
      this.kill();
    }, PING_TIMEOUT);
    this.#thread.postMessage({ type: 'ping' } satisfies ToThread);
  }

  #close(): void {
    this.#open--;
    if (this.#open === 0) this.#thread.postMessage({ type: 'end' } satisfies ToThread);
  }
}
