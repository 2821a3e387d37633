import type { Settings } from '../../../shared/settings.ts';
import { UPSTREAM_PROTOCOLS } from './connect/alpn.ts';
import type { ConnectPolicy } from './connect/connect-policy.ts';
import { ConnectPolicies } from './connect/connect-policy.ts';
import type { ConnectionEnvironment, Destination, OpenedSocket, OpenOptions } from './connect/open-options.ts';
import { openSocket } from './connect/open-socket.ts';
import type { Leg } from './leg.ts';
import { destinationOf } from './leg.ts';
import { UpstreamConnection } from './upstream-connection.ts';

/** Who a connection is opened for. */
export type Opener = Pick<OpenOptions, 'signal' | 'report'> & { readonly settings: Settings };

/**
 * Connections to origins and proxies, kept alive between requests. Each is an undici client that carries one request at a
 * time; the one used last is taken first, so that those a busy moment left over can grow old and close.
 */
export class ConnectionPools {
  readonly #idle = new Map<string, UpstreamConnection[]>();
  readonly #all = new Set<UpstreamConnection>();
  readonly #environment: ConnectionEnvironment;
  readonly #policies = new ConnectPolicies();
  #nextId = 1;

  constructor(environment: ConnectionEnvironment) {
    this.#environment = environment;
  }

  /** An open connection of `leg` that nobody uses, opened as `settings` want it. Give it back with {@link release}. */
  idle(leg: Leg, settings: Settings): UpstreamConnection | undefined {
    const idle = this.#idle.get(leg.key);
    if (idle === undefined) return undefined;
    const policy = this.#policies.for(settings);
    for (;;) {
      const connection = idle.pop();
      if (connection === undefined || connection.policy === policy) return connection;
      this.#drop(connection);
    }
  }

  /** Opens a connection of `leg`. Rejects with an ExchangeError. Give it back with {@link release}. */
  async open(leg: Leg, opener: Opener): Promise<UpstreamConnection> {
    const policy = this.#policies.for(opener.settings);
    const id = this.#nextId++;
    const destination = destinationOf(leg);
    // Who opened it first is the only one to ask for it again: undici connects anew before a request is written.
    const open = (): Promise<OpenedSocket> => this.#open(destination, policy, { ...opener, id });
    const connection = new UpstreamConnection(id, leg, policy, await open(), open);
    this.#all.add(connection);
    connection.client.on('disconnect', () => this.#drop(connection));
    connection.client.on('connectionError', () => this.#drop(connection));
    return connection;
  }

  /**
   * Opens a connection that is not kept, for what takes it over: a tunnel, a WebSocket. With TLS where `destination` says
   * so. Rejects with an ExchangeError.
   */
  openSocket(destination: Destination, opener: Opener & Pick<OpenOptions, 'alpn' | 'halfOpen'>): Promise<OpenedSocket> {
    return this.#open(destination, this.#policies.for(opener.settings), { ...opener, id: this.#nextId++ });
  }

  /** The request on `connection` is over; keeps the connection for the next if it is still open. */
  release(connection: UpstreamConnection): void {
    if (!this.#all.has(connection)) return;
    const idle = this.#idle.get(connection.key);
    if (idle === undefined) this.#idle.set(connection.key, [connection]);
    else idle.push(connection);
  }

  /** Ends every connection at once. */
  async destroy(): Promise<void> {
    const clients = [...this.#all].map(({ client }) => client);
    this.#all.clear();
    this.#idle.clear();
    await Promise.all(clients.map((client) => client.destroy()));
  }

  #open(
    destination: Destination,
    policy: ConnectPolicy,
    opener: Opener & Partial<Pick<OpenOptions, 'alpn' | 'halfOpen'>> & { readonly id: number },
  ): Promise<OpenedSocket> {
    const { settings, id, ...rest } = opener;
    const environment = this.#environment;
    const timeout = settings.timeouts.connect;
    return openSocket(destination, { alpn: UPSTREAM_PROTOCOLS, ...rest, environment, policy, timeout, id });
  }

  /** Forgets a connection that closed or has become unwanted, and closes its client once what it may still carry is done. */
  #drop(connection: UpstreamConnection): void {
    if (!this.#all.delete(connection)) return;
    const idle = this.#idle.get(connection.key);
    const at = idle?.indexOf(connection) ?? -1;
    if (idle !== undefined && at !== -1) idle.splice(at, 1);
    if (idle?.length === 0) this.#idle.delete(connection.key);
    void connection.client.close();
  }
}
