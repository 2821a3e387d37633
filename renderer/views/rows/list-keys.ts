import type { Move } from '../../store/selection.ts';

interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

const MOVES: Readonly<Record<string, Move>> = {
  ArrowDown: 'next',
  j: 'next',
  ArrowUp: 'previous',
  k: 'previous',
  PageDown: 'page-down',
  PageUp: 'page-up',
  Home: 'first',
  End: 'last',
};

/** The move that a key asks the list for, if any. */
export function listMove(event: KeyPress): Move | undefined {
  if (event.ctrlKey || event.metaKey || event.altKey) return undefined;
  return MOVES[event.key];
}
