/**
 * CPU that storing costs, in microseconds for each response, in the thread that serves requests and in the store's:
 * `node bench/storing-cost.ts [responses]`. The cache handler gets 1 KiB responses for URLs of their own and stores them.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { CacheStore } from '../electron/engine/cache/cache-store.ts';
import { DiskStore } from '../electron/engine/cache/stores/disk-store.ts';
import { MemoryStore } from '../electron/engine/cache/stores/memory-store.ts';
import { afterwards, ByteQueue, takeWhole } from '../electron/engine/chain/byte-queue.ts';
import type { RequestHead } from '../electron/engine/chain/exchange.ts';
import { LiveExchange } from '../electron/engine/chain/live-exchange.ts';
import type { Reply } from '../electron/engine/chain/reply.ts';
import { cacheHandler } from '../electron/engine/handlers/cache.ts';
import { PausedExchange } from '../electron/engine/trace/paused-exchange.ts';
import { TrafficTotals } from '../electron/engine/trace/traffic-totals.ts';
import { NO_ROUTE } from '../electron/engine/upstream/routing/route.ts';
import type { CacheMode } from '../shared/decision.ts';
import { defaultSettings } from '../shared/settings.ts';

const responses = Number(process.argv[2] ?? 100_000);
const defaults = defaultSettings();
const unrecorded = new PausedExchange(1, () => 0, new TrafficTotals());
const nobody = { inform: () => undefined, drop: () => undefined, spawn: () => undefined };

function headOf(number: number): RequestHead {
  const path = `/r/1/${number}`;
  const origin = 'http://www.example.test';
  return {
    ...{ method: 'GET', target: path, version: '1.1' },
    url: { scheme: 'http', hostname: 'www.example.test', port: 80, authority: 'www.example.test', origin, path },
    headers: ['Host', 'www.example.test', 'User-Agent', 'wrk'],
  };
}

const source = { resume: () => undefined, cancel: () => undefined };
const bytes = new Uint8Array(65_536);

function replyOf(number: number): Reply {
  const body = new ByteQueue(source);
  const at = (number % 60) * 1_024;
  body.push(bytes.subarray(at, at + 1_024));
  body.end();
  const headers = [
    ...['Content-Type', 'text/plain', 'Content-Length', '1024', 'Cache-Control', 'max-age=600', 'ETag', '"abc"'],
    ...['Date', new Date().toUTCString(), 'Connection', 'keep-alive'],
  ];
  return { status: 200, reason: 'OK', headers, body, from: 'upstream' };
}

async function measure(name: string, mode: CacheMode, store: CacheStore): Promise<void> {
  const settings = { ...defaults, cache: { ...defaults.cache, mode } };
  const handler = cacheHandler({ store });
  const one = async (number: number): Promise<void> => {
    const facts = { request: headOf(number), body: null, client: '', route: NO_ROUTE, settings, trace: unrecorded };
    const x = new LiveExchange({ ...facts, purpose: 'client' }, nobody);
    const reply = await handler.handle(x, { revalidating: undefined }, () => Promise.resolve(replyOf(number)));
    if (reply.body === null || reply.body instanceof Uint8Array || takeWhole(reply.body) === undefined) return;
    await afterwards(reply.body);
  };
  let number = 0;
  const run = async (count: number): Promise<void> => {
    for (const end = number + count; number < end; number += 16) {
      await Promise.all(Array.from({ length: 16 }, (_, i) => one(number + i)));
      await setImmediate();
    }
  };
  await run(30_000);
  const [all, here] = [process.cpuUsage(), process.threadCpuUsage()];
  await run(responses);
  await store.flush();
  const mine = process.threadCpuUsage(here);
  const total = process.cpuUsage(all);
  const per = (cpu: NodeJS.CpuUsage): number => (cpu.user + cpu.system) / responses;
  console.log(`${name.padEnd(16)}${per(mine).toFixed(1)} µs here, ${(per(total) - per(mine)).toFixed(1)} µs elsewhere`);
  await store.close();
}

const directory = await mkdtemp(join(tmpdir(), 'hopscope-bench-'));
const fail = (error: Error): never => {
  throw error;
};
await measure('not storing', 'off', new MemoryStore({ maxBytes: 2 ** 28 }));
await measure('in memory', 'shared', new MemoryStore({ maxBytes: 2 ** 28 }));
const disk = { directory, maxBytes: 2 ** 30, memoryBytes: 2 ** 26, onFailed: fail };
await measure('on disk', 'shared', await DiskStore.open(disk));
await rm(directory, { recursive: true });
