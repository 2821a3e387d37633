import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request as httpRequest } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { getHeader } from '../../shared/headers.ts';
import { rawClient } from '../support/raw-client.ts';
import { gatewayEvents, startApplications, wsgi } from './gateway-setup.ts';

const rules = wsgi('rules:application');

test('applications of every shape pass wsgiref.validate, which checks the gateway too', async () => {
  const { url, finished } = await startApplications([wsgi('rules:validated')]);
  for (const path of ['hello', 'generated', 'nothing', 'single', 'count', 'several-cookies', 'file']) {
    const response = await fetch(`${url}/${path}`);
    const body = await response.text();
    expect(`${path} ${response.status} ${body.startsWith('Traceback') ? body : ''}`).toBe(`${path} 200 `);
    const view = await finished();
    expect(gatewayEvents(view, 'gateway.output')).toEqual([]);
  }
  const posted = await fetch(`${url}/count?a=b`, { method: 'POST', body: 'some bytes' });
  expect(await posted.text()).toBe('10');
});

test('environ is a dict with everything that CGI and PEP 3333 ask for', async () => {
  const { port } = await startApplications([rules]);
  const client = await rawClient(port);
  client.send(
    'GET /show-environ/caf%C3%A9%2Fx/%00%0a%0AHTTP_X%ff?q=%C3%A9&r HTTP/1.1\r\nHost: shop.test:8080\r\nConnection: close\r\n' +
      'X-Twice: one\r\nX-Other: \xe9\r\nX-Twice: two\r\nCookie: a=1\r\nCookie: b=2\r\nX_Twice: forged\r\nProxy: evil\r\n' +
      'Content-Type: text/plain\r\nContent-Length: 2\r\n\r\nhi',
  );
  const answer = await client.ended();
  const environ = JSON.parse(answer.slice(answer.indexOf('\r\n\r\n'))) as Record<string, unknown>;
  expect(environ).toMatchObject({
    REQUEST_METHOD: 'GET',
    SCRIPT_NAME: '',
    // Lines of its own make no further variables.
    PATH_INFO: '/show-environ/caf\u00c3\u00a9/x/\u0000\n\nHTTP_X\u00ff',
    QUERY_STRING: 'q=%C3%A9&r',
    REQUEST_URI: '/show-environ/caf%C3%A9%2Fx/%00%0a%0AHTTP_X%ff?q=%C3%A9&r',
    CONTENT_TYPE: 'text/plain',
    CONTENT_LENGTH: '2',
    SERVER_NAME: 'shop.test',
    SERVER_PORT: '8080',
    SERVER_PROTOCOL: 'HTTP/1.1',
    GATEWAY_INTERFACE: 'CGI/1.1',
    SERVER_SOFTWARE: 'Hopscope/test',
    REMOTE_ADDR: '127.0.0.1',
    HTTP_HOST: 'shop.test:8080',
    HTTP_X_TWICE: 'one,two',
    HTTP_X_OTHER: '\u00e9',
    HTTP_COOKIE: 'a=1; b=2',
    'wsgi.url_scheme': 'http',
    types: ['str'],
    is_dict: true,
    version: [1, 0],
    multithread: false,
    multiprocess: false,
    run_once: false,
  });
  expect(environ['REMOTE_PORT']).toBe(String((client.socket.address() as { port: number }).port));
  for (const name of ['HTTP_CONTENT_TYPE', 'HTTP_CONTENT_LENGTH', 'HTTP_PROXY'])
    expect(environ).not.toHaveProperty(name);
});

test('repeated fields are joined among hundreds of others, too', async () => {
  const { url } = await startApplications([rules]);
  const many = Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`x-${n}`, `${n}`]));
  const { port } = new URL(url);
  const client = await rawClient(Number(port));
  const fields = Object.entries({ ...many, 'X-Twice': 'one' }).map(([name, value]) => `${name}: ${value}\r\n`);
  client.send(`GET /show-environ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${fields.join('')}x-twice: two\r\n\r\n`);
  const answer = await client.ended();
  expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).toMatchObject({
    ...{ HTTP_X_0: '0', HTTP_X_299: '299', HTTP_X_TWICE: 'one,two', HTTP_HOST: 'a' },
  });
});

test('the flags tell of threads and of other processes', async () => {
  const { url } = await startApplications([wsgi('rules:application', { workers: 3, threads: 2 })]);
  const environ: unknown = await (await fetch(`${url}/show-environ`)).json();
  expect(environ).toMatchObject({ multithread: true, multiprocess: true });
});

