import type { Socket } from 'node:net';
import { expect } from 'vitest';
import type { Outcome, TraceEvent } from '../../shared/trace-event.ts';
import type { TestEngine } from './engine.ts';

/** The ways in which a TCP connection can die. */
export const tcpDeaths: Readonly<Record<string, (tcp: Socket) => void>> = {
  closed: (tcp) => tcp.destroy(),
  reset: (tcp) => tcp.resetAndDestroy(),
};

/** How many TCP connections this process has open. */
export const openSockets = (): number =>
  process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;

/** Returns what waits until each exchange that has begun is over, with exactly one outcome, and resolves with those since the last call. */
export function outcomes(test: TestEngine): () => Promise<Outcome[]> {
  let events: TraceEvent[] = [];
  const changes = new Set<() => void>();
  test.engine.recorder.subscribe((event) => {
    if (event.type !== 'exchange.started' && event.type !== 'exchange.finished') return;
    events.push(event);
    for (const look of changes) look();
  });
  return async () => {
    const running = (): number => events.reduce((sum, { type }) => sum + (type === 'exchange.started' ? 1 : -1), 0);
    while (running() > 0)
      await new Promise<void>((resolve) => {
        changes.add(resolve);
      });
    changes.clear();
    const ended = events.flatMap((event) => (event.type === 'exchange.finished' ? [event] : []));
    expect(new Set(ended.map(({ id }) => id)).size).toBe(ended.length);
    events = [];
    return ended.map(({ outcome }) => outcome);
  };
}
