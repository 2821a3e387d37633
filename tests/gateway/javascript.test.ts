import type { ServerResponse } from 'node:http';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { SettingsPatch } from '../../shared/settings.ts';
import { openSession } from '../support/http2-origin.ts';
import { startEngine } from '../support/engine.ts';
import type { TestEngine } from '../support/engine.ts';
import { startOrigin, startRawOrigin } from '../support/origin.ts';
import { rawClient } from '../support/raw-client.ts';
import { temporaryDirectory } from '../support/recorder.ts';
import { apps, gatewayEvents, startApplications, wsgi } from './gateway-setup.ts';

const examples = join(import.meta.dirname, '../../docs/examples');
const script = wsgi(join(apps, 'javascript-rules.ts'), { kind: 'javascript', threads: 4 });

function startHandler(file: string, settings: SettingsPatch = {}, upstream?: string): Promise<TestEngine> {
  return startEngine({
    settings: { handlers: [{ file, reload: false }], ...settings },
    ...(upstream === undefined ? {} : { upstream }),
  });
}

test('a JavaScript application of every shape answers, and passes the validator', async () => {
  const { url } = await startApplications([script]);
  const text = async (path: string, init?: RequestInit): Promise<string> => (await fetch(url + path, init)).text();
  for (const base of ['', '/checked']) {
    expect(await text(`${base}/hello`)).toBe('Hello');
    expect(await text(`${base}/generated`)).toBe('one,two');
    expect(await text(`${base}/write`)).toBe('imperative, then iterated');
    expect(await text(`${base}/echo`, { method: 'POST', body: 'some bytes' })).toBe('some bytes');
    expect(await text(`${base}/count`, { method: 'POST', body: Buffer.alloc(5_000_000) })).toBe('5000000');
    expect(await text(`${base}/file`)).toBe(await readFile(join(apps, 'javascript-rules.ts'), 'utf8'));
    expect(await text(`${base}/closing`)).toBe('ab');
  }
  expect(JSON.parse(await text('/environ/x%20y?q'))).toMatchObject({
    ...{ REQUEST_METHOD: 'GET', PATH_INFO: '/environ/x y', QUERY_STRING: 'q', 'wsgi.url_scheme': 'http' },
  });
  expect((await fetch(`${url}/hello`, { method: 'HEAD' })).headers.get('content-length')).toBe('5');
});

test('close and return are called after the end, and when the client leaves', async () => {
  const { url, finished } = await startApplications([script]);
  await (await fetch(`${url}/closing`)).text();
  await (await fetch(`${url}/generated`)).text();
  const controller = new AbortController();
  const left = await fetch(`${url}/endless`, { signal: controller.signal });
  await left.body?.getReader().read();
  controller.abort();
  await finished((view) => view.outcome?.kind === 'aborted');
  expect(await (await fetch(`${url}/closed`)).text()).toBe('closing,generated,endless');
});

test('the rules of startResponse hold', async () => {
  const { url, finished } = await startApplications([script]);
  const replaced = await fetch(`${url}/replaced`);
  expect([replaced.status, replaced.statusText]).toEqual([503, 'Sorry']);
  for (const [path, sentence] of [
    ['twice', 'called a second time'],
    ['hop', 'Connection is for one hop'],
    ['two-lengths', 'given twice, as 5 and as 7'],
    ['string', 'returned string instead of an iterable'],
    ['bytes', 'returned bytes instead of an iterable'],
    ['raises', '<b>boom</b>'],
    ['checked/twice', 'may be called again only with an error'],
  ]) {
    const response = await fetch(`${url}/${path}`);
    expect(response.status).toBe(500);
    expect(await response.text()).toContain(sentence);
  }
  expect((await fetch(`${url}/same-length-twice`)).headers.get('content-length')).toBe('5');
  const late = await fetch(`${url}/late`);
  await expect(late.text()).rejects.toThrow();
  const view = await finished((one) => one.outcome?.kind === 'failed');
  expect(view.outcome).toMatchObject({ code: 'APPLICATION_FAILED' });
});

test('the end of a body does not wait for close', async () => {
  const { url } = await startApplications([script]);
  expect(await (await fetch(`${url}/closes-late`)).text()).toBe('one,two');
  const { status, headers } = await fetch(`${url}/go`);
  expect([status, headers.get('content-length')]).toEqual([204, null]);
});