test('SCRIPT_NAME and PATH_INFO are split at the mount, and several applications are mounted side by side', async () => {
  const { url } = await startApplications([
    wsgi('rules:show_environ', { id: 'shop', mount: '/shop' }),
    wsgi('rules:show_environ', { id: 'deep', mount: '/shop/d%65ep' }),
    wsgi('rules:hello', { id: 'root' }),
  ]);
  const at = async (path: string): Promise<unknown> => (await fetch(url + path)).json();
  expect(await at('/shop/a%20b?x')).toMatchObject({ SCRIPT_NAME: '/shop', PATH_INFO: '/a b', QUERY_STRING: 'x' });
  expect(await at('/shop')).toMatchObject({ SCRIPT_NAME: '/shop', PATH_INFO: '' });
  expect(await at('/shop?x')).toMatchObject({ SCRIPT_NAME: '/shop', PATH_INFO: '', QUERY_STRING: 'x' });
  expect(await at('/shop/d%65ep/')).toMatchObject({ SCRIPT_NAME: '/shop/deep', PATH_INFO: '/' });
  expect(await (await fetch(`${url}/shopping`)).text()).toBe('Hello');
});

test('wsgi.input gives a body of known length to every way of reading, and then no more', async () => {
  const { url } = await startApplications([rules]);
  const body = 'abcdef\nsecond\nthird\nfourth\nfifth';
  const expected = ['abc', 'def\n', 'se', ['cond\n'], ['third\n', 'fourth\n', 'fifth'], '', ''];
  const known = await fetch(`${url}/reading`, { method: 'POST', body });
  expect(await known.json()).toEqual(expected);
  const none = await fetch(`${url}/reading`);
  expect(await none.json()).toEqual(['', '', '', [], [], '', '']);
});

test('wsgi.input streams a chunked body, whose first line is there before its end', async () => {
  const { port } = await startApplications([rules]);
  const client = await rawClient(port);
  client.send('POST /first-line HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nline\r\n2\r\n!\n\r\n');
  await client.until(/line!\n$/);
  const whole = await rawClient(port);
  whole.send('POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n');
  await whole.until(/abcdef$/);
});

test('an upload of 50 MB arrives whole', async () => {
  const { url } = await startApplications([rules]);
  const response = await fetch(`${url}/count`, { method: 'POST', body: Buffer.alloc(50_000_000, 'x') });
  expect(await response.text()).toBe('50000000');
});

test('a body that the application does not read is skipped, and the worker goes on', async () => {
  const { url } = await startApplications([rules]);
  for (let i = 0; i < 3; i++) {
    const response = await fetch(`${url}/hello`, { method: 'POST', body: Buffer.alloc(3_000_000, 'x') });
    expect(await response.text()).toBe('Hello');
  }
});

test('a client that breaks off its body makes reading fail, not end', async () => {
  const { port, url, finished } = await startApplications([rules]);
  await fetch(`${url}/hello`);
  await finished();
  const client = await rawClient(port);
  client.send('POST /read-error HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nsome');
  client.socket.destroy();
  await finished();
  const closed: unknown = await (await fetch(`${url}/show-closed`)).json();
  expect(closed).toEqual([['input', 'the client went away before its request body was complete']]);
});

test('start_response is called once, and again only with exc_info while nothing has been sent', async () => {
  const { url, finished } = await startApplications([rules]);
  const twice = await fetch(`${url}/twice`);
  expect(twice.status).toBe(500);
  expect(await twice.text()).toContain('start_response was called a second time without exc_info');
  const replaced = await fetch(`${url}/replaced`);
  expect([replaced.status, replaced.statusText]).toEqual([503, 'Sorry']);
  expect([replaced.headers.get('x-first'), replaced.headers.get('x-second')]).toEqual([null, '2']);
  await finished();
  await finished();
  const broken = await fetch(`${url}/too-late`);
  expect(broken.status).toBe(200);
  await expect(broken.text()).rejects.toThrow();
  const view = await finished();
  expect(view.outcome).toMatchObject({ kind: 'failed', code: 'APPLICATION_FAILED' });
  expect(gatewayEvents(view, 'gateway.output')[0]?.text).toContain('ValueError: after the head');
});

test('the head is sent with the first bytes that are not empty, so that it may be replaced until then', async () => {
  const { url } = await startApplications([rules]);
  const response = await fetch(`${url}/late-start`);
  expect([response.status, response.statusText]).toEqual([202, 'Accepted']);
  expect([response.headers.get('x-early'), response.headers.get('x-late')]).toEqual([null, '1']);
  expect(await response.text()).toBe('body');
});

