import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { Decision, DecisionStep } from '../../shared/decision.ts';
import { decisionSentence } from '../../shared/decision.ts';
import { chinese } from '../../renderer/i18n/zh-CN/chinese.ts';
import { rawClient } from '../support/raw-client.ts';
import type { AskOptions, CacheSetup } from './cache-setup.ts';
import { gate, startCache } from './cache-setup.ts';

type Asked = readonly [path: string, options?: AskOptions];
type Listener = (request: IncomingMessage, response: ServerResponse, count: number) => void;

/** Asks one thing after the other, and gives the last one's decision. */
async function lastDecision(setup: CacheSetup, asked: readonly Asked[]): Promise<Decision> {
  let decision: Decision | undefined;
  for (const [path, options] of asked) {
    await setup.ask(path, options).catch(() => undefined);
    ({ decision } = await setup.proxy.finished());
  }
  if (decision === undefined) throw new Error('nothing was decided');
  return decision;
}

/** The source of a step. */
function sourceOf({ steps }: Decision, rule: string): string | undefined {
  return steps.find((step: DecisionStep) => step.rule === rule)?.source;
}

const FRESH = { 'Cache-Control': 'max-age=60' };
const STALE = { 'Cache-Control': 'max-age=0', ETag: '"a"' };

/** Answers in turn; the last answer is given for ever. */
function answers(
  ...all: readonly (readonly [status: number, headers: Record<string, string>, body?: string])[]
): Listener {
  return (_request, response, count) => {
    const [status, headers, body] = all[Math.min(count, all.length) - 1] ?? [500, {}];
    response.writeHead(status, headers).end(body);
  };
}

/** Gives `?v=…` responses that vary, all with the same tag, and a 304 to whoever has it. */
const variants: Listener = (request, response) => {
  const known = request.headers['if-none-match'] === '"same"';
  response.writeHead(known ? 304 : 200, { ...FRESH, ETag: '"same"', Vary: 'X-Kind' }).end(known ? undefined : 'body');
};

/** Has 20 bytes, of which it gives the range that is asked for. */
const twenty: Listener = (request, response) => {
  const [, first = '0', last = ''] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
  const bytes = 'abcdefghijklmnopqrst'.slice(Number(first), last === '' ? 20 : Number(last) + 1);
  const range = `bytes ${first}-${Number(first) + bytes.length - 1}/20`;
  response.writeHead(206, { ...FRESH, ETag: '"t"', 'Content-Range': range }).end(bytes);
};

