import type { HeaderList } from '../../../shared/headers.ts';
import type { Settings } from '../../../shared/settings.ts';
import type { ExchangeTrace } from './exchange-trace.ts';
import type { Abort, Exchange, ReplacedRequest, RequestBody, RequestHead } from './exchange.ts';

/** What an exchange needs from whoever started it. */
export interface ExchangeOrigin {
  /** Sends an interim response to the client, if there is one that takes it. */
  inform(status: number, headers: HeaderList): void;
  /** Closes what the answer would go to. */
  drop(): void;
  spawn(parent: Exchange, purpose: 'revalidation', request: RequestHead): void;
}

/** An exchange on its way; `abort` is for the connection that carries it. */
export class LiveExchange implements Exchange {
  readonly id: number;
  request: RequestHead;
  readonly received: RequestHead;
  body: RequestBody | null;
  readonly client: string;
  route: Exchange['route'];
  readonly settings: Settings;
  readonly trace: ExchangeTrace;
  readonly purpose: 'client' | 'revalidation';
  aborted: Abort | undefined;
  forwardHeaders: HeaderList | undefined;
  readonly #origin: ExchangeOrigin;
  #listeners: ((abort: Abort) => void)[] | undefined;
  #controller: AbortController | undefined;

  constructor(
    facts: Pick<Exchange, 'request' | 'body' | 'client' | 'route' | 'settings' | 'trace' | 'purpose'>,
    origin: ExchangeOrigin,
  ) {
    this.id = facts.trace.id;
    this.request = facts.request;
    this.received = facts.request;
    this.body = facts.body;
    this.client = facts.client;
    this.route = facts.route;
    this.settings = facts.settings;
    this.trace = facts.trace;
    this.purpose = facts.purpose;
    this.#origin = origin;
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.aborted !== undefined) this.#controller.abort(this.aborted);
    return this.#controller.signal;
  }

  onAbort(listener: (abort: Abort) => void): () => void {
    if (this.aborted !== undefined) {
      listener(this.aborted);
      return () => undefined;
    }
    const listeners = (this.#listeners ??= []);
    listeners.push(listener);
    return () => {
      const at = listeners.indexOf(listener);
      if (at !== -1) listeners.splice(at, 1);
    };
  }

  /** Tells everyone who listens that the exchange must stop; only the first call counts. */
  abort(abort: Abort): void {
    if (this.aborted !== undefined) return;
    this.aborted = abort;
    this.#controller?.abort(abort);
    const listeners = this.#listeners ?? [];
    this.#listeners = undefined;
    // A copy, because listeners forget themselves when they are called.
    for (const listener of [...listeners]) listener(abort);
  }

  replaceRequest({ request, body, route }: ReplacedRequest): void {
    this.request = request;
    this.body = body;
    this.route = route;
  }

  drop(message: string): void {
    // First, so that it was not the client who left.
    this.abort({ by: 'hopscope', message });
    this.#origin.drop();
  }

  inform(status: number, headers: HeaderList): void {
    this.#origin.inform(status, headers);
  }

  spawn(purpose: 'revalidation', request: RequestHead): void {
    this.#origin.spawn(this, purpose, request);
  }
}