test('an application that never calls start_response has failed', async () => {
  const { url } = await startApplications([rules]);
  const response = await fetch(`${url}/never-started`);
  expect(response.status).toBe(500);
  expect(await response.text()).toContain('did not call start_response');
});

test.each([
  ['nothing', '0', ''],
  ['single', '6', 'single'],
  ['generated', null, 'one,two'],
  ['writes', null, 'imperative, then iterated'],
])('Content-Length is computed where it can be known: %s', async (path, length, body) => {
  const { url } = await startApplications([rules]);
  const response = await fetch(`${url}/${path}`);
  expect(response.headers.get('content-length')).toBe(length);
  expect(await response.text()).toBe(body);
});

test('no more bytes are sent than Content-Length announced, and fewer are an error', async () => {
  const { url, port, finished } = await startApplications([rules]);
  for (const [path, body, length] of [
    ['too-much', '01234', 5],
    ['liar', 'one', 3],
  ] as const) {
    const client = await rawClient(port);
    client.send(`GET /${path} HTTP/1.1\r\nHost: a\r\n\r\n`);
    expect((await client.ended()).split('\r\n\r\n')[1]).toBe(body);
    const view = await finished();
    expect(gatewayEvents(view, 'gateway.output')[0]?.text).toContain('more bytes than its Content-Length');
    expect(view.responseBytes).toBe(length);
  }
  const little = await fetch(`${url}/too-little`);
  await expect(little.text()).rejects.toThrow();
  expect((await finished()).outcome).toMatchObject({ kind: 'failed', code: 'CLOSED_EARLY' });
});

