import { once } from 'node:events';
import { request as nodeRequest } from 'node:http';
import { describe, expect, it } from 'vitest';
import { join } from 'node:path';
import type { RuleInput } from '../../shared/rules.ts';
import { startEngine } from '../support/engine.ts';
import { ask, openSession } from '../support/http2-origin.ts';
import { startHttpsOrigin } from '../support/https-origin.ts';
import { closedPort, startOrigin } from '../support/origin.ts';
import { sendRaw } from '../support/raw-client.ts';
import { asking, teller } from '../support/ruled-traffic.ts';
import type { Asked } from '../support/ruled-traffic.ts';
import { runCommand } from '../support/run-command.ts';
import { openTunnel, askThrough } from '../support/tls-client.ts';
import { apps, startApplications, wsgi } from '../gateway/gateway-setup.ts';
import { echo, openWebSocket, startWebSocketOrigin } from '../support/websocket-origin.ts';

const script = wsgi(join(apps, 'javascript-rules.ts'), { kind: 'javascript' });

const rule = (action: RuleInput['action'], more: Partial<RuleInput> = {}): RuleInput => ({
  name: action.type,
  action,
  ...more,
});

const get = (...asked: Parameters<typeof asking>): Asked['answer'] => asking(...asked).answer;

describe('without a rule that is on', () => {
  it('an exchange goes through the same handlers as if there were none', async () => {
    const origin = await teller();
    const handlersOf = async (rules: RuleInput[]): Promise<string[]> => {
      const test = await startEngine({ settings: { rules, cache: { mode: 'shared' } } });
      await get(test, `${origin.url}/`);
      const { spans } = await test.finished();
      return spans.flatMap(({ lane, handler, name }) => (lane === 'handler' ? [`${handler ?? ''}.${name}`] : []));
    };
    const plain = await handlersOf([]);
    expect(plain.join()).not.toContain('rules');
    expect(await handlersOf([rule({ type: 'block', how: 'refuse' }, { on: false })])).toEqual(plain);
    expect(await handlersOf([rule({ type: 'block', how: 'refuse' }, { when: 'host:elsewhere.test' })])).toEqual(
      expect.arrayContaining(['rules.handle']),
    );
  });
});

describe('a rule that answers', () => {
  const mock = rule(
    {
      type: 'answer',
      status: 201,
      headers: ['Content-Type', 'application/json', 'X-Twice', 'a', 'X-Twice', 'b', 'Content-Length', '999'],
      body: '{"né":1}',
    },
    { name: 'Orders', when: 'path:/orders method:POST' },
  );

  it('keeps the request from going further, and frames what it says itself', async () => {
    const test = await startEngine({ settings: { rules: [mock] } });
    const url = `http://127.0.0.1:${await closedPort()}/orders`;
    const { status, headers, body } = await get(test, url, { method: 'POST', body: 'a body' });
    expect([status, body]).toEqual([201, '{"né":1}']);
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      ...{ 'x-twice': 'a, b', 'content-length': '9', 'cache-control': 'no-store' },
    });
    expect(headers.date).toBeDefined();
    expect(await test.finished()).toMatchObject({
      ...{ from: 'hopscope', status: 201, response: { reason: 'Created' }, outcome: { kind: 'completed' } },
      ...{ requestBytes: 6, rules: [{ name: 'Orders', action: 'answer', index: 0 }] },
    });
  });

  it('has no body where there cannot be one', async () => {
    const rules = [
      rule({ type: 'answer', status: 204, body: 'lost' }, { when: 'path:/none' }),
      rule({ type: 'answer', status: 200, body: 'twelve bytes' }),
    ];
    const test = await startEngine({ settings: { rules } });
    const none = await get(test, 'http://a.test/none');
    expect([none.status, none.body, none.headers['content-length']]).toEqual([204, '', undefined]);
    const head = await get(test, 'http://a.test/', { method: 'HEAD' });
    expect([head.status, head.body, head.headers['content-length']]).toEqual([200, '', '12']);
  });

  it('answers what would have nowhere to go', async () => {
    const rules = [rule({ type: 'answer', status: 200, body: 'here' }, { when: 'path:/here' })];
    const test = await startEngine({ settings: { rules } });
    const ours = (path: string) =>
      sendRaw(test.port, `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`);
    expect(await ours('/here')).toMatch(/^HTTP\/1\.1 200 OK\r\n(?:.+\r\n)+\r\nhere$/);
    expect(await ours('/there')).toMatch(/^HTTP\/1\.1 404 (?:.|\s)*NO_UPSTREAM/);
  });

  it('has its answer recorded, however long that is', async () => {
    const body = 'x'.repeat(300_001);
    const test = await startEngine({ settings: { rules: [rule({ type: 'answer', status: 200, body })] } });
    expect((await get(test, 'http://a.test/')).body).toBe(body);
    const { id, response, outcome } = await test.finished();
    expect([response?.body, outcome]).toEqual([{ captured: body.length }, { kind: 'completed' }]);
    const end = await test.engine.recorder.readBody({ id, side: 'response', offset: 300_000, length: 10 });
    expect(Buffer.from(end ?? []).toString()).toBe('x');
  });

  it('answers clients of HTTP/2, and what comes in intercepted TLS', async () => {
    const rules = [rule({ type: 'answer', status: 418, body: 'teapot' }, { when: 'method:GET' })];
    const origin = await startHttpsOrigin((_request, response) => response.end('origin'));
    const test = await startEngine({ upstream: origin.url, settings: { rules, tls: { intercept: true } } });
    const session = await openSession(test.url);
    const { headers, body } = await ask(session, { ':path': '/' });
    expect([headers[':status'], body.toString()]).toEqual([418, 'teapot']);
    expect(await askThrough(test, `${origin.url}/`)).toMatch(/^HTTP\/1\.1 418 (?:.|\s)*teapot$/);
  });

  it('is not stored, nor answered from what is', async () => {
    const origin = await startOrigin((_request, response) => {
      response.setHeader('Cache-Control', 'max-age=60').end('origin');
    });
    const test = await startEngine({ settings: { cache: { mode: 'shared' } } });
    const mocked = [rule({ type: 'answer', status: 200, headers: ['Cache-Control', 'max-age=60'], body: 'mock' })];
    const bodies = [];
    for (const rules of [[], mocked, []]) {
      test.engine.updateSettings({ rules });
      bodies.push((await get(test, `${origin.url}/`)).body);
    }
    expect(bodies).toEqual(['origin', 'mock', 'origin']);
    expect(test.engine.cache.stats().entries).toBe(1);
  });
});