test('pieces that are written together all arrive', async () => {
  const { url } = await startApplications([script]);
  expect((await (await fetch(`${url}/together`)).bytes()).length).toBe(40 * 65_536 + 1);
});

test('a client that leaves does no harm to a thread that writes without waiting', async () => {
  const { url, finished } = await startApplications([script]);
  const controller = new AbortController();
  const left = await fetch(`${url}/unawaited`, { signal: controller.signal });
  await left.body?.getReader().read();
  controller.abort();
  await finished((view) => view.outcome?.kind === 'aborted');
  await expect.poll(async () => (await fetch(`${url}/closed`)).text()).toBe('unawaited');
});

test('whatever is thrown is told', async () => {
  const { url, finished } = await startApplications([script]);
  for (const [path, sentence, line] of [
    ['raises', 'Error: <b>boom</b>', 'Error: <b>boom</b>'],
    ['throws-nothing', 'Thrown: [Object: null prototype] {}', 'Thrown: [Object: null prototype] {}'],
    ['throws-cycle', '[cause]: Error: inner', '<ref *1> Error: outer'],
  ]) {
    const response = await fetch(`${url}/${path}`);
    expect(`${response.status} ${await response.text()}`).toMatch(/^500 /);
    const view = await finished();
    expect(view.notes).toMatchObject([{ code: 'APPLICATION_FAILED', text: line }]);
    expect(gatewayEvents(view, 'gateway.output')[0]?.text).toContain(sentence);
  }
});

test('what is printed belongs to the trace of its request', async () => {
  const { url, finished } = await startApplications([script]);
  await fetch(`${url}/prints`);
  const outputs = gatewayEvents(await finished(), 'gateway.output').map(({ stream, text }) => [stream, text]);
  expect(outputs).toEqual([
    ['stdout', 'on stdout\n'],
    ['errors', 'on errors'],
  ]);
});

test('a chatty request and a very long report do not fill the trace', async () => {
  const { url, finished } = await startApplications([script]);
  await fetch(`${url}/prints-much`);
  const printed = gatewayEvents(await finished(), 'gateway.output').map(({ text }) => text);
  expect(printed.join('').length).toBeLessThan(66_000);
  expect(printed.at(-1)).toMatch(/x\n\[more was written and is not shown\]\n$/);

  const page = await (await fetch(`${url}/raises-long`)).text();
  expect(page).toMatch(/Error: begin x+\n\[\d+ characters are not shown\]\nx+ end\n/);
  const view = await finished();
  expect(view.notes[0]?.text).toMatch(/^Error: begin x{900,1000}…$/);
  expect(gatewayEvents(view, 'gateway.output')[0]?.text.length).toBeLessThan(70_000);
});

test('an endless loop, an exit and a lost rejection end the thread, and another takes over', async () => {
  const { url, engine } = await startApplications([script]);
  expect(await (await fetch(`${url}/hello`)).text()).toBe('Hello');
  engine.updateSettings({ upstreams: [{ ...script, timeout: 300 }] });
  expect((await fetch(`${url}/loop`)).status).toBe(504);
  engine.updateSettings({ upstreams: [script] });
  expect(await (await fetch(`${url}/hello`)).text()).toBe('Hello');
  expect((await fetch(`${url}/exit`)).status).toBe(502);
  expect(await (await fetch(`${url}/hello`)).text()).toBe('Hello');
  const rejected = await fetch(`${url}/rejects`);
  expect(rejected.status).toBe(502);
  expect(await rejected.text()).toContain('nobody waits for this');
  expect(await (await fetch(`${url}/hello`)).text()).toBe('Hello');
});

test('an endless loop takes the other requests of its thread along, and they are told why', async () => {
  const { url, engine, finished } = await startApplications([script]);
  expect(await (await fetch(`${url}/hello`)).text()).toBe('Hello');
  await finished();
  const begun = await fetch(`${url}/never-ends`);
  const rest = begun.text().then(
    () => 'whole',
    () => 'broken off',
  );
  engine.updateSettings({ upstreams: [{ ...script, timeout: 300 }] });
  expect((await fetch(`${url}/loop`)).status).toBe(504);
  engine.updateSettings({ upstreams: [script] });
  expect(await rest).toBe('broken off');
  const lost = await finished((view) => view.url.endsWith('/never-ends'));
  expect(lost.outcome).toMatchObject({ kind: 'failed', code: 'WORKER_LOST', phase: 'receive' });
  expect(JSON.stringify(lost.outcome)).toContain('which another request had kept from doing anything else');
  expect(await (await fetch(`${url}/hello`)).text()).toBe('Hello');
});

