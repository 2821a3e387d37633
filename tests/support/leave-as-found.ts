import { afterAll, beforeAll, expect, vi } from 'vitest';

// Files of unit tests run one after the other in the same few processes. Each has to leave its process as it found it: what one
// leaves behind would be another one's failure, or hide it. Run with every file, this fails the one that left something.

/** What keeps a connection, a server, a child or a thread open. Vitest's own pipes and timers are not among them. */
const OPEN = /^(TCP|UDP|Pipe(Server|Connect)|Process|Worker|MessagePort|FSEvent|StatWatcher)/;
/** How long (ms) what has been closed may take to be gone. */
const GONE_WITHIN = 10_000;

/** What the process is like, as far as tests could change it for others. */
function state(): Record<string, unknown> {
  return {
    directory: process.cwd(),
    environment: { ...process.env },
    listeners: process.eventNames().map((name) => `${String(name)} ${process.listenerCount(name)}`),
    fakeTimers: vi.isFakeTimers(),
  };
}

/** What is open now and was not `before`. */
function opened(before: readonly string[]): string[] {
  const known = [...before];
  return process.getActiveResourcesInfo().filter((name) => {
    const place = known.indexOf(name);
    if (place >= 0) known.splice(place, 1);
    return place < 0 && OPEN.test(name);
  });
}

let found: Record<string, unknown>;
let before: readonly string[];

beforeAll(() => {
  found = state();
  before = process.getActiveResourcesInfo();
});

afterAll(async () => {
  expect(state(), 'the process as it was found').toEqual(found);
  const nothing = (): void => expect(opened(before), 'left open').toEqual([]);
  await vi.waitFor(nothing, { timeout: GONE_WITHIN, interval: 2 });
});