test('HEAD, 204 and 304 have no body, whatever the application gives, and close is called', async () => {
  const { url, port, finished } = await startApplications([rules]);
  for (const [method, path] of [
    ['HEAD', 'bodiless?200+OK'],
    ['GET', 'bodiless?204+No+Content'],
    ['GET', 'bodiless?304+Not+Modified'],
  ]) {
    const client = await rawClient(port);
    client.send(`${method} /${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
    const answer = await client.ended();
    expect(answer).toMatch(/\r\nETag: "x"\r\n/);
    expect(answer).not.toMatch(/content-length|transfer-encoding/i);
    expect(answer).toMatch(/\r\n\r\n$/);
    await finished();
  }
  const head = await fetch(`${url}/big-head`, { method: 'HEAD' });
  expect(head.headers.get('content-length')).toBe('1000000');
  await finished();
  // A body that nobody may see is not made to its end either.
  const closed: unknown = await (await fetch(`${url}/show-closed`)).json();
  expect(closed).toEqual([
    ['bodiless', 1],
    ['bodiless', 1],
    ['bodiless', 1],
    ['head', 1],
  ]);
});

test('fields keep their order and repeats', async () => {
  const { url, finished } = await startApplications([rules]);
  const response = await fetch(`${url}/several-cookies`);
  expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  const view = await finished();
  expect(view.response?.headers.slice(0, 8)).toEqual([
    ...['Content-Type', 'text/plain', 'Set-Cookie', 'a=1', 'X-Between', 'y', 'Set-Cookie', 'b=2'],
  ]);
});

test('what PEP 3333 forbids is refused with a sentence that says what is wrong', async () => {
  const { url } = await startApplications([rules]);
  for (const [rule, sentence] of [
    ['status-bytes', 'the status must be a str, not bytes'],
    ['status-number', 'the status must be a str, not int'],
    ['status-short', 'the status must be three digits'],
    ['status-newline', 'the status must be three digits'],
    ['status-interim', 'the status must be three digits from 200 on'],
    ['headers-tuple', 'the headers must be a list, not tuple'],
    ['header-list', 'every header must be a tuple'],
    ['header-bytes', 'must be of type str'],
    ['header-name', 'is not the name of a header'],
    ['header-newline', 'must not contain control characters'],
    ['header-unicode', 'the value of A has characters beyond latin-1'],
    ['length-words', 'the Content-Length is not a number'],
    ['hop-Connection', 'Connection is for one hop'],
    ['hop-Keep-Alive', 'Keep-Alive is for one hop'],
    ['hop-Transfer-Encoding', 'Transfer-Encoding is for one hop'],
    ['hop-upgrade', 'upgrade is for one hop'],
    ['hop-TE', 'TE is for one hop'],
    ['hop-Trailer', 'Trailer is for one hop'],
    ['hop-Proxy-Authenticate', 'Proxy-Authenticate is for one hop'],
    ['hop-Status', 'not a header'],
    ['body-str', 'yielded str instead of bytes'],
    ['body-none', 'is not iterable'],
    ['body-bytearray', 'yielded bytearray instead of bytes'],
    ['write-str', 'write() takes bytes, not str'],
  ]) {
    const response = await fetch(`${url}/bad?${rule}`);
    expect(`${rule} ${response.status}`).toBe(`${rule} 500`);
    expect(`${rule}: ${await response.text()}`).toContain(sentence);
  }
});

test('each piece reaches the client before the next one is asked for', async () => {
  const { port } = await startApplications([wsgi('streams:stepwise', { threads: 2 })]);
  const client = await rawClient(port);
  client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  await client.until(/first/);
  const go = await rawClient(port);
  go.send('GET /go HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  await go.ended();
  await client.until(/second/);
});

test('a slow client holds the application up, after a small window', async () => {
  const { url, finished } = await startApplications([wsgi('rules:application', { threads: 2 })]);
  const request = httpRequest(`${url}/endless`).end();
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  response.pause();
  const taken = async (): Promise<number> => Number(await (await fetch(`${url}/taken`)).text());
  let before = -1;
  let now = await taken();
  // It has stopped when it stays where it is; how much fits is a matter of the kernel's buffers.
  for (let still = 0; still < 5; still = now === before ? still + 1 : 0) {
    before = now;
    await wait(50);
    now = await taken();
  }
  expect(now * 65_536).toBeLessThan(24 * 1024 * 1024);
  request.destroy();
  await finished((view) => view.outcome?.kind === 'aborted');
  const closed = (await (await fetch(`${url}/show-closed`)).json()) as [string, number][];
  expect(closed.map(([name]) => name)).toEqual(['endless']);
});

test('close is called after a whole response, after an exception and after a client left', async () => {
  const { url, finished } = await startApplications([rules]);
  expect(await (await fetch(`${url}/closing`)).text()).toBe('ab');
  const midway = await fetch(`${url}/raises-midway`);
  await expect(midway.text()).rejects.toThrow();
  const controller = new AbortController();
  const left = await fetch(`${url}/endless`, { signal: controller.signal });
  await left.body?.getReader().read();
  controller.abort();
  await finished((view) => view.outcome?.kind === 'aborted');
  const closed = (await (await fetch(`${url}/show-closed`)).json()) as [string, number][];
  expect(closed.map(([name]) => name)).toEqual(['closing', 'midway', 'endless']);
});

test('an exception in close is told, and does not harm the response', async () => {
  const { url, finished } = await startApplications([rules]);
  expect(await (await fetch(`${url}/close-raises`)).text()).toBe('fine');
  const view = await finished();
  expect(view.outcome).toEqual({ kind: 'completed' });
  expect(view.notes.map(({ code }) => code)).toEqual(['CLOSE_FAILED']);
  expect(gatewayEvents(view, 'gateway.output')[0]?.text).toContain('RuntimeError: in close');
});

test('wsgi.file_wrapper sends a file and closes it', async () => {
  const { url } = await startApplications([rules]);
  const body = await (await fetch(`${url}/file`)).bytes();
  expect(body.length).toBe(500_000);
  expect(await (await fetch(`${url}/show-closed`)).json()).toEqual([['file', 0]]);
});

test('Date is added, as a server must, and the reason phrase is the application’s', async () => {
  const { url, finished } = await startApplications([rules]);
  const response = await fetch(`${url}/replaced`);
  expect(response.headers.get('date')).not.toBeNull();
  const [answered] = gatewayEvents(await finished(), 'gateway.answered');
  expect(answered?.status).toBe('503 Sorry');
  expect(getHeader(answered?.headers ?? [], 'date')).toBeUndefined();
});

test('what start_response was told counts, whatever becomes of the list afterwards', async () => {
  const { url } = await startApplications([rules]);
  const { headers } = await fetch(`${url}/mutating`);
  expect([headers.get('x-said'), headers.get('x-unsaid')]).toEqual(['1', null]);
});

test('wsgi.errors is a text stream', async () => {
  const { url, finished } = await startApplications([rules]);
  expect(await (await fetch(`${url}/errors`)).text()).toBe('write() takes a str, not bytes');
  const written = gatewayEvents(await finished(), 'gateway.output').map(({ stream, text }) => `${stream}: ${text}`);
  expect(written).toEqual(['errors: one\n', 'errors: two\n']);
});

test('applications are told that reading wsgi.input to its end is safe', async () => {
  const { url } = await startApplications([rules]);
  expect(await (await fetch(`${url}/terminated`)).text()).toBe('True');
});

test('OPTIONS * asks about no path', async () => {
  const { port } = await startApplications([wsgi('rules:show_environ')]);
  const client = await rawClient(port);
  client.send('OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  expect(await client.ended()).toMatch(/"PATH_INFO": ""/);
});