describe('the sentence about traffic', () => {
  it.each<[string, Listener, readonly Asked[], string | RegExp]>([
    [
      'tells that a 404 removes what was stored',
      answers([200, STALE, 'body'], [404, { 'Cache-Control': 'no-store' }]),
      [['/'], ['/']],
      / → the origin answered 404 → `Cache-Control: no-store` → not stored → the stored response is outdated, and removed$/,
    ],
    [
      'tells that a 200 which is not stored removes what was',
      answers([200, STALE, 'body'], [200, { 'Cache-Control': 'no-store' }, 'new']),
      [['/'], ['/']],
      / → not stored → the stored response is outdated, and removed$/,
    ],
    [
      'says nothing of removing where nothing is stored',
      answers([404, { 'Cache-Control': 'no-store' }]),
      [['/']],
      /`Cache-Control: no-store` → not stored$/,
    ],
    [
      'counts what an unsafe request removes',
      variants,
      [
        ['/', { headers: { 'X-Kind': 'a' } }],
        ['/', { headers: { 'X-Kind': 'b', 'Cache-Control': 'no-cache' } }],
        ['/', { method: 'DELETE' }],
      ],
      /→ `DELETE` answered 200 → removed 2 stored responses for http:\/\/[^/]+\/$/,
    ],
    [
      'says that there was nothing to remove',
      answers([204, {}]),
      [['/', { method: 'DELETE' }]],
      /→ `DELETE` answered 204 → nothing was stored for http:\/\/[^/]+\/$/,
    ],
    [
      'counts what goes with a group',
      (request, response) => {
        const groups = request.method === 'POST' ? 'Cache-Group-Invalidation' : 'Cache-Groups';
        response.writeHead(200, { ...FRESH, [groups]: '"g"' }).end('body');
      },
      [['/a'], ['/b'], ['/c', { method: 'POST' }]],
      /→ nothing was stored for http:\S+\/c → `Cache-Group-Invalidation: "g"` → removed 2 stored responses for its groups at http:\S+ → /,
    ],
    [
      'says that an error removes nothing',
      answers([500, {}]),
      [['/', { method: 'POST' }]],
      /^`POST` needs the origin → the origin answered 500 → an error invalidates nothing → /,
    ],
    [
      'tells of the whole that a part was completed to, and not of the part',
      twenty,
      [['/', { headers: { Range: 'bytes=0-9' } }], ['/']],
      'only bytes 0–9 of 20 are stored, and the whole is asked for → ' +
        'asked the origin for the rest with `Range: bytes=10-` and `If-Range: "t"` → the origin answered 206 → ' +
        'joined with the rest to a whole of 20 bytes → `max-age=60` → stored, fresh for 60 s',
    ],
    [
      'says that a stored variant is stored for this request too',
      variants,
      [
        ['/', { headers: { 'X-Kind': 'a' } }],
        ['/', { headers: { 'X-Kind': 'b' } }],
      ],
      /→ a stored variant fits this request too, and is now stored for it as well → 304, freshened for \d+ s$/,
    ],
    [
      'tells of an error that is passed on once',
      answers([200, STALE, 'body'], [503, {}]),
      [['/'], ['/']],
      /[^3] → the origin answered 503 → no `stale-if-error` → the origin's answer is passed on/,
    ],
    [
      'has the words of the failure that something stale stands in for',
      (_request, response, count) => {
        if (count === 1) response.writeHead(200, { 'Cache-Control': 'max-age=0, stale-if-error=60' }).end('body');
        else response.destroy();
      },
      [['/'], ['/']],
      / → the origin failed: \S+ .+\. → `stale-if-error=60` → what is stored stands in → served from the store$/,
    ],
  ])('%s', async (_what, listener, asked, expected) => {
    const said = decisionSentence(await lastDecision(await startCache(listener), asked));
    if (typeof expected === 'string') expect(said).toBe(expected);
    else expect(said).toMatch(expected);
  });

  it('does not blame the origin for a client that left', async () => {
    const asked = gate();
    const { proxy } = await startCache(() => asked.open());
    const client = await rawClient(proxy.port);
    client.send('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await asked.opened;
    client.socket.destroy();
    const { decision } = await proxy.finished();
    expect(decision?.steps.at(-1)).toMatchObject({ evidence: 'CLIENT_GONE', effect: 'nobody is there to be answered' });
    expect(decision && decisionSentence(decision)).toMatch(/ → the client left before there was an answer$/);
  });

  it('counts no bytes of a body that another request still receives in chunks', async () => {
    const rest = gate();
    const { proxy } = await startCache((_request, response) => {
      response.writeHead(200, { ...FRESH, ETag: '"a"' }).write('first');
      void rest.opened.then(() => response.end('last'));
    });
    const [leader, follower] = [await rawClient(proxy.port), await rawClient(proxy.port)];
    for (const client of [leader, follower]) {
      client.send('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
      await client.until((text) => text.includes('first'));
    }
    rest.open();
    await Promise.all([leader.ended(), follower.ended()]);
    const { decision } = await proxy.finished((view) => view.decision?.collapsed === true);
    expect(decision?.steps.find(({ rule }) => rule === 'answer.whole')?.evidence).toBe('status 200');
  });
});

describe('what is said of a response whose body comes after a newer one', () => {
  it('that the newer one is kept', async () => {
    const rest = gate();
    const { ask, proxy, seen } = await startCache((_request, response, count) => {
      response.writeHead(200, FRESH).write('first');
      if (count === 2) return void response.end();
      void rest.opened.then(() => response.end('last'));
    });
    const slow = await rawClient(proxy.port);
    slow.send('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    await slow.until((text) => text.includes('first'));
    expect((await ask('/', { headers: { 'Cache-Control': 'no-cache' } })).body).toBe('first');
    await proxy.finished();
    rest.open();
    await slow.ended();
    const { decision } = await proxy.finished();
    expect(decision).toMatchObject({ stored: false });
    expect(decision?.steps.at(-1)).toMatchObject({ rule: 'store.overtaken', source: 'RFC 9111 §4' });
    expect([(await ask('/')).body, seen.length]).toEqual(['first', 2]);
  });
});

describe('what is said of a part that is combined with what is stored', () => {
  const bytes = (range: string, more = {}): Asked => ['/', { headers: { Range: `bytes=${range}`, ...more } }];
  it.each<[string, readonly Asked[], string | undefined]>([
    ['nothing of one that adjoins no other', [bytes('0-3'), bytes('5-9')], undefined],
    ['the bytes of both', [bytes('0-3'), bytes('4-9')], 'joined with what was stored to bytes 0–9 of 20'],
    ['that they make the whole', [bytes('6-19'), bytes('0-9')], 'joined with what was stored to a whole of 20 bytes'],
    [
      'that the whole is as fresh',
      [bytes('0-9'), bytes('10-19'), bytes('4-9', { 'Cache-Control': 'no-cache' })],
      'the stored whole is as fresh as this part',
    ],
  ])('%s', async (_what, asked, effect) => {
    const { steps, stored } = await lastDecision(await startCache(twenty), asked);
    expect(stored).toBe(true);
    const step = steps.find(({ rule }) => rule === 'part.joined');
    expect([step?.effect, step?.source]).toEqual([effect, effect && 'RFC 9111 §3.4']);
    for (const said of [step?.evidence, step?.effect])
      if (said !== undefined) expect(chinese().said(said)).toMatch(/^[^a-z]*\p{Script=Han}[^a-z]*$/u);
  });

  it('that of a body that breaks off the beginning was joined', async () => {
    const setup = await startCache((request, response, count) => {
      if (count === 1) return twenty(request, response, count);
      response.writeHead(206, { ...FRESH, ETag: '"t"', 'Content-Range': 'bytes 4-9/20', 'Content-Length': '6' });
      response.write('efgh', () => response.destroy());
    });
    const { steps } = await lastDecision(setup, [bytes('0-3'), bytes('4-9')]);
    expect(steps.slice(-2)).toMatchObject([
      { rule: 'store.broken', effect: 'what has come of it is stored as a part' },
      { rule: 'part.joined', evidence: 'bytes 4–7 of 20', effect: 'joined with what was stored to bytes 0–7 of 20' },
    ]);
  });
});

describe('the section that a step cites', () => {
  const drop: Listener = (_request, response) => void response.destroy();
  it.each<[string, Listener, readonly Asked[], string, string]>([
    ['a miss', answers([200, FRESH]), [['/']], 'forward.answered', 'RFC 9110 §7.6'],
    ['a POST', answers([200, FRESH]), [['/', { method: 'POST' }]], 'forward.answered', 'RFC 9110 §7.6'],
    [
      'a validation',
      answers([200, STALE, 'old'], [200, STALE, 'new']),
      [['/'], ['/']],
      'forward.answered',
      'RFC 9111 §4.3.3',
    ],
    ['a failure with nothing stored', drop, [['/']], 'forward.failed', 'RFC 9110 §15.6'],
    [
      'a failure that must not be papered over',
      (request, response, count) => {
        if (count > 1) drop(request, response, count);
        else response.writeHead(200, { ...STALE, 'Cache-Control': 'max-age=0, must-revalidate' }).end();
      },
      [['/'], ['/']],
      'forward.failed',
      'RFC 9111 §4.2.4',
    ],
  ])('%s', async (_what, listener, asked, rule, source) => {
    expect(sourceOf(await lastDecision(await startCache(listener), asked), rule)).toBe(source);
  });
});
