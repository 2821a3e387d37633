import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { rawClient } from '../support/raw-client.ts';
import { temporaryDirectory } from '../support/recorder.ts';
import type { TestEngine } from '../support/engine.ts';
import type { SettingsPatch } from '../../shared/settings.ts';
import { apps, gatewayEvents, pythonWith, startApplications, wsgi } from './gateway-setup.ts';

const flask = pythonWith('flask');
const django = pythonWith('django');

const sites: [name: string, file: string, start: (settings?: SettingsPatch) => Promise<TestEngine>][] = [];
if (flask !== undefined) {
  sites.push(['Flask', 'flask_site.py', (s) => startApplications([wsgi('flask_site:app', { python: flask })], s)]);
}
if (django !== undefined) sites.push(['Django', 'django_site.py', startDjango]);

/** What Django answers with, for the same path, behind the server of Python's standard library. */
async function statusBehindWsgiref(path: string): Promise<string> {
  const program = [
    'import http.client, sys, threading, types',
    'sys.modules["hopscope_django"] = types.SimpleNamespace(TraceMiddleware=lambda get_response: get_response)',
    'from wsgiref.simple_server import make_server',
    'import django_site',
    'server = make_server("127.0.0.1", 0, django_site.application)',
    'threading.Thread(target=server.handle_request).start()',
    'client = http.client.HTTPConnection(*server.server_address)',
    'client.request("GET", sys.argv[1])',
    'print(client.getresponse().status)',
  ].join('\n');
  const env = { ...process.env, SITE_FOLDER: await temporaryDirectory(), PYTHONPATH: apps };
  return execFileSync(django ?? '', ['-c', program, path], { env, encoding: 'utf8', stdio: 'pipe' }).trim();
}

async function startDjango(settings: SettingsPatch = {}): Promise<TestEngine> {
  const env = { SITE_FOLDER: await temporaryDirectory() };
  const site = wsgi('django_site:application', { python: django ?? '', env, threads: 2 });
  return startApplications([site], settings);
}

test.skipIf(flask !== undefined)('Flask: skipped, because no interpreter here has the package flask', () => undefined);
test.skipIf(django !== undefined)(
  'Django: skipped, because no interpreter here has the package django',
  () => undefined,
);

test.each(sites)('%s: routes, forms, cookies, sessions, redirects, files, streams', async (name, file, start) => {
  const { url } = await start();
  expect(await (await fetch(url)).text()).toBe(`Hello from ${name}`);
  expect((await fetch(`${url}/nowhere`)).status).toBe(404);

  const form = await fetch(`${url}/form`, { method: 'POST', body: new URLSearchParams({ name: 'Höp', n: '2' }) });
  expect(await form.json()).toEqual({ name: 'Höp', n: '2' });

  const cookies = await fetch(`${url}/cookies`);
  expect(cookies.headers.getSetCookie().map((cookie) => cookie.split(';')[0])).toEqual(['a=1', 'b=2']);

  const first = await fetch(`${url}/count`);
  expect(await first.text()).toBe('1');
  const cookie = first.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  expect(await (await fetch(`${url}/count`, { headers: { cookie } })).text()).toBe('2');

  const redirect = await fetch(`${url}/old`, { redirect: 'manual' });
  expect([redirect.status, redirect.headers.get('location')]).toEqual([302, '/']);
  expect(await (await fetch(`${url}/file`)).text()).toBe(await readFile(join(apps, file), 'utf8'));
  expect(await (await fetch(`${url}/stream`)).text()).toBe('piece 0\npiece 1\npiece 2\n');
  expect((await fetch(url, { method: 'HEAD' })).status).toBe(200);
});

test.each(sites)('%s: an upload of 50 MB', async (_name, _file, start) => {
  const { url } = await start();
  const body = new FormData();
  body.set('file', new Blob([Buffer.alloc(50_000_000, 'x')]), 'hops.bin');
  const response = await fetch(`${url}/upload`, { method: 'POST', body });
  expect(await response.json()).toEqual({ name: 'hops.bin', size: 50_000_000 });
});

