let waiting: (() => void)[] = [];
let turn = 0;
let turnEnds = false;

/**
 * Calls `callback`, which must not throw, once everything that came in this turn of the event loop has been told of. What a
 * hundred streams wait for is then done in a row: an immediate for each would be a turn of promises for each.
 */
export function atTurnEnd(callback: () => void): void {
  if (waiting.length === 0) setImmediate(callAll);
  waiting.push(callback);
}

/** The number of this turn of the event loop: what came in it had come before anything that was sent in it could be answered. */
export function currentTurn(): number {
  if (!turnEnds) {
    turnEnds = true;
    setImmediate(nextTurn);
  }
  return turn;
}

function nextTurn(): void {
  turnEnds = false;
  turn++;
}

function callAll(): void {
  const callbacks = waiting;
  waiting = [];
  for (const callback of callbacks) callback();
}
