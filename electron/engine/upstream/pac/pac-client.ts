import { Worker } from 'node:worker_threads';
import { threadFile } from '../../thread-file.ts';
import type { PacQuestion, PacReport } from './pac-messages.ts';
import type { PacRun } from './pac-sandbox.ts';

/** ms that the thread has to start, with its interpreter. */
const START_MS = 10_000;
/** ms for one answer. The interpreter stops a script much earlier wherever it can. */
const ANSWER_MS = 1_000;

interface Waiting {
  readonly question: PacQuestion;
  readonly resolve: (report: PacReport) => void;
  readonly reject: (error: Error) => void;
}

/** A PAC script in a thread of its own. Questions are asked one at a time; who does not answer is ended. */
export class PacClient {
  readonly #thread: Worker;
  readonly #waiting: Waiting[] = [];
  #started = false;
  #deadline: NodeJS.Timeout | undefined;
  #failure: Error | undefined;

  private constructor() {
    // The flags of this process, such as modules to be loaded first, are not meant for the thread.
    this.#thread = new Worker(threadFile(import.meta.url, 'pac-thread.ts'), { execArgv: [], name: 'PAC script' });
    this.#thread.unref();
    this.#thread.on('message', (report: PacReport) => this.#hear(report));
    this.#thread.on('error', (error: unknown) => this.#end(error instanceof Error ? error : new Error(String(error))));
    this.#thread.on('exit', () => this.#end(new Error('its thread has ended')));
    this.#deadline = this.#within(START_MS);
  }

  /** Starts a thread for `script`. Rejects with what is wrong with it. */
  static async start(script: string, myAddresses: readonly string[]): Promise<PacClient> {
    const client = new PacClient();
    try {
      await client.#ask({ kind: 'load', script, myAddresses });
      return client;
    } catch (error) {
      client.close();
      throw error;
    }
  }

  /** The thread is gone: nothing will be answered any more. */
  get ended(): boolean {
    return this.#failure !== undefined;
  }

  /** Runs the script's function once. Rejects with what the script throws, and when it takes too long. */
  async run(url: string, host: string, names: ReadonlyMap<string, readonly string[]>): Promise<PacRun> {
    const report = await this.#ask({ kind: 'run', url, host, names });
    if (report.kind !== 'ran') throw new Error(`its thread answered "${report.kind}"`);
    return report.run;
  }

  /** Ends the thread; who waits for an answer is told so. */
  close(): void {
    this.#end(new Error('it is not used any more'));
  }

  #ask(question: PacQuestion): Promise<PacReport> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== undefined) {
        reject(this.#failure);
        return;
      }
      this.#waiting.push({ question, resolve, reject });
      if (this.#started && this.#waiting.length === 1) this.#next();
    });
  }

  /** Puts the first question in the queue. Its time begins now, and not when somebody thought of it. */
  #next(): void {
    clearTimeout(this.#deadline);
    this.#deadline = undefined;
    const [first] = this.#waiting;
    if (first === undefined) return;
    this.#deadline = this.#within(ANSWER_MS);
    this.#thread.postMessage(first.question);
  }

  #hear(report: PacReport): void {
    if (report.kind === 'started') this.#started = true;
    else {
      const asked = this.#waiting.shift();
      if (report.kind === 'failed') asked?.reject(new Error(report.message));
      else asked?.resolve(report);
    }
    this.#next();
  }

  /** Ends the thread after `limit` ms, unless the deadline is replaced by then. */
  #within(limit: number): NodeJS.Timeout {
    const check = (): void => {
      if (this.#deadline === timer) this.#end(new Error(`it took more than ${limit} ms`));
    };
    // What has arrived while this thread was busy with something else is heard before it is called late.
    const timer = setTimeout(() => setImmediate(check), limit).unref();
    return timer;
  }

  #end(error: Error): void {
    if (this.#failure !== undefined) return;
    this.#failure = error;
    clearTimeout(this.#deadline);
    this.#deadline = undefined;
    for (const { reject } of this.#waiting.splice(0)) reject(error);
    void this.#thread.terminate();
  }
}
