import { setImmediate } from 'node:timers/promises';
import type { BeginningExchange } from '../../electron/engine/trace/session-item.ts';
import type { Decision } from '../../shared/decision.ts';
import type { TraceEvent } from '../../shared/trace-event.ts';

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
    {
      ...{ ...base, type: 'response.started', at: at + took * 0.8, status, reason: '', headers },
      ...{ from: hit ? 'cache' : 'upstream', contentType: TYPES[random % 4] ?? '', ...(hit ? {} : { upstream }) },
    },
    { ...base, type: 'response.ended', at: at + took, bytes: (random * 37) % 90_000 },
    { ...base, type: 'exchange.finished', at: at + took, outcome: { kind: 'completed' } },
  ];
}

function decisionOf(hit: boolean, key: string): Decision {
  return hit
    ? { verdict: 'HIT', mode: 'shared', hit: true, key, ttl: 30, age: 30, steps: [] }
    : { verdict: 'MISS', mode: 'shared', hit: false, fwd: 'uri-miss', key, steps: [] };
}
