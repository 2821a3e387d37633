import { once } from 'node:events';
import { request as nodeRequest } from 'node:http';
import type { ClientRequest, IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { HeldExchanges } from '../../electron/engine/rules/held-exchanges.ts';
import { MAX_EDITED_BODY } from '../../shared/resend-contract.ts';
import { MAX_HELD } from '../../shared/rules-contract.ts';
import type { ReleaseOrder } from '../../shared/rules-contract.ts';
import type { RuleInput } from '../../shared/rules.ts';
import type { TraceEvent } from '../../shared/trace-event.ts';
import { startEngine } from '../support/engine.ts';
import type { TestEngine } from '../support/engine.ts';
import { ask, openSession } from '../support/http2-origin.ts';
import { startHttpsOrigin } from '../support/https-origin.ts';
import { startOrigin } from '../support/origin.ts';
import { rawClient } from '../support/raw-client.ts';
import { askThrough } from '../support/tls-client.ts';
import { echo, openWebSocket, startWebSocketOrigin } from '../support/websocket-origin.ts';

type At = 'request' | 'response' | 'both';
const pause = (at: At, more: Partial<RuleInput> = {}): RuleInput => ({
  name: 'Stop',
  action: { type: 'pause', at },
  ...more,
});
const CONTINUE: ReleaseOrder = { type: 'continue' };

/** An engine that pauses everything, with somebody there to let it go on. */
async function pausing(at: At, upstream?: string): Promise<TestEngine> {
  const test = await startEngine({ settings: { rules: [pause(at)] }, ...(upstream === undefined ? {} : { upstream }) });
  test.engine.held.attend(true);
  return test;
}

/** The id of the first exchange, or of the one after `last`, that is held. */
async function held({ event }: TestEngine, stage?: 'request' | 'response', last = 0): Promise<number> {
  const isHeld = (one: TraceEvent): boolean =>
    one.type === 'exchange.held' && one.id > last && one.stage === (stage ?? one.stage);
  return (await event(isHeld)).id;
}

interface Asked {
  readonly sent: ClientRequest;
  readonly answer: Promise<{ status: number; headers: IncomingMessage['headers']; body: string }>;
}

function asking(
  { port }: TestEngine,
  url: string,
  { method = 'GET', headers = {}, body }: { method?: string; headers?: OutgoingHttpHeaders; body?: string } = {},
): Asked {
  const sent = nodeRequest({ host: '127.0.0.1', port, path: url, method, headers, agent: false }).end(body);
  const answer = once(sent, 'response').then(async ([response]: unknown[]) => {
    const { statusCode = 0, headers: fields } = response as IncomingMessage;
    return { status: statusCode, headers: fields, body: await text(response as IncomingMessage) };
  });
  answer.catch(() => undefined);
  return { sent, answer };
}

const teller = () =>
  startOrigin((request, response) => {
    void text(request).then((body) => {
      const { method, url, headers } = request;
      const { host, 'x-mark': mark, 'content-length': length } = headers;
      response.setHeader('X-Origin', 'yes');
      response.end(JSON.stringify({ method, url, host, mark, length, body }));
    });
  });

describe('a paused request', () => {
  it('waits, can be read, and goes on as it came', async () => {
    const origin = await teller();
    const test = await pausing('request');
    const { answer } = asking(test, `${origin.url}/a?b`, { method: 'POST', headers: { 'X-Mark': 'm' }, body: 'né' });
    const id = await held(test);
    const message = await test.engine.held.read(id);
    expect(message).toMatchObject({
      ...{ stage: 'request', method: 'POST', url: `${origin.url}/a?b`, body: { kind: 'text', text: 'né' } },
      headers: expect.arrayContaining(['X-Mark', 'm']) as unknown,
    });
    expect(test.engine.recorder.snapshot().running).toMatchObject([{ id, held: 'request', rules: [{ name: 'Stop' }] }]);
    expect(test.engine.held.release(id, CONTINUE)).toBe(true);
    expect(JSON.parse((await answer).body)).toMatchObject({ method: 'POST', body: 'né', mark: 'm', length: '3' });
    expect(test.engine.held.release(id, CONTINUE)).toBe(false);
    expect(await test.engine.held.read(id)).toBeUndefined();
    const view = await test.finished();
    expect(view).not.toHaveProperty('held');
    expect(view.spans.find(({ name }) => name === 'paused')).toMatchObject({ handler: 'rules', detail: 'Stop' });
    const events = (await test.engine.recorder.read(id)) ?? [];
    expect(events.filter(({ type }) => /held|released/.test(type))).toMatchObject([
      { type: 'exchange.held', stage: 'request' },
      { type: 'exchange.released', stage: 'request', how: 'continued' },
    ]);
  });

  it('goes to another server with another method, fields and body', async () => {
    const origin = await teller();
    const test = await pausing('request');
    const { answer } = asking(test, 'http://gone.test/x', {
      method: 'POST',
      headers: { 'Content-Encoding': 'gzip' },
      body: 'old',
    });
    const id = await held(test);
    const url = `${origin.url}/new?y`;
    const headers = ['Host', 'gone.test', 'X-Mark', 'new', 'Content-Length', '3'];
    test.engine.held.release(id, {
      type: 'continue',
      request: { method: 'PUT', url, headers, body: { text: 'longer' } },
    });
    expect(JSON.parse((await answer).body)).toEqual({
      ...{ method: 'PUT', url: '/new?y', host: new URL(origin.url).host, mark: 'new', length: '6', body: 'longer' },
    });
    const view = await test.finished();
    expect(view).toMatchObject({ method: 'POST', url: 'http://gone.test/x', requestBytes: 3 });
    expect((await test.engine.recorder.read(id))?.find(({ type }) => type === 'exchange.released')).toMatchObject({
      how: 'edited',
    });
  });

  it('keeps its body or loses it, and may become a HEAD', async () => {
    const origin = await teller();
    const test = await pausing('request', origin.url);
    const edited = (request: Partial<{ method: string; body: 'recorded' | 'none' }>): ReleaseOrder => ({
      type: 'continue',
      request: {
        method: 'POST',
        url: `${origin.url}/`,
        headers: ['Content-Length', '999'],
        body: 'recorded',
        ...request,
      },
    });
    const orders = [edited({}), edited({ body: 'none' }), edited({ method: 'HEAD', body: 'none' })];
    const bodies: string[] = [];
    let last = 0;
    for (const order of orders) {
      const { answer } = asking(test, '/', { method: 'POST', body: 'kept' });
      last = await held(test, 'request', last);
      test.engine.held.release(last, order);
      bodies.push((await answer).body);
    }
    expect(bodies.map((body) => (body === '' ? '' : (JSON.parse(body) as { body: string }).body))).toEqual([
      'kept',
      '',
      '',
    ]);
  });

  it('is answered by hand, or its connection closed', async () => {
    const test = await pausing('request');
    const { answer } = asking(test, 'http://a.test/', { method: 'POST', body: 'x' });
    const id = await held(test);
    const response = { status: 202, headers: ['X-By', 'hand'], body: { text: 'done' } };
    test.engine.held.release(id, { type: 'answer', response });
    expect(await answer).toMatchObject({ status: 202, headers: { 'x-by': 'hand' }, body: 'done' });
    expect(await test.finished()).toMatchObject({ from: 'hopscope', outcome: { kind: 'completed' } });
    const second = asking(test, 'http://a.test/');
    test.engine.held.release(await held(test, 'request', id), { type: 'abort' });
    await expect(second.answer).rejects.toThrow(/socket hang up/);
    expect((await test.finished()).outcome).toMatchObject({ kind: 'aborted', by: 'hopscope' });
  });

  it('stays where it is when an order makes no sense', async () => {
    const test = await pausing('request');
    asking(test, 'http://a.test/');
    const id = await held(test);
    const response = { status: 200, headers: [], body: 'kept' } as const;
    const request = { method: 'CONNECT', url: 'http://a.test/', headers: [], body: 'none' } as const;
    const release = (order: ReleaseOrder) => () => test.engine.held.release(id, order);
    expect(release({ type: 'continue', response })).toThrow(/no response yet/);
    expect(release({ type: 'continue', request })).toThrow(/tunnel/);
    expect(release({ type: 'continue', request: { ...request, method: 'GET', url: 'http://[' } })).toThrow(/URL/);
    expect(await test.engine.held.read(id)).toMatchObject({ stage: 'request', body: { kind: 'none' } });
  });

  it('is held no more when its client leaves', async () => {
    const test = await pausing('request');
    const { sent } = asking(test, 'http://a.test/');
    sent.on('error', () => undefined);
    const id = await held(test);
    sent.destroy();
    expect((await test.finished()).outcome).toMatchObject({ kind: 'aborted', by: 'client' });
    expect(await test.engine.held.read(id)).toBeUndefined();
    expect((await test.engine.recorder.read(id))?.find(({ type }) => type === 'exchange.released')).toMatchObject({
      how: 'aborted',
    });
  });

  it('may come by HTTP/2, in intercepted TLS, or be the handshake of a WebSocket', async () => {
    const origin = await startHttpsOrigin((_request, response) => response.end('origin'));
    const sockets = await startWebSocketOrigin(echo);
    const test = await pausing('both', sockets.url);
    test.engine.updateSettings({ tls: { intercept: true } });
    const opening = openWebSocket(test.url.replace('http', 'ws'));
    const first = await held(test);
    expect(() =>
      test.engine.held.release(first, { type: 'answer', response: { status: 200, headers: [], body: 'none' } }),
    ).toThrow(/Only its server/);
    test.engine.held.release(first, CONTINUE);
    const socket = await opening;
    socket.send('hello');
    expect(String((await once(socket, 'message'))[0])).toBe('hello');
    const intercepted = askThrough(test, `${origin.url}/`);
    const second = await held(test, 'request', first);
    test.engine.held.release(second, CONTINUE);
    test.engine.held.release(await held(test, 'response', first), CONTINUE);
    expect(await intercepted).toMatch(/origin$/);
    const session = await openSession(test.url);
    const asked = ask(session, { ':path': '/', ':method': 'POST' }, Buffer.from('two'));
    const third = await held(test, 'request', second);
    expect(await test.engine.held.read(third)).toMatchObject({ body: { kind: 'text', text: 'two' } });
    test.engine.held.release(third, {
      type: 'answer',
      response: { status: 200, headers: [], body: { text: 'by hand' } },
    });
    test.engine.held.release(await held(test, 'response', second), CONTINUE);
    expect((await asked).body.toString()).toBe('by hand');
  });

  it('is not read further than it can be edited, and streams on afterwards', async () => {
    const size = 100 * 1024 * 1024;
    let arrived = 0;
    const origin = await startOrigin((request, response) => {
      request.on('data', (chunk: Buffer) => (arrived += chunk.length));
      request.on('end', () => response.end(String(arrived)));
    });
    for (const chunked of [false, true]) {
      arrived = 0;
      const test = await pausing('request');
      const client = await rawClient(test.port);
      const framing = chunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${size}`;
      client.send(`POST ${origin.url}/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${framing}\r\n\r\n`);
      const piece = Buffer.alloc(1024 * 1024, 'x');
      const frame = Buffer.concat([Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n')]);
      let sent = 0;
      const more = (): void => {
        while (sent < size) {
          sent += piece.length;
          if (!client.socket.write(chunked ? frame : piece)) {
            client.socket.once('drain', more);
            return;
          }
        }
        if (chunked) client.send('0\r\n\r\n');
      };
      more();
      const id = await held(test);
      const message = await test.engine.held.read(id);
      expect(message?.body).toEqual(chunked ? { kind: 'kept' } : { kind: 'kept', bytes: size });
      expect(sent).toBeLessThan(size / 2);
      expect(test.engine.recorder.snapshot().running[0]?.requestBytes).toBeLessThan(2 * 1024 * 1024);
      expect(arrived).toBe(0);
      test.engine.held.release(id, CONTINUE);
      expect(await client.ended()).toMatch(new RegExp(`${size}\\r?\\n?`));
      expect(arrived).toBe(size);
    }
  });

  it('gets the body of a client that waits to be told to go on', async () => {
    const origin = await teller();
    const test = await pausing('request');
    const client = await rawClient(test.port);
    client.send(
      `PUT ${origin.url}/ HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\nConnection: close\r\n\r\n`,
    );
    await client.until(/^HTTP\/1\.1 100 /);
    const id = await held(test);
    expect(await test.engine.held.read(id)).toMatchObject({ body: { kind: 'kept', bytes: 4 } });
    client.send('body');
    await test.event(({ type }) => type === 'request.ended');
    expect(await test.engine.held.read(id)).toMatchObject({ body: { kind: 'text', text: 'body' } });
    test.engine.held.release(id, CONTINUE);
    expect(await client.ended()).toContain('"body":"body"');
  });
});

describe('a paused response', () => {
  it('waits, can be read without its codings, and goes on as it came', async () => {
    const coded = gzipSync('{"a":1}');
    const origin = await startOrigin((_request, response) => {
      response
        .writeHead(201, 'Made Here', { 'Content-Encoding': 'gzip', 'Content-Type': 'application/json' })
        .end(coded);
    });
    const test = await pausing('response');
    const { answer } = asking(test, `${origin.url}/`);
    const id = await held(test, 'response');
    expect(await test.engine.held.read(id)).toMatchObject({
      ...{ stage: 'response', status: 201, reason: 'Made Here', body: { kind: 'text', text: '{"a":1}' } },
    });
    test.engine.held.release(id, CONTINUE);
    expect(await answer).toMatchObject({ status: 201, headers: { 'content-encoding': 'gzip' } });
    expect((await test.finished()).responseBytes).toBe(coded.length);
  });

  it('is edited: status, fields, and the body or not', async () => {
    const gzipped = gzipSync('{"a":1}');
    const origin = await startOrigin((_request, response) => {
      response.writeHead(200, { 'Content-Encoding': 'gzip', 'Content-Length': gzipped.length });
      response.end(gzipped);
    });
    const test = await pausing('response');
    const bodies = ['kept', 'none', { text: 'né' }] as const;
    const answers = [];
    let last = 0;
    for (const body of bodies) {
      const { answer } = asking(test, `${origin.url}/`);
      last = await held(test, 'response', last);
      const headers = ['X-New', '1', 'Content-Encoding', 'gzip', 'Content-Length', '999'];
      test.engine.held.release(last, { type: 'continue', response: { status: 404, headers, body } });
      answers.push(await answer);
    }
    expect(answers.map(({ status, headers }) => [status, headers['x-new']])).toEqual(bodies.map(() => [404, '1']));
    expect(answers.map(({ headers }) => headers['content-length'])).toEqual([String(gzipped.length), '0', '3']);
    expect(answers[2]).toMatchObject({ body: 'né' });
    expect(answers[2]?.headers).not.toHaveProperty('content-encoding');
  });

  it('can be aborted, and takes no orders for a request', async () => {
    const origin = await startOrigin((_request, response) => response.end('never seen'));
    const test = await pausing('response');
    const { answer } = asking(test, `${origin.url}/`);
    const id = await held(test, 'response');
    const request = { method: 'GET', url: origin.url, headers: [], body: 'none' } as const;
    expect(() => test.engine.held.release(id, { type: 'continue', request })).toThrow(/sent already/);
    const response = { status: 200, headers: [], body: 'none' } as const;
    expect(() => test.engine.held.release(id, { type: 'answer', response })).toThrow(/sent to its server already/);
    test.engine.held.release(id, { type: 'abort' });
    await expect(answer).rejects.toThrow(/socket hang up/);
  });

  it('may be one without an end, which is kept as it is', async () => {
    const origin = await startOrigin((_request, response) => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' }).write('data: 1\n\n');
    });
    const test = await pausing('response');
    const client = await rawClient(test.port);
    client.send(`GET ${origin.url}/ HTTP/1.1\r\nHost: a\r\n\r\n`);
    const id = await held(test, 'response');
    expect((await test.engine.held.read(id))?.body).toEqual({ kind: 'kept' });
    test.engine.held.release(id, CONTINUE);
    await client.until(/data: 1/);
    client.socket.destroy();
    expect((await test.finished()).outcome).toMatchObject({ kind: 'aborted', by: 'client' });
  });

  it('that is no UTF-8, or longer than can be edited, is kept', async () => {
    const bodies = [
      Buffer.from([0xff, 0xfe]),
      Buffer.alloc(MAX_EDITED_BODY + 1, 'x'),
      Buffer.alloc(MAX_EDITED_BODY, 'x'),
    ];
    let turn = 0;
    const origin = await startOrigin((_request, response) => response.end(bodies[turn++]));
    const test = await pausing('response');
    const kinds = [];
    let last = 0;
    for (const body of bodies) {
      const { answer } = asking(test, `${origin.url}/`);
      last = await held(test, 'response', last);
      const message = await test.engine.held.read(last);
      kinds.push(message?.body.kind === 'kept' ? message.body.bytes : message?.body.kind);
      test.engine.held.release(last, CONTINUE);
      await answer;
      expect((await test.finished()).responseBytes).toBe(body.length);
    }
    expect(kinds).toEqual([2, MAX_EDITED_BODY + 1, 'text']);
  });

  it('lets go of the server when its client leaves', async () => {
    const origin = await startOrigin((_request, response) => {
      const more = (): void => {
        while (response.write(Buffer.alloc(65_536)));
        response.once('drain', more);
      };
      more();
    });
    const test = await pausing('response');
    const { sent } = asking(test, `${origin.url}/`);
    sent.on('error', () => undefined);
    await held(test, 'response');
    const gone = [...origin.sockets].map(
      (socket) =>
        new Promise<void>((resolve) => {
          socket.once('close', () => resolve());
        }),
    );
    sent.destroy();
    expect((await test.finished()).outcome).toMatchObject({ kind: 'aborted', by: 'client' });
    await Promise.all(gone);
  });
});

describe('everything that is held', () => {
  it('goes on at once when it is released together, or its rule is switched off', async () => {
    const origin = await startOrigin((_request, response) => response.end('x'));
    const test = await startEngine({
      settings: { rules: [pause('request'), pause('request', { name: 'Other', when: 'path:/other' })] },
    });
    test.engine.held.attend(true);
    const first = asking(test, `${origin.url}/`);
    const id = await held(test);
    const second = asking(test, `${origin.url}/`);
    await held(test, 'request', id);
    expect(test.engine.held.releaseAll()).toBe(2);
    await Promise.all([first.answer, second.answer]);
    const third = asking(test, `${origin.url}/`);
    const last = await held(test, 'request', id + 1);
    test.engine.updateSettings({ timeouts: { head: 1_000 } });
    expect(await test.engine.held.read(last)).toBeDefined();
    test.engine.updateSettings({ rules: [pause('request', { on: false })] });
    expect((await third.answer).status).toBe(200);
  });

  it('is not sent on when the engine stops', async () => {
    let asked = 0;
    const origin = await startOrigin((_request, response) => {
      asked++;
      response.end();
    });
    const test = await pausing('request');
    const { answer } = asking(test, `${origin.url}/`);
    await held(test);
    await test.engine.stop();
    await expect(answer).rejects.toThrow(/socket hang up/);
    expect(asked).toBe(0);
  });

  it('is nothing while nobody is connected, which a note tells', async () => {
    const origin = await startOrigin((_request, response) => response.end('x'));
    const test = await startEngine({ settings: { rules: [pause('both')] } });
    expect((await asking(test, `${origin.url}/`).answer).body).toBe('x');
    const view = await test.finished();
    expect(view.notes.map(({ code, text: sentence }) => [code, sentence])).toEqual(
      Array(2).fill(['NOT_PAUSED', 'The rule “Stop” did not pause it: Nobody is connected who could let it go on.']),
    );
    expect(view.rules).toBeUndefined();
  });

  it('is nothing while nothing is recorded, because nobody could see it', async () => {
    const origin = await startOrigin((_request, response) => response.end('x'));
    const test = await pausing('both');
    test.engine.updateSettings({ record: { paused: true } });
    expect((await asking(test, `${origin.url}/`).answer).body).toBe('x');
  });

  it(`is not more than ${MAX_HELD}, and goes on a while after the last one who could release it has left`, async () => {
    const exchanges = new HeldExchanges(10);
    exchanges.attend(true);
    const holding = { rule: 'Stop', read: () => Promise.reject(new Error('not asked')), problemOf: () => undefined };
    const x = (id: number) => ({ id, aborted: undefined, onAbort: () => () => undefined });
    const orders = Array.from({ length: MAX_HELD }, (_, i) => {
      expect(exchanges.refusal).toBeUndefined();
      return exchanges.hold(x(i + 1), holding);
    });
    expect(exchanges.refusal).toMatch(/^200 exchanges are paused/);
    exchanges.attend(false);
    exchanges.attend(true);
    expect(exchanges.release(1, CONTINUE)).toBe(true);
    expect(exchanges.refusal).toBeUndefined();
    exchanges.attend(false);
    expect(await Promise.all(orders)).toEqual(orders.map(() => CONTINUE));
    expect(exchanges.refusal).toMatch(/^Nobody/);
  });
});
