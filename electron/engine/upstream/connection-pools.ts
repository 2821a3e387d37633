import type { ConnectionEnvironment } from './upstream-connection.ts';
import { UpstreamConnection } from './upstream-connection.ts';

/**
 * Connections to origins, kept alive between requests. Each is an undici client that carries one request at a time;
 * the one used last is taken first, so that those a busy moment left over can grow old and close.
 */
export class ConnectionPools {
  readonly #idle = new Map<string, UpstreamConnection[]>();
  readonly #all = new Set<UpstreamConnection>();
  readonly #environment: ConnectionEnvironment;

  constructor(environment: ConnectionEnvironment) {
    this.#environment = environment;
  }

  /**
   * A connection to `origin` (`scheme://host[:port]`) that nobody uses; a new one opens with its first request.
   * Give it back with {@link release}.
   *
   * @param connectTimeout ms, for a connection that has to be opened.
   */
  take(origin: string, connectTimeout: number): UpstreamConnection {
    const idle = this.#idle.get(origin)?.pop();
    if (idle !== undefined) return idle;
    const connection = new UpstreamConnection(origin, connectTimeout, this.#environment);
    this.#all.add(connection);
    connection.client.on('disconnect', () => this.#drop(connection));
    connection.client.on('connectionError', () => this.#drop(connection));
    return connection;
  }

  /** The request on `connection` is over; keeps the connection for the next if it is still open. */
  release(connection: UpstreamConnection): void {
    if (!this.#all.has(connection)) return;
    const idle = this.#idle.get(connection.origin);
    if (idle === undefined) this.#idle.set(connection.origin, [connection]);
    else idle.push(connection);
  }

  /** Ends every connection at once. */
  async destroy(): Promise<void> {
    const clients = [...this.#all].map(({ client }) => client);
    this.#all.clear();
    this.#idle.clear();
    await Promise.all(clients.map((client) => client.destroy()));
  }

  /** Forgets a connection that closed, and closes its client once what it may still carry is done. */
  #drop(connection: UpstreamConnection): void {
    if (!this.#all.delete(connection)) return;
    const idle = this.#idle.get(connection.origin);
    const at = idle?.indexOf(connection) ?? -1;
    if (idle !== undefined && at !== -1) {
      idle.splice(at, 1);
      if (idle.length === 0) this.#idle.delete(connection.origin);
    }
    void connection.client.close();
  }
}
