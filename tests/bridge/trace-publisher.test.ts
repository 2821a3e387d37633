import { expect, test } from 'vitest';
import { TracePublisher } from '../../electron/bridge/trace-publisher.ts';
import type { TraceBatch } from '../../shared/contract.ts';
import type { TraceEvent } from '../../shared/trace-event.ts';

/** A source that a test feeds by hand. */
class Feed {
  readonly #listeners = new Set<(event: TraceEvent) => void>();
  #seq = 0;

  get subscribers(): number {
    return this.#listeners.size;
  }

  now(): number {
    return 1;
  }

  subscribe(listener: (event: TraceEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  emit(event: { type: 'exchange.finished' } | { type: 'exchange.progress'; bytes: number }, id = 1): void {
    const base = { seq: ++this.#seq, id, at: 0 };
    const whole: TraceEvent =
      event.type === 'exchange.finished'
        ? { ...base, type: event.type, outcome: { kind: 'completed' } }
        : { ...base, type: event.type, requestBytes: 0, responseBytes: event.bytes, open: [] };
    for (const listener of this.#listeners) listener(whole);
  }
}

function start(): { feed: Feed; publisher: TracePublisher; batches: TraceBatch[] } {
  const feed = new Feed();
  const batches: TraceBatch[] = [];
  const publisher = new TracePublisher(feed, (batch) => batches.push(batch));
  publisher.start(0);
  return { feed, publisher, batches };
}

const finished = { type: 'exchange.finished' } as const;
const progress = (bytes: number) => ({ type: 'exchange.progress', bytes }) as const;

/** Two batches that nobody acknowledges. */
function fallBehind(feed: Feed): void {
  for (let i = 0; i < 512; i++) feed.emit(finished);
}

test('while the receiver is behind, only the newest progress of each exchange waits', () => {
  const { feed, publisher, batches } = start();
  fallBehind(feed);
  expect(batches).toHaveLength(2);
  for (let bytes = 1; bytes <= 50; bytes++) {
    feed.emit(progress(bytes), 7);
    feed.emit(progress(bytes * 2), 8);
  }
  feed.emit(finished, 9);
  publisher.acknowledge(512);
  expect(batches).toHaveLength(3);
  expect(batches[2]).toMatchObject({ firstSeq: 513, lastSeq: 613 });
  expect(batches[2]?.events.map(({ seq, id, type }) => [seq, id, type])).toEqual([
    [611, 7, 'exchange.progress'],
    [612, 8, 'exchange.progress'],
    [613, 9, 'exchange.finished'],
  ]);
  publisher.close();
});

test('a large backlog leaves in pieces that follow on from one another', () => {
  const { feed, publisher, batches } = start();
  fallBehind(feed);
  for (let i = 0; i < 5_000; i++) feed.emit(finished);
  publisher.acknowledge(512);
  publisher.acknowledge(5_512);
  expect(batches.map(({ firstSeq, lastSeq }) => [firstSeq, lastSeq])).toEqual([
    ...[
      [1, 256],
      [257, 512],
      [513, 2_560],
      [2_561, 4_608],
      [4_609, 5_512],
    ],
  ]);
  expect(batches.reduce((sum, batch) => sum + batch.events.length, 0)).toBe(5_512);
  publisher.close();
});

test('nothing is subscribed to before the first snapshot, nor after the end', () => {
  const feed = new Feed();
  const publisher = new TracePublisher(feed, () => undefined);
  expect(feed.subscribers).toBe(0);
  publisher.start(0);
  publisher.start(0);
  expect(feed.subscribers).toBe(1);
  publisher.close();
  expect(feed.subscribers).toBe(0);
});

test('a snapshot makes good for batches that were never acknowledged', () => {
  const { feed, publisher, batches } = start();
  fallBehind(feed);
  publisher.start(512);
  for (let i = 0; i < 256; i++) feed.emit(finished);
  expect(batches).toHaveLength(3);
  expect(batches[2]).toMatchObject({ firstSeq: 513, lastSeq: 768 });
  publisher.close();
});
