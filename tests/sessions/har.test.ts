import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { harFileItems } from '../../electron/engine/sessions/har-import.ts';
import { writeHarFile } from '../../electron/engine/sessions/har-export.ts';
import type { Recorder } from '../../electron/engine/trace/recorder.ts';
import type { Decision } from '../../shared/decision.ts';
import { fold } from '../../shared/exchange-view.ts';
import { begin, everythingIn, recordMany, startRecorder, temporaryDirectory } from '../support/recorder.ts';

const decision: Decision = {
  ...{ verdict: 'MISS', hit: false, fwd: 'uri-miss', ttl: 60, stored: true, mode: 'shared' },
  steps: [{ rule: 'a', source: 'RFC 9111 §3', evidence: '`max-age=60` → 60 s', effect: 'stored', decides: 'answer' }],
};

interface Har {
  readonly log: {
    readonly version: string;
    readonly entries: readonly {
      readonly startedDateTime: string;
      readonly request: { readonly headers: { name: string; value: string }[]; readonly postData?: unknown };
      readonly response: { readonly content: unknown; readonly headers: { name: string; value: string }[] };
      readonly timings: Record<string, number>;
      readonly time: number;
    }[];
  };
}

async function exported(recorder: Recorder, secrets = false): Promise<{ path: string; har: Har }> {
  const path = join(await temporaryDirectory(), 'x.har');
  await writeHarFile(path, recorder.items({ exchanges: 0 }), { version: '1.0', epoch: recorder.epoch, secrets });
  return { path, har: JSON.parse(await readFile(path, 'utf8')) as Har };
}

async function imported(...chunks: string[]) {
  const path = join(await temporaryDirectory(), 'x.har');
  await writeFile(path, chunks.join(''));
  const losses = { exchanges: 0 };
  const exchanges = await everythingIn(harFileItems(path, losses));
  return { exchanges, losses };
}

function recordOne(recorder: Recorder): void {
  let now = 0;
  const trace = begin(recorder, { at: recorder.now(), method: 'POST', url: 'http://example.test/a?x=1&y=%20z' });
  const start = recorder.now();
  trace.requestChunk(Buffer.from('{"question":"ü"}'));
  trace.requestEnded();
  for (const name of ['dns', 'connect', 'send', 'wait', 'receive']) {
    trace.span('upstream', name, start + now, { end: start + (now += 10) });
  }
  trace.decided(decision);
  const body = gzipSync('<p>The answer</p>');
  const headers = ['Content-Type', 'text/html', 'Content-Encoding', 'gzip', 'Set-Cookie', 'sid=secret-2'];
  const sent = { upstream: 'example.test:80', remote: '[2001:db8::7]:80' };
  trace.responseStarted({ status: 200, reason: 'Fine', headers, body: null, from: 'upstream', ...sent }, headers);
  trace.responseChunk(body);
  trace.responseEnded();
  trace.finished({ kind: 'completed' });
}

test('a session as HAR: decoded bodies, phases, decision, and no logins unless asked for', async () => {
  const { recorder } = await startRecorder();
  recordOne(recorder);
  const failed = begin(recorder);
  failed.finished({ kind: 'failed', code: 'DNS_FAILED', phase: 'dns', message: 'No such host.' });
  const { har } = await exported(recorder);
  expect(har.log).toMatchObject({
    version: '1.2',
    entries: [
      {
        startedDateTime: expect.stringMatching(/^20\d\d-.*Z$/) as string,
        request: {
          ...{ method: 'POST', httpVersion: 'HTTP/1.1', bodySize: 17 },
          queryString: [
            { name: 'x', value: '1' },
            { name: 'y', value: ' z' },
          ],
          postData: { text: '{"question":"ü"}' },
        },
        response: { status: 200, statusText: 'Fine', content: { size: 17, text: '<p>The answer</p>' } },
        timings: { dns: 10, connect: 10, ssl: -1, send: 10, wait: 10, receive: 10 },
        serverIPAddress: '2001:db8::7',
        _hopscope: { kind: 'http', from: 'upstream', decision },
      },
      { response: { status: 0, _error: 'No such host.' } },
    ],
  });
  expect(JSON.stringify(har)).not.toContain('secret-2');
  expect(JSON.stringify((await exported(recorder, true)).har)).toContain('secret-2');
});

