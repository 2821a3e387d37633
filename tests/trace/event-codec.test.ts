import { fc } from '../support/property.ts';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { eventsSchema } from '../../electron/engine/sessions/trace-event-schema.ts';
import { decodeEvents } from '../../electron/engine/trace/event-decoder.ts';
import { EventEncoder } from '../../electron/engine/trace/event-encoder.ts';
import { SymbolTable } from '../../electron/engine/trace/symbol-table.ts';
import { Track, TrackReader } from '../../electron/engine/trace/track.ts';
import { CACHE_MODES } from '../../shared/decision.ts';
import type { Decision } from '../../shared/decision.ts';
import type { ExchangeStarted, Outcome, TraceEvent } from '../../shared/trace-event.ts';

const text = fc.oneof(fc.string(), fc.string({ unit: 'grapheme' }), fc.constant(''));
const word = fc.constantFrom('setup', 'handle', 'finish', 'dns', 'cache');
const count = fc.oneof(fc.nat(), fc.integer({ min: 2 ** 31, max: 2 ** 48 }));
// Times are kept to the microsecond; most lie close together, some days apart.
const time = fc.oneof(fc.nat(60_000_000), fc.integer({ min: 0, max: 2 ** 45 })).map((us) => us / 1000);
// Some pairs come again, as they do where a message is passed on.
const pair = fc.oneof(
  fc.tuple(text, text),
  fc.constantFrom<[string, string]>(['Host', 'a'], ['Via', '1.1 b'], ['', '']),
);
const headers = fc.array(pair).map((pairs) => pairs.flat());
const optional = <T extends object>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record(model, { requiredKeys: [] });
const merged = <A extends object, B extends object>(a: fc.Arbitrary<A>, b: fc.Arbitrary<B>) =>
  fc.tuple(a, b).map(([first, second]) => ({ ...first, ...second }));

const body = merged(
  fc.record({ captured: count }),
  optional({ truncated: fc.constantFrom('cap' as const, 'backlog' as const, 'aborted' as const) }),
);
const ended = merged(fc.record({ bytes: count }), optional({ body, trailers: headers }));
const fieldEvidence = merged(
  fc.record({ side: fc.constantFrom('request' as const, 'stored' as const, 'response' as const), name: text }),
  optional({ directive: text }),
);
const step = merged(
  fc.record({ rule: text, source: text, evidence: text, effect: text }),
  optional({
    ...{ say: text, departure: fc.boolean(), decides: fc.constantFrom('answer' as const, 'storing' as const) },
    fields: fc.array(fieldEvidence, { maxLength: 3 }),
  }),
);
const seconds = fc.integer();
const nearMiss = fc.record({ key: text, field: text, stored: text, requested: text, why: text });
const decision: fc.Arbitrary<Decision> = merged(
  fc.record({
    verdict: fc.constantFrom('HIT', 'MISS', 'REVALIDATED', 'STALE', 'BYPASS', 'ERROR'),
    hit: fc.boolean(),
    mode: fc.constantFrom(...CACHE_MODES),
    steps: fc.array(step, { maxLength: 6 }),
  }),
  optional({
    fwd: fc.constantFrom('bypass', 'uri-miss', 'stale'),
    ...{ fwdStatus: seconds, ttl: seconds, stored: fc.boolean(), collapsed: fc.boolean() },
    ...{ key: text, detail: text, nearMiss, age: seconds, lifetime: seconds },
  }),
);
const outcome: fc.Arbitrary<Outcome> = fc.oneof(
  fc.record({ kind: fc.constant('completed') }),
  fc.record({ kind: fc.constant('failed'), code: text, phase: text, message: text }),
  fc.record({
    kind: fc.constant('aborted'),
    by: fc.constantFrom('client', 'upstream', 'hopscope'),
    phase: text,
    message: text,
  }),
);

/** A span's texts are either missing or say something. */
const facts = optional({ handler: word, detail: fc.string({ minLength: 1 }), error: fc.string({ minLength: 1 }) });
const later = fc.oneof(
  fc.record({ type: fc.constant('request.head'), target: text, headers }),
  merged(fc.record({ type: fc.constant('request.ended') }), ended),
  fc.record({ type: fc.constant('cache.decided'), decision }),
  fc.record({ type: fc.constant('upstream.request'), method: word, target: text, headers }),
  fc.record({ type: fc.constant('upstream.response'), status: fc.nat(999), reason: text, headers }),
  fc.record({ type: fc.constant('response.informational'), status: fc.nat(999), headers }),
  fc.record({
    type: fc.constant('client.secured'),
    tls: fc.record({
      ...{ version: word, cipher: word, alpn: word, serverName: text, resumed: fc.boolean() },
      ...{ start: time, end: time },
    }),
  }),
  fc.record({ type: fc.constant('gateway.called'), application: text, worker: text, environ: headers }),
  fc.record({ type: fc.constant('gateway.answered'), status: text, headers }),
  fc.record({ type: fc.constant('gateway.output'), stream: fc.constantFrom('errors', 'traceback'), text }),
  fc.record({ type: fc.constant('gateway.framework'), facts: headers }),
  merged(
    fc.record({
      ...{ type: fc.constant('response.started'), status: fc.nat(999), reason: text, contentType: text, headers },
      from: fc.constantFrom('upstream', 'cache', 'hopscope'),
    }),
    optional({ upstream: text, remote: text }),
  ),
  merged(fc.record({ type: fc.constant('response.ended') }), ended),
  merged(
    fc.record({
      ...{ type: fc.constant('span'), name: word, start: time },
      lane: fc.constantFrom('client', 'handler', 'upstream', 'application'),
    }),
    facts,
  ),
  fc.record({
    ...{ type: fc.constant('exchange.note'), code: text, text },
    level: fc.constantFrom('info', 'warning', 'error'),
  }),
  fc.record({
    ...{ type: fc.constant('rule.applied'), name: text, index: fc.nat(199) },
    action: fc.constantFrom('answer', 'file', 'redirect', 'headers', 'delay', 'block', 'pause'),
  }),
  fc.record({ type: fc.constant('exchange.held'), stage: fc.constantFrom('request', 'response') }),
  fc.record({
    ...{ type: fc.constant('exchange.released'), stage: fc.constantFrom('request', 'response') },
    how: fc.constantFrom('continued', 'edited', 'answered', 'aborted'),
  }),
  fc.record({ type: fc.constant('exchange.finished'), outcome }),
);
const started = merged(
  fc.record({
    ...{ type: fc.constant('exchange.started'), at: time, seq: fc.nat(), method: text, url: text, version: text },
    ...{ kind: fc.constantFrom('http', 'tunnel', 'malformed'), client: text, connection: fc.nat(), nth: fc.nat() },
  }),
  optional({ parent: fc.nat(), session: text }),
);

