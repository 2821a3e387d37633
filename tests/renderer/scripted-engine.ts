import { setImmediate } from 'node:timers/promises';
import * as v from 'valibot';
import type {
  Answer,
  EventMap,
  EventName,
  InspectorApi,
  Params,
  RequestName,
  Snapshot,
} from '../../shared/contract.ts';
import { applyToRow } from '../../shared/exchange-view.ts';
import type { ExchangeRow } from '../../shared/exchange-view.ts';
import type { ExchangeField } from '../../shared/search-contract.ts';
import { settingsSchema } from '../../shared/settings.ts';
import { toListEvent } from '../../shared/trace-event.ts';
import type { TraceEvent } from '../../shared/trace-event.ts';

type Connection = 'connecting' | 'open' | 'closed';
/** An event without the number that the engine gives it. */
export type Unnumbered = TraceEvent extends infer E ? (E extends TraceEvent ? Omit<E, 'seq'> : never) : never;

/**
 * The other side of the contract, for tests that decide when each answer and each batch arrives. It keeps rows and events
 * as the engine does; answers wait until {@link release} when {@link held} is set.
 */
export class ScriptedEngine implements InspectorApi {
  readonly calls: { readonly name: RequestName; readonly params: unknown }[] = [];
  held = false;
  epoch = 1_000_000;
  /** Which exchanges pass a filter that asks for details. */
  matching: (id: number) => boolean = () => false;
  /** The value of an exchange's field. */
  fieldOf: (id: number, field: ExchangeField) => string | null = () => null;
  readonly #rows = new Map<number, ExchangeRow>();
  readonly #events = new Map<number, TraceEvent[]>();
  readonly #listeners = new Map<EventName, Set<(payload: never) => void>>();
  readonly #connectionListeners = new Set<(state: Connection) => void>();
  #connection: Connection;
  #waiting: (() => void)[] = [];
  #unsent: TraceEvent[] = [];
  #seq = 0;
  #firstUnsent = 1;
  #watched: number | null = null;

  constructor(connection: Connection = 'open') {
    this.#connection = connection;
  }

