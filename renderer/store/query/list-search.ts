import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { InspectorApi } from '../../../shared/contract.ts';
import type { ExchangeRow } from '../../../shared/exchange-view.ts';
import { compileFilter, NO, YES } from '../../../shared/filter/compile-filter.ts';
import type { FilterTest } from '../../../shared/filter/compile-filter.ts';
import type { FilterProblem } from '../../../shared/filter/filter-problem.ts';
import { parseFilter } from '../../../shared/filter/parse-filter.ts';
import type { Annotations } from '../annotations.ts';
import type { ListQuery } from '../list-view.ts';
import type { RowMirror, TraceIndex } from '../trace-index.ts';
import { DetailSearch } from './detail-search.ts';
import { packRows, transferables } from './packed-rows.ts';
import type { FromRows, RowAnswer, RowQuestion, TimeRange } from './query-messages.ts';
import type { RowPort } from './row-port.ts';
import { compareRows } from './sort-key.ts';
import type { Sort } from './sort-key.ts';

/** So few rows are looked at at once, which is quicker than asking for them. */
const FEW_ROWS = 2000;

/** What should be listed. */
export interface ListWish {
  readonly filter: string;
  readonly sort: Sort;
  readonly range: TimeRange | undefined;
}

export interface SearchState {
  /** Why the filter's text cannot be followed; the one before stays in force. */
  readonly problem: FilterProblem | undefined;
  /** What is being looked through, and how far it is. */
  readonly progress: { readonly of: 'rows' | 'details'; readonly seen: number; readonly total: number } | undefined;
  /** A search was stopped, or could not go on, before all was looked through. */
  readonly incomplete: { readonly seen: number; readonly total: number; readonly message?: string } | undefined;
}

const SETTLED: SearchState = { problem: undefined, progress: undefined, incomplete: undefined };

interface ListSearchParts {
  readonly api: InspectorApi;
  readonly port: RowPort;
  readonly annotations: Annotations;
  /** The index lists other rows than before. */
  readonly listed: () => void;
}

/**
 * Finds what the list shows. The ended rows are kept by another thread as well, which looks through all of them when the
 * wish changes; row by row, as traffic goes on, it is decided here. What only an exchange's details can tell, the engine is
 * asked.
 */
export class ListSearch implements RowMirror {
  readonly store: StoreApi<SearchState> = createStore<SearchState>()(() => SETTLED);
  readonly #parts: ListSearchParts;
  readonly #answers = new Map<number, (answer: RowAnswer) => void>();
  #index: TraceIndex | undefined;
  #number = 0;
  /** The query whose results count. */
  #current = 0;
  #details: DetailSearch | undefined;

  constructor(parts: ListSearchParts) {
    this.#parts = parts;
    parts.port.listen((message) => this.#take(message));
  }

  /** To be called once, before anything else: the index needs a mirror and the search an index. */
  attach(index: TraceIndex): void {
    this.#index = index;
  }

  ended(rows: readonly ExchangeRow[]): void {
    const packed = packRows(rows);
    this.#parts.port.post({ type: 'add', rows: packed }, transferables(packed));
  }

  forgotten(ids: readonly number[]): void {
    if (ids.length > 0) this.#parts.port.post({ type: 'forget', ids: Float64Array.from(ids) });
  }

  reset(): void {
    this.#parts.port.post({ type: 'reset' });
  }

  /** Lists what `wish` asks for, in place of what was wished before. */
  run(wish: ListWish): void {
    const index = this.#index;
    const parsed = parseFilter(wish.filter);
    if (index === undefined) return;
    if (!parsed.ok) {
      this.store.setState({ problem: parsed.problem });
      return;
    }
    this.#drop();
    const test = parsed.node === undefined ? undefined : compileFilter(parsed.node);
    const query = this.#listQuery(test, wish);
    if (index.size <= FEW_ROWS || (query.passes === undefined && query.compare === undefined)) {
      this.#current = 0;
      index.list(query);
      this.#parts.listed();
      return;
    }
    index.begin(query);
    this.#current = ++this.#number;
    const notes = this.#parts.annotations.entries();
    this.#parts.port.post({ type: 'query', number: this.#current, query: { ...wish, notes } });
  }

  /** Looks no further. What has been found stays listed. */
  cancel(): void {
    const { progress } = this.store.getState();
    if (progress === undefined) return;
    this.#parts.port.post({ type: 'cancel' });
    this.#details?.stop();
    if (progress.of === 'rows') this.#index?.adopt(this.#index.view.slice(), true);
    this.#current = 0;
    this.store.setState({ progress: undefined, incomplete: { seen: progress.seen, total: progress.total } });
  }

  /** Asks about all ended rows. */
  ask(question: RowQuestion): Promise<RowAnswer> {
    const number = ++this.#number;
    const { promise, resolve } = Promise.withResolvers<RowAnswer>();
    this.#answers.set(number, resolve);
    this.#parts.port.post({ type: 'ask', number, question });
    return promise;
  }

  close(): void {
    this.#drop();
    this.#parts.port.close();
  }

  #drop(): void {
    this.#details?.stop();
    this.#details = undefined;
    this.store.setState(SETTLED);
  }

  #listQuery(test: FilterTest | undefined, { filter, sort, range }: ListWish): ListQuery {
    const details = test === undefined ? undefined : this.#detailSearch(filter);
    const { annotations } = this.#parts;
    const passes = (row: ExchangeRow): boolean => {
      if (range !== undefined && (row.start > range.to || (row.end ?? Infinity) < range.from)) return false;
      const truth = test === undefined ? YES : test(row, annotations.get(row.id));
      if (truth === YES || truth === NO) return truth === YES;
      return row.end !== undefined && details?.verdict(row.id) === true;
    };
    return {
      passes: test === undefined && range === undefined ? undefined : passes,
      compare: sort.key === 'id' && !sort.descending ? undefined : compareRows(sort),
    };
  }

  #detailSearch(filter: string): DetailSearch {
    const { api, listed } = this.#parts;
    const search: DetailSearch = new DetailSearch(api, filter, {
      found: (ids) => {
        if (this.#details !== search || ids.length === 0) return;
        this.#index?.include(ids);
        listed();
      },
      progress: (seen, total) => {
        if (this.#details !== search) return;
        this.store.setState({ progress: seen < total ? { of: 'details', seen, total } : undefined });
      },
      failed: (message) => {
        if (this.#details !== search) return;
        const { seen = 0, total = 0 } = this.store.getState().progress ?? {};
        this.store.setState({ progress: undefined, incomplete: { seen, total, message } });
      },
    });
    this.#details = search;
    return search;
  }

  #take(message: FromRows): void {
    if (message.type === 'answer') {
      this.#answers.get(message.number)?.(message.answer);
      this.#answers.delete(message.number);
      return;
    }
    if (message.number !== this.#current) return;
    const { ids, unknown, seen, total, done } = message;
    this.#index?.adopt(ids, done);
    this.store.setState({ progress: done ? undefined : { of: 'rows', seen, total } });
    if (unknown.length > 0) this.#details?.ask([...unknown]);
    this.#parts.listed();
  }
}
