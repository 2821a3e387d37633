import { useCallback, useEffect, useReducer, useRef } from 'react';
import type { Answer } from '../../../shared/contract.ts';

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

/** Reads bytes from `offset` on, at most `length`; one function for as long as it is the same body. */
export type ReadBody = (offset: number, length: number) => Promise<Answer<Uint8Array>>;

/**
 * Reads a body by range: the first part at once, the rest when asked for.
 *
 * @param available bytes that can be read; nothing is read while it is 0
 */
export function useBody(read: ReadBody, available: number): BodyState & { readonly readMore: () => void } {
  const [state, dispatch] = useReducer(reduce, { bytes: NOTHING, loading: available > 0 });
  const alive = useRef(true);

  const readPart = useCallback(
    async (offset: number, length: number): Promise<void> => {
      dispatch({ type: 'reading' });
      const answer = await read(offset, length);
      if (!alive.current) return;
      if (!answer.ok) dispatch({ type: 'failed', error: answer.error.message });
      else dispatch({ type: 'read', chunk: answer.value });
    },
    [read],
  );

  useEffect(() => {
    alive.current = true;
    if (available > 0) void readPart(0, Math.min(FIRST_READ, available));
    return () => {
      alive.current = false;
    };
  }, [readPart, available]);

  const { bytes, loading } = state;
  return {
    ...state,
    readMore: () => {
      if (!loading && bytes.length < available)
        void readPart(bytes.length, Math.min(NEXT_READ, available - bytes.length));
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