describe('a rule that redirects', () => {
  it('sends the request to another server, path before path, without its client learning of it', async () => {
    const origin = await teller();
    const rules = [rule({ type: 'redirect', to: `${origin.url}/v2/` }, { when: 'host:api.test' })];
    const test = await startEngine({ settings: { rules } });
    const { status, body, headers } = await get(test, 'http://api.test/users?id=1', { method: 'PUT', body: 'four' });
    expect(status).toBe(200);
    expect(headers.location).toBeUndefined();
    expect(JSON.parse(body)).toMatchObject({
      ...{ method: 'PUT', url: '/v2/users?id=1', host: new URL(origin.url).host, body: 'four' },
    });
    expect(await test.finished()).toMatchObject({
      ...{ url: 'http://api.test/users?id=1', upstream: `127.0.0.1:${origin.port}` },
      rules: [{ action: 'redirect' }],
    });
  });

  it('takes what would go to the active upstream, HTTP/2 clients and intercepted TLS to another one', async () => {
    const origin = await teller();
    const other = await startHttpsOrigin((_request, response) => response.end('the other'));
    const rules = [rule({ type: 'redirect', to: origin.url })];
    const test = await startEngine({ upstream: other.url, settings: { rules, tls: { intercept: true } } });
    const session = await openSession(test.url);
    const { body } = await ask(session, { ':path': '/two' });
    expect(JSON.parse(body.toString())).toMatchObject({ url: '/two' });
    expect(await askThrough(test, `${other.url}/tls`)).toContain('"url":"/tls"');
  });

  it('takes what an application would answer to a server, and what a handler sees is the new request', async () => {
    const origin = await teller();
    const rules = [rule({ type: 'redirect', to: `${origin.url}/v2` }, { when: 'path:/api/*' })];
    const test = await startApplications([script], { rules });
    expect(await (await fetch(`${test.url}/hello`)).text()).toBe('Hello');
    await test.finished();
    expect(await (await fetch(`${test.url}/api/x`)).json()).toMatchObject({ url: '/v2/api/x' });
    const { spans, gateway } = await test.finished();
    expect(gateway).toBeUndefined();
    const handlers = spans.flatMap(({ lane, handler, name }) =>
      lane === 'handler' && name === 'handle' ? [handler] : [],
    );
    expect(handlers.toSorted()).toEqual(['cache', 'destination', 'guard', 'rules', 'upstream']);
  });

  it('has the cache keep what comes by the new URL', async () => {
    let asked = 0;
    const origin = await startOrigin((_request, response) => {
      response.setHeader('Cache-Control', 'max-age=60').end(String(++asked));
    });
    const rules = [rule({ type: 'redirect', to: origin.url }, { when: 'host:a.test' })];
    const test = await startEngine({ settings: { rules, cache: { mode: 'shared' } } });
    const bodies = [];
    for (const url of ['http://a.test/x', 'http://a.test/x', `${origin.url}/x`])
      bodies.push((await get(test, url)).body);
    expect(bodies).toEqual(['1', '1', '1']);
    // So does a question about the exchanges, for which only the rules of the new URL count.
    const overlays = [{ name: 'old', pattern: 'http://a.test/*', neverCache: true }];
    test.engine.updateSettings({ cache: { overlays } });
    for (const id of [1, 2]) {
      await test.finished();
      const answer = await test.engine.whatIf({ id });
      expect(answer).toMatchObject({ stored: true, decision: { hit: true, key: `${origin.url}/x` } });
    }
  });

  it('leads a WebSocket elsewhere, whose handshake no rule answers', async () => {
    const origin = await startWebSocketOrigin(echo);
    const rules = [
      rule({ type: 'answer', status: 200 }),
      rule({ type: 'headers', response: { set: ['X-Late', '1'] } }),
      rule({ type: 'redirect', to: origin.url }),
    ];
    const test = await startEngine({ upstream: `http://127.0.0.1:${await closedPort()}`, settings: { rules } });
    const socket = await openWebSocket(test.url.replace('http', 'ws'));
    socket.send('hello');
    const [message] = (await once(socket, 'message')) as [Buffer];
    expect(message.toString()).toBe('hello');
    socket.close();
    expect(await test.finished()).toMatchObject({ kind: 'websocket', rules: [{ action: 'redirect', index: 2 }] });
  });
});

