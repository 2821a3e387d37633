import type { DatabaseSync } from 'node:sqlite';
import type { EntryPage, EntryQuery, StoreCaps } from '../cache-store.ts';
import type { EntryFilter } from '../entry-filter.ts';
import type { GoneRow } from './disk-queries.ts';
import { eachHash, findMeant, goneEntry, listEntryRows } from './disk-queries.ts';
import { isDamage, openForWriting } from './disk-schema.ts';
import type { Statements } from './disk-statements.ts';
import { prepareStatements } from './disk-statements.ts';
import { PresenceTable } from './presence-table.ts';
import type {
  Change,
  ForeignPurges,
  GoneEntry,
  PurgeCursor,
  Removed,
  Savings,
  StartState,
  Totals,
} from './store-messages.ts';

/** How many entries are looked at at once when room has to be made. */
const EVICTED_AT_ONCE = 64;

/** The purges are those of processes that do not have the store's lock. */
type Counter = keyof Savings | keyof Totals | 'purges' | 'noticed';

/** A part of a purge. */
interface PurgeStep {
  readonly removed: Removed;
  /** How many entries that are. */
  readonly count: number;
  /** Undefined when nothing is left to do. */
  readonly next: PurgeCursor | undefined;
}

interface OutsideStep extends PurgeStep {
  /** For {@link DiskIndex.isNoticed}. */
  readonly ticket: number;
}

/** The index of the store on disk: what is written to the database, and what needs to look at much of it. */
export class DiskIndex {
  readonly #db: DatabaseSync;
  readonly #statements: Statements;
  #caps: StoreCaps;
  #entries: number;
  #bytes: number;
  #dataVersion: number;
  #foreignPurges: number;

  /** @throws {UnusableDatabase} or SQLite's error when the directory is at fault */
  constructor(directory: string, caps: StoreCaps) {
    this.#db = openForWriting(directory);
    this.#caps = caps;
    this.#statements = prepareStatements(this.#db);
    this.#entries = this.#count('entries');
    this.#bytes = this.#count('bytes');
    this.#dataVersion = this.#readDataVersion();
    this.#foreignPurges = this.#count('purges');
  }

