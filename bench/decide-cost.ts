/**
 * CPU that deciding a cache hit costs, in microseconds: `node bench/decide-cost.ts [entries] [decisions]`.
 * The entries are variants by two fields, two under each URL; requests ask for all of them in random order, each with a head
 * of its own as it would come from the wire. Measured once for the policy alone (read the request, look up, plan), and once
 * for the cache handler, which also makes the reply. Batches are measured, so that the clock does not count.
 */
import { cacheKey } from '../electron/engine/cache/cache-key.ts';
import { readCacheRequest } from '../electron/engine/cache/cache-request.ts';
import { overlayFor } from '../electron/engine/cache/cache-settings.ts';
import { planRequest } from '../electron/engine/cache/reuse.ts';
import { planStorage } from '../electron/engine/cache/storing.ts';
import { MemoryStore } from '../electron/engine/cache/stores/memory-store.ts';
import type { RequestHead } from '../electron/engine/chain/exchange.ts';
import { LiveExchange } from '../electron/engine/chain/live-exchange.ts';
import { cacheHandler } from '../electron/engine/handlers/cache.ts';
import { cacheSettingsOf } from '../electron/engine/handlers/cache-settings.ts';
import { formatHttpDate } from '../electron/engine/http/http-date.ts';
import { PausedExchange } from '../electron/engine/trace/paused-exchange.ts';
import { TrafficTotals } from '../electron/engine/trace/traffic-totals.ts';
import { NO_ROUTE } from '../electron/engine/upstream/routing/route.ts';
import { defaultSettings } from '../shared/settings.ts';
import { median } from './judge.ts';

const entries = Number(process.argv[2] ?? 10_000);
const decisions = Number(process.argv[3] ?? 400_000);
const BATCH = 200;

const defaults = defaultSettings();
const settings = { ...defaults, cache: { ...defaults.cache, mode: 'shared' as const } };
const policySettings = cacheSettingsOf(settings);
const store = new MemoryStore({ maxBytes: 2 ** 31 });
const languages = ['en-GB,en;q=0.9', 'de-DE,de;q=0.9,en;q=0.5'];

/** The head of a request for entry `number`, made anew, because every head on the wire is. */
function headOf(number: number): RequestHead {
  const path = `/articles/${number >> 1}/page.html?section=${(number >> 1) % 7}`;
  const origin = 'http://www.example.test';
  return {
    ...{ method: 'GET', target: path, version: '1.1' },
    url: { scheme: 'http', hostname: 'www.example.test', port: 80, authority: 'www.example.test', origin, path },
    headers: [
      ...['Host', 'www.example.test', 'User-Agent', 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0'],
      ...['Accept', 'text/html,application/xhtml+xml,*/*;q=0.8', 'Accept-Language', languages[number & 1] ?? ''],
      ...['Accept-Encoding', 'gzip, deflate, br', 'Connection', 'keep-alive', 'Cookie', `session=${number}`],
    ],
  };
}

function fill(): void {
  const responseTime = Date.now();
  for (let number = 0; number < entries; number++) {
    const { method, url, headers } = headOf(number);
    const uri = url.origin + url.path;
    const fields = [
      ...['Content-Type', 'text/html; charset=utf-8', 'Date', formatHttpDate(responseTime), 'ETag', `"e${number}"`],
      ...['Cache-Control', 'public, max-age=3600', 'Vary', 'Accept-Encoding, Accept-Language'],
    ];
    const received = { status: 200, reason: 'OK', headers: fields, requestTime: responseTime, responseTime };
    const { head } = planStorage(readCacheRequest(method, uri, headers), uri, received, policySettings);
    if (head === undefined) throw new Error('the response is not stored');
    const writer = store.begin(head);
    void writer.write(new Uint8Array(1_024));
    void writer.commit();
  }
}

function decide({ method, url, headers }: RequestHead): string {
  const uri = url.origin + url.path;
  const request = readCacheRequest(method, uri, headers);
  const key = cacheKey(uri, policySettings, overlayFor(policySettings, uri));
  const plan = planRequest(request, key, store.lookup(key), policySettings, Date.now());
  return plan.action === 'serve' ? plan.decision.verdict : plan.action;
}

const handler = cacheHandler({ store });
const unrecorded = new PausedExchange(1, () => 0, new TrafficTotals());
const nobody = { inform: () => undefined, drop: () => undefined, spawn: () => undefined };

function answer(request: RequestHead): string {
  const route = NO_ROUTE;
  const facts = { request, body: null, client: '', route, settings, trace: unrecorded, purpose: 'client' as const };
  const x = new LiveExchange(facts, nobody);
  const reply = handler.handle(x, { revalidating: undefined }, () => {
    throw new Error('a hit asks nobody');
  });
  return reply instanceof Promise ? 'a promise' : reply.from;
}

/** Median and 90th percentile of the batches' means, in microseconds of CPU. */
function costOf(work: (request: RequestHead) => string, expected: string): readonly [number, number] {
  const costs: number[] = [];
  for (let done = 0; done < decisions; done += BATCH) {
    const requests = Array.from({ length: BATCH }, () => headOf(Math.floor(Math.random() * entries)));
    const before = process.cpuUsage();
    for (const request of requests) if (work(request) !== expected) throw new Error(`not ${expected}`);
    const { user, system } = process.cpuUsage(before);
    costs.push((user + system) / BATCH);
  }
  // The first half warms up.
  const warm = costs.slice(costs.length / 2).sort((a, b) => a - b);
  return [median(warm), warm[Math.floor(warm.length * 0.9)] ?? 0];
}

fill();
for (const [name, work, expected] of [
  ['policy: read, look up, plan', decide, 'HIT'],
  ['cache handler, reply included', answer, 'cache'],
] as const) {
  const [middle, high] = costOf(work, expected);
  console.log(
    `${name.padEnd(32)}median ${middle.toFixed(2)} µs, 90th percentile ${high.toFixed(2)} µs; ${entries} entries`,
  );
}
