import type { Duplex } from 'node:stream';
import type { Outcome } from '../../../shared/trace-event.ts';
import type { LiveExchange } from '../chain/live-exchange.ts';
import { carryBytes } from './carry-bytes.ts';
import type { ClientTransport, ConnectionHost, PendingTunnel, TunnelRequest } from './client-connection.ts';
import type { Speaker } from './first-bytes.ts';
import { parseAuthority } from '../http/request-target.ts';
import { sniffTunnel } from './sniff.ts';

const EMPTY = Buffer.alloc(0);
/** How long (ms) a client may leave it open what it speaks, once it has begun to. */
const DOUBT_MS = 300;
const COMPLETED: Outcome = { kind: 'completed' };

/**
 * A client's tunnel (RFC 9110 §9.3.6). Whoever speaks first decides what becomes of it: a client that sends HTTP is
 * served as if it had asked for the tunnel's host by an absolute URL; anything else, also a server that greets its
 * client, passes as bytes that are counted and not looked into.
 */
export class Tunnel implements PendingTunnel {
  readonly id: number;
  readonly #x: LiveExchange;
  readonly #transport: ClientTransport;
  readonly #other: Duplex;
  readonly #host: ConnectionHost;
  readonly #speak: Speaker;
  #early: Buffer = EMPTY;
  #doubt: NodeJS.Timeout | undefined;
  #carrying = false;
  #settle: ((outcome: Outcome) => void) | undefined;
  #opened = 0;
  #forgetAbort: (() => void) | undefined;
  /** Why the far end broke off before the client was told that it is there. */
  #otherFailure: Error | undefined;

  constructor({ x, transport, other }: TunnelRequest, host: ConnectionHost, speak: Speaker) {
    this.id = transport.peer.id;
    this.#x = x;
    this.#transport = transport;
    this.#other = other;
    this.#host = host;
    this.#speak = speak;
    other.on('error', this.#onOtherError);
  }

  open(early: Uint8Array): Promise<Outcome> {
    const { socket } = this.#transport;
    this.#opened = this.#host.now();
    return new Promise((resolve) => {
      this.#settle = resolve;
      socket.on('data', this.#onClientData);
      socket.on('end', this.#onEnd);
      socket.on('error', this.#onClientError);
      socket.on('close', this.#onClientClose);
      this.#other.on('data', this.#onOtherData);
      this.#other.on('end', this.#onEnd);
      this.#other.on('close', this.#onOtherClose);
      this.#forgetAbort = this.#x.onAbort(({ by, message }) => {
        this.#finish({ kind: 'aborted', by, phase: 'tunnel', message });
      });
      if (this.#otherFailure !== undefined) this.#onOtherError(this.#otherFailure);
      else if (socket.destroyed) this.#onClientClose();
      else if (this.#other.destroyed) this.#carry();
      else {
        if (early.length > 0) this.#onClientData(Buffer.from(early));
        socket.resume();
      }
    });
  }

  check(): void {
    // A tunnel may be silent for as long as its ends like.
  }

  stop(): void {
    // Once something passes, only the ends know when they are done.
    if (!this.#carrying && this.#early.length === 0) this.kill();
  }

  kill(): void {
    this.#x.abort({ by: 'hopscope', message: 'Hopscope is stopping.' });
    this.#transport.socket.destroy();
    this.#other.destroy();
  }

  readonly #onClientData = (chunk: Buffer): void => {
    this.#early = this.#early.length === 0 ? chunk : Buffer.concat([this.#early, chunk]);
    const protocol = sniffTunnel(this.#early);
    if (protocol === undefined) {
      this.#doubt ??= setTimeout(() => this.#carry(), DOUBT_MS);
    } else if (protocol === 'http1') this.#serve();
    else this.#carry();
  };

  readonly #onOtherData = (chunk: Buffer): void => this.#carry(chunk);
  readonly #onEnd = (): void => this.#carry();
  readonly #onOtherError = (error: Error): void => {
    if (this.#settle === undefined) this.#otherFailure = error;
    else this.#finish({ kind: 'aborted', by: 'upstream', phase: 'tunnel', message: error.message });
  };
  readonly #onOtherClose = (): void => this.#carry();
  readonly #onClientError = (error: Error): void =>
    this.#finish({ kind: 'aborted', by: 'client', phase: 'tunnel', message: error.message });
  readonly #onClientClose = (): void => this.#finish(COMPLETED);

  /** Passes bytes both ways, uninspected, from now on. */
  #carry(greeting: Uint8Array = EMPTY): void {
    if (this.#settle === undefined || this.#carrying) return;
    this.#carrying = true;
    this.#forget();
    this.#x.trace.note('info', 'TUNNELLED', 'Tunnelled: not inspectable, not cacheable. Only its bytes are counted.');
    const before = { client: this.#early, other: greeting };
    const { socket } = this.#transport;
    void carryBytes(this.#x, socket, this.#other, before, this.#opened).then((outcome) => this.#end(outcome));
  }

  /** Gives the client to whoever serves what it speaks; the exchange that asked for the tunnel is over. */
  #serve(): void {
    this.#forget();
    const { hostname, port } = this.#x.request.url;
    const authority = hostname.includes(':') ? `[${hostname}]:${port}` : `${hostname}:${port}`;
    const base = parseAuthority('http', authority, '');
    this.#x.trace.note('info', 'INSPECTED', 'The tunnel carries HTTP: its requests are exchanges of their own.');
    this.#x.trace.tunnelled(0, 0);
    this.#other.destroy();
    this.#speak('http1', { ...this.#transport, base }, this.#early);
    this.#end(COMPLETED);
  }

  /** Stops listening to both ends. */
  #forget(): void {
    const { socket } = this.#transport;
    clearTimeout(this.#doubt);
    this.#forgetAbort?.();
    socket.off('data', this.#onClientData);
    socket.off('end', this.#onEnd);
    socket.off('error', this.#onClientError);
    socket.off('close', this.#onClientClose);
    this.#other.off('data', this.#onOtherData);
    this.#other.off('end', this.#onEnd);
    this.#other.off('error', this.#onOtherError);
    this.#other.off('close', this.#onOtherClose);
  }

  #finish(outcome: Outcome): void {
    this.#forget();
    this.#transport.socket.destroy();
    this.#other.destroy();
    this.#end(outcome);
  }

  #end(outcome: Outcome): void {
    const settle = this.#settle;
    this.#settle = undefined;
    this.#host.closed(this);
    settle?.(outcome);
  }
}
