import { applyToRow } from '../../shared/exchange-view.ts';
import type { ExchangeRow } from '../../shared/exchange-view.ts';
import type { TraceEvent } from '../../shared/trace-event.ts';
import { lowerBound, mergeAscending } from './ordered-ids.ts';
import { Tally } from './tally.ts';
import type { Counts } from './tally.ts';

export type RowPredicate = (row: ExchangeRow) => boolean;

/**
 * The rows, outside React: maps and arrays that are changed in place while events stream in, so that the cost of an event
 * does not depend on how many rows there are. Row objects are replaced, never changed: identity tells what is new.
 *
 * Changes are made by {@link apply}, {@link addPage} and {@link clear}; {@link settle} then brings the order, the cap and
 * the filtered view up to date, once for however many changes there were.
 */
export class TraceIndex {
  readonly #rows = new Map<number, ExchangeRow>();
  /** Every id, ascending. */
  #order: number[] = [];
  /** The ids that pass the filter, ascending; the same array as `#order` without a filter. */
  #view: number[] = this.#order;
  #filter: RowPredicate | undefined;
  readonly #touched = new Set<number>();
  #added: number[] = [];
  #removed = false;
  readonly #tally = new Tally();
  #clearedUpTo = 0;
  #cap: number;

  /** Rows that were dropped because of the cap since the last {@link clear} or {@link reset}. */
  evicted = 0;
  /** Grows whenever {@link view} holds other ids than before. */
  viewVersion = 0;

  constructor(cap: number) {
    this.#cap = cap;
  }

  get size(): number {
    return this.#rows.size;
  }

  /** The ids to be listed, oldest first. Read-only, and only valid until the next {@link settle}. */
  get view(): readonly number[] {
    return this.#view;
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

  /** Where `id` stands in the view, or where it would stand. */
  positionOf(id: number): { readonly index: number; readonly found: boolean } {
    const index = lowerBound(this.#view, id);
    return { index, found: this.#view[index] === id };
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
      if (row.end !== undefined && row.id <= this.#clearedUpTo) continue;
      this.#put(before, row);
    }
  }

  /** The session was cleared: ended rows up to and including `upTo` are gone. */
  clear(upTo: number): void {
    this.#clearedUpTo = Math.max(this.#clearedUpTo, upTo);
    this.evicted = 0;
    for (const row of this.#rows.values()) if (row.id <= upTo && row.end !== undefined) this.#drop(row);
  }

  /** Forgets the rows that a new snapshot shows to be neither running nor known as ended; a page will bring them back. */
  dropUnended(running: ReadonlySet<number>): void {
    for (const row of this.#rows.values()) if (row.end === undefined && !running.has(row.id)) this.#drop(row);
  }

  /** Forgets everything: the engine is another one. */
  reset(): void {
    this.#rows.clear();
    this.#touched.clear();
    this.#added = [];
    this.#tally.reset();
    this.#clearedUpTo = 0;
    this.evicted = 0;
    this.#removed = true;
    this.settle();
  }

  /** Lists only rows that pass; `undefined` lists all. Walks every row once. */
  setFilter(filter: RowPredicate | undefined): void {
    this.settle();
    this.#filter = filter;
    this.#view = filter === undefined ? this.#order : this.#order.filter((id) => this.#passes(id));
    this.viewVersion++;
  }

  /** The lowest id that has not ended, or the id after the highest known: below it nothing can be missing. */
  lowestOpen(): number {
    for (const id of this.#order) if (this.#rows.get(id)?.end === undefined) return id;
    return (this.#order.at(-1) ?? 0) + 1;
  }

  /** Brings order, cap and view up to date after changes. */
  settle(): void {
    if (this.#added.length > 0) this.#order = mergeAscending(this.#order, this.#added);
    this.#evict();
    const orderChanged = this.#added.length > 0 || this.#removed;
    if (this.#filter === undefined) {
      if (orderChanged) this.viewVersion++;
      if (this.#removed) this.#order = this.#order.filter((id) => this.#rows.has(id));
      this.#view = this.#order;
    } else {
      this.#settleView();
    }
    this.#added = [];
    this.#removed = false;
    this.#touched.clear();
  }

  #settleView(): void {
    if (this.#removed) {
      this.#order = this.#order.filter((id) => this.#rows.has(id));
      this.#view = this.#view.filter((id) => this.#rows.has(id));
      this.viewVersion++;
    }
    const entered: number[] = [];
    for (const id of this.#touched) {
      const { index, found } = this.positionOf(id);
      const passes = this.#passes(id);
      if (passes && !found) entered.push(id);
      if (!passes && found) {
        this.#view.splice(index, 1);
        this.viewVersion++;
      }
    }
    if (entered.length === 0) return;
    this.#view = mergeAscending(this.#view, entered);
    this.viewVersion++;
  }

  #passes(id: number): boolean {
    const row = this.#rows.get(id);
    return row !== undefined && (this.#filter === undefined || this.#filter(row));
  }

  #put(before: ExchangeRow | undefined, after: ExchangeRow): void {
    if (before === undefined) this.#added.push(after.id);
    else this.#tally.remove(before);
    this.#tally.add(after);
    this.#rows.set(after.id, after);
    if (this.#filter !== undefined) this.#touched.add(after.id);
  }

  #drop(row: ExchangeRow): void {
    this.#tally.remove(row);
    this.#rows.delete(row.id);
    this.#touched.delete(row.id);
    this.#removed = true;
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
