import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { TransientMap } from '../../electron/engine/transient-map.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as (options: { type: 'minor' | 'major' }) => void;

interface Entries {
  set(key: number, value: object): void;
  delete(key: number): void;
}

/** Bytes by which the old generation grew while a thousand values of 8 KB came and went, 32 at a time. */
function promoted(map: Entries): number {
  for (let key = 0; key < 32; key++) map.set(key, new Array(1_000).fill(key));
  // The map and its table are old, as after a while without much traffic.
  collect({ type: 'major' });
  const before = oldBytes();
  for (let key = 32; key < 1_000; key++) {
    map.set(key, new Array(1_000).fill(key));
    map.delete(key - 32);
    if (key % 100 === 0) collect({ type: 'minor' });
  }
  return oldBytes() - before;
}

function oldBytes(): number {
  return getHeapSpaceStatistics().find(({ space_name: name }) => name === 'old_space')?.space_used_size ?? 0;
}

describe('a map for what comes and goes', () => {
  it('keeps nothing that was deleted, where a plain map keeps nearly all of it', () => {
    // A full collection of V8's own accord may come in between, hardly thrice.
    const thrice = (make: () => Entries): number => Math.max(...[1, 2, 3].map(() => promoted(make())));
    expect(thrice(() => new Map())).toBeGreaterThan(4_000_000);
    expect(thrice(() => new TransientMap())).toBeLessThan(1_000_000);
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
