import type { Exchange } from '../chain/exchange.ts';
import type { Choice, ProxyServer } from './routing/route.ts';

/** Proxies in the order to try them; `undefined` stands for going there directly. */
export type ProxyList = readonly (ProxyServer | undefined)[];

const DIRECTLY: ProxyList = [undefined];

/** Finds out which proxies a way leads through, where that is more than the settings say. */
export class ProxyFinder {
  /** The proxies for the exchange's URL. Rejects with an ExchangeError. */
  find({ via }: Choice, _x: Exchange): Promise<ProxyList> {
    switch (via.type) {
      case 'direct':
        return Promise.resolve(DIRECTLY);
      case 'proxy':
        return Promise.resolve([via.proxy]);
      case 'pac':
      case 'system':
        return Promise.resolve(DIRECTLY);
    }
  }
}
