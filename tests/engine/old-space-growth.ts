import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { parentPort, workerData } from 'node:worker_threads';
import { TransientMap } from '../../electron/engine/transient-map.ts';

/** A thread, because its heap has nothing but this in it: posts by how many bytes its old generation grows. */

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

// A full collection of V8's own accord may come in between, hardly thrice.
const growths = [1, 2, 3].map(() => promoted(workerData === 'plain' ? new Map() : new TransientMap()));
parentPort?.postMessage(Math.max(...growths));
