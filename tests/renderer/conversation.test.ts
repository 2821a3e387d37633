import { describe, expect, test } from 'vitest';
import { en } from '../../renderer/i18n/en/catalogue.ts';
import { createTranslate } from '../../renderer/i18n/translate.ts';
import { conversation } from '../../renderer/views/conversation/conversation-model.ts';
import { conversationToMermaid } from '../../renderer/views/conversation/conversation-to-mermaid.ts';
import { conversationToSvg } from '../../renderer/views/conversation/conversation-to-svg.ts';
import { relatedExchanges } from '../../renderer/views/conversation/related-exchanges.ts';
import type { RelatedExchanges } from '../../renderer/views/conversation/related-exchanges.ts';
import type { Decision } from '../../shared/decision.ts';
import type { ExchangeView } from '../../shared/exchange-view.ts';
import type { GatewayEvent, SpanEnded, SpanLane } from '../../shared/trace-event.ts';

const t = createTranslate('en', en);

let seq = 0;
function span(lane: SpanLane, name: string, start: number, at: number, more: Partial<SpanEnded> = {}): SpanEnded {
  return { type: 'span', seq: ++seq, id: 5, lane, name, start, at, ...more };
}

function decision(more: Partial<Decision> & Pick<Decision, 'verdict'>): Decision {
  return { hit: false, mode: 'shared', key: 'k', steps: [], ...more };
}

function view(more: Partial<ExchangeView> = {}): ExchangeView {
  return {
    ...{ id: 5, kind: 'http', start: 1000, end: 1100, method: 'GET', url: 'http://x/items', version: 'HTTP/1.1' },
    ...{ client: '127.0.0.1:5', connection: 1, nth: 1, requestBytes: 0, responseBytes: 0, warnings: 0 },
    ...{ request: { headers: [] }, informational: [], spans: [], notes: [], open: [], outcome: { kind: 'completed' } },
    ...{ status: 200, responseAt: 1080, contentType: 'text/plain', response: { reason: 'OK', headers: [] } },
    ...more,
  };
}

/** `from>to text` for each message. */
function lines(of: ExchangeView, related?: RelatedExchanges): string[] {
  return conversation(t, of, related).messages.map(({ from, to, text }) => `${from}>${to} ${text}`);
}

const asked = [
  span('handler', 'handle', 1002, 1070, { handler: 'cache' }),
  span('upstream', 'connect', 1003, 1010),
  span('upstream', 'send', 1010, 1011),
  span('upstream', 'wait', 1011, 1050),
];
const deliver = span('client', 'deliver', 1080, 1090);

