import { useEffect, useReducer } from 'react';
import type { CacheEntry, EntryId } from '../../../shared/cache-contract.ts';
import { useInspector } from '../inspector-context.tsx';

/** What is known of the entry that is looked at. */
export type EntryState =
  | { readonly kind: 'loading' }
  | { readonly kind: 'ready'; readonly entry: CacheEntry }
  /** It is not stored any more; `last` is what it was, if it has been seen. */
  | { readonly kind: 'gone'; readonly last: CacheEntry | undefined }
  | { readonly kind: 'failed'; readonly message: string };

type EntryAction = { readonly entry: CacheEntry } | { readonly code: string; readonly message: string };

/** Changes in the store are followed at most once in so many milliseconds. */
const FOLLOW_MS = 1000;

/** Reads an entry, and reads it again when the store has changed or the connection is a new one. */
export function useEntry(id: EntryId): EntryState {
  const { api } = useInspector();
  const [state, dispatch] = useReducer(reduce, { kind: 'loading' });

  useEffect(() => {
    let wanted = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let lastRead = -Infinity;
    const read = (): void => {
      timer = undefined;
      lastRead = performance.now();
      void api.request('cache.entry', { id }).then((answer) => {
        if (wanted) dispatch(answer.ok ? { entry: answer.value } : answer.error);
      });
    };
    const follow = (): void => {
      timer ??= setTimeout(read, Math.max(0, lastRead + FOLLOW_MS - performance.now()));
    };
    const ends = [
      api.on('cache.changed', follow),
      api.on('settings.changed', follow),
      api.onConnection((connection) => {
        if (connection === 'open') read();
      }),
    ];
    return () => {
      wanted = false;
      clearTimeout(timer);
      for (const end of ends) end();
    };
  }, [api, id]);

  return state;
}

function reduce(state: EntryState, action: EntryAction): EntryState {
  if ('entry' in action) return { kind: 'ready', entry: action.entry };
  if (action.code !== 'NOT_FOUND') return { kind: 'failed', message: action.message };
  return { kind: 'gone', last: state.kind === 'ready' ? state.entry : state.kind === 'gone' ? state.last : undefined };
}