test('a file that cannot be loaded is shown, and loaded when it has changed', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'hopscope-app-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const file = join(directory, 'site.mjs');
  await writeFile(file, 'export const nothing = 1;');
  const { url } = await startApplications([wsgi(file, { kind: 'javascript', reload: true })]);
  const response = await fetch(url);
  expect(response.status).toBe(500);
  expect(await response.text()).toContain('exports no function called application');
  await writeFile(file, 'export const app = (_, start) => (start("200 OK", []), [Buffer.from("mended")]);');
  await expect.poll(async () => (await fetch(url)).text(), { timeout: 10_000 }).toBe('mended');
});

test('the example of an application works', async () => {
  const { url } = await startApplications([
    wsgi(join(examples, 'guest-book.ts'), { kind: 'javascript', mount: '/book' }),
  ]);
  await fetch(`${url}/book`, { method: 'POST', body: new URLSearchParams({ name: 'Ada' }) });
  expect(await (await fetch(`${url}/book`)).text()).toBe('Ada was here\n');
});

test('a handler class answers, or leaves it to the rest of the chain', async () => {
  const origin = await startOrigin((request, response) => {
    request.pipe(response.setHeader('X-Origin', String(request.method)));
    if (request.method === 'GET') response.end(`origin ${request.url}`);
  });
  const { url, finished } = await startHandler(join(apps, 'handler-rules.ts'), {}, origin.url);
  expect(await (await fetch(`${url}/hello`)).text()).toBe('Hello from a handler');
  const view = await finished();
  expect(view.spans.filter(({ handler }) => handler?.endsWith('handler-rules.ts')).map(({ name }) => name)).toEqual([
    ...['setup', 'handle', 'finish'],
  ]);
  expect(await (await fetch(`${url}/elsewhere`)).text()).toBe('origin /elsewhere');
  const posted = await fetch(`${url}/post`, { method: 'POST', body: `line\n123${'x'.repeat(600_000)}` });
  expect(await posted.json()).toEqual(['line\n', '123', 600_000]);
  const body = 'y'.repeat(2_000_000);
  const forwarded = await fetch(`${url}/forward`, { method: 'POST', body });
  expect(forwarded.headers.get('x-origin')).toBe('POST');
  expect(await forwarded.text()).toBe(body);
});

test('every answer of the chain can be passed on', async () => {
  const origin = await startRawOrigin((socket) =>
    socket.end(
      'HTTP/1.1 200 OK\r\nX-Tab: a\tb\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n' +
        '4\r\nbody\r\n0\r\nX-Sum: 1\r\n\r\n',
    ),
  );
  const { url } = await startHandler(join(apps, 'handler-rules.ts'), {}, origin.url);
  const response = await fetch(`${url}/elsewhere`);
  expect([response.status, response.headers.get('x-tab'), await response.text()]).toEqual([200, 'a\tb', 'body']);
});

test('what the chain answers late does not get to the next request in its place', async () => {
  const waiting: ServerResponse[] = [];
  const asked = Promise.withResolvers<undefined>();
  const origin = await startOrigin((request, response) => {
    if (request.url === '/release') {
      for (const one of waiting.splice(0)) one.end('for elsewhere');
      response.end();
      return;
    }
    waiting.push(response);
    if (waiting.length < 4) return;
    waiting.shift()?.end('for early');
    asked.resolve(undefined);
  });
  const { url } = await startHandler(join(apps, 'handler-rules.ts'), {}, origin.url);
  const session = await openSession(url);
  // Its client takes only what the window lets through, so that the exchange goes on behind its handler.
  session.request({ ':path': '/early' });
  const text = async (path: string): Promise<string> => (await fetch(url + path)).text();
  await expect.poll(() => text('/finished')).toContain('/early');
  const others = Promise.all(['/a', '/b', '/c'].map(text));
  await asked.promise;
  for (let i = 0; i < 10; i++) await text('/hello');
  await text('/release');
  expect(await others).toEqual(Array.from({ length: 3 }, () => 'for elsewhere'));
});

