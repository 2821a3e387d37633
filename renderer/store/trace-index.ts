import { applyToRow } from '../../shared/exchange-view.ts';
import type { ExchangeRow } from '../../shared/exchange-view.ts';
import type { TraceEvent } from '../../shared/trace-event.ts';
import { ListView } from './list-view.ts';
import type { ListQuery } from './list-view.ts';
import { mergeAscending } from './ordered-ids.ts';
import { RateMeter } from './rates.ts';
import type { Rates } from './rates.ts';
import { Tally } from './tally.ts';
import type { Counts } from './tally.ts';

/** Keeps a copy of the ended rows elsewhere: told of them once they have ended, which is when they change no more. */
export interface RowMirror {
  ended(rows: readonly ExchangeRow[]): void;
  forgotten(ids: readonly number[]): void;
  reset(): void;
}

/**
 * The rows, outside React: maps and arrays that are changed in place while events stream in, so that the cost of an event
 * does not depend on how many rows there are. Row objects are replaced, never changed: identity tells what is new.
 *
 * Changes are made by {@link apply}, {@link addPage} and {@link clear}; {@link settle} then brings the order, the cap, the
 * list and the copy up to date, once for however many changes there were.
 */
export class TraceIndex {
  readonly #rows = new Map<number, ExchangeRow>();
  /** Every id, ascending. */
  #order: number[] = [];
  readonly #running = new Set<number>();
  readonly #list: ListView;
  readonly #mirror: RowMirror | undefined;
  readonly #touched = new Set<number>();
  #added: number[] = [];
  #ended: ExchangeRow[] = [];
  #removed: number[] = [];
  readonly #tally = new Tally();
  readonly #rates = new RateMeter();
  #clearedUpTo = 0;
  /** Deleted rows: a page that was asked for before may still hold them. */
  readonly #deleted = new Set<number>();
  #cap: number;

  /** Rows that were dropped because of the cap since the last {@link clear} or {@link reset}. */
  evicted = 0;

  constructor(cap: number, mirror?: RowMirror) {
    this.#cap = cap;
    this.#mirror = mirror;
    this.#list = new ListView(this);
    this.#list.ask({}, this.#order);
  }

  /** Grows whenever {@link view} holds other ids than before, or in another order. */
  get viewVersion(): number {
    return this.#list.version;
  }

  get size(): number {
    return this.#rows.size;
  }

  /** The ids to be listed, in order. Read-only, and only valid until the next {@link settle}. */
  get view(): readonly number[] {
    return this.#list.ids;
  }

  /** The highest id known; 0 without rows. */
  get highestId(): number {
    return this.#order.at(-1) ?? 0;
  }

  get cap(): number {
    return this.#cap;
  }

  set cap(cap: number) {
    this.#cap = cap;
  }

  get(id: number): ExchangeRow | undefined {
    return this.#rows.get(id);
  }

  counts(): Counts {
    return this.#tally.read();
  }

  /** What ended in each second of the minute before `now`. */
  rates(now: number): Rates {
    return this.#rates.read(now);
  }

  /** Where `id` stands in the view, or where it would stand. */
  positionOf(id: number): { readonly index: number; readonly found: boolean } {
    return this.#list.positionOf(id);
  }

  /** One event of the live stream. Events of unknown or ended exchanges change nothing: a page holds their last state. */
  apply(event: TraceEvent): void {
    const before = this.#rows.get(event.id);
    if (before !== undefined && (before.end !== undefined || event.type === 'exchange.started')) return;
    const after = applyToRow(before, event);
    if (after === undefined || after === before) return;
    this.#put(before, after);
  }

