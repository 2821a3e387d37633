import type { Socket } from 'node:net';
import type { TlsFacts } from '../../../shared/tls-facts.ts';
import type { SpanFacts } from '../chain/exchange-trace.ts';
import { currentTurn } from '../turn-end.ts';
import { Watchdog } from '../watchdog.ts';
import type { ConnectPolicy } from './connect/connect-policy.ts';
import type { OpenedSocket } from './connect/open-options.ts';
import type { Afterlife, Http1Carrier } from './http1-request.ts';
import { Http1Request } from './http1-request.ts';
import type { Leg } from './leg.ts';
import type { RequestConnection, ResponseReceiver, UpstreamRequest } from './request-connection.ts';
import { UnprocessedError } from './unprocessed-error.ts';

/** How long (ms) a connection waits for its next request where the server does not say how long it does. */
const KEEP_IDLE = 4_000;
/** What a server says is believed up to here, and less this, since its goodbye takes time to arrive. */
const MAX_IDLE = 600_000;
const IDLE_MARGIN = 1_000;

/** One HTTP/1.1 connection to an origin or a proxy (RFC 9112 §9), which carries one request at a time. */
export class Http1Upstream implements RequestConnection, Http1Carrier {
  readonly version = '1.1';
  readonly id: number;
  readonly key: string;
  readonly policy: ConnectPolicy;
  readonly address: string;
  readonly tls: TlsFacts | undefined;
  readonly reused: SpanFacts;
  used = false;
  /** The exchange that it was opened for. */
  openedBy = 0;
  readonly socket: Socket;
  readonly watchdog = new Watchdog(() => this.#onLate());
  readonly #onClosed: (connection: Http1Upstream) => void;
  #request: Http1Request | undefined;
  /** It can carry requests. */
  #open = true;
  /** It has carried a request before, so that the server may be closing it. */
  #kept = false;
  /** The turn of the event loop in which the request on it was written, when it was kept for that. */
  #writtenIn = -1;

  /**
   * @param opened the connection, on which nothing has been sent.
   * @param onClosed told once, when it can carry no more requests.
   */
  constructor(leg: Leg, policy: ConnectPolicy, opened: OpenedSocket, onClosed: (connection: Http1Upstream) => void) {
    const { id, socket, address, tls } = opened;
    this.id = id;
    this.key = leg.key;
    this.policy = policy;
    this.address = address;
    this.tls = tls;
    const way = leg.proxy === undefined ? 'to' : leg.forwarding ? 'to proxy' : 'through proxy';
    this.reused = { detail: `reused connection ${id} ${way} ${address}` };
    this.socket = socket;
    this.#onClosed = onClosed;
    socket.on('data', this.#onData);
    socket.on('drain', this.#onDrain);
    socket.on('end', this.#onEnd);
    socket.on('error', this.#onEnd);
    socket.on('close', this.#onEnd);
    socket.resume();
  }

  /** Whether another request can be sent on it now. */
  get free(): boolean {
    return this.#open && this.#request === undefined && !this.socket.destroyed;
  }

  dispatch(request: UpstreamRequest, receiver: ResponseReceiver): void {
    if (!this.free) throw closedBefore();
    if (this.#kept) this.#writtenIn = currentTurn();
    this.#request = new Http1Request(this, request, receiver);
    try {
      this.#request.send();
    } catch (thrown) {
      // Nobody gives back what a request could not be sent on.
      this.destroy();
      throw thrown;
    }
  }

  settle(afterlife: Afterlife): void {
    this.#request = undefined;
    if (afterlife.kind === 'kept' && this.#open) {
      this.#kept = true;
      const { idle } = afterlife;
      this.watchdog.expect(idle === undefined ? KEEP_IDLE : Math.max(1, Math.min(idle, MAX_IDLE) - IDLE_MARGIN));
      return;
    }
    this.#leave();
    if (afterlife.kind !== 'given') this.socket.destroy();
  }

  /** Ends it at once, with what it carries. */
  destroy(): void {
    this.#leave();
    this.socket.destroy();
  }

  /** Ends it once it carries nothing. */
  close(): void {
    if (this.#request === undefined) this.destroy();
  }

  /** Listens no more, and lets the owner forget it. */
  #leave(): void {
    if (!this.#open) return;
    this.#open = false;
    this.watchdog.stop();
    const { socket } = this;
    socket.off('data', this.#onData);
    socket.off('drain', this.#onDrain);
    socket.off('end', this.#onEnd);
    socket.off('close', this.#onEnd);
    socket.off('error', this.#onEnd);
    // What is destroyed may still fail, which is nobody's concern then.
    socket.on('error', ignored);
    this.#onClosed(this);
  }

  readonly #onData = (chunk: Buffer): void => {
    // A server that speaks without being asked cannot be trusted with the next request.
    if (this.#request === undefined) this.destroy();
    else this.#request.feed(chunk);
  };

  readonly #onDrain = (): void => this.#request?.drained();

  readonly #onEnd = (error?: unknown): void => {
    const request = this.#request;
    if (request === undefined) this.destroy();
    else if (this.#wasClosedBefore(request)) request.ended(closedBefore());
    else request.ended(error instanceof Error ? error : undefined);
  };

  /**
   * Whether the server had closed the connection before the request could reach it, which may then be sent again (RFC 9112
   * §9.3.1). What the event loop tells of in the turn in which something was written had come before that; whatever comes
   * later may be the answer of a server that has read the request.
   */
  #wasClosedBefore(request: Http1Request): boolean {
    return this.#kept && request.repeatable && this.#writtenIn === currentTurn();
  }

  #onLate(): void {
    if (this.#request === undefined) this.destroy();
    else this.#request.late();
  }
}

function closedBefore(): UnprocessedError {
  return new UnprocessedError('send', 'Before the request was sent.', false, 'CLOSED_EARLY');
}

function ignored(): void {
  // See #leave.
}
