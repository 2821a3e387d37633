import type { ExchangeRow } from '../../shared/exchange-view.ts';
import { lowerBound, mergeAscending } from './ordered-ids.ts';

/** Which rows are listed, and in which order. */
export interface ListQuery {
  /** All rows pass without it. */
  readonly passes?: ((row: ExchangeRow) => boolean) | undefined;
  /** In order of arrival without it. Never 0 for two different rows. */
  readonly compare?: ((a: ExchangeRow, b: ExchangeRow) => number) | undefined;
}

/** Where the rows are. */
export interface RowSource {
  get(id: number): ExchangeRow | undefined;
}

/**
 * The ids of the rows that are listed, in order, kept up to date row by row. A new query over many rows is answered
 * elsewhere: between {@link begin} and the last {@link adopt} the list stays as it was, and what changes meanwhile is
 * remembered.
 */
export class ListView {
  readonly #rows: RowSource;
  #query: ListQuery = {};
  #ids: number[] = [];
  /** The ids are those of all rows, kept by the caller. */
  #isOrder = true;
  /** Rows that have changed since the query was asked elsewhere. */
  #since: Set<number> | undefined;

  /** Grows whenever {@link ids} holds other ids than before, or in another order. */
  version = 0;

  constructor(rows: RowSource) {
    this.#rows = rows;
  }

  get ids(): readonly number[] {
    return this.#ids;
  }

  /** Where `id` stands, or in order of arrival where it would stand. */
  positionOf(id: number): { readonly index: number; readonly found: boolean } {
    if (this.#query.compare === undefined) {
      const index = lowerBound(this.#ids, id);
      return { index, found: this.#ids[index] === id };
    }
    const index = this.#ids.indexOf(id);
    return index < 0 ? { index: this.#insertionPoint(id), found: false } : { index, found: true };
  }

  /** Answers `query` at once by walking every row. @param order every id, ascending */
  ask(query: ListQuery, order: number[]): void {
    this.#query = query;
    this.#since = undefined;
    this.#isOrder = query.passes === undefined && query.compare === undefined;
    this.#ids = this.#isOrder ? order : this.#arranged(order.filter((id) => this.#passes(id)));
    this.version++;
  }

  /** From now on `query` counts, and its answer about the rows as they are now will be adopted. */
  begin(query: ListQuery): void {
    this.#query = query;
    this.#since = new Set();
    this.#isOrder = false;
    this.#ids = [...this.#ids];
  }

  /**
   * Takes over the answer to the query that was begun.
   * @param answer ids in the wanted order; those of rows that have changed or gone meanwhile do not count
   * @param others ids of rows that the answer says nothing about
   */
  adopt(answer: Iterable<number>, others: Iterable<number>, done: boolean): void {
    const fresh = new Set([...(this.#since ?? []), ...others]);
    const ids: number[] = [];
    for (const id of answer) if (!fresh.has(id) && this.#rows.get(id) !== undefined) ids.push(id);
    this.#ids = ids;
    this.#enter([...fresh].filter((id) => this.#passes(id)));
    if (done) this.#since = undefined;
    this.version++;
  }

  /** Lists more rows, which are known to pass. */
  include(ids: readonly number[]): void {
    const entering = ids.filter((id) => this.#rows.get(id) !== undefined && !this.positionOf(id).found);
    if (entering.length === 0) return;
    this.#enter(entering);
    this.version++;
  }

  /**
   * Rows have changed, come or gone.
   * @param order every id, ascending; the same array as before when nothing went
   */
  settle(
    order: number[],
    touched: ReadonlySet<number>,
    changes: { readonly came: boolean; readonly went: boolean },
  ): void {
    if (this.#isOrder) {
      this.#ids = order;
      if (changes.came || changes.went) this.version++;
      return;
    }
    if (changes.went) {
      this.#ids = this.#ids.filter((id) => this.#rows.get(id) !== undefined);
      this.version++;
    }
    if (this.#since !== undefined) for (const id of touched) this.#since.add(id);
    else if (this.#query.compare === undefined) this.#settleArrived(touched);
    else this.#settleSorted(touched);
  }

  #settleArrived(touched: ReadonlySet<number>): void {
    const entered: number[] = [];
    for (const id of touched) {
      const { index, found } = this.positionOf(id);
      const passes = this.#passes(id);
      if (passes && !found) entered.push(id);
      if (!passes && found) {
        this.#ids.splice(index, 1);
        this.version++;
      }
    }
    if (entered.length === 0) return;
    this.#enter(entered);
    this.version++;
  }

  /** A changed row may belong elsewhere: all of them are taken out and put in again, with one pass over the list. */
  #settleSorted(touched: ReadonlySet<number>): void {
    if (touched.size === 0) return;
    const kept = this.#ids.filter((id) => !touched.has(id));
    const entered = [...touched].filter((id) => this.#passes(id));
    if (kept.length === this.#ids.length && entered.length === 0) return;
    this.#ids = kept;
    this.#enter(entered);
    this.version++;
  }

  /** Puts ids that are not listed in their places. */
  #enter(ids: number[]): void {
    if (this.#query.compare === undefined) {
      this.#ids = mergeAscending(this.#ids, ids);
      return;
    }
    const entering = this.#arranged(ids);
    const merged: number[] = [];
    let from = 0;
    for (const id of entering) {
      const to = this.#insertionPoint(id, from);
      for (; from < to; from++) merged.push(this.#ids[from] as number);
      merged.push(id);
    }
    for (; from < this.#ids.length; from++) merged.push(this.#ids[from] as number);
    this.#ids = merged;
  }

  #arranged(ids: number[]): number[] {
    const { compare } = this.#query;
    if (compare === undefined) return ids;
    const rows = ids.flatMap((id) => this.#rows.get(id) ?? []);
    return rows.sort(compare).map((row) => row.id);
  }

  #insertionPoint(id: number, from = 0): number {
    const row = this.#rows.get(id);
    const { compare } = this.#query;
    if (row === undefined || compare === undefined) return from;
    let low = from;
    let high = this.#ids.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.#rows.get(this.#ids[middle] as number);
      if (other !== undefined && compare(other, row) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #passes(id: number): boolean {
    const row = this.#rows.get(id);
    return row !== undefined && (this.#query.passes === undefined || this.#query.passes(row));
  }
}
