import * as v from 'valibot';
import { isRequestName, requestSchemas } from '../../shared/contract-schemas.ts';
import type { SystemProxyStatus } from '../../shared/clients-contract.ts';
import type { Answer, EventMap, EventName, Params, RequestName, ResultOf } from '../../shared/contract.ts';
import { describeIssues } from '../../shared/settings.ts';
import { hashPasswordAside } from '../engine/access/password-hash.ts';
import type { AppHost } from './app-requests.ts';
import { appRequests, plainHost } from './app-requests.ts';
import { bodyRequests } from './body-requests.ts';
import { CachePulse } from './cache-pulse.ts';
import { cacheRequests } from './cache-requests.ts';
import type { ClientsHost } from './clients-requests.ts';
import { clientsRequests } from './clients-requests.ts';
import { checkNamedFiles } from './check-named-files.ts';
import { ContractError } from './contract-error.ts';
import type { EngineHost } from './engine-host.ts';
import type { HealthHost } from './health-requests.ts';
import { healthRequests, soundHost } from './health-requests.ts';
import { rulesRequests } from './rules-requests.ts';
import { searchRequests } from './search-requests.ts';
import { sessionRequests } from './session-requests.ts';
import { TracePublisher } from './trace-publisher.ts';
import { withCode } from './with-code.ts';

/** A receiver of events, whatever the transport. Must not throw. */
export interface EventSink {
  emit<N extends EventName>(name: N, payload: EventMap[N]): void;
}

/** One client's side of the contract. */
export interface ContractSession {
  /** Answers a request whose name and params come from outside. Never rejects. */
  request(name: unknown, params: unknown): Promise<Answer<unknown>>;
  /** The client is gone. */
  close(): void;
}

type Handlers = { [N in RequestName]: (params: Params<N>) => ResultOf<N> | Promise<ResultOf<N>> };

/** What the contract needs besides the engine. */
export interface ContractOptions {
  /** Sends the sample requests; resolves with how many were answered. May reject with a {@link ContractError}. */
  sendSample(): Promise<number>;
  /** The ways in which clients get to the proxy. */
  readonly clients: ClientsHost;
  /** The application around the engine, if there is more than the engine. */
  readonly app?: AppHost;
  /** Looks after its surroundings, if anybody does. */
  readonly health?: HealthHost;
  /** Told of failures that are nobody's fault but ours. */
  onError(error: unknown, request: string): void;
}

/** The contract of shared/contract.ts, served to any number of clients over any transport. */
export class ContractServer {
  readonly #host: EngineHost;
  readonly #options: ContractOptions;
  readonly #sessions = new Set<Session>();
  readonly #cachePulse: CachePulse;
  readonly #endEvents: () => void;

  constructor(host: EngineHost, options: ContractOptions) {
    this.#host = host;
    this.#options = options;
    this.#cachePulse = new CachePulse(
      () => host.cache.stats(),
      (summary) => this.#broadcast('cache.changed', summary),
    );
    host.recorder.onAnnotated((annotations) => this.#broadcast('exchanges.annotated', { annotations }));
    host.sessions.onProgress((progress) => this.#broadcast('sessions.progress', progress));
    host.onSettings((settings) => this.#broadcast('settings.changed', settings));
    host.onStatus((status) => this.#broadcast('status.changed', status));
    this.#endEvents = (options.app ?? plainHost).onEvent((event) => this.#broadcast('app.event', event));
  }

  /** Begins a session with a client that gets its events through `sink`. */
  connect(sink: EventSink): ContractSession {
    const session = this.#session(sink, () => {
      this.#sessions.delete(session);
      if (this.#sessions.size > 0) return;
      this.#cachePulse.stop();
      this.#host.held.attend(false);
    });
    this.#sessions.add(session);
    this.#cachePulse.start();
    this.#host.held.attend(true);
    return session;
  }

  /** Begins a session with a command that asks and goes: it is told nothing, and lets nothing go on that is held. */
  connectCommand(): ContractSession {
    const unheard = (): void => undefined;
    return this.#session({ emit: unheard }, unheard);
  }

  #session(sink: EventSink, closed: () => void): Session {
    return new Session(this.#host, sink, {
      options: this.#options,
      cleared: (upTo, kept) => this.#broadcast('session.cleared', { upTo, kept }),
      deleted: (ids) => this.#broadcast('exchanges.deleted', { ids }),
      restored: () => this.#broadcast('session.restored', null),
      cacheChanged: () => this.#cachePulse.look(),
      sessionsChanged: () => this.#broadcast('sessions.changed', null),
      systemProxyChanged: (status) => this.#broadcast('systemProxy.changed', status),
      closed,
    });
  }