test('what was written as HAR is read again', async () => {
  const { recorder } = await startRecorder();
  recordOne(recorder);
  const binary = begin(recorder);
  binary.requestEnded();
  const headers = ['Content-Type', 'image/png'];
  binary.responseStarted({ status: 404, reason: '', headers, body: null, from: 'hopscope' }, headers);
  binary.responseChunk(Buffer.from([137, 80, 78, 71, 0, 255]));
  binary.responseEnded();
  binary.finished({ kind: 'aborted', by: 'client', phase: 'deliver', message: 'gone' });
  const { path } = await exported(recorder);
  const losses = { exchanges: 0 };
  const second = await startRecorder();
  const counts = await second.recorder.import({ name: 'x', epoch: 0 }, harFileItems(path, losses));
  expect([counts, losses]).toEqual([{ imported: 2, lost: 0 }, { exchanges: 0 }]);
  const before = fold((await recorder.read(1)) ?? [])!;
  const after = fold((await second.recorder.read(1)) ?? [])!;
  expect(after).toMatchObject({
    ...{
      session: 'x',
      method: 'POST',
      url: before.url,
      status: 200,
      verdict: 'MISS',
      decision,
      outcome: before.outcome,
    },
    ...{ requestBytes: 17, request: { headers: before.request.headers, body: { captured: 17 } } },
    response: { reason: 'Fine', body: { captured: 17 } },
    ...{ upstream: 'example.test:80', remote: '[2001:db8::7]:80' },
  });
  // HAR tells times to the millisecond.
  expect(Math.abs(after.start + second.recorder.epoch - before.start - recorder.epoch)).toBeLessThan(1.1);
  const [, image] = await everythingIn(second.recorder.items({ exchanges: 0 }));
  expect(Buffer.from(image?.response ?? '', 'latin1')).toEqual(Buffer.from([137, 80, 78, 71, 0, 255]));
  expect(fold(image?.events ?? [])).toMatchObject({ status: 404, from: 'hopscope', outcome: { kind: 'aborted' } });
});

const ENTRY = {
  startedDateTime: '2026-01-02T03:04:05.006Z',
  time: 50,
  request: { method: 'GET', url: 'https://a.test/', httpVersion: 'http/2.0', headers: [], bodySize: 0 },
  response: { status: 200, statusText: '', headers: [], content: { size: 2, mimeType: 'text/plain', text: 'hi' } },
  timings: { blocked: 1, dns: -1, connect: 20, ssl: 12, send: 0, wait: 20, receive: 9 },
};

test('entries of browsers are read: missing facts, TLS within connect, WebSocket messages', async () => {
  const socket = {
    ...ENTRY,
    response: { ...ENTRY.response, status: 101, content: { size: 0, mimeType: 'x-unknown' } },
    _webSocketMessages: [
      { type: 'send', time: 1_767_323_045.1, opcode: 1, data: 'ping' },
      { type: 'receive', time: 1_767_323_045.2, opcode: 2, data: 'AAE=' },
    ],
  };
  const log = { version: '1.2', pages: [{ id: 'entries', title: '"log":{"entries":[' }], entries: [ENTRY, socket] };
  const { exchanges, losses } = await imported(JSON.stringify({ comment: 'x', log }, null, 2));
  expect(losses).toEqual({ exchanges: 0 });
  const [page, ws] = exchanges.map(({ events }) => fold(events));
  expect(page).toMatchObject({ version: 'HTTP/2.0', status: 200, contentType: 'text/plain', responseBytes: 2 });
  expect(page?.start).toBe(Date.parse(ENTRY.startedDateTime));
  expect(page?.spans.map(({ name, start, at }) => [name, Math.round(at - start)])).toEqual([
    ...[
      ['blocked', 1],
      ['connect', 8],
      ['tls', 12],
      ['wait', 20],
      ['receive', 9],
    ],
  ]);
  expect(ws).toMatchObject({ kind: 'websocket', status: 101, messages: { sent: 1, received: 1, lost: 0 } });
  expect(exchanges[1]?.messages.map(({ payload }) => [...payload])).toEqual([[...Buffer.from('ping')], [0, 1]]);
});

test('entries that make no sense are counted, and cost no others', async () => {
  const deep = `${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}`;
  const odd = ['{}', '{"request":{}}', `{"x":${deep}}`, JSON.stringify({ ...ENTRY, startedDateTime: 'yesterday' })];
  const entries = [JSON.stringify(ENTRY), ...odd, JSON.stringify(ENTRY)].join(',');
  const { exchanges, losses } = await imported(`{"log":{"entries":[${entries}]}}`);
  expect([exchanges.length, losses.exchanges]).toEqual([2, 4]);
});

test.for([
  ['{}', 'NOT_A_SESSION'],
  ['', 'NOT_A_SESSION'],
  ['{"log":{"entries":{}}}', 'NOT_A_SESSION'],
  ['{"entries":[{}]}', 'NOT_A_SESSION'],
  [`{"log":{"entries":[${JSON.stringify(ENTRY)},{"request"`, 'DAMAGED'],
] as const)('the HAR file %j is refused', async ([text, code]) => {
  await expect(imported(text)).rejects.toMatchObject({ name: 'SessionError', code });
});

