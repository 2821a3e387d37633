import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { TransientMap } from '../../electron/engine/transient-map.ts';

/** Bytes by which the old generation grew while values came and went in a map. */
async function growth(map: 'plain' | 'transient'): Promise<number> {
  const thread = new Worker(new URL('old-space-growth.ts', import.meta.url), { workerData: map, execArgv: [] });
  const [bytes] = (await once(thread, 'message')) as [number];
  await once(thread, 'exit');
  return bytes;
}

describe('a map for what comes and goes', () => {
  it('keeps nothing that was deleted, where a plain map keeps nearly all of it', async () => {
    expect(await growth('plain')).toBeGreaterThan(4_000_000);
    expect(await growth('transient')).toBeLessThan(1_000_000);
  });

  it('finds, counts and lists what is in it, in the order of its coming', () => {
    const map = new TransientMap<string, number>();
    map.set('a', 1);
    map.set('b', 2);
    map.set('c', 3);
    map.delete('b');
    map.delete('b');
    expect([map.get('a'), map.get('b'), map.size]).toEqual([1, undefined, 2]);
    expect([...map.values()]).toEqual([1, 3]);
  });
});
