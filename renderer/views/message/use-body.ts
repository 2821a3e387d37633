import { useCallback, useEffect, useReducer, useRef } from 'react';
import type { InspectorApi } from '../../../shared/contract.ts';

/** Bytes read at first, and each time more is asked for (the contract allows 1 MiB). */
export const FIRST_READ = 256 * 1024;
const NEXT_READ = 1024 * 1024;

export interface BodyState {
  /** What has been read so far, from the body's start. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly loading: boolean;
  readonly error?: string;
}

type BodyAction =
  | { readonly type: 'reading' }
  | { readonly type: 'read'; readonly chunk: Uint8Array }
  | { readonly type: 'failed'; readonly error: string };

const NOTHING = new Uint8Array(0);

interface BodySource {
  readonly api: InspectorApi;
  readonly id: number;
  readonly side: 'request' | 'response';
  /** Bytes that can be read; nothing is read while it is 0. */
  readonly captured: number;
}

/** Reads a captured body by range: the first part at once, the rest when asked for. */
export function useBody({ api, id, side, captured }: BodySource): BodyState & { readonly readMore: () => void } {
  const [state, dispatch] = useReducer(reduce, { bytes: NOTHING, loading: captured > 0 });
  const alive = useRef(true);

  const read = useCallback(
    async (offset: number, length: number): Promise<void> => {
      dispatch({ type: 'reading' });
      const answer = await api.request('body.read', { id, side, offset, length });
      if (!alive.current) return;
      if (!answer.ok) dispatch({ type: 'failed', error: answer.error.message });
      else dispatch({ type: 'read', chunk: answer.value });
    },
    [api, id, side],
  );

  useEffect(() => {
    alive.current = true;
    if (captured > 0) void read(0, Math.min(FIRST_READ, captured));
    return () => {
      alive.current = false;
    };
  }, [read, captured]);

  const { bytes, loading } = state;
  return {
    ...state,
    readMore: () => {
      if (!loading && bytes.length < captured) void read(bytes.length, Math.min(NEXT_READ, captured - bytes.length));
    },
  };
}

function reduce(state: BodyState, action: BodyAction): BodyState {
  switch (action.type) {
    case 'reading':
      return { bytes: state.bytes, loading: true };
    case 'failed':
      return { bytes: state.bytes, loading: false, error: action.error };
    case 'read': {
      const bytes = new Uint8Array(state.bytes.length + action.chunk.length);
      bytes.set(state.bytes);
      bytes.set(action.chunk, state.bytes.length);
      const ended = action.chunk.length === 0;
      return ended ? { bytes, loading: false, error: 'The stored body ends here.' } : { bytes, loading: false };
    }
  }
}
