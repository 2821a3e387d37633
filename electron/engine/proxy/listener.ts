import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import { formatAddress } from '../http/format-address.ts';
import type { ClientConnection, ClientPeer, ExchangeHost } from './client-connection.ts';
import { Switchboard } from './switchboard.ts';

/**
 * How clients are accepted. One that vanished without a word, as with its network, is asked for after so many ms of silence:
 * what may be silent for ever, such as a tunnel, would otherwise stay for ever.
 */
const ACCEPTED = { allowHalfOpen: true, noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000 };

/** Where to listen. With `fallback` the next free of 50 ports is taken when `port` is in use. */
export interface ListenOptions {
  readonly host: string;
  readonly port: number;
  readonly fallback: boolean;
}

/** Accepts client connections and knows them all, to check and to end them. What they speak is the switchboard's matter. */
export class Listener {
  readonly #server: Server;
  readonly #connections = new Set<ClientConnection>();
  readonly #switchboard: Switchboard;
  readonly #now: () => number;
  #nextId = 1;
  #timer: NodeJS.Timeout | undefined;
  #idle: (() => void) | undefined;

  constructor(host: ExchangeHost) {
    this.#now = () => host.now();
    this.#switchboard = new Switchboard(host, {
      opened: (connection) => void this.#connections.add(connection),
      closed: (connection) => this.#closed(connection),
    });
    this.#server = createServer(ACCEPTED, (socket) => this.#accept(socket));
  }

  /** Starts listening. Rejects with Node's error when the address cannot be had. */
  async listen(options: ListenOptions): Promise<AddressInfo> {
    const tries = options.fallback && options.port !== 0 ? 50 : 1;
    for (let i = 0; ; i++) {
      try {
        await listenOnce(this.#server, options.host, options.port + i);
        break;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' || i + 1 >= tries) throw error;
      }
    }
    // One timer for all connections keeps timers off the request's path.
    this.#timer = setInterval(() => this.#check(), 1_000);
    this.#timer.unref();
    return this.#server.address() as AddressInfo;
  }

  /** Stops accepting, lets running exchanges end for at most `grace` ms, then ends what is left. */
  async stop(grace: number): Promise<void> {
    if (this.#timer === undefined) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#server.close();
    for (const connection of this.#connections) connection.stop();
    if (this.#connections.size === 0) return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#idle = resolve;
      timer = setTimeout(() => {
        for (const connection of this.#connections) connection.kill();
        resolve();
      }, grace);
    });
    clearTimeout(timer);
  }

  #accept(socket: Socket): void {
    const address = formatAddress(socket.remoteAddress, socket.remotePort);
    const ip = socket.remoteAddress ?? '';
    const peer: ClientPeer = { id: this.#nextId++, address, ip, requests: 0 };
    this.#switchboard.receive({ peer, socket, base: undefined, tls: undefined, admitted: false });
  }

  #closed(connection: ClientConnection): void {
    this.#connections.delete(connection);
    if (this.#connections.size === 0) this.#idle?.();
  }

  #check(): void {
    const now = this.#now();
    for (const connection of this.#connections) connection.check(now);
  }
}

function listenOnce(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const onError = (error: Error): void => {
      server.removeListener('listening', onListening);
      reject(error);
    };
    const onListening = (): void => {
      server.removeListener('error', onError);
      resolve();
    };
    server.once('error', onError);
    server.once('listening', onListening);
    server.listen({ host, port });
  });
}