describe('a rule that changes fields', () => {
  const changes = rule({
    type: 'headers',
    request: { set: ['X-Mark', 'rule'], remove: ['user-agent', 'X-MARK'] },
    response: { set: ['Set-Cookie', 'a=1', 'Set-Cookie', 'b=2'], remove: ['x-origin'] },
  });

  it('sets and removes them on the way there and back, in whatever case they are', async () => {
    const origin = await teller();
    const test = await startEngine({ settings: { rules: [changes] } });
    const { headers, body } = await get(test, `${origin.url}/`, { headers: { 'x-mark': 'client' } });
    expect(JSON.parse(body)).toMatchObject({ mark: 'rule' });
    expect(headers['x-origin']).toBeUndefined();
    expect(headers['set-cookie']).toEqual(['a=1', 'b=2']);
    const view = await test.finished();
    expect(view.request.headers).toContain('client');
    expect(view.upstreamRequest?.headers).toContain('rule');
    expect(view.rules).toHaveLength(1);
  });

  it('leaves what the cache stores as it came', async () => {
    const origin = await startOrigin((_request, response) => {
      response.setHeader('Cache-Control', 'max-age=60').setHeader('X-Origin', 'yes').end('x');
    });
    const test = await startEngine({ settings: { rules: [changes], cache: { mode: 'shared' } } });
    await get(test, `${origin.url}/`);
    const hit = await get(test, `${origin.url}/`);
    expect([hit.headers['x-origin'], hit.headers['cache-status']]).toEqual([undefined, expect.stringContaining('hit')]);
    test.engine.updateSettings({ rules: [] });
    expect((await get(test, `${origin.url}/`)).headers['x-origin']).toBe('yes');
  });
});

describe('a rule that delays', () => {
  it('lets the request wait, and says so in the timeline', async () => {
    const origin = await teller();
    const test = await startEngine({ settings: { rules: [rule({ type: 'delay', ms: 40 })] } });
    await get(test, `${origin.url}/`);
    const { spans } = await test.finished();
    const span = spans.find(({ name }) => name === 'delayed');
    expect(span).toMatchObject({ lane: 'handler', handler: 'rules', detail: 'delay' });
    expect((span?.at ?? 0) - (span?.start ?? 0)).toBeGreaterThanOrEqual(39);
  });

  it('is over when its client leaves', async () => {
    const test = await startEngine({ settings: { rules: [rule({ type: 'delay', ms: 600_000 })] } });
    const headers = { connection: 'keep-alive' };
    const sent = nodeRequest({ host: '127.0.0.1', port: test.port, path: 'http://a.test/', agent: false, headers });
    sent.on('error', () => undefined).end();
    await test.event(({ type }) => type === 'rule.applied');
    sent.destroy();
    expect((await test.finished()).outcome).toMatchObject({ kind: 'aborted', by: 'client', phase: 'rules' });
  });
});

