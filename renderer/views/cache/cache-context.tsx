import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { CacheList, CacheListState } from '../../store/cache-list.ts';
import type { SecondClock } from './second-clock.ts';

/** What the parts of the cache's page share. */
export interface CachePageParts {
  readonly list: CacheList;
  readonly clock: SecondClock;
}

const CachePageContext = createContext<CachePageParts | undefined>(undefined);

export const CachePageProvider = CachePageContext.Provider;

export function useCachePage(): CachePageParts {
  const parts = useContext(CachePageContext);
  if (parts === undefined) throw new Error('useCachePage needs a CachePageProvider above it.');
  return parts;
}

export function useCacheList<T>(selector: (state: CacheListState) => T): T {
  return useStore(useCachePage().list.store, selector);
}

/** Something made of the engine's time, in epoch milliseconds; drawn again only when it becomes something else. */
export function useEngineTime<T extends string | number | boolean>(selector: (now: number) => T): T {
  const { clock } = useCachePage();
  const skew = useCacheList((state) => state.skew);
  return useStore(clock.store, (now) => selector(now + skew));
}
