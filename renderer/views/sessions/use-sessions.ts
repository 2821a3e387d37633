import { useCallback, useEffect, useState } from 'react';
import type { SessionEntry } from '../../../shared/session-contract.ts';
import { useInspector, useSession } from '../inspector-context.tsx';

/** The recorded sessions that can be opened, as the host last listed them. */
export type SessionList =
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly message: string }
  | { readonly state: 'ready'; readonly sessions: readonly SessionEntry[]; readonly folder: string };

/** Lists the sessions now, whenever they change, and when the connection is there (again). */
export function useSessions(): { readonly list: SessionList; readonly reload: () => void } {
  const { api } = useInspector();
  const connected = useSession((state) => state.connection === 'open');
  const [list, setList] = useState<SessionList>({ state: 'loading' });

  const reload = useCallback(() => {
    void api.request('sessions.list', undefined).then((answer) => {
      setList(answer.ok ? { state: 'ready', ...answer.value } : { state: 'failed', message: answer.error.message });
    });
  }, [api]);

  useEffect(() => {
    if (!connected) return undefined;
    reload();
    return api.on('sessions.changed', reload);
  }, [api, connected, reload]);

  return { list, reload };
}
