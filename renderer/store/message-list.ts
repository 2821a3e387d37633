import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { InspectorApi } from '../../shared/contract.ts';
import { KIND_LOST, MESSAGE_KINDS, SENT_BIT } from '../../shared/messages.ts';
import type { MessageEntry, MessageKind } from '../../shared/messages.ts';

/** Which messages are listed. */
export interface MessageFilter {
  readonly kinds: 'all' | 'text' | 'binary' | 'control';
  readonly direction: 'both' | 'sent' | 'received';
}

export const NO_FILTER: MessageFilter = { kinds: 'all', direction: 'both' };

export interface MessageListState {
  /** Counts changes of the list and of what is known of its entries. */
  readonly version: number;
  readonly filter: MessageFilter;
  readonly error?: string;
}

const PAGE = 100;
/** Kinds that one request brings; the contract allows a mebibyte. */
const KINDS = 1024 * 1024;
/** Entries kept; beyond that those that are out of sight are forgotten and read again when wanted. */
const MAX_ENTRIES = 4_000;

const GROUPS: Readonly<Record<MessageKind, MessageFilter['kinds']>> = {
  continuation: 'binary',
  text: 'text',
  binary: 'binary',
  close: 'control',
  ping: 'control',
  pong: 'control',
  reserved: 'control',
  event: 'text',
  comment: 'control',
};

/**
 * The messages of one exchange, however many: entries are read in pages around what is in sight, and a filter needs one
 * byte of each message.
 */
export class MessageList {
  readonly store: StoreApi<MessageListState> = createStore<MessageListState>()(() => ({
    version: 0,
    filter: NO_FILTER,
  }));
  readonly id: number;
  readonly #api: InspectorApi;
  #total = 0;
  readonly #entries = new Map<number, MessageEntry>();
  /** How many messages of a page have been asked for and answered. */
  readonly #loaded = new Map<number, number>();
  readonly #loading = new Set<number>();
  /** Indexes of the messages that the filter lets through; undefined without one. */
  #passing: number[] | undefined;
  #kindsKnown = 0;
  #kindsLoading = false;
  #sight = { first: 0, end: 0 };

  constructor(api: InspectorApi, id: number) {
    this.#api = api;
    this.id = id;
  }

  /** Messages so far, whatever the filter. */
  get total(): number {
    return this.#total;
  }

  /** Messages listed. */
  get count(): number {
    return this.#passing?.length ?? this.#total;
  }

  /** The message at a position of the list. */
  indexAt(position: number): number | undefined {
    if (this.#passing !== undefined) return this.#passing[position];
    return position >= 0 && position < this.#total ? position : undefined;
  }

  positionOf(index: number): { readonly index: number; readonly found: boolean } {
    const passing = this.#passing;
    if (passing === undefined) return { index: Math.min(index, this.#total), found: index < this.#total };
    let [low, high] = [0, passing.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((passing[middle] as number) < index) low = middle + 1;
      else high = middle;
    }
    return { index: low, found: passing[low] === index };
  }

  /** The entry of a message; `lost` when it was not kept, undefined while it is being read. */
  entry(index: number): MessageEntry | 'lost' | undefined {
    const entry = this.#entries.get(index);
    if (entry !== undefined) return entry;
    return (this.#loaded.get(Math.floor(index / PAGE)) ?? 0) > index % PAGE ? 'lost' : undefined;
  }

  /** There are so many messages now. */
  grow(total: number): void {
    if (total <= this.#total) return;
    this.#total = total;
    this.#changed();
    void this.#loadKinds();
    this.#loadSight();
  }

  setFilter(filter: MessageFilter): void {
    const filtered = filter.kinds !== 'all' || filter.direction !== 'both';
    this.#passing = filtered ? [] : undefined;
    this.#kindsKnown = 0;
    this.store.setState({ filter });
    this.#changed();
    void this.#loadKinds();
  }

  /** These positions of the list are in sight. */
  show(first: number, end: number): void {
    this.#sight = { first, end };
    this.#loadSight();
  }

  #loadSight(): void {
    for (let position = this.#sight.first; position < this.#sight.end; position++) {
      const index = this.indexAt(position);
      if (index === undefined) return;
      const page = Math.floor(index / PAGE);
      const known = this.#loaded.get(page) ?? 0;
      if (known <= index % PAGE && !this.#loading.has(page)) void this.#loadPage(page, known);
    }
  }

  async #loadPage(page: number, known: number): Promise<void> {
    this.#loading.add(page);
    const from = page * PAGE + known;
    const answer = await this.#api.request('messages.read', { id: this.id, from, limit: PAGE - known });
    this.#loading.delete(page);
    if (!answer.ok) {
      this.store.setState({ error: answer.error.message });
      return;
    }
    const { total, entries } = answer.value;
    this.#total = Math.max(this.#total, total);
    if (this.#entries.size > MAX_ENTRIES) this.#forget();
    for (const entry of entries) this.#entries.set(entry.index, entry);
    this.#loaded.set(page, Math.max(0, Math.min(PAGE, total - page * PAGE)));
    this.#changed();
    this.#loadSight();
  }

  /** Forgets all entries but those in sight, whose pages are read again. */
  #forget(): void {
    this.#entries.clear();
    this.#loaded.clear();
  }

  async #loadKinds(): Promise<void> {
    if (this.#kindsLoading) return;
    this.#kindsLoading = true;
    while (this.#passing !== undefined && this.#kindsKnown < this.#total) {
      const passing = this.#passing;
      const from = this.#kindsKnown;
      const answer = await this.#api.request('messages.kinds', { id: this.id, from, limit: KINDS });
      if (!answer.ok) {
        this.store.setState({ error: answer.error.message });
        break;
      }
      // Another filter has been chosen meanwhile.
      if (passing !== this.#passing) continue;
      this.#take(answer.value, from, passing);
      if (answer.value.length === 0) break;
    }
    this.#kindsLoading = false;
    this.#loadSight();
  }

  #take(kinds: Uint8Array, from: number, passing: number[]): void {
    const { filter } = this.store.getState();
    kinds.forEach((byte, i) => {
      if (passes(byte, filter)) passing.push(from + i);
    });
    this.#kindsKnown = from + kinds.length;
    this.#changed();
  }

  #changed(): void {
    this.store.setState(({ version }) => ({ version: version + 1 }));
  }
}

function passes(byte: number, { kinds, direction }: MessageFilter): boolean {
  if (direction !== 'both' && ((byte & SENT_BIT) !== 0) !== (direction === 'sent')) return false;
  const number = byte & ~SENT_BIT;
  if (number === KIND_LOST) return kinds === 'all';
  const kind = MESSAGE_KINDS[number];
  return kinds === 'all' || (kind !== undefined && GROUPS[kind] === kinds);
}