  async request(name: RequestName, params: unknown): Promise<Answer<never>> {
    this.calls.push({ name, params });
    if (this.held) {
      const { promise, resolve } = Promise.withResolvers<undefined>();
      this.#waiting.push(() => resolve(undefined));
      await promise;
    }
    if (this.#connection !== 'open') return { ok: false, error: { code: 'DISCONNECTED', message: 'Not connected.' } };
    return this.#answer(name, params) as Answer<never>;
  }

  on<N extends EventName>(name: N, listener: (payload: EventMap[N]) => void): () => void {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners);
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  onConnection(listener: (state: Connection) => void): () => void {
    this.#connectionListeners.add(listener);
    listener(this.#connection);
    return () => this.#connectionListeners.delete(listener);
  }

  connect(state: Connection): void {
    this.#connection = state;
    for (const listener of this.#connectionListeners) listener(state);
  }

  /** Lets the answers that wait go out, and those to come too. */
  release(): void {
    this.held = false;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /** Something happened; it is sent with the next {@link send}. */
  happen(...events: Unnumbered[]): void {
    for (const unnumbered of events) {
      const event = { ...unnumbered, seq: ++this.#seq } as TraceEvent;
      const row = applyToRow(this.#rows.get(event.id), event);
      if (row !== undefined) this.#rows.set(event.id, row);
      this.#events.set(event.id, [...(this.#events.get(event.id) ?? []), event]);
      this.#unsent.push(event);
    }
  }

  /** Sends what has happened since the last time as one batch. */
  send(): void {
    const events = this.#unsent.flatMap((event) => (event.id === this.#watched ? event : (toListEvent(event) ?? [])));
    this.emit('trace.batch', { firstSeq: this.#firstUnsent, lastSeq: this.#seq, events, now: this.#seq });
    this.lose();
  }

  /** What has happened since the last time is never sent: a gap. */
  lose(): void {
    this.#unsent = [];
    this.#firstUnsent = this.#seq + 1;
  }

  emit<N extends EventName>(name: N, payload: EventMap[N]): void {
    for (const listener of this.#listeners.get(name) ?? []) listener(payload as never);
  }

  /** Forgets ended exchanges, and tells so unless `silently`. */
  clear(silently = false): void {
    const upTo = Math.max(0, ...this.#rows.keys());
    for (const row of this.#rows.values()) if (row.end !== undefined) this.#forget(row.id);
    if (!silently) this.emit('session.cleared', { upTo, kept: [] });
  }

  /** Forgets ended exchanges, and tells so unless `silently`; returns the function that brings them back. */
  delete(ids: readonly number[], silently = false): () => void {
    const gone = ids.flatMap((id) => this.#rows.get(id) ?? []);
    for (const { id } of gone) this.#rows.delete(id);
    if (!silently) this.emit('exchanges.deleted', { ids });
    return () => {
      for (const row of gone) this.#rows.set(row.id, row);
      this.emit('session.restored', null);
    };
  }

  callsOf<N extends RequestName>(name: N): Params<N>[] {
    return this.calls.filter((call) => call.name === name).map((call) => call.params as Params<N>);
  }

  #forget(id: number): void {
    this.#rows.delete(id);
    this.#events.delete(id);
  }

  #answer(name: RequestName, params: unknown): Answer<unknown> {
    switch (name) {
      case 'engine.snapshot':
        return { ok: true, value: this.#snapshot() };
      case 'exchanges.page':
        return { ok: true, value: this.#page(params as Params<'exchanges.page'>) };
      case 'exchange.watch':
        this.#watched = (params as Params<'exchange.watch'>).id;
        return { ok: true, value: null };
      case 'exchange.read': {
        const events = this.#events.get((params as Params<'exchange.read'>).id);
        if (events === undefined) return { ok: false, error: { code: 'NOT_FOUND', message: 'It is gone.' } };
        return { ok: true, value: { events } };
      }
      case 'exchanges.match': {
        const { ids } = params as Params<'exchanges.match'>;
        return { ok: true, value: { matching: ids.filter((id) => this.matching(id)) } };
      }
      case 'exchanges.fields': {
        const { ids, fields } = params as Params<'exchanges.fields'>;
        return { ok: true, value: { values: ids.map((id) => fields.map((field) => this.fieldOf(id, field))) } };
      }
      default:
        return { ok: true, value: null };
    }
  }

  #snapshot(): Snapshot {
    const ended = [...this.#rows.values()].filter((row) => row.end !== undefined).map((row) => row.id);
    return {
      ...{ seq: this.#seq, now: this.#seq, settings: v.parse(settingsSchema, {}), evicted: 0 },
      status: { epoch: this.epoch, version: '0', warnings: [], proxyUrl: 'http://127.0.0.1:9000' },
      running: [...this.#rows.values()].filter((row) => row.end === undefined),
      firstId: ended.length === 0 ? 0 : Math.min(...ended),
      lastId: Math.max(0, ...ended),
      annotations: [],
    };
  }

  #page({ before = Infinity, limit }: Params<'exchanges.page'>): { rows: ExchangeRow[]; more: boolean } {
    const older = [...this.#rows.values()].filter((row) => row.end !== undefined && row.id < before);
    older.sort((a, b) => b.id - a.id);
    return { rows: older.slice(0, limit), more: older.length > limit };
  }
}

/** The events of a request that begins at `at`. */
export function started(id: number, at = id, url = `http://example.com/${id}`): Unnumbered {
  return {
    ...{ type: 'exchange.started', id, at, kind: 'http', method: 'GET', url, version: 'HTTP/1.1' },
    ...{ client: '127.0.0.1:5000', connection: 1, nth: id },
  };
}

/** The events with which a request is answered and ends at `at`. */
export function answered(id: number, at = id + 1, status = 200): Unnumbered[] {
  return [
    {
      type: 'response.started',
      id,
      at,
      status,
      reason: 'OK',
      from: 'upstream',
      contentType: 'text/plain',
      headers: [],
    },
    { type: 'response.ended', id, at, bytes: 10 },
    { type: 'exchange.finished', id, at, outcome: { kind: 'completed' } },
  ];
}

/** Everything that is queued in promises and timers of zero length has run. */
export async function settled(): Promise<void> {
  await setImmediate();
  await setImmediate();
}