const exchange = fc
  .tuple(started, fc.array(fc.tuple(later, time, fc.oneof(fc.integer({ min: 1, max: 50 }), count)), { maxLength: 30 }))
  .map(([first, rest]) => {
    let { seq } = first;
    const events = [
      { ...first, id: 7 },
      ...rest.map(([event, at, more]) => ({ ...event, id: 7, at, seq: (seq += more + 1) })),
    ];
    return events as unknown as [ExchangeStarted, ...TraceEvent[]];
  });

test('every event survives being recorded, whatever its texts and numbers', () => {
  const symbols = new SymbolTable();
  fc.assert(
    fc.property(exchange, ([first, ...rest]) => {
      // Twice, because what a hit repeats is encoded in another way from the second time on.
      for (let time = 0; time < 2; time++) {
        const encoder = new EventEncoder(first, new Track(), new Track(), symbols);
        for (const event of rest) encoder.add(event);
        const read = (track: Track) => new TrackReader(track.numbers, track.count, track.text, symbols);
        expect(decodeEvents(7, read(encoder.list), read(encoder.detail))).toEqual([first, ...rest]);
      }
    }),
    { numRuns: 300 },
  );
});

test('a decision survives wherever it begins in the room that a record has', () => {
  const symbols = new SymbolTable();
  const stamp = { id: 7, at: 0, seq: 1 };
  const start = { ...stamp, type: 'exchange.started', kind: 'http', method: 'GET', url: '/', version: '1.1' } as const;
  const fields = ['age', 'date', 'etag', 'vary'].map((name) => ({ side: 'stored', name, directive: 'x' }) as const);
  const steps = Array.from({ length: 8 }, (_, index) => ({
    ...{ rule: 'freshness', source: 'RFC 9111 §4.2', evidence: `e${index}`, effect: `f${index}`, say: 's', fields },
  }));
  const decision = { verdict: 'HIT', hit: false, mode: 'shared', steps } as const;
  for (let before = 0; before < 300; before++) {
    const encoder = new EventEncoder(
      { ...start, client: '', connection: 1, nth: 1 },
      new Track(),
      new Track(),
      symbols,
    );
    const head = {
      ...stamp,
      type: 'request.head',
      seq: 2,
      target: '/',
      headers: Array<string>(before).fill('h'),
    } as const;
    const decided = { ...stamp, type: 'cache.decided', seq: 3, decision } as const;
    for (const event of [head, decided]) encoder.add(event);
    const read = (track: Track) => new TrackReader(track.numbers, track.count, track.text, symbols);
    expect(decodeEvents(7, read(encoder.list), read(encoder.detail)).slice(1)).toEqual([head, decided]);
  }
});

test('a near miss is read from records that have it as JSON', () => {
  const symbols = new SymbolTable();
  const stamp = { id: 7, at: 0, seq: 1 };
  const start = { ...stamp, type: 'exchange.started', kind: 'http', method: 'GET', url: '/', version: '1.1' } as const;
  const encoder = new EventEncoder({ ...start, client: '', connection: 1, nth: 1 }, new Track(), new Track(), symbols);
  const decided = { verdict: 'MISS', hit: false, mode: 'shared', steps: [] } as const;
  encoder.add({ ...stamp, type: 'cache.decided', seq: 2, decision: decided });
  const nearMiss = { key: 'k', field: 'query', stored: 'a=1', requested: 'a=2', why: 'It differs.' };
  // Where the last number says that there is none.
  encoder.list.count--;
  encoder.list.addText(JSON.stringify(nearMiss));
  const read = (track: Track) => new TrackReader(track.numbers, track.count, track.text, symbols);
  expect(decodeEvents(7, read(encoder.list), read(encoder.detail)).at(-1)).toMatchObject({ decision: { nearMiss } });
});

test('every event may come from a file', () => {
  fc.assert(
    fc.property(exchange, (events) => {
      expect(v.parse(eventsSchema, JSON.parse(JSON.stringify(events)))).toEqual(events);
    }),
    { numRuns: 100 },
  );
});

test('words beyond the symbol table are written out', () => {
  const symbols = new SymbolTable();
  for (let i = 0; i < 10_000; i++) symbols.codeOf(`word ${i}`);
  const track = new Track();
  track.reserve(8);
  track.addSymbol(symbols, 'word 3');
  track.addSymbol(symbols, 'word 9999');
  const reader = new TrackReader(track.numbers, track.count, track.text, symbols);
  expect([reader.symbol(), reader.symbol(), reader.done]).toEqual(['word 3', 'word 9999', true]);
  expect(symbols.names.length).toBeLessThan(5_000);
});
