import type { Socket } from 'node:net';
import type { Dispatcher } from 'undici';
import { Client } from 'undici';
import type { TlsFacts } from '../../../shared/tls-facts.ts';
import type { SpanFacts } from '../chain/exchange-trace.ts';
import type { ConnectPolicy } from './connect/connect-policy.ts';
import type { OpenedSocket } from './connect/open-options.ts';
import type { Leg } from './leg.ts';
import { clientUrl } from './leg.ts';
import type { RequestConnection, UpstreamRequest } from './request-connection.ts';
import { upstreamError } from './upstream-error.ts';

/** Heads larger than Node's own limit exist in the wild and are worth seeing. */
const MAX_HEAD = 2 * 1024 * 1024;

/** Opens a connection anew and reports its steps. */
export type Reopen = () => Promise<OpenedSocket>;

/** One undici client, that is one HTTP/1.1 connection to an origin or a proxy, that remembers how it was opened. */
export class UpstreamConnection implements RequestConnection {
  readonly version = '1.1';
  readonly id: number;
  readonly key: string;
  readonly policy: ConnectPolicy;
  readonly client: Client;
  address: string;
  tls: TlsFacts | undefined;
  readonly reused: SpanFacts;
  used = false;
  /** The exchange that it was opened for. */
  openedBy = 0;
  #ready: Socket | undefined;
  readonly #reopen: Reopen;

  /** @param opened the connection, on which nothing has been sent. */
  constructor(id: number, leg: Leg, policy: ConnectPolicy, opened: OpenedSocket, reopen: Reopen) {
    this.id = id;
    this.key = leg.key;
    this.policy = policy;
    this.address = opened.address;
    this.tls = opened.tls;
    const way = leg.proxy === undefined ? 'to' : leg.forwarding ? 'to proxy' : 'through proxy';
    this.reused = { detail: `reused connection ${id} ${way} ${opened.address}` };
    this.#ready = opened.socket;
    this.#reopen = reopen;
    this.client = new Client(clientUrl(leg), {
      pipelining: 1,
      maxHeaderSize: MAX_HEAD,
      allowH2: false,
      connect: (_request, callback) => this.#connect(callback),
    });
  }

  dispatch(request: UpstreamRequest, handler: Dispatcher.DispatchHandler): void {
    // undici's typings know neither other methods than the common ones nor bodies that are iterated.
    this.client.dispatch(request as Dispatcher.DispatchOptions, handler);
  }

  /** undici asks for a socket with its first request, and again when that one was closed before a request was written. */
  #connect(callback: (...result: [Error, null] | [null, Socket]) => void): void {
    const ready = this.#ready;
    this.#ready = undefined;
    if (ready?.destroyed === false) {
      // undici does not notice a socket that it is given before its own call returns.
      queueMicrotask(() => callback(null, ready));
      return;
    }
    this.#reopen().then(
      ({ socket, address, tls }) => {
        this.address = address;
        this.tls = tls;
        callback(null, socket);
      },
      (error: unknown) => callback(upstreamError(error, 'connect'), null),
    );
  }
}