test.each(sites)(
  '%s: an exception in a view is its own page, with the traceback in the trace',
  async (_n, _f, start) => {
    const { url, finished } = await start();
    const response = await fetch(`${url}/fail`);
    expect(response.status).toBe(500);
    const view = await finished();
    expect(view.outcome).toEqual({ kind: 'completed' });
    const written = gatewayEvents(view, 'gateway.output').map(({ text }) => text);
    expect(written.join('')).toContain('RuntimeError: a mistake in a view');
  },
);

test.runIf(flask !== undefined)(
  'Flask: URLs are built from SCRIPT_NAME and Host, and chunked bodies are read',
  async () => {
    const { port, url } = await startApplications([
      wsgi('flask_site:app', { python: flask ?? '', mount: '/shop' }),
      wsgi('flask_site:app', { id: 'root', python: flask ?? '' }),
    ]);
    expect(await (await fetch(`${url}/shop/items/7`)).json()).toEqual({
      ...{ number: 7, link: `http://127.0.0.1:${port}/shop/items/7` },
    });
    const client = await rawClient(port);
    client.send(
      'POST /chunked HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n',
    );
    await client.until(/abcdef$/);
  },
);

test.runIf(django !== undefined)(
  'Django: an undecodable path arrives byte for byte, is refused as behind wsgiref, and logged',
  async () => {
    const { port, finished } = await startDjango();
    const client = await rawClient(port);
    client.send('GET /caf%e9/%ff HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    // Which of the two depends on Django's version: 400 in old ones, in newer ones 404 with the bytes quoted again.
    const answer = await client.ended();
    expect(answer).toMatch(/^HTTP\/1\.1 (400 Bad Request|404 Not Found[^]*caf%E9\/%FF)/);
    expect(answer.slice('HTTP/1.1 '.length, 'HTTP/1.1 404'.length)).toBe(await statusBehindWsgiref('/caf%e9/%ff'));
    const view = await finished();
    // One character for each byte, as PEP 3333 has it: what becomes of bytes that are no UTF-8 is up to the application.
    const { environ = [] } = gatewayEvents(view, 'gateway.called')[0] ?? {};
    expect(environ[environ.indexOf('PATH_INFO') + 1]).toBe('/caf\xe9/\xff');
    const written = gatewayEvents(view, 'gateway.output').map(({ text }) => text);
    expect(written.join('')).toMatch(/Bad Request.*UnicodeDecodeError|Not Found: \/caf%E9\/%FF/s);
  },
);

test.runIf(django !== undefined)('Django: the middleware tells the view, the stack and the signals', async () => {
  const { url, finished } = await startDjango();
  await fetch(`${url}/count`);
  const facts = gatewayEvents(await finished(), 'gateway.framework').map((event) => event.facts);
  expect(facts[0]).toEqual(['signal', 'request_started']);
  const view = facts[1] ?? [];
  expect(view.slice(0, 6)).toEqual(['framework', 'Django', 'view', 'django_site.count', 'route', 'count']);
  expect(view[view.indexOf('middleware') + 1]?.split('\n')[0]).toBe('hopscope_django.TraceMiddleware');
  expect(facts[2]).toEqual(['signal', 'request_finished']);
});

test.runIf(django !== undefined)('the cache in front of a Django view gives MISS, HIT and REVALIDATED', async () => {
  const { url, finished } = await startDjango({ cache: { mode: 'shared' } });
  // An answer that took long to come is that much older (RFC 9111 §4.2.3), so Django is loaded first.
  await fetch(url);
  const verdict = async (): Promise<string | undefined> => {
    const response = await fetch(`${url}/catalogue`);
    expect(await response.text()).toBe('the catalogue');
    return (await finished((view) => view.url.endsWith('/catalogue'))).verdict;
  };
  expect(await verdict()).toBe('MISS');
  expect(await verdict()).toBe('HIT');
  await expect.poll(verdict, { interval: 300, timeout: 10_000 }).toBe('REVALIDATED');
  // The first answer and the 304 that Django's own middleware made of the second.
  expect(await (await fetch(`${url}/made`)).text()).toBe('2');
});