  /** Ends every session; what the engine and the application tell goes nowhere from now on. */
  close(): void {
    this.#endEvents();
    for (const session of [...this.#sessions]) session.close();
  }

  #broadcast<N extends EventName>(name: N, payload: EventMap[N]): void {
    for (const session of this.#sessions) session.emit(name, payload);
  }
}

interface SessionOwner {
  readonly options: ContractOptions;
  cleared(upTo: number, kept: readonly number[]): void;
  deleted(ids: readonly number[]): void;
  restored(): void;
  cacheChanged(): void;
  sessionsChanged(): void;
  systemProxyChanged(status: SystemProxyStatus): void;
  closed(): void;
}

class Session implements ContractSession {
  readonly #host: EngineHost;
  readonly #sink: EventSink;
  readonly #owner: SessionOwner;
  readonly #publisher: TracePublisher;
  readonly #handlers: Handlers;
  #closed = false;

  constructor(host: EngineHost, sink: EventSink, owner: SessionOwner) {
    this.#host = host;
    this.#sink = sink;
    this.#owner = owner;
    this.#publisher = new TracePublisher(host.recorder, (batch) => sink.emit('trace.batch', batch));
    this.#handlers = this.#makeHandlers();
  }

  async request(name: unknown, params: unknown): Promise<Answer<unknown>> {
    if (this.#closed) return failure('CLOSED', 'The session is closed.');
    if (!isRequestName(name)) return failure('UNKNOWN_REQUEST', `There is no request "${String(name).slice(0, 80)}".`);
    const parsed = v.safeParse(requestSchemas[name], params);
    if (!parsed.success) return failure('BAD_PARAMS', describeIssues(parsed.issues));
    try {
      // The schema's output is what this name's handler takes; the type checker cannot tie the two together.
      const handler = this.#handlers[name] as (params: unknown) => unknown;
      return { ok: true, value: await handler(parsed.output) };
    } catch (error) {
      if (error instanceof ContractError) return failure(error.code, error.message);
      if (v.isValiError(error)) return failure('BAD_PARAMS', describeIssues(error.issues));
      this.#owner.options.onError(error, name);
      return failure('INTERNAL', error instanceof Error ? error.message : String(error));
    }
  }

  emit<N extends EventName>(name: N, payload: EventMap[N]): void {
    // They concern rows that this client may not have been told of yet.
    if (name === 'session.cleared' || name === 'exchanges.deleted') this.#publisher.flushAll();
    this.#sink.emit(name, payload);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#publisher.close();
    this.#host.sessions
      .giveUpUploads(this)
      .catch((error: unknown) => this.#owner.options.onError(error, 'sessions.beginUpload'));
    this.#owner.closed();
  }

  #clear(kept: readonly number[]): void {
    this.#host.bodies.clear();
    this.#owner.cleared(this.#host.recorder.clear(kept), kept);
  }

  #makeHandlers(): Handlers {
    const host = this.#host;
    const { recorder } = host;
    return {
      'engine.snapshot': () => {
        const snapshot = recorder.snapshot();
        this.#publisher.start(snapshot.seq);
        return { ...snapshot, status: host.status, settings: host.settings };
      },
      'exchanges.page': ({ before, limit }) => recorder.page(before, limit),
      'exchange.read': async ({ id }) => {
        const events = await recorder.read(id);
        if (events === undefined) throw notFound(id);
        return { events };
      },
      'exchange.watch': ({ id }) => {
        this.#publisher.watch(id);
        return null;
      },
      'body.read': async (range) => {
        const bytes = await recorder.readBody(range);
        if (bytes === undefined) throw notFound(range.id);
        return bytes;
      },
      'messages.read': async (range) => {
        const page = await recorder.readMessages(range);
        if (page === undefined) throw notFound(range.id);
        return page;
      },
      'messages.kinds': async (range) => {
        const kinds = await recorder.readMessageKinds(range);
        if (kinds === undefined) throw notFound(range.id);
        return kinds;
      },
      'messages.payload': async (range) => {
        const bytes = await recorder.readMessagePayload(range);
        if (bytes === undefined) throw notFound(range.id);
        return bytes;
      },
      'settings.update': ({ patch }) => {
        checkNamedFiles(host.settings, patch);
        return host.updateSettings(patch);
      },
      'access.hash': async ({ password }) => ({ hash: await hashPasswordAside(password) }),
      'session.clear': (params) => {
        host.sessions.cancel();
        this.#clear(params?.keep ?? []);
        return null;
      },
      'exchanges.delete': ({ ids }) => {
        const deleted = recorder.delete(ids);
        if (deleted.length > 0) this.#owner.deleted(deleted);
        return { deleted: deleted.length };
      },
      'exchanges.annotate': ({ ids, change }) => {
        recorder.annotate(ids, change);
        return null;
      },
      'session.restore': () => {
        const restored = recorder.restoreCleared();
        if (restored) this.#owner.restored();
        return { restored };
      },
      'exchange.resend': async (order) => {
        const resent = await withCode(() => host.resend(order));
        if (resent === undefined) throw notFound(order.id);
        return resent;
      },
      ...rulesRequests(host.held),
      ...searchRequests(host.search),
      ...sessionRequests(
        host.sessions,
        this,
        () => this.#clear([]),
        () => this.#owner.sessionsChanged(),
      ),
      ...bodyRequests(host.bodies),
      ...cacheRequests(host.cache, () => this.#owner.cacheChanged()),
      'cache.whatIf': async (question) => {
        const answer = await host.whatIf(question);
        if (answer === undefined) throw notFound(question.id);
        if ('unanswerable' in answer) throw new ContractError('NO_RESPONSE', answer.unanswerable);
        return answer;
      },
      ...clientsRequests(this.#owner.options.clients, (status) => this.#owner.systemProxyChanged(status)),
      ...appRequests(this.#owner.options.app ?? plainHost),
      ...healthRequests(this.#owner.options.health ?? soundHost),
      'sample.send': async () => ({ sent: await this.#owner.options.sendSample() }),
      'trace.ack': ({ lastSeq }) => {
        this.#publisher.acknowledge(lastSeq);
        return null;
      },
    };
  }
}

function notFound(id: number): ContractError {
  return new ContractError('NOT_FOUND', `Exchange ${id} is not in the session (any more).`);
}

function failure(code: string, message: string): Answer<never> {
  return { ok: false, error: { code, message } };
}
