import type { InspectorApi } from '../../../shared/contract.ts';

/** Exchanges asked about at once: few enough that a search can be stopped at any time, and shows what it has found. */
const BATCH = 50;

export interface DetailSearchEvents {
  /** These pass. */
  found(ids: readonly number[]): void;
  /** After each step: how many have been asked about, of how many so far. */
  progress(asked: number, total: number): void;
  /** It cannot go on; a sentence. */
  failed(message: string): void;
}

/** Asks the engine about exchanges whose details decide whether they are listed, a few at a time, the newest first. */
export class DetailSearch {
  readonly #api: InspectorApi;
  readonly #filter: string;
  readonly #events: DetailSearchEvents;
  readonly #verdicts = new Map<number, boolean>();
  #waiting: number[] = [];
  #asked = 0;
  #total = 0;
  #running = false;
  #stopped = false;

  constructor(api: InspectorApi, filter: string, events: DetailSearchEvents) {
    this.#api = api;
    this.#filter = filter;
    this.#events = events;
  }

  /** What is known about `id` by now. One that is not known is asked about. */
  verdict(id: number): boolean | undefined {
    const known = this.#verdicts.get(id);
    if (known === undefined && !this.#stopped) this.ask([id]);
    return known;
  }

  /** @param ids in the order in which they should be asked about */
  ask(ids: readonly number[]): void {
    const known = new Set(this.#waiting);
    const more = ids.filter((id) => !known.has(id) && !this.#verdicts.has(id));
    this.#waiting.push(...more);
    this.#total += more.length;
    if (!this.#running && !this.#stopped) void this.#run();
  }

  /** Asks no more; what has been found stays. */
  stop(): void {
    this.#stopped = true;
  }

  /** Asked anew after waiting: it may have been stopped meanwhile. */
  #hasStopped(): boolean {
    return this.#stopped;
  }

  async #run(): Promise<void> {
    this.#running = true;
    while (this.#waiting.length > 0 && !this.#stopped) {
      const ids = this.#waiting.splice(0, BATCH);
      this.#events.progress(this.#asked, this.#total);
      const answer = await this.#api.request('exchanges.match', { filter: this.#filter, ids });
      if (this.#hasStopped()) break;
      if (!answer.ok) {
        this.#stopped = true;
        this.#events.failed(answer.error.message);
        break;
      }
      const matching = new Set(answer.value.matching);
      for (const id of ids) this.#verdicts.set(id, matching.has(id));
      this.#asked += ids.length;
      this.#events.found(answer.value.matching);
      this.#events.progress(this.#asked, this.#total);
    }
    this.#running = false;
  }
}