describe('a rule that blocks', () => {
  it('refuses with a page that names it', async () => {
    const rules = [rule({ type: 'block', how: 'refuse' }, { name: 'No <ads>' })];
    const test = await startEngine({ settings: { rules } });
    const page = await get(test, 'http://ads.test/', { headers: { accept: 'text/html' } });
    expect(page.status).toBe(403);
    expect(page.body).toContain('The rule is “No &lt;ads&gt;”.');
    expect(await test.finished()).toMatchObject({ from: 'hopscope', outcome: { kind: 'completed' } });
    const session = await openSession(test.url);
    expect((await ask(session, { ':path': '/' })).headers[':status']).toBe(403);
  });

  it('closes the connection without an answer', async () => {
    const test = await startEngine({ settings: { rules: [rule({ type: 'block', how: 'close' })] } });
    expect(await sendRaw(test.port, 'GET http://a.test/ HTTP/1.1\r\nHost: a.test\r\n\r\n')).toBe('');
    expect((await test.finished()).outcome).toMatchObject({ kind: 'aborted', by: 'hopscope', phase: 'rules' });
    const session = await openSession(test.url);
    await expect(ask(session, { ':path': '/' })).rejects.toThrow(/NGHTTP2_INTERNAL_ERROR/);
    expect(session.destroyed).toBe(false);
  });

  it('keeps WebSockets from opening, in either way', async () => {
    const origin = await startWebSocketOrigin(echo);
    for (const [how, failure] of [
      ['refuse', /Unexpected server response: 403/],
      ['close', /socket hang up/],
    ] as const) {
      const test = await startEngine({ upstream: origin.url, settings: { rules: [rule({ type: 'block', how })] } });
      await expect(openWebSocket(test.url.replace('http', 'ws'))).rejects.toThrow(failure);
      expect(await test.finished()).toMatchObject({ kind: 'websocket', rules: [{ action: 'block' }] });
    }
  });

  it('keeps tunnels from opening, and does so for SOCKS', async () => {
    const rules = [
      rule({ type: 'answer', status: 200 }),
      rule({ type: 'block', how: 'refuse' }, { when: 'is:tunnel' }),
    ];
    const test = await startEngine({ settings: { rules } });
    await expect(openTunnel(test, 'a.test:443')).rejects.toThrow(/403 Forbidden/);
    expect(await test.finished()).toMatchObject({ kind: 'tunnel', rules: [{ action: 'block', index: 1 }] });
    const curl = await runCommand('curl', ['-sS', '--socks5-hostname', `127.0.0.1:${test.port}`, 'http://a.test/']);
    expect(curl.stderr).toMatch(/\(2\)|not allowed/i);
  });
});

describe('several rules', () => {
  it('apply in order until one answers, and to its answer as well', async () => {
    const rules = [
      rule({ type: 'headers', response: { set: ['X-First', '1'] } }),
      rule({ type: 'delay', ms: 1 }, { on: false }),
      rule({ type: 'delay', ms: 1 }, { when: 'host:other.test' }),
      rule({ type: 'answer', status: 200, body: 'one' }),
      rule({ type: 'answer', status: 200, body: 'two' }),
      rule({ type: 'headers', response: { set: ['X-Last', '1'] } }),
    ];
    const test = await startEngine({ settings: { rules } });
    const { body, headers } = await get(test, 'http://a.test/');
    expect([body, headers['x-first'], headers['x-last']]).toEqual(['one', '1', undefined]);
    const view = await test.finished();
    expect(view.rules?.map(({ index }) => index).toSorted()).toEqual([0, 3]);
  });

  it('match the request as it came, and its fields', async () => {
    const origin = await teller();
    const rules = [
      rule({ type: 'headers', request: { set: ['X-Mark', 'first'] } }),
      rule({ type: 'redirect', to: origin.url }, { when: 'host:a.test -header[x-mark]' }),
      rule({ type: 'block', how: 'refuse' }, { when: `host:127.0.0.1 OR header[x-mark]:first` }),
    ];
    const test = await startEngine({ settings: { rules } });
    expect(await get(test, 'http://a.test/')).toMatchObject({ status: 200 });
    expect((await get(test, 'http://a.test/', { headers: { 'x-mark': 'first' } })).status).toBe(403);
  });
});
