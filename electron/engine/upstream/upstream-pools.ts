import type { Dispatcher } from 'undici';
import { Pool } from 'undici';
import type { ConnectionEnvironment } from './upstream-connection.ts';
import { UpstreamConnection } from './upstream-connection.ts';

/** Idle pools cost little, but a crawl through the proxy can meet many thousands of origins. */
const MAX_POOLS = 500;
/** Heads larger than Node's own limit exist in the wild and are worth seeing. */
const MAX_HEAD = 2 * 1024 * 1024;

/** Connections to origins, kept alive between requests: one undici pool for each origin, least recently used dropped. */
export class UpstreamPools {
  readonly #pools = new Map<string, Pool>();
  readonly #environment: ConnectionEnvironment;

  constructor(environment: ConnectionEnvironment) {
    this.#environment = environment;
  }

  /**
   * Sends one request to `origin` (`scheme://host:port`).
   *
   * @param connectTimeout ms; counts for connections that are opened from now on.
   */
  dispatch(
    origin: string,
    connectTimeout: number,
    options: Dispatcher.DispatchOptions,
    handler: Dispatcher.DispatchHandler,
  ): void {
    // A connect timeout is fixed when undici makes a connection, so it is part of what tells pools apart.
    const key = `${origin} ${connectTimeout}`;
    let pool = this.#pools.get(key);
    if (pool === undefined) {
      pool = this.#create(origin, connectTimeout);
      this.#pools.set(key, pool);
      this.#evict();
    }
    pool.dispatch(options, handler);
  }

  /** Ends every connection at once. */
  async destroy(): Promise<void> {
    const pools = [...this.#pools.values()];
    this.#pools.clear();
    await Promise.all(pools.map((pool) => pool.destroy()));
  }

  #create(origin: string, connectTimeout: number): Pool {
    return new Pool(origin, {
      pipelining: 1,
      maxHeaderSize: MAX_HEAD,
      connectTimeout,
      allowH2: false,
      factory: (url, options) =>
        new UpstreamConnection(url, { ...options, connectTimeout } as ConstructorParameters<typeof UpstreamConnection>[1], this.#environment),
    });
  }

  #evict(): void {
    if (this.#pools.size <= MAX_POOLS) return;
    for (const [key, pool] of this.#pools) {
      if (pool.stats.running > 0 || pool.stats.pending > 0 || pool.stats.queued > 0) continue;
      this.#pools.delete(key);
      void pool.close();
      return;
    }
  }
}