test('a HAR file in another encoding than that of JSON is refused by that name', async () => {
  const path = join(await temporaryDirectory(), 'x.har');
  await writeFile(path, `\ufeff${JSON.stringify({ log: { entries: [ENTRY] } })}`, 'utf16le');
  await expect(everythingIn(harFileItems(path, { exchanges: 0 }))).rejects.toThrow(/not UTF-8: save it as that/);
});

test('a large session is exported whole', async () => {
  const { recorder } = await startRecorder();
  recordMany(recorder, 300, [Buffer.alloc(2_000, 'x')]);
  const { har } = await exported(recorder);
  expect(har.log.entries).toHaveLength(300);
});

test('cookies are listed where logins are asked for, with what their fields say of them', async () => {
  const { recorder } = await startRecorder();
  const trace = begin(recorder);
  trace.requestHead('/page', ['Cookie', 'a=1; b="2"=3;; c', 'cookie', 'd=4']);
  const headers = [
    ...['Set-Cookie', 'sid=x=y; Path=/; Domain=a.test; Expires=Wed, 21 Oct 2026 07:28:00 GMT; HttpOnly; Secure'],
    ...['set-cookie', 'gone=; Max-Age=-1; Expires=Wed, 21 Oct 2026 07:28:00 GMT', 'Set-Cookie', 'odd=1; Expires=never'],
  ];
  trace.responseStarted({ status: 200, reason: '', headers, body: null, from: 'upstream' }, headers);
  trace.responseEnded();
  trace.finished({ kind: 'completed' });
  const [entry] = (await exported(recorder, true)).har.log.entries;
  const before = new Date(Date.parse(entry?.startedDateTime ?? '') - 1000).toISOString();
  expect(entry).toMatchObject({
    request: {
      cookies: [
        { name: 'a', value: '1' },
        { name: 'b', value: '"2"=3' },
        { name: 'c', value: '' },
        { name: 'd', value: '4' },
      ],
    },
    response: {
      cookies: [
        {
          ...{ name: 'sid', value: 'x=y', path: '/', domain: 'a.test', expires: '2026-10-21T07:28:00.000Z' },
          ...{ httpOnly: true, secure: true },
        },
        { name: 'gone', value: '', expires: before, httpOnly: false, secure: false },
        { name: 'odd', value: '1', httpOnly: false, secure: false },
      ],
    },
  });
  expect((await exported(recorder)).har.log.entries).toMatchObject([{ request: { cookies: [] } }]);
});

test('a body of which only a part is there says so, and its length survives', async () => {
  const { recorder } = await startRecorder({ bodyCap: 4 });
  const trace = begin(recorder, { method: 'POST' });
  trace.requestChunk(Buffer.from('question'));
  trace.requestEnded();
  const headers = ['Content-Type', 'text/plain'];
  trace.responseStarted({ status: 200, reason: '', headers, body: null, from: 'upstream' }, headers);
  trace.responseChunk(Buffer.from('the answer'));
  trace.responseEnded();
  trace.finished({ kind: 'completed' });
  const { har, path } = await exported(recorder);
  expect(har.log.entries).toMatchObject([
    {
      request: { bodySize: 8, postData: { text: 'ques', comment: 'Only the first 4 of 8 bytes were recorded.' } },
      response: { bodySize: 10, content: { text: 'the ', comment: 'Only the first 4 of 10 bytes were recorded.' } },
    },
  ]);
  const without = JSON.parse(await readFile(path, 'utf8')) as { log: { entries: { request: object }[] } };
  for (const { request } of without.log.entries) Object.assign(request, { postData: undefined });
  const { exchanges } = await imported(JSON.stringify(without));
  expect(fold(exchanges[0]?.events ?? [])).toMatchObject({ requestBytes: 8, responseBytes: 10 });
});

test('what a file has without its content codings is not called coded when it is written again', async () => {
  const { recorder } = await startRecorder();
  recordOne(recorder);
  const second = await startRecorder();
  await second.recorder.import(
    { name: 'x', epoch: 0 },
    harFileItems((await exported(recorder)).path, { exchanges: 0 }),
  );
  expect((await exported(second.recorder)).har.log.entries).toMatchObject([
    { response: { content: { text: '<p>The answer</p>', comment: 'Its content codings could not be undone.' } } },
  ]);
});

test('a form that is there as its fields alone is read as what was sent', async () => {
  const form = (mimeType: string): unknown => {
    const params = [{ name: 'a b', value: 'é&' }, { name: 'c' }];
    return { ...ENTRY, request: { ...ENTRY.request, method: 'POST', postData: { mimeType, params } } };
  };
  const entries = [form('application/x-www-form-urlencoded; charset=UTF-8'), form('multipart/form-data; boundary=x')];
  const { exchanges } = await imported(JSON.stringify({ log: { entries } }));
  expect(exchanges.map(({ request }) => request)).toEqual(['a+b=%C3%A9%26&c=', '']);
});
