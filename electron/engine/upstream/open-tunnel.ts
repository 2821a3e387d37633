import type { Exchange } from '../chain/exchange.ts';
import type { Reply } from '../chain/reply.ts';
import { ExchangeError } from '../errors.ts';
import { connectFirst } from './connect-first.ts';
import { legName } from './leg.ts';
import type { UpstreamServices } from './upstream-services.ts';
import type { ViaMembers } from './via-members.ts';
import { viaOf } from './via-members.ts';

/**
 * Opens a CONNECT tunnel (RFC 9110 §9.3.6). Rejects with an {@link ExchangeError} when its far end cannot be connected to.
 * Where the requests inside may be answered by others than the host that it is asked for, by a handler of the user's or on
 * another route, that is connected to only when the tunnel turns out to want it.
 *
 * @param mayServe whether what the tunnel carries may be read and answered here.
 */
export async function openTunnel(
  x: Exchange,
  services: UpstreamServices,
  via: ViaMembers,
  mayServe: boolean,
): Promise<Reply> {
  const { route, settings } = x;
  const head = { status: 200, reason: 'Connection Established', headers: [], body: null } as const;
  const answeredElsewhere = route.diverted === true || settings.handlers.length > 0;
  if (mayServe && answeredElsewhere) {
    return { ...head, from: 'hopscope', tunnel: async () => (await openFarEnd(x, services, via)).opened };
  }
  const { leg, opened } = await openFarEnd(x, services, via);
  return { ...head, from: 'hopscope', upstream: legName(leg), remote: opened.remote, tunnel: opened };
}

/**
 * Connects to where the exchange's route leads, through the proxies on the way; HTTP proxies are asked for a tunnel. The
 * steps become spans of the exchange. Gives up when it is aborted.
 */
async function openFarEnd(x: Exchange, { pools, finder }: UpstreamServices, members: ViaMembers) {
  const { trace, settings } = x;
  const via = viaOf(x.request, members);
  const giveUp = new AbortController();
  const forget = x.onAbort(({ message }) => giveUp.abort(new ExchangeError('CLIENT_GONE', 'connect', message)));
  try {
    return await connectFirst(x, finder, (leg) =>
      pools.openFarEnd(leg, {
        ...{ settings, via, signal: giveUp.signal },
        report: (step, start, facts) => trace.span('upstream', step, start, facts),
      }),
    );
  } finally {
    forget();
  }
}
