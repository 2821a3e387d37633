import { useCallback, useEffect, useState } from 'react';
import type { EntryId } from '../../../shared/cache-contract.ts';
import type { ExchangeView } from '../../../shared/exchange-view.ts';
import { useInspector } from '../inspector-context.tsx';

interface Found {
  readonly exchange: number;
  readonly entry: EntryId | null;
}

/**
 * The stored entry that answers requests like that of an exchange: `null` when there is none, `undefined` until that is
 * known. It is looked for again when the exchange ends, when the store has changed, and by `look`.
 */
export function useEntryOf({ id, end }: ExchangeView): { entry: EntryId | null | undefined; look: () => void } {
  const { api } = useInspector();
  const [found, setFound] = useState<Found>();
  const [asked, setAsked] = useState(0);
  const look = useCallback(() => setAsked((before) => before + 1), []);

  useEffect(() => api.on('cache.changed', look), [api, look]);

  useEffect(() => {
    let wanted = true;
    void api.request('cache.entryOf', { exchange: id }).then((answer) => {
      if (wanted) setFound({ exchange: id, entry: answer.ok ? answer.value.id : null });
    });
    return () => {
      wanted = false;
    };
  }, [api, id, end, asked]);

  return { entry: found?.exchange === id ? found.entry : undefined, look };
}
