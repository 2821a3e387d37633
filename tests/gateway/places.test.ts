import { expect, test } from 'vitest';
import { startOrigin } from '../support/origin.ts';
import { hasCommand, runCommand } from '../support/run-command.ts';
import { rawClient } from '../support/raw-client.ts';
import { startApplications, wsgi } from './gateway-setup.ts';
import { startEngine } from '../support/engine.ts';

const environ = wsgi('rules:show_environ');

test.runIf(hasCommand('curl', '--version'))('an application is told of TLS on the port itself', async () => {
  const { port, url } = await startApplications([environ]);
  const over = async (...args: string[]): Promise<unknown> =>
    JSON.parse((await runCommand('curl', ['-sSk', '--noproxy', '*', ...args])).stdout);
  const secure = { 'wsgi.url_scheme': 'https', SERVER_NAME: '127.0.0.1', SERVER_PORT: String(port) };
  expect(await over(`https://127.0.0.1:${port}/a`)).toMatchObject(secure);
  expect(await over('--http1.1', `https://127.0.0.1:${port}/a`)).toMatchObject({
    ...secure,
    SERVER_PROTOCOL: 'HTTP/1.1',
  });
  expect(await over('-H', 'Host: shop.test', '--http1.1', `https://127.0.0.1:${port}/a`)).toMatchObject({
    ...{ 'wsgi.url_scheme': 'https', SERVER_NAME: 'shop.test', SERVER_PORT: '443' },
  });
  expect(await over(`${url}/a`)).toMatchObject({ ...secure, 'wsgi.url_scheme': 'http' });
});

test('without a Host the server is still named', async () => {
  const { port } = await startApplications([environ]);
  const client = await rawClient(port);
  client.send('GET / HTTP/1.0\r\n\r\n');
  expect(await client.ended()).toMatch(/"SERVER_NAME": "localhost", "SERVER_PORT": "80"/);
});

test('what one application gave is not served for another at the same URL', async () => {
  const one = wsgi('rules:cacheable', { env: { SHOP: 'one' } });
  const two = wsgi('rules:cacheable', { env: { SHOP: 'two' } });
  const moved = wsgi('rules:cacheable', { env: { SHOP: 'two' }, mount: '/x' });
  const { url, engine, finished } = await startApplications([one], { cache: { mode: 'shared' } });
  const visit = async (): Promise<unknown> => {
    const text = await (await fetch(`${url}/x/y`)).text();
    return [text, (await finished()).verdict];
  };
  expect(await visit()).toEqual(['one at /x/y', 'MISS']);
  expect(await visit()).toEqual(['one at /x/y', 'HIT']);
  engine.updateSettings({ upstreams: [two] });
  expect(await visit()).toEqual(['two at /x/y', 'MISS']);
  engine.updateSettings({ upstreams: [moved] });
  expect(await visit()).toEqual(['two at /y', 'MISS']);
  // The same application under another name, and with other limits, is the same place.
  engine.updateSettings({ upstreams: [{ ...one, id: 'other', workers: 2 }], activeUpstream: 'other' });
  expect(await visit()).toEqual(['one at /x/y', 'HIT']);
});

test('an unsafe request to an application invalidates what is stored of it', async () => {
  const shop = wsgi('rules:cacheable', { env: { SHOP: 'one' } });
  const { url, finished } = await startApplications([shop], { cache: { mode: 'shared' } });
  const verdict = async (init?: RequestInit): Promise<unknown> => {
    await (await fetch(`${url}/x`, init)).text();
    return (await finished()).verdict;
  };
  expect(await verdict()).toBe('MISS');
  expect(await verdict()).toBe('HIT');
  await verdict({ method: 'POST' });
  expect(await verdict()).toBe('MISS');
});

test('origins that are given the client’s Host do not share what is stored, nor do those with No-Vary-Search', async () => {
  const origin = (text: string): Promise<{ url: string }> =>
    startOrigin((_, response) => {
      response.writeHead(200, { 'cache-control': 'max-age=100', 'no-vary-search': 'params' }).end(text);
    });
  const upstreams = [
    { id: 'one', label: 'One', url: (await origin('one')).url, hostPolicy: 'client' as const },
    { id: 'two', label: 'Two', url: (await origin('two')).url, hostPolicy: 'client' as const },
  ];
  const { url, engine } = await startEngine({
    settings: { upstreams, activeUpstream: 'one', cache: { mode: 'shared' } },
  });
  const get = async (path: string): Promise<string> => {
    const response = await fetch(url + path);
    return `${await response.text()} ${response.headers.get('cache-status')?.includes('; hit') ? 'hit' : 'forwarded'}`;
  };
  expect(await get('/a')).toBe('one forwarded');
  expect(await get('/a?b')).toBe('one hit');
  engine.updateSettings({ activeUpstream: 'two' });
  expect(await get('/a?c')).toBe('two forwarded');
  expect(await get('/a')).toBe('two hit');
  engine.updateSettings({ activeUpstream: 'one' });
  expect(await get('/a')).toBe('one hit');
});
