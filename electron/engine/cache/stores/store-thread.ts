import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { MessagePort } from 'node:worker_threads';
import { parentPort, workerData } from 'node:worker_threads';
import type { StoreCaps } from '../cache-store.ts';
import { bodiesFolder, idOfBodyFile } from './body-files.ts';
import { DiskIndex } from './disk-index.ts';
import { isBusy, isDamage, UnusableDatabase } from './disk-schema.ts';
import { OrderQueue } from './order-queue.ts';
import { paced } from './paced.ts';
import { unpackChanges } from './packed-changes.ts';
import type { GoneEntry, Order, PurgeOrder, Report } from './store-messages.ts';

/**
 * The thread that writes for the store on disk: a program of its own, started by store-client.ts. SQLite's calls block, and
 * here they block nobody.
 */

/** How often it looks whether another process has purged something. */
const FOREIGN_MS = 100;

export interface ThreadData {
  readonly directory: string;
  readonly caps: StoreCaps;
}

class StoreThread {
  readonly #port: MessagePort;
  readonly #index: DiskIndex;
  readonly #watch: NodeJS.Timeout;
  /** How purges go on that are not over, by their requests. */
  readonly #purging = new Map<number, PurgeOrder>();
  readonly #orders = new OrderQueue<Order>({
    obey: (order) => this.#obey(order),
    isLast: ({ kind }) => kind === 'close',
    failed: (error) => this.#fail(error),
  });

  constructor(port: MessagePort, { directory, caps }: ThreadData) {
    this.#port = port;
    const folder = bodiesFolder(directory);
    mkdirSync(folder, { recursive: true });
    this.#index = new DiskIndex(directory, caps);
    const found = readdirSync(folder, { withFileTypes: true });
    const state = this.#index.startState;
    // A crash leaves files of entries that were never committed; a new one must not get their names.
    const lastId = found.reduce((last, { name }) => Math.max(last, idOfBodyFile(name)?.id ?? 0), state.lastId);
    this.#report({ kind: 'ready', state: { ...state, lastId } });
    this.#watch = setInterval(() => this.#look(), FOREIGN_MS);
    // Before any order, so that it is what was there at the start.
    this.#guarded(() => this.#tellPresence());
    this.#deleteOrphans(
      folder,
      found.filter((file) => file.isFile()).map(({ name }) => name),
    );
    // Of what was purged before, nothing is in memory: whoever did it need not wait for more.
    const purges = this.#index.seenPurges;
    if (!this.#index.isNoticed(purges)) this.#orders.add({ kind: 'noticed', purges });
    port.on('message', (order: Order) => this.#orders.add(order));
  }

  #obey(order: Order): void {
    const index = this.#index;
    switch (order.kind) {
      case 'write':
        this.#tellWritten(order.batch, index.write(paced(unpackChanges(order.changes))));
        break;
      case 'caps':
        this.#tellWritten(0, index.setCaps(order.caps));
        break;
      case 'list':
        this.#report({ kind: 'listed', request: order.request, page: index.list(order.query) });
        break;
      case 'purge':
        if (this.#purge(order)) setImmediate(() => this.#goOn(order.request));
        break;
      case 'noticed':
        index.notice(order.purges);
        break;
      case 'close':
        for (const { request } of this.#purging.values()) this.#endPurge(request);
        clearInterval(this.#watch);
        index.close();
        this.#report({ kind: 'closed' });
        this.#port.close();
        break;
    }
  }

  /** One step of a purge; says whether there is more to do. */
  #purge({ request, filter, cursor, purged = 0 }: PurgeOrder): boolean {
    const { removed, count, next } = this.#index.purge(filter, cursor);
    const sum = purged + count;
    if (next === undefined) this.#purging.delete(request);
    else this.#purging.set(request, { kind: 'purge', request, filter, cursor: next, purged: sum });
    const over = next === undefined ? sum : undefined;
    this.#report({ kind: 'purged', request, removed, purged: over, totals: this.#index.totals });
    return next !== undefined;
  }

  #endPurge(request: number): void {
    for (let order = this.#purging.get(request); order !== undefined; order = this.#purging.get(request))
      this.#purge(order);
  }

  /** The next step, behind the orders that have come meanwhile. */
  #goOn(request: number): void {
    const order = this.#purging.get(request);
    if (order !== undefined) this.#orders.add(order);
  }

  #tellWritten(batch: number, evicted: readonly GoneEntry[]): void {
    this.#report({ kind: 'written', batch, evicted, totals: this.#index.totals });
  }

  #tellPresence(): void {
    const { counts, loose } = this.#index.presence();
    const presence = { counts, entries: this.#index.totals.entries, loose };
    this.#port.postMessage({ kind: 'presence', presence } satisfies Report, [counts.buffer]);
  }

  #look(): void {
    const index = this.#index;
    this.#guarded(() => {
      const foreign = index.foreignPurges();
      if (foreign !== undefined) this.#report({ kind: 'foreign', ...foreign, totals: index.totals });
    });
  }

  /** Deletes body files that belong to no entry. @param files those that were there before this process made any */
  #deleteOrphans(folder: string, files: readonly string[]): void {
    const owned = this.#index.idsWithFiles();
    for (const name of files) {
      const file = idOfBodyFile(name);
      if (file !== undefined && !(file.finished && owned.has(file.id))) rmSync(join(folder, name), { force: true });
    }
  }

  /** For what only reads, and is done again when the database is locked. */
  #guarded(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!isBusy(error)) this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    clearInterval(this.#watch);
    this.#report(failure(error));
  }

  #report(report: Report): void {
    this.#port.postMessage(report);
  }
}

function failure(error: unknown): Report {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof UnusableDatabase) return { kind: 'failed', message, cause: error.kind };
  return { kind: 'failed', message, cause: isDamage(error) ? 'damaged' : 'other' };
}

if (parentPort !== null) {
  const port = parentPort;
  try {
    new StoreThread(port, workerData as ThreadData);
  } catch (error) {
    port.postMessage(failure(error));
  }
}
