import type { ClientConnection, ClientTransport, ConnectionHost } from './client-connection.ts';
import type { Protocol } from './sniff.ts';
import { sniffClient } from './sniff.ts';

/** Who takes a connection over once it is known what is spoken on it. */
export type Speaker = (protocol: Protocol, transport: ClientTransport, first: Buffer) => void;

/** Connections that may be about to begin at the same time; the one that has been waiting longest makes room. */
const MAX_WAITING = 1_024;

/** The connections that have not said yet what they speak, in the order in which they came. */
export class WaitingRoom {
  readonly #waiting = new Set<FirstBytes>();

  enter(newcomer: FirstBytes): void {
    this.#waiting.add(newcomer);
    if (this.#waiting.size <= MAX_WAITING) return;
    const longest = this.#waiting.values().next().value;
    longest?.giveUp();
  }

  leave(connection: FirstBytes): void {
    this.#waiting.delete(connection);
  }
}

/** A client's connection until it has said enough to tell what it speaks. */
export class FirstBytes implements ClientConnection {
  readonly id: number;
  readonly #transport: ClientTransport;
  readonly #host: ConnectionHost;
  readonly #speak: Speaker;
  readonly #room: WaitingRoom;
  #bytes: Buffer | undefined;
  #since: number;

  constructor(transport: ClientTransport, host: ConnectionHost, speak: Speaker, room: WaitingRoom) {
    this.id = transport.peer.id;
    this.#transport = transport;
    this.#host = host;
    this.#speak = speak;
    this.#room = room;
    this.#since = host.now();
    const { socket } = transport;
    socket.on('data', this.#onData);
    socket.on('end', this.#onEnd);
    socket.on('error', this.#onGone);
    socket.on('close', this.#onGone);
    room.enter(this);
  }

  check(now: number): void {
    const quiet = now - this.#since;
    const { headTimeout, idleTimeout } = this.#host.limits;
    if (this.#bytes === undefined) {
      if (quiet > idleTimeout) this.#transport.socket.destroy();
    } else if (quiet > headTimeout) this.#settle('http1', this.#bytes);
  }

  stop(): void {
    this.#transport.socket.destroy();
  }

  /** Makes room for others. Who has begun to say something is waited for, and told about, in HTTP. */
  giveUp(): void {
    if (this.#bytes === undefined) this.#onGone();
    else this.#settle('http1', this.#bytes);
  }

  kill(): void {
    this.#transport.socket.destroy();
  }

  readonly #onData = (chunk: Buffer): void => {
    const bytes = this.#bytes === undefined ? chunk : Buffer.concat([this.#bytes, chunk]);
    const protocol = sniffClient(bytes);
    if (protocol !== undefined) {
      this.#settle(protocol, bytes);
      return;
    }
    if (this.#bytes === undefined) this.#since = this.#host.now();
    this.#bytes = bytes;
  };

  readonly #onEnd = (): void => {
    // What began and did not go on is told so in HTTP; who said nothing wants nothing.
    if (this.#bytes === undefined) this.#transport.socket.end();
    else this.#settle('http1', this.#bytes);
  };

  readonly #onGone = (): void => {
    this.#room.leave(this);
    this.#transport.socket.destroy();
    this.#host.closed(this);
  };

  #settle(protocol: Protocol, bytes: Buffer): void {
    this.#room.leave(this);
    const { socket } = this.#transport;
    socket.off('data', this.#onData);
    socket.off('end', this.#onEnd);
    socket.off('error', this.#onGone);
    socket.off('close', this.#onGone);
    this.#speak(protocol, this.#transport, bytes);
    this.#host.closed(this);
  }
}
