import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { ReleaseOrder } from '../../shared/rules-contract.ts';
import { ask, openSession } from '../support/http2-origin.ts';
import { startHttpsOrigin } from '../support/https-origin.ts';
import { startOrigin } from '../support/origin.ts';
import { rawClient } from '../support/raw-client.ts';
import { asking, CONTINUE, held, pausing, teller } from '../support/ruled-traffic.ts';
import { askThrough } from '../support/tls-client.ts';
import { echo, openWebSocket, startWebSocketOrigin } from '../support/websocket-origin.ts';

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
    const { sent } = asking(test, 'http://a.test/', { headers: { connection: 'keep-alive' } });
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
    expect(await test.engine.held.read(first)).toMatchObject({ method: 'GET', switching: true });
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
