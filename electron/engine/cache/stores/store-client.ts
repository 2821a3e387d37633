import { Worker } from 'node:worker_threads';
import type { EntryPage, EntryQuery, StoreCaps } from '../cache-store.ts';
import type { EntryFilter } from '../entry-filter.ts';
import type { ChangeBatch } from './change-batch.ts';
import { UnusableDatabase } from './disk-schema.ts';
import type { ForeignPurges, Order, Presence, Removed, Report, StartState, Totals } from './store-messages.ts';
import type { ThreadData } from './store-thread.ts';
import { UnwrittenRows } from './unwritten-rows.ts';

/** Changes wait so long (ms) for others, or until so many bytes have come together: one transaction for many. */
const BATCH_MS = 100;
const BATCH_BYTES = 1024 * 1024;
/** More bytes than this that are not written yet mean that the disk is slower than the traffic. */
const MAX_BEHIND = 64 * 1024 * 1024;

/** What the store has to know of its thread. */
export interface StoreEvents {
  /** What was on disk at the start. */
  onPresence(presence: Presence): void;
  /** Entries had to make room, or were purged. */
  onRemoved(removed: Removed): void;
  /** A batch has been committed, and maybe more. */
  onWritten(): void;
  /** Other processes have purged entries. */
  onForeignPurge(purges: ForeignPurges): void;
  /** Nothing more will be written; told once. */
  onFailed(error: Error): void;
}

interface Waiting {
  readonly resolve: (result: never) => void;
  readonly reject: (error: Error) => void;
}

/** The store's end of the thread that writes: collects changes into batches, asks questions, waits for answers. */
export class StoreClient {
  readonly #worker: Worker;
  readonly #events: StoreEvents;
  readonly #waiting = new Map<number, Waiting>();
  readonly #flushing: { readonly batch: number; readonly done: (error?: Error) => void }[] = [];
  /** Bytes of the batches that are on their way. */
  readonly #weights = new Map<number, number>();
  /** What has been asked for and is not written yet. */
  readonly unwritten = new UnwrittenRows();
  #behind = 0;
  #written = 0;
  /** What is on disk as of the batches that are written. */
  #totals: Totals;
  #requests = 0;
  #timer: NodeJS.Timeout | undefined;
  #failure: Error | undefined;
  #closed: (() => void) | undefined;

