import { compileFilter, NO, UNKNOWN } from '../../../shared/filter/compile-filter.ts';
import type { FilterTest } from '../../../shared/filter/compile-filter.ts';
import { parseFilter } from '../../../shared/filter/parse-filter.ts';
import type { FromRows, RowAnswer, RowQuery, RowQuestion, TimeRange } from './query-messages.ts';
import { RowColumns, RowCursor } from './row-columns.ts';
import type { PackedRows } from './packed-rows.ts';
import { overviewOf, valuesOf } from './row-answers.ts';
import { sortReader } from './sort-key.ts';
import type { Sort, SortKey } from './sort-key.ts';
import { rankOrder, valueRanks } from './value-order.ts';

/** Rows looked at between two chances to do something else. */
const SLICE = 2000;

export type RowResult = Omit<Extract<FromRows, { type: 'result' }>, 'type' | 'number'>;

/** The ended rows, and what can be asked about all of them: which pass a filter, in which order, and a few sums. */
export class RowIndex {
  readonly #columns = new RowColumns();
  #ranks: { readonly key: SortKey; readonly ranks: Int32Array } | undefined;

  add(rows: PackedRows): void {
    this.#columns.add(rows);
    this.#ranks = undefined;
  }

  forget(ids: Iterable<number>): void {
    this.#columns.forget(ids);
    this.#ranks = undefined;
  }

  reset(): void {
    this.#columns.reset();
    this.#ranks = undefined;
  }

  /**
   * Looks at every row, newest first, and after each slice yields a way to see what has been found so far, unless that would
   * be in another order than the wanted one; the last result is returned. Rows that come meanwhile are left out.
   */
  *run(query: RowQuery): Generator<(() => RowResult) | undefined, RowResult, undefined> {
    const columns = this.#columns;
    columns.compact();
    const cursor = new RowCursor(columns);
    const test = testOf(query.filter);
    const notes = new Map(query.notes);
    const found: number[] = [];
    const unknown: number[] = [];
    const total = columns.size;
    const inOrder = query.sort.key === 'id' && !query.sort.descending;
    for (let at = total - 1; at >= 0; at--) {
      if (at % SLICE === SLICE - 1 && at < total - 1) {
        const seen = total - at - 1;
        yield inOrder
          ? () => ({ ids: idsOf(found, columns).sort(), unknown: NONE, seen, total, done: false })
          : undefined;
      }
      if (!columns.isAlive(at)) continue;
      cursor.at = at;
      if (query.range !== undefined && !inTime(cursor, query.range)) continue;
      const truth = test === undefined ? undefined : test(cursor, notes.get(cursor.id));
      if (truth === NO) continue;
      if (truth === UNKNOWN) unknown.push(at);
      else found.push(at);
    }
    const ids = this.#sorted(found, query.sort);
    return { ids, unknown: idsOf(unknown, columns).sort().reverse(), seen: total, total, done: true };
  }

  answer(question: RowQuestion): RowAnswer {
    switch (question.kind) {
      case 'values':
        return { kind: 'values', values: valuesOf(this.#columns, question.key, question.typed) };
      case 'overview':
        return { kind: 'overview', overview: overviewOf(this.#columns, question.parts) };
    }
  }

  #sorted(positions: number[], { key, descending }: Sort): Float64Array<ArrayBuffer> {
    const columns = this.#columns;
    const ids = idsOf(positions, columns).sort();
    if (key === 'id') return descending ? ids.reverse() : ids;
    const all = this.#ranksBy(key);
    const ranks = Int32Array.from(ids, (id) => all[columns.positionOf(id) as number] as number);
    return Float64Array.from(rankOrder(ranks, descending), (place) => ids[place] as number);
  }

  /** How the rows at all positions stand to each other. Kept until there are other rows: who sorts often does so again. */
  #ranksBy(key: SortKey): Int32Array {
    if (this.#ranks?.key === key) return this.#ranks.ranks;
    const columns = this.#columns;
    const read = sortReader(key);
    const cursor = new RowCursor(columns);
    const values = Array.from({ length: columns.size }, (_, at) => {
      cursor.at = at;
      return columns.isAlive(at) ? read(cursor) : undefined;
    });
    this.#ranks = { key, ranks: valueRanks(values) };
    return this.#ranks.ranks;
  }
}

const NONE = new Float64Array();

function testOf(filter: string): FilterTest | undefined {
  const parsed = parseFilter(filter);
  // The page sends only what it has understood itself.
  return parsed.ok && parsed.node !== undefined ? compileFilter(parsed.node) : undefined;
}

function inTime(row: RowCursor, { from, to }: TimeRange): boolean {
  return row.end >= from && row.start <= to;
}

function idsOf(positions: readonly number[], columns: RowColumns): Float64Array<ArrayBuffer> {
  return Float64Array.from(positions, (at) => columns.number(at, 0));
}
