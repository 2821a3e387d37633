import type { ConnectPolicy } from './connect/connect-policy.ts';
import type { Http2Upstream } from './http2-upstream.ts';
import type { RequestConnection } from './request-connection.ts';

/** Servers to remember as speaking no HTTP/2. */
const MAX_REMEMBERED = 1_000;

/** HTTP/2 connections, which many requests share, by the key of their leg. */
export class SharedConnections {
  readonly #open = new Map<string, Http2Upstream[]>();
  readonly #opening = new Map<string, Promise<boolean>>();
  readonly #withoutHttp2 = new Set<string>();

  /** A connection that takes another request. Those that `policy` would not open any more are let run out. */
  free(key: string, policy: ConnectPolicy): Http2Upstream | undefined {
    const open = this.#open.get(key);
    if (open === undefined) return undefined;
    let found: Http2Upstream | undefined;
    for (const connection of open) {
      if (connection.policy !== policy) connection.close();
      else if (connection.free) found ??= connection;
    }
    return found;
  }

  /**
   * Opens a connection with `open`; who asks for one meanwhile waits to see whether it can be shared, since nobody knows
   * before the handshake. Rejects as `open` does, or with the reason of `signal`.
   */
  async join(
    key: string,
    policy: ConnectPolicy,
    signal: AbortSignal,
    open: () => Promise<RequestConnection>,
  ): Promise<RequestConnection> {
    for (;;) {
      const opening = this.#withoutHttp2.has(key) ? undefined : this.#opening.get(key);
      if (opening === undefined) return this.#begin(key, open);
      const shared = await orAbort(opening, signal);
      const found = this.free(key, policy);
      if (found !== undefined) return found;
      if (!shared) return open();
    }
  }

  add(connection: Http2Upstream): void {
    const { key, session } = connection;
    this.#withoutHttp2.delete(key);
    const open = this.#open.get(key);
    if (open === undefined) this.#open.set(key, [connection]);
    else open.push(connection);
    session.on('close', () => this.#forget(connection));
  }

  /** Takes note that the server at `key` speaks HTTP/1.1 alone, so that nobody waits for each other's connections to it. */
  hasNoHttp2(key: string): void {
    if (this.#withoutHttp2.size >= MAX_REMEMBERED) this.#withoutHttp2.clear();
    this.#withoutHttp2.add(key);
  }

  destroy(): void {
    for (const connections of [...this.#open.values()]) for (const connection of [...connections]) connection.destroy();
  }

  async #begin(key: string, open: () => Promise<RequestConnection>): Promise<RequestConnection> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.#opening.set(key, promise);
    let shared = false;
    try {
      const connection = await open();
      shared = this.#open.get(key)?.includes(connection as Http2Upstream) === true;
      return connection;
    } finally {
      if (this.#opening.get(key) === promise) this.#opening.delete(key);
      resolve(shared);
    }
  }

  #forget(connection: Http2Upstream): void {
    const open = this.#open.get(connection.key);
    const at = open?.indexOf(connection) ?? -1;
    if (open === undefined || at === -1) return;
    open.splice(at, 1);
    if (open.length === 0) this.#open.delete(connection.key);
  }
}

function orAbort<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason as Error);
    if (signal.aborted) {
      onAbort();
      return;
    }
    signal.addEventListener('abort', onAbort, { once: true });
    void promise.then((value) => {
      signal.removeEventListener('abort', onAbort);
      resolve(value);
    });
  });
}
