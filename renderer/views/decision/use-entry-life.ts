import { useEffect, useState } from 'react';
import type { EntryId } from '../../../shared/cache-contract.ts';
import type { FreshnessTimes } from '../../../shared/freshness-times.ts';
import { useInspector } from '../inspector-context.tsx';

/** The life of a stored entry; undefined until it is known, and for none. */
export function useEntryLife(entry: EntryId | null | undefined): FreshnessTimes | undefined {
  const { api } = useInspector();
  const [found, setFound] = useState<{ readonly entry: EntryId; readonly life: FreshnessTimes }>();
  useEffect(() => {
    if (entry === null || entry === undefined) return;
    let wanted = true;
    void api.request('cache.entry', { id: entry }).then((answer) => {
      if (wanted && answer.ok) setFound({ entry, life: answer.value.freshness });
    });
    return () => {
      wanted = false;
    };
  }, [api, entry]);
  return found?.entry === entry ? found?.life : undefined;
}
