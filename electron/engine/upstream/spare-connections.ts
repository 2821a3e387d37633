import type { Duplex } from 'node:stream';
import { basicCredentials } from './connect/connect-handshake.ts';
import type { ConnectPolicy } from './connect/connect-policy.ts';
import type { Destination, OpenedSocket } from './connect/open-options.ts';

interface Spare {
  readonly wire: OpenedSocket;
  /** Stops watching it. */
  readonly forget: () => void;
}

/**
 * Connections that were opened for tunnels and on which nothing has been said, because what the tunnels carry is served as
 * requests: the next connection to there begins with one of these.
 */
export class SpareConnections {
  readonly #spare = new Map<string, Spare[]>();

  /**
   * @param key see {@link wireKey}
   * @param owner what it is closed with, unless it has been taken.
   */
  add(key: string, wire: OpenedSocket, owner: Duplex): void {
    const { socket } = wire;
    const drop = (): void => {
      this.#remove(key, spare);
      socket.destroy();
    };
    const forget = (): void => {
      for (const event of ENDINGS) socket.off(event, drop);
      owner.off('close', drop);
    };
    const spare = { wire, forget };
    if (owner.destroyed || socket.destroyed || socket.readableEnded) {
      socket.destroy();
      return;
    }
    const others = this.#spare.get(key);
    if (others === undefined) this.#spare.set(key, [spare]);
    else others.push(spare);
    for (const event of ENDINGS) socket.on(event, drop);
    owner.on('close', drop);
  }

  /** The newest, which is the least likely to be closed by the server. */
  take(key: string): OpenedSocket | undefined {
    const spare = this.#spare.get(key)?.at(-1);
    if (spare === undefined) return undefined;
    this.#remove(key, spare);
    const { socket } = spare.wire;
    socket.pause();
    // Requests and their connections end as a whole.
    socket.allowHalfOpen = false;
    return spare.wire;
  }

  destroy(): void {
    for (const spares of this.#spare.values()) for (const { wire } of [...spares]) wire.socket.destroy();
  }

  #remove(key: string, spare: Spare): void {
    spare.forget();
    const spares = this.#spare.get(key);
    const at = spares?.indexOf(spare) ?? -1;
    if (spares === undefined || at === -1) return;
    spares.splice(at, 1);
    if (spares.length === 0) this.#spare.delete(key);
  }
}

/** What makes a connection useless: a server that ends it, or that speaks before it is asked, which HTTP and TLS do not. */
const ENDINGS = ['data', 'end', 'error', 'close'] as const;

/** What connections have in common that are the same up to where TLS begins. */
export function wireKey({ hostname, port, address, proxy }: Destination, policy: ConnectPolicy): string {
  if (proxy === undefined) return `${policy.addressFor(hostname) ?? address ?? hostname} ${port}`;
  return `${address ?? hostname} ${port} by ${proxy.label} ${basicCredentials(proxy) ?? ''}`;
}