  /** Rows of a page or a snapshot. A row that is known as ended stays as it is. */
  addPage(rows: readonly ExchangeRow[]): void {
    for (const row of rows) {
      const before = this.#rows.get(row.id);
      if (before?.end !== undefined) continue;
      if (row.end !== undefined && (row.id <= this.#clearedUpTo || this.#deleted.has(row.id))) continue;
      this.#put(before, row);
    }
  }

  /** The session was cleared: ended rows up to and including `upTo` are gone, but for those in `kept`. */
  clear(upTo: number, kept: readonly number[] = []): void {
    const keeps = new Set(kept);
    this.#clearedUpTo = Math.max(this.#clearedUpTo, upTo);
    this.evicted = 0;
    for (const row of this.#rows.values()) {
      if (row.id <= upTo && row.end !== undefined && !keeps.has(row.id)) this.#drop(row);
    }
  }

  /** These rows were deleted. */
  delete(ids: Iterable<number>): void {
    for (const id of ids) {
      const row = this.#rows.get(id);
      if (row !== undefined) this.#drop(row);
      this.#deleted.add(id);
    }
  }

  /** A clear or deletion was undone: pages may bring back what it had taken away. */
  unclear(): void {
    this.#clearedUpTo = 0;
    this.#deleted.clear();
  }

  /** Forgets the rows that a new snapshot shows to be neither running nor known as ended; a page will bring them back. */
  dropUnended(running: ReadonlySet<number>): void {
    for (const row of this.#rows.values()) if (row.end === undefined && !running.has(row.id)) this.#drop(row);
  }

  /** Forgets everything: the engine is another one. */
  reset(): void {
    this.#removed = [...this.#rows.keys()];
    this.#rows.clear();
    this.#running.clear();
    this.#touched.clear();
    this.#added = [];
    this.#ended = [];
    this.#tally.reset();
    this.#rates.reset();
    this.#clearedUpTo = 0;
    this.#deleted.clear();
    this.evicted = 0;
    this.settle();
    this.#mirror?.reset();
  }

  /** Lists what `query` asks for at once. Walks every row: for few rows, and for listing all in order of arrival. */
  list(query: ListQuery): void {
    this.settle();
    this.#list.ask(query, this.#order);
  }

  /** Lists what `query` asks for once {@link adopt} brings the answer about the ended rows as they are now. */
  begin(query: ListQuery): void {
    this.settle();
    this.#list.begin(query);
  }

  adopt(answer: Iterable<number>, done: boolean): void {
    this.settle();
    this.#list.adopt(answer, this.#running, done);
  }

  /** Lists more rows, which were found to pass elsewhere. */
  include(ids: readonly number[]): void {
    this.settle();
    this.#list.include(ids);
  }

  /** Something that the list's query looks at has changed, though not in these rows themselves. */
  touch(ids: Iterable<number>): void {
    for (const id of ids) if (this.#rows.has(id)) this.#touched.add(id);
  }

  /** The rows that have ended, oldest first. */
  endedIds(): number[] {
    return this.#order.filter((id) => !this.#running.has(id));
  }

  /** Every row, oldest first. */
  *rows(): Generator<ExchangeRow, void, undefined> {
    for (const id of this.#order) {
      const row = this.#rows.get(id);
      if (row !== undefined) yield row;
    }
  }

  /** The lowest id that has not ended, or the id after the highest known: below it nothing can be missing. */
  lowestOpen(): number {
    for (const id of this.#order) if (this.#rows.get(id)?.end === undefined) return id;
    return (this.#order.at(-1) ?? 0) + 1;
  }

  /** Brings order, cap, list and copy up to date after changes. */
  settle(): void {
    if (this.#added.length > 0) this.#order = mergeAscending(this.#order, this.#added);
    this.#evict();
    const [came, went] = [this.#added.length > 0, this.#removed.length > 0];
    if (went) this.#order = this.#order.filter((id) => this.#rows.has(id));
    if (came || went || this.#touched.size > 0) this.#list.settle(this.#order, this.#touched, { came, went });
    if (this.#ended.length > 0) this.#mirror?.ended(this.#ended.filter(({ id }) => this.#rows.has(id)));
    if (went) this.#mirror?.forgotten(this.#removed.filter((id) => !this.#rows.has(id)));
    this.#added = [];
    this.#ended = [];
    this.#removed = [];
    this.#touched.clear();
  }

  #put(before: ExchangeRow | undefined, after: ExchangeRow): void {
    if (before === undefined) this.#added.push(after.id);
    else this.#tally.remove(before);
    this.#tally.add(after);
    this.#rows.set(after.id, after);
    this.#touched.add(after.id);
    if (after.end === undefined) this.#running.add(after.id);
    else {
      this.#running.delete(after.id);
      this.#ended.push(after);
      this.#rates.ended(after);
    }
  }

  #drop(row: ExchangeRow): void {
    this.#tally.remove(row);
    this.#rows.delete(row.id);
    this.#running.delete(row.id);
    this.#touched.delete(row.id);
    this.#removed.push(row.id);
  }

  /** Drops the oldest ended rows beyond the cap. Some slack keeps the arrays from being rebuilt for every new row. */
  #evict(): void {
    if (this.#rows.size <= this.#cap) return;
    const slack = Math.min(1000, Math.floor(this.#cap / 100));
    let excess = this.#rows.size - this.#cap + slack;
    for (const id of this.#order) {
      if (excess <= 0) break;
      const row = this.#rows.get(id);
      if (row?.end === undefined) continue;
      this.#drop(row);
      this.evicted++;
      excess--;
    }
  }
}