test('methods: 501 names an unknown one, 405 tells what is allowed, HEAD comes from GET, OPTIONS is answered', async () => {
  const { url } = await startHandler(join(apps, 'handler-rules.ts'), { activeUpstream: 'none' });
  const unknown = await fetch(`${url}/hello`, { method: 'BREW' });
  expect([unknown.status, await unknown.text()]).toEqual([501, '501 Unsupported method ("BREW")\n']);
  const known = await fetch(`${url}/hello`, { method: 'DELETE' });
  expect([known.status, known.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS, POST']);
  const head = await fetch(`${url}/hello`, { method: 'HEAD' });
  expect([head.status, head.headers.get('content-type'), await head.text()]).toEqual([200, 'text/plain', '']);
  const options = await fetch(`${url}/hello`, { method: 'OPTIONS' });
  expect([options.status, options.headers.get('allow')]).toEqual([204, 'GET, HEAD, OPTIONS, POST']);
  const teapot = await fetch(`${url}/teapot`);
  expect([teapot.status, await teapot.text()]).toEqual([418, '418 I am a teapot\n']);
});

test('a handler cannot take the proxy down, and finish is always called', async () => {
  const { url, engine, finished } = await startHandler(join(apps, 'handler-rules.ts'), { activeUpstream: 'none' });
  const thrown = await fetch(`${url}/throws`);
  expect(thrown.status).toBe(500);
  expect(await thrown.text()).toContain('Error: <b>boom</b>');
  const failed = await finished();
  expect(failed.notes).toMatchObject([{ code: 'APPLICATION_FAILED', text: 'Error: <b>boom</b>' }]);
  // Its finish began an answer nevertheless, which nobody got.
  expect(gatewayEvents(failed, 'gateway.answered')).toEqual([]);
  expect(await (await fetch(`${url}/number`)).text()).toContain('write takes a Uint8Array or a string, not number');
  expect((await fetch(`${url}/setup-throws`)).status).toBe(500);
  expect((await fetch(`${url}/twice`)).status).toBe(500);
  const controller = new AbortController();
  const left = await fetch(`${url}/endless`, { signal: controller.signal });
  await left.body?.getReader().read();
  controller.abort();
  await finished((view) => view.outcome?.kind === 'aborted');
  expect(await (await fetch(`${url}/finished`)).text()).toBe('/throws,/number,/twice,/endless');
  engine.updateSettings({ timeouts: { head: 300 } });
  expect((await fetch(`${url}/loop`)).status).toBe(504);
  engine.updateSettings({ timeouts: { head: 20_000 } });
  expect(await (await fetch(`${url}/hello`)).text()).toBe('Hello from a handler');
});

test('a stream handler reads lines up to its buffer, and waits for the client up to its timeout', async () => {
  const { url, port } = await startHandler(join(apps, 'handler-rules.ts'), { activeUpstream: 'none' });
  const post = (body: string): Promise<Response> => fetch(`${url}/lines`, { method: 'POST', body });
  const fits = `${'x'.repeat(999)}\n`;
  expect(await (await post(`${fits}abcdef`)).json()).toEqual([fits, 'abc', 3]);
  const long = await post(`x${fits}`);
  expect([long.status, await long.text()]).toEqual([500, expect.stringContaining('longer than 1000 bytes')]);
  const silent = await rawClient(port);
  silent.send('POST /lines HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nab');
  await silent.until(/^HTTP\/1\.1 500 [^]*The client sent nothing for 2000 ms/);
});

test('the caching proxy that it all comes from fits on a page and works', async () => {
  let asked = 0;
  const origin = await startOrigin((_request, response) => response.end(`answer ${(asked += 1)}`));
  const file = join(examples, 'caching-proxy.ts');
  expect((await readFile(file, 'utf8')).split('\n').length).toBeLessThan(45);
  process.env['CACHE_FOLDER'] = await temporaryDirectory();
  onTestFinished(() => {
    delete process.env['CACHE_FOLDER'];
  });
  const { url, finished } = await startHandler(file, {}, origin.url);
  const lines: (string | undefined)[] = [];
  for (let i = 0; i < 2; i++) {
    expect(await (await fetch(`${url}/a`)).text()).toBe('answer 1');
    lines.push(gatewayEvents(await finished(), 'gateway.output')[0]?.text);
  }
  expect(lines).toEqual(['Cache miss\n', 'Cache hit\n']);
  expect(await (await fetch(`${url}/b`)).text()).toBe('answer 2');
});