  get startState(): StartState {
    return { ...this.totals, savings: this.savings, lastUsed: this.#lastUsed(), lastId: this.#lastId() };
  }

  get totals(): Totals {
    return { entries: this.#entries, bytes: this.#bytes };
  }

  get savings(): Savings {
    return { hits: this.#count('hits'), bytesSaved: this.#count('bytesSaved'), msSaved: this.#count('msSaved') };
  }

  /** A table of the hashes of all entries. */
  presence(): PresenceTable {
    const table = PresenceTable.sized(this.#entries);
    for (const column of ['key_hash', 'path_hash', 'group_hash'])
      eachHash(this.#db, column, (hash) => table.addHash(hash));
    eachHash(this.#db, 'loose_hash', (hash) => table.addLooseHash(hash));
    return table;
  }

  /** Ids of entries whose bodies are in files. */
  idsWithFiles(): Set<number> {
    const rows = this.#db.prepare('SELECT id FROM entries WHERE file = 1').all() as { id: number }[];
    return new Set(rows.map(({ id }) => id));
  }

  setCaps(caps: StoreCaps): GoneEntry[] {
    this.#caps = caps;
    return this.write([]);
  }

  /** Makes changes in one transaction; returns what had to make room. */
  write(changes: Iterable<Change>): GoneEntry[] {
    return this.#transaction(() => {
      for (const change of changes) this.#apply(change);
      return this.#makeRoom();
    });
  }

  list(query: EntryQuery): EntryPage {
    return listEntryRows(this.#db, query);
  }

  /**
   * Forgets entries that are meant; their files are left to the caller. It is done in steps, between which others can write;
   * what they remove meanwhile is theirs.
   *
   * @param cursor where the step before left off; absent for the first one
   */
  purge(filter: EntryFilter, cursor?: PurgeCursor): PurgeStep {
    const step = this.#transaction(() => this.#step(filter, cursor));
    if ('all' in filter) this.#shrink();
    return step;
  }

  /** Like {@link purge}, by a process without the lock: whoever has it is told. */
  *purgeFromOutside(filter: EntryFilter): Generator<OutsideStep, void, undefined> {
    let cursor: PurgeCursor | undefined;
    do {
      const step = this.#transaction(() => {
        const done = this.#step(filter, cursor);
        this.#add('purges', 1);
        const ticket = this.#count('purges');
        if (done.next === undefined) this.#statements.tellPurge.run(ticket, JSON.stringify(filter));
        return { ...done, ticket };
      });
      cursor = step.next;
      yield step;
    } while (cursor !== undefined);
    if ('all' in filter) this.#shrink();
  }

  isNoticed(ticket: number): boolean {
    return this.#count('noticed') >= ticket;
  }

  notice(purges: number): void {
    this.#statements.setCounter.run('noticed', purges);
    this.#statements.forgetPurges.run(purges);
  }

  /** How many purges of other processes this has seen, ever. */
  get seenPurges(): number {
    return this.#foreignPurges;
  }

  /** What other processes have purged since this was last asked, which costs next to nothing; undefined for nothing. */
  foreignPurges(): ForeignPurges | undefined {
    const version = this.#readDataVersion();
    if (version === this.#dataVersion) return undefined;
    const purges = this.#count('purges');
    // The totals after the purges: what is committed in between is another version.
    this.#readTotals();
    this.#dataVersion = version;
    const before = this.#foreignPurges;
    if (purges === before) return undefined;
    this.#foreignPurges = purges;
    const rows = this.#statements.toldPurges.all(before, purges) as { filter: string }[];
    return { purges, filters: rows.map(({ filter }) => JSON.parse(filter) as EntryFilter) };
  }

  close(): void {
    this.#db.close();
  }

  #transaction<T>(work: () => T): T {
    this.#db.exec('BEGIN IMMEDIATE');
    const before = this.totals;
    try {
      // Others may have purged.
      this.#readTotals();
      const { entries, bytes } = this.totals;
      const result = work();
      if (this.#entries !== entries) this.#add('entries', this.#entries - entries);
      if (this.#bytes !== bytes) this.#add('bytes', this.#bytes - bytes);
      this.#db.exec('COMMIT');
      return result;
    } catch (error) {
      [this.#entries, this.#bytes] = [before.entries, before.bytes];
      // SQLite has rolled back by itself after some errors.
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      throw error;
    }
  }

  #apply(change: Change): void {
    const { addContent, setHead, use, setCounter } = this.#statements;
    switch (change.kind) {
      case 'add':
        this.#statements.add.run(...change.entry.columns);
        addContent.run(change.entry.columns[0], change.entry.head, change.body);
        this.#entries++;
        this.#bytes += change.entry.columns[8];
        break;
      case 'update': {
        const { columns, head } = change.entry;
        const [id, ...rest] = columns;
        const before = this.#statements.find.get(id) as GoneRow | undefined;
        if (before === undefined) break;
        this.#statements.update.run(...rest, id);
        setHead.run(head, id);
        this.#bytes += columns[8] - before.bytes;
        break;
      }
      case 'remove': {
        const row = this.#statements.find.get(change.id) as GoneRow | undefined;
        if (row !== undefined) this.#remove(row);
        break;
      }
      case 'use':
        use.run(change.hits, change.used, change.saved, change.id);
        break;
      case 'count':
        for (const [name, value] of Object.entries(change.savings)) setCounter.run(name, value);
        break;
    }
  }

  #makeRoom(): GoneEntry[] {
    const evicted: GoneEntry[] = [];
    while (this.#isFull()) {
      const oldest = this.#statements.oldest.all(EVICTED_AT_ONCE) as unknown as GoneRow[];
      for (const row of oldest) {
        if (!this.#isFull()) break;
        this.#remove(row);
        evicted.push(goneEntry(row));
      }
      if (oldest.length === 0) break;
    }
    return evicted;
  }

  #isFull(): boolean {
    const { maxBytes, maxEntries = Number.POSITIVE_INFINITY } = this.#caps;
    return this.#bytes > maxBytes || this.#entries > maxEntries;
  }

  #remove({ id, bytes }: { readonly id: number; readonly bytes: number }): void {
    this.#statements.remove.run(id);
    this.#statements.removeContent.run(id);
    this.#entries--;
    this.#bytes -= bytes;
  }

  #step(filter: EntryFilter, cursor = { after: 0, last: this.#lastId() }): PurgeStep {
    if ('all' in filter) return { count: this.#entries, removed: this.#removeAll(), next: undefined };
    const { found, next } = findMeant(this.#db, filter, cursor);
    for (const entry of found) this.#remove(entry);
    return { removed: { gone: found }, count: found.length, next };
  }

  /** Without a condition SQLite frees whole tables, instead of one row after the other. */
  #removeAll(): Removed {
    const removed = { filesOf: [...this.idsWithFiles()] };
    this.#db.exec('DELETE FROM entries; DELETE FROM contents');
    [this.#entries, this.#bytes] = [0, 0];
    return removed;
  }

  /** Gives the disk back the room of an index in which nothing is left. */
  #shrink(): void {
    try {
      this.#db.exec('VACUUM; PRAGMA wal_checkpoint(TRUNCATE)');
    } catch (error) {
      // Another process writes, or there is no room to do it in. What is free will be written to again.
      if (isDamage(error)) throw error;
    }
  }

  #readTotals(): void {
    [this.#entries, this.#bytes] = [this.#count('entries'), this.#count('bytes')];
  }

  /** No entry has, or ever had, a higher id. */
  #lastId(): number {
    const sequence = this.#db.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'entries'").get();
    return (sequence as { seq: number } | undefined)?.seq ?? 0;
  }

  #lastUsed(): number {
    const { used } = this.#db.prepare('SELECT max(used) AS used FROM entries').get() as { used: number | null };
    return used ?? 0;
  }

  #count(name: Counter): number {
    return (this.#statements.counter.get(name) as { value: number } | undefined)?.value ?? 0;
  }

  #add(name: Counter, value: number): void {
    this.#statements.addToCounter.run(name, value);
  }

  /** Changes whenever another connection has committed. */
  #readDataVersion(): number {
    return (this.#statements.dataVersion.get() as { data_version: number }).data_version;
  }
}
