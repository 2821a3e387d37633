import type { Exchange } from '../chain/exchange.ts';
import { ExchangeError } from '../errors.ts';
import type { OpenedSocket } from './connect/open-options.ts';
import { connectFirst } from './connect-first.ts';
import { destinationOf } from './leg.ts';
import type { UpstreamServices } from './upstream-services.ts';

/** What the connection is wanted for. */
export interface RouteOptions {
  /** Whether TLS is spoken with the server; default: as its URL's scheme says. */
  readonly secure?: boolean;
  /** Protocols to offer by ALPN. */
  readonly alpn: readonly string[];
  /** Lets either side end on its own. */
  readonly halfOpen?: boolean;
}

/**
 * Opens a connection of its own to where the exchange's route leads, through the proxies on the way, for what takes the
 * connection over: a tunnel, a WebSocket. HTTP proxies are asked for a tunnel. The steps become spans of the exchange.
 * Rejects with an {@link ExchangeError}; gives up when the exchange is aborted.
 */
export async function openRoute(
  x: Exchange,
  { pools, finder }: UpstreamServices,
  options: RouteOptions,
): Promise<OpenedSocket> {
  const { trace, settings } = x;
  const { alpn, halfOpen = false } = options;
  const giveUp = new AbortController();
  const forget = x.onAbort(({ message }) => giveUp.abort(new ExchangeError('CLIENT_GONE', 'connect', message)));
  try {
    const { opened } = await connectFirst(x, finder, (leg) => {
      const destination = { ...destinationOf(leg), forwarding: false };
      return pools.openSocket(options.secure === undefined ? destination : { ...destination, secure: options.secure }, {
        ...{ settings, alpn, halfOpen, signal: giveUp.signal },
        report: (step, start, facts) => trace.span('upstream', step, start, facts),
      });
    });
    return opened;
  } finally {
    forget();
  }
}
