import type { ConversationMessage, LaneId } from './conversation.ts';

/** Where a message stands between the lanes: places counted from the left, and the side its text begins at. */
export interface Anchor {
  readonly left: number;
  readonly right: number;
  /** Whether the arrow points to the left. */
  readonly backwards: boolean;
  readonly thought: boolean;
  /** Text runs to the right from the left end, or to the left from the right end: whichever side has more room. */
  readonly side: 'left' | 'right';
}

/** Places a message among `order`, the lanes from left to right. */
export function anchorOf({ from, to }: ConversationMessage, order: readonly LaneId[]): Anchor {
  const a = order.indexOf(from);
  const b = order.indexOf(to);
  const left = Math.min(a, b);
  const right = Math.max(a, b);
  const side = left + right > order.length - 1 ? 'right' : 'left';
  return { left, right, backwards: b < a, thought: a === b, side };
}