describe('a conversation tells', () => {
  test('a hit, without an origin', () => {
    const hit = decision({ verdict: 'HIT', hit: true, age: 12, ttl: 48 });
    const talk = conversation(
      t,
      view({ decision: hit, decidedAt: 1003, from: 'cache', spans: [deliver], responseBytes: 9 }),
    );
    expect(talk.lanes.map(({ id }) => id)).toEqual(['client', 'server', 'cache']);
    expect(talk.messages.map(({ text }) => text)).toEqual([
      'GET /items, please.',
      'Do you have this?',
      'I have it, 12 s old, good for 48 s more.',
      '200 OK: text/plain.',
      'That was all: 9 B.',
    ]);
    expect(talk.messages.map(({ at }) => at)).toEqual([0, 3, 3, 80, 90]);
  });

  test('a miss whose answer is stored', () => {
    const miss = decision({ verdict: 'MISS', fwd: 'uri-miss', fwdStatus: 200, stored: true, ttl: 60 });
    expect(lines(view({ decision: miss, decidedAt: 1060, from: 'upstream', spans: asked }))).toEqual([
      'client>server GET /items, please.',
      'server>cache Do you have this?',
      'cache>cache I have nothing for this address.',
      'cache>origin May I connect?',
      'cache>origin GET /items, please.',
      'origin>cache 200 OK.',
      'cache>cache I keep a copy, good for 60 s.',
      "cache>server Here is the origin's answer.",
      'server>client 200 OK: text/plain.',
    ]);
  });

  test('a validation by its tag, and a 304', () => {
    const step = { rule: 'validation.sent', source: 'RFC 9111 §4.3.1', evidence: '`If-None-Match: "a1"`', effect: '' };
    const done = decision({ verdict: 'REVALIDATED', fwd: 'stale', fwdStatus: 304, ttl: 60, steps: [step] });
    const said = lines(view({ decision: done, decidedAt: 1060, from: 'cache', spans: asked }));
    expect(said).toContain('cache>origin Is "a1" still right?');
    expect(said).toContain('origin>cache Yes (304).');
    expect(said).toContain('cache>server Here is mine: it is still right.');
  });

  test('a stale answer and its revalidation in the background, as a side conversation', () => {
    const stale = decision({ verdict: 'STALE', hit: true, age: 70, ttl: -10 });
    const parent = view({ decision: stale, decidedAt: 1003, from: 'cache' });
    const child = { ...view({ id: 6, parent: 5, start: 1004, verdict: 'REVALIDATED', responseAt: 1050 }) };
    const related = relatedExchanges(parent, (id) => (id === 6 ? child : undefined));
    const talk = conversation(t, parent, related);
    expect(talk.messages.map(({ text }) => text)).toContain(
      'I have it, 70 s old, 10 s past its time. It may still be used.',
    );
    expect(talk.messages.filter(({ exchange }) => exchange === 6).map(({ text }) => text)).toEqual([
      'In the background: is it still right?',
      'Yes (304).',
    ]);
  });

  test('a bypass, and a cache that is off as one that is not there', () => {
    const bypass = decision({ verdict: 'BYPASS', fwd: 'bypass' });
    expect(lines(view({ decision: bypass, decidedAt: 1003 }))).toContain('cache>cache I stand aside for this one.');
    expect(conversation(t, view({ decision: { ...bypass, mode: 'off' } })).lanes.map(({ id }) => id)).toEqual([
      'client',
      'server',
    ]);
  });

  test('requests that were collapsed, from both sides', () => {
    const leader = view({
      id: 4,
      start: 990,
      from: 'upstream',
      decision: decision({ verdict: 'MISS', fwd: 'uri-miss' }),
      verdict: 'MISS',
    });
    const waits = decision({ verdict: 'MISS', fwd: 'uri-miss', collapsed: true });
    const spans = [span('handler', 'collapsed', 1003, 1040)];
    const follower = view({ from: 'cache', verdict: 'MISS', decision: waits, decidedAt: 1041, spans });
    const rows = new Map([leader, follower].map((row) => [row.id, row]));
    const rowOf = (id: number): ExchangeView | undefined => rows.get(id);
    const waited = conversation(t, follower, relatedExchanges(follower, rowOf)).messages;
    expect(waited.filter(({ exchange }) => exchange === 4).map(({ text }) => text)).toEqual([
      'Request 4 is already asking for this. I wait for its answer.',
      'Request 4 has its answer, and it will do here, too.',
    ]);
    expect(lines(leader, relatedExchanges(leader, rowOf))).toContain(
      'cache>cache Request 5 wants the same: it waits for this answer.',
    );
  });

  test('an error before any head, with the page that Hopscope makes of it', () => {
    const message = 'Nobody listens.';
    const outcome = { kind: 'failed', code: 'CONNECT_REFUSED', phase: 'connect', message } as const;
    const spans = [span('upstream', 'connect', 1003, 1004, { error: message })];
    expect(
      lines(view({ outcome, spans, status: 502, from: 'hopscope', response: { reason: 'Bad Gateway', headers: [] } })),
    ).toEqual([
      'client>server GET /items, please.',
      'server>origin May I connect?',
      'origin>server No connection.',
      'server>client 502 Bad Gateway: I have to say so myself.',
    ]);
  });

  test('who broke off in the middle of a body', () => {
    const end = (by: 'client' | 'upstream'): string[] =>
      lines(
        view({
          from: 'upstream',
          responseBytes: 2000,
          outcome: { kind: 'aborted', by, phase: 'deliver', message: 'm' },
        }),
      );
    expect(end('client').at(-1)).toBe('client>server Never mind, I am leaving.');
    expect(end('upstream').slice(-2)).toEqual([
      'origin>server I break off here.',
      'server>client The rest is missing: you have 2.0 kB.',
    ]);
  });

  test('a client that left, which is why the origin was not waited for any longer', () => {
    const left = { kind: 'aborted', by: 'client', phase: 'wait', message: 'm' } as const;
    const spans = [span('upstream', 'send', 1010, 1012), span('upstream', 'wait', 1012, 1090, { error: 'gone' })];
    const { responseAt: _, ...waiting } = view({ outcome: left, spans });
    expect(lines(waiting)).toEqual([
      'client>server GET /items, please.',
      'server>origin GET /items, please.',
      'client>server Never mind, I am leaving.',
      'server>origin Never mind.',
    ]);
  });

  test('a tunnel, and a WebSocket with its goodbye', () => {
    const tunnel = { kind: 'tunnel', method: 'CONNECT', url: 'x:443', requestBytes: 300, responseBytes: 400 } as const;
    expect(lines(view({ ...tunnel, spans: [span('client', 'tunnel', 1080, 1099)] })).slice(-3)).toEqual([
      'server>client 200: the tunnel is open.',
      'client>origin 300 B, unread.',
      'origin>client 400 B, unread.',
    ]);
    const close = { by: 'client', code: 1000, reason: 'bye' } as const;
    const messages = { sent: 2, received: 3, lost: 0 };
    const said = lines(
      view({ kind: 'websocket', status: 101, messages, close, spans: [span('client', 'websocket', 1080, 1099)] }),
    );
    expect(said[0]).toBe('client>server GET /items: may we speak WebSocket?');
    expect(said.at(-1)).toMatch(/^client>origin Goodbye: 1000, .*“bye”\.$/);
  });

  test('the call of a WSGI application: environ, start_response, pieces, close', () => {
    const base = { seq: 1, id: 5 };
    const gateway: GatewayEvent[] = [
      {
        ...base,
        type: 'gateway.called',
        at: 1002,
        application: 'shop:app',
        worker: 'worker 1',
        environ: ['PATH_INFO', '/'],
      },
      { ...base, type: 'gateway.answered', at: 1020, status: '200 OK', headers: [] },
    ];
    const spans = [
      span('application', 'start_response', 1010, 1010),
      ...[1, 2, 3, 4, 5].map((n) => span('application', 'chunk', 1020 + n, 1021 + n, { detail: '10 bytes' })),
      span('application', 'close', 1040, 1041),
    ];
    expect(lines(view({ gateway, spans }))).toEqual([
      'client>server GET /items, please.',
      'server>gateway GET /items, please.',
      'gateway>application I call you: here is the environ.',
      'application>gateway start_response: 200 OK.',
      'gateway>server The application says 200 OK.',
      ...['10 B', '10 B', '10 B'].map((size) => `application>gateway Here is a piece: ${size}.`),
      'application>gateway Here are 2 more: 20 B.',
      'gateway>application close(): tidy up, please.',
      'server>client 200 OK: text/plain.',
    ]);
  });

  test('an application that raises an exception, and one that cannot be loaded', () => {
    const stamp = { seq: 1, id: 5, type: 'gateway.output', stream: 'traceback' } as const;
    const text = 'Traceback (most recent call last):\n  File "shop.py", line 3, in app\nKeyError: \'price\'\n';
    const page = { status: 500, from: 'hopscope', response: { reason: 'Internal Server Error', headers: [] } } as const;
    const note = { type: 'exchange.note', seq: 2, id: 5, level: 'error' } as const;
    const called: GatewayEvent = {
      ...{ seq: 0, id: 5, type: 'gateway.called', at: 1002 },
      ...{ application: 'shop:app', worker: 'worker 1', environ: [] },
    };
    const raised = view({
      ...{ ...page, gateway: [called, { ...stamp, at: 1010, text }] },
      notes: [{ ...note, at: 1010, code: 'APPLICATION_FAILED', text: "KeyError: 'price'" }],
    });
    expect(lines(raised)).toEqual([
      'client>server GET /items, please.',
      'server>gateway GET /items, please.',
      'gateway>application I call you: here is the environ.',
      "gateway>gateway It raised KeyError: 'price'",
      'gateway>server 500 Internal Server Error: a page of mine tells why.',
      'server>client 500 Internal Server Error: I have to say so myself.',
    ]);
    const miss = decision({ verdict: 'MISS', fwd: 'uri-miss', stored: false });
    const spans = [
      span('handler', 'handle', 1005, 1030, { handler: 'cache' }),
      span('handler', 'handle', 1006, 1015, { handler: 'gateway' }),
    ];
    const broken = view({
      ...{ ...page, spans, gateway: [{ ...stamp, at: 1010, text }], decision: miss, decidedAt: 1020 },
      notes: [{ ...note, at: 1009, code: 'APPLICATION_NOT_LOADED', text: 'shop:app could not be loaded.' }],
    });
    expect(lines(broken).slice(2)).toEqual([
      'cache>cache I have nothing for this address.',
      'cache>gateway GET /items, please.',
      "gateway>gateway shop:app could not be loaded. KeyError: 'price'",
      'gateway>cache 500 Internal Server Error: a page of mine tells why.',
      'cache>cache I do not keep a copy.',
      "cache>server Here is Hopscope's own page.",
      'server>client 500 Internal Server Error: I have to say so myself.',
    ]);
  });

  test("a handler of the user's that answers by itself", () => {
    const spans = [span('handler', 'handle', 1001, 1009, { handler: 'Greeter' })];
    const said = lines(view({ spans, from: 'upstream' }));
    expect(said.slice(1, 3)).toEqual([
      'server>handlers Over to you, Greeter.',
      'handlers>server I answer this myself: 200 OK.',
    ]);
  });

  test('a proxy on the way: one that passes the request on, and one that makes way', () => {
    const forwarding = [
      span('upstream', 'connect', 1003, 1004, { detail: 'proxy 10.0.0.1:3128, connection 1' }),
      span('upstream', 'send', 1005, 1006),
      span('upstream', 'wait', 1006, 1007),
    ];
    const talk = conversation(t, view({ spans: forwarding, upstream: '10.0.0.1:3128' }));
    expect(talk.lanes.map(({ id, who }) => [id, who]).slice(2)).toEqual([['proxy', '10.0.0.1:3128']]);
    const tunnelled = [
      span('upstream', 'connect', 1003, 1004, { detail: 'proxy 10.0.0.1:1080, connection 1' }),
      span('upstream', 'proxy', 1004, 1005, { detail: 'Office to x:80' }),
      ...forwarding.slice(1),
    ];
    expect(lines(view({ spans: tunnelled })).slice(1, -1)).toEqual([
      'server>proxy May I connect?',
      'server>proxy May I go on to x?',
      'server>origin GET /items, please.',
      'origin>server 200 OK.',
    ]);
    const again = [
      span('upstream', 'connection', 1003, 1003, { detail: 'reused connection 1 through proxy 10.0.0.1:1080' }),
    ];
    expect(lines(view({ spans: [...again, ...forwarding.slice(1)] }))).toContain('origin>server 200 OK.');
  });

  test('why an answer may be used past its time', () => {
    const words = (rule: string): string => {
      const step = { rule, source: '', evidence: '', effect: '' };
      const stale = decision({ verdict: 'STALE', hit: true, age: 70, ttl: -10, steps: [step] });
      return lines(view({ decision: stale, decidedAt: 1003, from: 'cache' }))[2] ?? '';
    };
    const old = 'cache>server I have it, 70 s old, 10 s past its time.';
    expect(words('stale.while-revalidate')).toBe(`${old} It will do while I check it in the background.`);
    expect(words('request.max-stale')).toBe(`${old} You said that will do.`);
    expect(words('stale.if-error')).toBe(`${old} The origin failed, so it has to do.`);
  });

  test('another way being taken after a proxy that is not there', () => {
    const text = 'Nobody listens. Now trying proxy B.';
    const note = { type: 'exchange.note', seq: 1, id: 5, at: 1005, level: 'warning', code: 'FAILOVER', text } as const;
    const spans = [
      span('upstream', 'connect', 1003, 1004, { error: 'Nobody listens.' }),
      span('upstream', 'connect', 1006, 1007),
    ];
    expect(lines(view({ spans, notes: [note] })).slice(1, 5)).toEqual([
      'server>origin May I connect?',
      'origin>server No connection.',
      `server>server ${text}`,
      'server>origin May I connect?',
    ]);
  });
});

describe('an export', () => {
  const hostile = 'a;b\n  client->>x: <script>"&#\u202e';
  const talk = conversation(t, view({ method: hostile, url: 'http://x/items?token=secret', client: hostile }));

  test('as Mermaid keeps captured text in its line', () => {
    const text = conversationToMermaid(t, talk);
    expect(text.split('\n')).toHaveLength(1 + talk.lanes.length + talk.messages.length + 1);
    expect(text).toContain('client->>server: 0 ms · a#59;b');
    expect(text).not.toMatch(/<script|\u202e|secret/);
  });

  test('as SVG is text alone, in a document without scripts', () => {
    const svg = conversationToSvg(t, talk);
    expect(svg).not.toMatch(/<script|\u202e|secret|\n {2}client/);
    expect(svg).toContain('&lt;script&gt;');
    expect(svg.match(/<text[ >]/g)?.length).toBe(svg.match(/<\/text>/g)?.length);
  });
});
