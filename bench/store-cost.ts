// What the stores cost: lookups as the index grows, and opening and searching a store on disk. `npm run bench:store`, or
// `npm run bench:store -- --entries 1000 --entries 10000` for other sizes.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { CacheStore } from '../electron/engine/cache/cache-store.ts';
import type { StoredHead } from '../electron/engine/cache/stored-response.ts';
import { DiskStore } from '../electron/engine/cache/stores/disk-store.ts';
import { MemoryStore } from '../electron/engine/cache/stores/memory-store.ts';

const LOOKUPS = 20_000;
const { values } = parseArgs({ options: { entries: { type: 'string', multiple: true } } });
const sizes = values.entries?.map(Number) ?? [1_000, 100_000, 1_000_000];

function headOf(i: number): StoredHead {
  const uri = `http://example.com/some/path/${i % 1_000}/resource-${i}.js`;
  return {
    ...{ key: uri, uri, method: 'GET', status: 200, reason: 'OK', selecting: [], authorized: false },
    headers: ['Content-Type', 'text/javascript', 'Cache-Control', 'max-age=600', 'ETag', '"5f3-18"'],
    requestTime: i,
    responseTime: i + 1,
  };
}

async function fill(store: CacheStore, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    await store.begin(headOf(i)).commit();
    if (i % 20_000 === 0) await store.flush();
  }
  await store.flush();
}

/** Microseconds for each lookup, of keys all over the store or of keys that are not there. */
function lookups(store: CacheStore, count: number, there: boolean): string {
  const keys = Array.from({ length: LOOKUPS }, (_, i) => headOf(((i * 7919) % count) + (there ? 0 : count)).key);
  const start = performance.now();
  for (const key of keys) store.lookup(key);
  return `${(((performance.now() - start) / LOOKUPS) * 1000).toFixed(2)} µs`;
}

async function timed(work: () => unknown): Promise<string> {
  const start = performance.now();
  await work();
  return `${(performance.now() - start).toFixed(0)} ms`;
}

for (const count of sizes) {
  const memory = new MemoryStore({ maxBytes: 1e12 });
  await fill(memory, count);
  const [hit, miss] = [lookups(memory, count, true), lookups(memory, count, false)];
  console.log(`memory, ${count} entries: hit ${hit}, miss ${miss}`);
}
for (const count of sizes) {
  const directory = await mkdtemp(join(tmpdir(), 'hopscope-bench-'));
  const open = (memoryBytes: number): Promise<DiskStore> =>
    DiskStore.open({
      ...{ directory, maxBytes: 1e12, memoryBytes },
      onFailed: (error) => {
        throw error;
      },
    });
  const filled = await open(1e6);
  const filling = await timed(() => fill(filled, count));
  await filled.close();
  let store = await open(0);
  await store.close();
  const opening = await timed(async () => {
    store = await open(0);
  });
  const [hit, miss] = [lookups(store, count, true), lookups(store, count, false)];
  const searching = await timed(() => store.entries({ search: 'RESOURCE-99', offset: 0, limit: 100 }));
  await store.close();
  console.log(
    `disk, ${count} entries: from disk ${hit}, miss ${miss}; open ${opening}, search ${searching}, fill ${filling}`,
  );
  await rm(directory, { recursive: true });
}