  private constructor(worker: Worker, events: StoreEvents, totals: Totals) {
    this.#worker = worker;
    this.#totals = totals;
    this.#events = events;
    worker.on('message', (report: Report) => this.#hear(report));
    worker.on('error', (error: unknown) => this.#fail(error instanceof Error ? error : new Error(String(error))));
    worker.on('exit', () => {
      this.#closed?.();
      this.#fail(new Error('its thread has ended'));
    });
    worker.unref();
  }

  /**
   * Starts the thread and waits until it has opened the database.
   *
   * @throws {UnusableDatabase} or another error when that fails
   */
  static async start(
    data: ThreadData,
    events: StoreEvents,
  ): Promise<{ readonly client: StoreClient; readonly state: StartState }> {
    // The flags of this process, such as modules to be loaded first, are not meant for the thread.
    const worker = new Worker(threadFile(), { workerData: data, execArgv: [], name: 'cache store' });
    const { promise, resolve, reject } = Promise.withResolvers<Report>();
    const ended = (): void => reject(new Error('its thread has ended'));
    worker.once('message', resolve).once('error', reject).once('exit', ended);
    const report = await promise;
    worker.off('error', reject).off('exit', ended);
    if (report.kind === 'ready') return { client: new StoreClient(worker, events, report.state), state: report.state };
    await worker.terminate();
    throw report.kind === 'failed' ? errorOf(report) : new Error(`its thread began with "${report.kind}"`);
  }

  /** The batch that the next change will be in. */
  get batch(): number {
    return this.unwritten.open.number;
  }

  /** Every batch up to this one is committed. */
  get written(): number {
    return this.#written;
  }

  /** What will be on disk when everything is written; of what others do, only what is known of. */
  get totals(): Totals {
    const { entries, bytes } = this.unwritten.growth;
    return { entries: Math.max(0, this.#totals.entries + entries), bytes: Math.max(0, this.#totals.bytes + bytes) };
  }

  /** The disk is slower than the traffic: whatever can do without being stored should. */
  get isBehind(): boolean {
    return this.#behind > MAX_BEHIND;
  }

  /**
   * Adds a change to the open batch, which is written soon.
   *
   * @returns what `change` returns
   */
  push<T>(change: (batch: ChangeBatch) => T): T {
    const batch = this.unwritten.open;
    const result = change(batch);
    if (this.#failure !== undefined) return result;
    if (batch.weight >= BATCH_BYTES) this.#post();
    else this.#timer ??= setTimeout(() => this.#post(), BATCH_MS).unref();
    return result;
  }

  /** Resolves when every change so far is committed. */
  flush(): Promise<void> {
    this.#post();
    return new Promise((resolve, reject) => {
      const done = (error?: Error): void => (error === undefined ? resolve() : reject(error));
      if (this.#failure !== undefined) done(this.#failure);
      else this.#flushing.push({ batch: this.batch - 1, done });
      this.#settleFlushes();
      this.#stayAwake();
    });
  }

  setCaps(caps: StoreCaps): void {
    this.#send({ kind: 'caps', caps });
  }

  list(query: EntryQuery): Promise<EntryPage> {
    return this.#ask((request) => ({ kind: 'list', request, query }));
  }

  /** @returns how many entries are gone; which ones is told of before */
  purge(filter: EntryFilter): Promise<number> {
    return this.#ask((request) => ({ kind: 'purge', request, filter }));
  }

  /** What others purged is no longer served. */
  notice(purges: number): void {
    this.#send({ kind: 'noticed', purges });
  }

  /** Writes what is left and ends the thread. */
  async close(): Promise<void> {
    if (this.#failure === undefined) {
      await new Promise<void>((resolve) => {
        this.#closed = resolve;
        this.#stayAwake();
        this.#send({ kind: 'close' });
      });
    }
    await this.#worker.terminate();
  }

  #send(order: Order): void {
    this.#post();
    if (this.#failure === undefined) this.#worker.postMessage(order);
  }

  #ask<T>(order: (request: number) => Order): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.#failure !== undefined) {
        reject(this.#failure);
        return;
      }
      const request = ++this.#requests;
      this.#waiting.set(request, { resolve, reject });
      this.#stayAwake();
      this.#send(order(request));
    });
  }

  #post(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.unwritten.open.isEmpty || this.#failure !== undefined) return;
    const batch = this.unwritten.seal();
    this.#worker.postMessage({ kind: 'write', batch: batch.number, changes: batch.pack() } satisfies Order);
    this.#weights.set(batch.number, batch.weight);
    this.#behind += batch.weight;
  }

  #hear(report: Report): void {
    switch (report.kind) {
      case 'written':
        this.#totals = report.totals;
        this.#written = Math.max(this.#written, report.batch);
        this.#behind -= this.#weights.get(report.batch) ?? 0;
        this.#weights.delete(report.batch);
        this.unwritten.settle(this.#written);
        if (report.evicted.length > 0) this.#events.onRemoved({ gone: report.evicted });
        this.#events.onWritten();
        this.#settleFlushes();
        this.#stayAwake();
        break;
      case 'listed':
        this.#answer(report.request, report.page as never);
        break;
      case 'purged':
        this.#totals = report.totals;
        this.#events.onRemoved(report.removed);
        if (report.purged !== undefined) this.#answer(report.request, report.purged as never);
        break;
      case 'foreign':
        this.#totals = report.totals;
        this.#events.onForeignPurge(report);
        break;
      case 'failed':
        this.#fail(errorOf(report));
        break;
      case 'closed':
        this.#closed?.();
        break;
      case 'presence':
        this.#events.onPresence(report.presence);
        break;
      case 'ready':
        break;
    }
  }

  #answer(request: number, result: never): void {
    this.#waiting.get(request)?.resolve(result);
    this.#waiting.delete(request);
    this.#stayAwake();
  }

  /** The thread keeps the process from ending while somebody waits for it, and only then. */
  #stayAwake(): void {
    const wanted = this.#waiting.size > 0 || this.#flushing.length > 0 || this.#closed !== undefined;
    if (wanted) this.#worker.ref();
    else this.#worker.unref();
  }

  #settleFlushes(): void {
    for (;;) {
      const [first] = this.#flushing;
      if (first === undefined || first.batch > this.#written) return;
      this.#flushing.shift();
      first.done();
    }
  }

  #fail(error: Error): void {
    if (this.#failure !== undefined) return;
    this.#failure = error;
    const closing = this.#closed !== undefined;
    this.#closed?.();
    clearTimeout(this.#timer);
    for (const { reject } of this.#waiting.values()) reject(error);
    for (const { done } of this.#flushing) done(error);
    this.#waiting.clear();
    this.#flushing.length = 0;
    if (!closing) this.#events.onFailed(error);
  }
}

function errorOf({ message, cause }: Report & { kind: 'failed' }): Error {
  return cause === 'other' ? new Error(message) : new UnusableDatabase(cause, message);
}

/** The thread's program: beside this file in the sources; in the build at the top, while this may be in a chunk below. */
function threadFile(): URL {
  const here = import.meta.url;
  if (here.endsWith('.ts')) return new URL('store-thread.ts', here);
  return new URL(new URL('..', here).pathname.endsWith('/out/main/') ? '../store-thread.js' : 'store-thread.js', here);
}
