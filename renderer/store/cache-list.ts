import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { CacheEntryRow, EntriesQuery, EntryId } from '../../shared/cache-contract.ts';
import type { InspectorApi } from '../../shared/contract.ts';

/** Which entries are listed, and in which order. */
export type ListedEntries = Pick<EntriesQuery, 'search' | 'sort' | 'ascending'>;

export interface CacheListState {
  /** Entries that match; undefined until the first answer. */
  readonly total: number | undefined;
  /** What went wrong with the latest request, if anything. */
  readonly error: string | undefined;
  /** The engine's clock minus ours, in milliseconds. */
  readonly skew: number;
  /** Grows with every answer. */
  readonly version: number;
}

/** Rows fetched beyond each edge of what is in sight, so that scrolling finds them there. */
const MARGIN = 100;
/** Changes in the store are followed at most once in so many milliseconds. */
const FOLLOW_MS = 1000;
/** A refresh takes at most this part of the time. */
const REFRESH_SHARE = 0.2;

/**
 * The stored entries as a list of any length, of which only the rows around what is in sight are here. One request is
 * under way at a time; of the wishes meanwhile only the newest counts.
 */
export class CacheList {
  readonly store: StoreApi<CacheListState>;
  readonly #api: InspectorApi;
  #query: ListedEntries;
  #rows: readonly CacheEntryRow[] = [];
  /** Position of the first of {@link #rows}. */
  #first = 0;
  #wanted = { first: 0, end: MARGIN };
  /** The rows here are of another query or of an earlier time. */
  #stale = true;
  #loading = false;
  #took = 0;
  #refreshed = -Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #ended = false;

  constructor(api: InspectorApi, query: ListedEntries) {
    this.#api = api;
    this.#query = query;
    this.store = createStore<CacheListState>()(() => ({ total: undefined, error: undefined, skew: 0, version: 0 }));
  }

  /** Fetches, and follows the store's changes, until the returned function is called. */
  start(): () => void {
    this.#ended = false;
    const end = this.#api.on('cache.changed', () => this.#follow());
    const endConnection = this.#api.onConnection((state) => {
      if (state === 'open') this.refresh();
    });
    return () => {
      this.#ended = true;
      clearTimeout(this.#timer);
      this.#timer = undefined;
      end();
      endConnection();
    };
  }

  /** Lists other entries, from the top. */
  ask(query: ListedEntries): void {
    this.#query = query;
    this.#wanted = { first: 0, end: MARGIN };
    this.refresh();
  }

  refresh(): void {
    this.#stale = true;
    void this.#run();
  }

  /** Tells which rows are in sight. */
  show(window: { readonly first: number; readonly end: number }): void {
    this.#wanted = window;
    void this.#run();
  }

  /** Undefined while that row is not here. */
  rowAt(position: number): CacheEntryRow | undefined {
    return this.#rows[position - this.#first];
  }

  /** Where an entry stands; undefined when it is not among the rows here. */
  positionOf(id: EntryId): number | undefined {
    const index = this.#rows.findIndex((row) => row.id === id);
    return index < 0 ? undefined : this.#first + index;
  }

  /** The row at a position, fetched when it is not here; undefined when there is none or it cannot be had. */
  async fetchRow(position: number): Promise<CacheEntryRow | undefined> {
    const here = this.rowAt(position);
    if (here !== undefined) return here;
    const answer = await this.#api.request('cache.entries', { ...this.#query, offset: position, limit: 1 });
    return answer.ok ? answer.value.rows[0] : undefined;
  }

  /** At once after a calm time, so that people see what they have done; else as often as is allowed. */
  #follow(): void {
    if (this.#timer !== undefined) return;
    const pace = Math.max(FOLLOW_MS, this.#took / REFRESH_SHARE);
    const wait = Math.max(0, this.#refreshed + pace - performance.now());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#refreshed = performance.now();
      this.refresh();
    }, wait);
  }

  async #run(): Promise<void> {
    if (this.#loading) return;
    this.#loading = true;
    try {
      while (!this.#ended && (this.#stale || !this.#covered())) {
        this.#stale = false;
        await this.#load();
      }
    } finally {
      this.#loading = false;
    }
  }

  #covered(): boolean {
    const { first, end } = this.#wanted;
    const total = this.store.getState().total ?? 0;
    if (this.store.getState().error !== undefined) return true;
    return first >= this.#first && Math.min(end, total) <= this.#first + this.#rows.length;
  }

  async #load(): Promise<void> {
    const offset = Math.max(0, this.#wanted.first - MARGIN);
    const limit = Math.min(1000, this.#wanted.end - offset + MARGIN);
    const query = this.#query;
    const begun = performance.now();
    const answer = await this.#api.request('cache.entries', { ...query, offset, limit });
    this.#took = performance.now() - begun;
    // An answer to a question that nobody asks any more.
    if (query !== this.#query) return;
    if (!answer.ok) {
      this.store.setState({ error: answer.error.message });
      return;
    }
    const { total, rows, now } = answer.value;
    this.#first = offset;
    this.#rows = rows;
    // The store shrank to less than where the list stood.
    if (rows.length === 0 && total > 0) this.#wanted = { first: Math.max(0, total - MARGIN), end: total };
    this.store.setState(({ version }) => ({ total, error: undefined, skew: now - Date.now(), version: version + 1 }));
  }
}
