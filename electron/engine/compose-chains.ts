import type { Exchange } from './chain/exchange.ts';
import type { Chain, Handler } from './chain/handler.ts';
import { LOCAL_HOST } from './http/local-host.ts';

/** What chains are made of. */
export interface ChainParts {
  /** Answers all that is asked of the site inside of this proxy. */
  readonly localSite: Handler;
  /** The guard, and what is the user's. */
  readonly before: Chain;
  /** For tunnels alone. */
  readonly storedTunnel: Handler;
  /** The cache and the last handler, by who answers. */
  readonly ends: Readonly<Record<'upstream' | 'application', Chain>>;
}

/** Says what an exchange goes through: the handlers that have to do with it, and no others. */
export type ChainFor = (x: Pick<Exchange, 'request' | 'route'>) => Chain;

export function composeChains({ localSite, before, storedTunnel, ends }: ChainParts): ChainFor {
  const local = [localSite];
  const behind = (chain: Chain): ChainParts['ends'] => ({
    upstream: [...chain, ...ends.upstream],
    application: [...chain, ...ends.application],
  });
  const [requests, tunnels] = [behind(before), behind([...before, storedTunnel])];
  return ({ request, route }) => {
    if (request.url.hostname === LOCAL_HOST) return local;
    const chains = request.method === 'CONNECT' ? tunnels : requests;
    return route.choices[0]?.application === undefined ? chains.upstream : chains.application;
  };
}
