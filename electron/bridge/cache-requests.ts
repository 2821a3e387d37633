import type { CacheRequestMap } from '../../shared/cache-contract.ts';
import { ContractError } from './contract-error.ts';
import type { BrowsedCache } from './engine-host.ts';

type CacheHandlers = {
  [N in keyof CacheRequestMap]: (
    params: CacheRequestMap[N]['params'],
  ) => CacheRequestMap[N]['result'] | Promise<CacheRequestMap[N]['result']>;
};

/**
 * The cache's part of the contract.
 *
 * @param changed called when a request has changed what is stored
 */
export function cacheRequests(cache: BrowsedCache, changed: () => void): CacheHandlers {
  return {
    'cache.stats': () => cache.stats(),
    'cache.entries': (query) => cache.entries(query),
    'cache.entry': async ({ id }) => (await cache.entry(id)) ?? notStored(id),
    'cache.body': async ({ id, offset, length }) => (await cache.body(id, offset, length)) ?? notStored(id),
    'cache.purge': async (target) => {
      const purged = await cache.purge(target);
      changed();
      return purged;
    },
    'cache.restore': async ({ id }) => {
      if (await cache.restore(id)) {
        changed();
        return { id };
      }
      throw new ContractError('NOT_FOUND', 'It can no longer be brought back; the next request stores it anew.');
    },
    'cache.entryOf': async ({ exchange }) => {
      const id = await cache.entryOf(exchange);
      if (id !== undefined) return { id };
      throw new ContractError('NOT_FOUND', `Exchange ${exchange} is not in the session (any more).`);
    },
    'cache.exchanges': async ({ id, limit }) => (await cache.exchanges(id, limit)) ?? notStored(id),
  };
}

function notStored(id: number): never {
  throw new ContractError('NOT_FOUND', `Entry ${id} is not stored (any more).`);
}
