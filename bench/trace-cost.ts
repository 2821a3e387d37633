/**
 * CPU that tracing and recording cost, in microseconds per exchange: `node bench/trace-cost.ts [exchanges]`.
 * Runs the calls that one proxied exchange makes, without any proxy, and prints one line for each kind of exchange.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { createRecorder } from '../electron/engine/trace/recorder.ts';
import type { Recorder } from '../electron/engine/trace/recorder.ts';
import type { Decision } from '../shared/decision.ts';
import type { Settings } from '../shared/settings.ts';

const exchanges = Number(process.argv[2] ?? 100_000);
const MIB = 1024 * 1024;

const requestHeaders = [
  ...['Host', '127.0.0.1:8080', 'User-Agent', 'curl/8.5.0', 'Accept', '*/*', 'Accept-Encoding', 'gzip, deflate'],
  ...['Connection', 'keep-alive', 'Cookie', 'session=abcdef0123456789; theme=dark'],
];
const responseHeaders = [
  ...['Content-Type', 'text/html; charset=utf-8', 'Content-Length', '1024', 'Date', 'Sat, 22 Nov 2025 07:36:30 GMT'],
  ...[
    'Cache-Control',
    'max-age=60',
    'ETag',
    '"abc123"',
    'Via',
    '1.1 hopscope',
    'Cache-Status',
    'Hopscope; hit; ttl=60',
  ],
];

function decision(id: number): Decision {
  const step = {
    rule: 'freshness.lifetime',
    source: 'RFC 9111 §4.2.1',
    evidence: '`Cache-Control: max-age=60`, so 60 s',
    effect: 'the response is fresh for 60 s',
    say: '`max-age=60`',
  };
  const key = `http://127.0.0.1:8080/some/path?x=${id}`;
  const facts = { fwd: 'uri-miss', fwdStatus: 200, ttl: 60, stored: true, key, age: 0, lifetime: 60 } as const;
  return { verdict: 'MISS', hit: false, mode: 'shared', steps: [step, step, step, step, step], ...facts };
}

function runExchange(recorder: Recorder, number: number, body: Uint8Array, from: 'upstream' | 'cache'): void {
  const arrived = recorder.now();
  const trace = recorder.begin({
    ...{ kind: 'http', method: 'GET', url: `http://127.0.0.1:8080/some/path?x=${number}`, version: 'HTTP/1.1' },
    ...{ client: '127.0.0.1:54321', connection: 12, nth: number, at: arrived },
  });
  trace.requestHead(`/some/path?x=${number}`, requestHeaders);
  trace.span('client', 'accept', arrived);
  trace.requestEnded();
  const chain = from === 'cache' ? ['guard', 'cache'] : ['guard', 'cache', 'upstream'];
  const handles = [];
  for (const handler of chain) {
    trace.leave(trace.enter(handler, 'setup'));
    handles.push(trace.enter(handler, 'handle'));
  }
  if (from === 'upstream') {
    const sent = trace.now();
    trace.span('upstream', 'send', sent);
    trace.span('upstream', 'wait', sent);
  }
  trace.decided(decision(number));
  for (const handle of handles.reverse()) trace.leave(handle);
  const reply = { status: 200, reason: 'OK', headers: responseHeaders, body, from };
  trace.responseStarted(from === 'upstream' ? { ...reply, upstream: '127.0.0.1:8080' } : reply, responseHeaders);
  const delivered = trace.now();
  trace.responseChunk(body);
  trace.responseEnded();
  if (from === 'upstream') trace.span('upstream', 'receive', delivered);
  trace.span('client', 'deliver', delivered);
  for (const handler of chain) trace.leave(trace.enter(handler, 'finish'));
  trace.finished({ kind: 'completed' });
}

/** CPU in microseconds per exchange, of which `system` in the kernel. */
interface Cost {
  readonly total: number;
  readonly system: number;
}

async function costOf(record: Settings['record'], bytes: number, from: 'upstream' | 'cache'): Promise<Cost> {
  const directory = await mkdtemp(join(tmpdir(), 'hopscope-trace-cost-'));
  const recorder = await createRecorder({ directory, settings: record });
  const stored = Buffer.alloc(bytes, 'x');
  const run = async (count: number): Promise<void> => {
    for (let i = 1; i <= count; i++) {
      runExchange(recorder, i, from === 'cache' ? stored : Buffer.from(stored), from);
      if (i % 32 === 0) await setImmediate();
    }
    await recorder.flushed();
  };
  await run(20_000);
  const before = process.cpuUsage();
  await run(exchanges);
  const { user, system } = process.cpuUsage(before);
  await recorder.close();
  await rm(directory, { recursive: true, force: true });
  return { total: (user + system) / exchanges, system: system / exchanges };
}

async function measure(name: string, level: 'full' | 'head' | 'off', bytes: number, from: 'upstream' | 'cache') {
  const record = {
    level,
    paused: false,
    bodyCap: MIB,
    messagesCap: MIB,
    maxExchanges: 100_000,
    maxBytes: 1024 * MIB,
    keepSessions: 0,
  };
  const cost = await costOf(record, bytes, from);
  // With recording paused all that is left is the cost of making the calls.
  const idle = await costOf({ ...record, paused: true }, bytes, from);
  const numbers = [cost.total - idle.total, cost.system - idle.system].map((value) => value.toFixed(2).padStart(6));
  const rss = Math.round(process.memoryUsage.rss() / MIB);
  console.log(`${name.padEnd(32)}${numbers[0]} µs per exchange, in the kernel${numbers[1]}; RSS ${rss} MiB`);
}

await measure('passed through, no body, full', 'full', 0, 'upstream');
await measure('passed through, 1 KiB, full', 'full', 1024, 'upstream');
await measure('passed through, 10 KiB, full', 'full', 10 * 1024, 'upstream');
await measure('cache hit, 10 KiB, full', 'full', 10 * 1024, 'cache');
await measure('passed through, 1 KiB, head', 'head', 1024, 'upstream');
await measure('passed through, 1 KiB, off', 'off', 1024, 'upstream');
