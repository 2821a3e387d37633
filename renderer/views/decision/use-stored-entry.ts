import { useEffect, useState } from 'react';
import type { CacheEntry, EntryId } from '../../../shared/cache-contract.ts';
import { useInspector } from '../inspector-context.tsx';

/** A stored entry in full; undefined until it is known, and for none. */
export function useStoredEntry(id: EntryId | null | undefined): CacheEntry | undefined {
  const { api } = useInspector();
  const [found, setFound] = useState<CacheEntry>();
  useEffect(() => {
    if (id === null || id === undefined) return;
    let wanted = true;
    void api.request('cache.entry', { id }).then((answer) => {
      if (wanted && answer.ok) setFound(answer.value);
    });
    return () => {
      wanted = false;
    };
  }, [api, id]);
  return found?.id === id ? found : undefined;
}
