import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { InspectorApi } from '../../shared/contract.ts';
import { applyToView, fold } from '../../shared/exchange-view.ts';
import type { ExchangeView } from '../../shared/exchange-view.ts';
import type { TraceEvent } from '../../shared/trace-event.ts';

/** What is known in full of the selected exchange. */
export type DetailState =
  | { readonly kind: 'none' }
  /** `previous` is what was shown before, so that travelling through the list does not flicker. */
  | { readonly kind: 'loading'; readonly id: number; readonly previous?: ExchangeView }
  | { readonly kind: 'ready'; readonly id: number; readonly view: ExchangeView }
  /** The engine no longer has it: evicted or cleared. */
  | { readonly kind: 'gone'; readonly id: number }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string };

/** Reads the selected exchange and keeps it up to date from the live stream. */
export class DetailLoader {
  readonly store: StoreApi<DetailState>;
  readonly #api: InspectorApi;
  #wanted: number | null = null;
  #loading = false;
  /** Asks for a reload although the wanted exchange is loaded: the connection is a new one. */
  #stale = false;
  #seq = 0;
  #view: ExchangeView | undefined;
  /** Live events that arrived while the read was under way. */
  #early: TraceEvent[] = [];
  #changed = false;

  constructor(api: InspectorApi) {
    this.#api = api;
    this.store = createStore<DetailState>()(() => ({ kind: 'none' }));
  }

  /** Shows exchange `id`, or nothing. While one read is under way only the newest wish is remembered. */
  select(id: number | null): void {
    if (id === this.#wanted) return;
    this.#wanted = id;
    const shown = this.store.getState();
    if (id === null) this.store.setState({ kind: 'none' }, true);
    else {
      const previous = shown.kind === 'ready' ? shown.view : shown.kind === 'loading' ? shown.previous : undefined;
      this.store.setState(previous === undefined ? { kind: 'loading', id } : { kind: 'loading', id, previous }, true);
    }
    this.#run();
  }

  /** Reads the selected exchange again; what is shown stays until the answer is there. */
  reload(): void {
    this.#stale = true;
    this.#run();
  }

  /** One live event. Only those of the selected exchange matter; {@link publish} shows what they changed. */
  take(event: TraceEvent): void {
    if (event.id !== this.#wanted) return;
    if (this.#loading || this.#view?.id !== event.id) this.#early.push(event);
    else this.#applyLive(event);
  }

  publish(): void {
    if (!this.#changed || this.#view === undefined || this.#view.id !== this.#wanted) return;
    this.#changed = false;
    this.store.setState({ kind: 'ready', id: this.#view.id, view: this.#view }, true);
  }

  #applyLive(event: TraceEvent): void {
    if (event.seq <= this.#seq) return;
    this.#seq = event.seq;
    this.#view = applyToView(this.#view, event);
    this.#changed = true;
  }

  #run(): void {
    if (this.#loading) return;
    this.#loading = true;
    void this.#loadWanted().finally(() => {
      this.#loading = false;
    });
  }

  async #loadWanted(): Promise<void> {
    let loaded: number | null | undefined;
    while (loaded !== this.#wanted || this.#stale) {
      this.#stale = false;
      const id = this.#wanted;
      loaded = id;
      this.#early = [];
      this.#view = undefined;
      await this.#load(id);
    }
  }

  async #load(id: number | null): Promise<void> {
    // Watching comes first: whatever happens after the read is then in the stream, whole.
    const watching = this.#api.request('exchange.watch', { id });
    if (id === null) {
      await watching;
      return;
    }
    const [watched, read] = await Promise.all([watching, this.#api.request('exchange.read', { id })]);
    if (this.#wanted !== id) return;
    if (!read.ok) {
      const gone = read.error.code === 'NOT_FOUND';
      this.store.setState(gone ? { kind: 'gone', id } : { kind: 'failed', id, message: read.error.message }, true);
      return;
    }
    const view = fold(read.value.events);
    if (view === undefined) {
      this.store.setState({ kind: 'gone', id }, true);
      return;
    }
    this.#view = view;
    this.#seq = read.value.events.at(-1)?.seq ?? 0;
    this.#changed = true;
    if (watched.ok) for (const event of this.#early) this.#applyLive(event);
    this.#early = [];
    this.publish();
  }
}
