import { setImmediate } from 'node:timers/promises';
import type { BeginningExchange } from '../../electron/engine/trace/session-item.ts';
import type { Decision } from '../../shared/decision.ts';
import type { SpanEnded, SpanLane, TraceEvent } from '../../shared/trace-event.ts';

const PATHS = [
  'api/orders',
  'api/users',
  'assets/script',
  'assets/style',
  'images',
  'search',
  'cart/items',
  'checkout',
];
const TYPES = ['application/json', 'text/html', 'text/css', 'image/png'];

/** Exchanges as a busy site leaves them behind, `count` of them, a millisecond apart and always the same ones. */
export async function* manyExchanges(count: number): AsyncGenerator<BeginningExchange> {
  for (let id = 1; id <= count; id++) {
    yield { kind: 'exchange', events: eventsOf(id) };
    // Whoever reads this may want to do something else from time to time.
    if (id % 1000 === 0) await setImmediate();
  }
}

function eventsOf(id: number): TraceEvent[] {
  // Scattered, so that no order is that of the arrival.
  const random = (id * 7919 + 13) % 10_007;
  const host = `shop-${random % 40}.example`;
  const path = `/${PATHS[random % PATHS.length] ?? ''}/${(id * 31) % 5000}?page=${random % 100}`;
  // The first one is never first in another order: whoever waits for an order sees it come.
  const status = random % 50 === 0 ? 500 : random % 20 === 0 || id === 1 ? 404 : 200;
  const hit = random % 3 === 0 && status === 200;
  const upstream = `${host}:80`;
  const headers = ['Content-Type', TYPES[random % 4] ?? '', 'ETag', `"${random}"`, 'Cache-Control', 'max-age=60'];
  const took = hit ? 1 : 5 + (random % 200);
  const at = id;
  const base = { seq: 0, id };
  return [
    {
      ...{ ...base, type: 'exchange.started', at, kind: 'http', method: random % 10 === 0 ? 'POST' : 'GET' },
      ...{ url: `http://${host}${path}`, version: 'HTTP/1.1', client: '127.0.0.1:5000', connection: id % 6, nth: id },
    },
    { ...base, type: 'request.head', at, target: path, headers: ['Host', host, 'User-Agent', 'bench'] },
    { ...base, type: 'cache.decided', at, decision: decisionOf(hit, `http://${host}${path}`) },
    ...phasesOf(id, at, took, hit),
    {
      ...{ ...base, type: 'response.started', at: at + took * 0.8, status, reason: '', headers },
      ...{ from: hit ? 'cache' : 'upstream', contentType: TYPES[random % 4] ?? '', ...(hit ? {} : { upstream }) },
    },
    { ...base, type: 'response.ended', at: at + took, bytes: (random * 37) % 90_000 },
    { ...base, type: 'exchange.finished', at: at + took, outcome: { kind: 'completed' } },
  ];
}

/** The phases that an exchange through the usual chain leaves behind. */
function phasesOf(id: number, at: number, took: number, hit: boolean): TraceEvent[] {
  const span = (lane: SpanLane, name: string, from: number, to: number, handler?: string): SpanEnded => ({
    ...{ type: 'span', seq: 0, id, lane, name, start: at + took * from, at: at + took * to },
    ...(handler === undefined ? {} : { handler }),
  });
  const handlers = hit ? ['guard', 'cache'] : ['guard', 'cache', 'upstream'];
  const places = handlers.map((handler, depth) => [handler, depth / 100] as const);
  const sent = [
    span('upstream', 'connection', 0.03, 0.03),
    span('upstream', 'send', 0.03, 0.04),
    span('upstream', 'wait', 0.04, 0.8),
    span('upstream', 'receive', 0.8, 0.95),
  ];
  return [
    span('client', 'accept', 0, 0.001),
    ...places.map(([handler, depth]) => span('handler', 'setup', depth, depth + 0.005, handler)),
    ...(hit ? [] : sent),
    ...places.map(([handler, depth]) => span('handler', 'handle', depth + 0.005, 0.85 - depth, handler)).reverse(),
    span('client', 'deliver', 0.85, 0.96),
    ...places.map(([handler, depth]) => span('handler', 'finish', 0.97 - depth, 0.975 - depth, handler)).reverse(),
  ];
}

function decisionOf(hit: boolean, key: string): Decision {
  return hit
    ? { verdict: 'HIT', mode: 'shared', hit: true, key, ttl: 30, age: 30, steps: [] }
    : { verdict: 'MISS', mode: 'shared', hit: false, fwd: 'uri-miss', key, steps: [] };
}
