import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocketApi } from '../../renderer/client/web-socket-api.ts';
import type { InspectorApi } from '../../shared/contract.ts';
import { hopscope } from '../support/hopscope-process.ts';
import { temporaryDirectory } from '../support/recorder.ts';

interface Served {
  readonly proxy: string;
  readonly ui: string;
  readonly api: InspectorApi;
  /** Sends SIGTERM; resolves with the exit code. */
  readonly stop: () => Promise<number | null>;
}

/** `hopscope serve` on free ports, and a client on its WebSocket. */
async function serveUi(...flags: string[]): Promise<Served> {
  const directory = await temporaryDirectory();
  const fixed = ['--port', '0', '--ui-port', '0', '--log-format', 'json', '--data-dir', directory];
  const { child, ready, ended } = hopscope('serve', ...fixed, ...flags);
  const { event, proxy, ui, ...rest } = JSON.parse(await ready) as Record<string, string>;
  expect([event, rest]).toEqual(['ready', { ca: expect.stringMatching(/hopscope-ca\.pem$/) as string }]);
  const { host, searchParams } = new URL(ui!);
  const api = new WebSocketApi(`ws://${host}/ws?token=${searchParams.get('token')}`);
  onTestFinished(() => api.close());
  await new Promise<void>((resolve) => {
    api.onConnection((state) => {
      if (state === 'open') resolve();
    });
  });
  const stop = async (): Promise<number | null> => {
    child.kill('SIGTERM');
    return (await ended).code;
  };
  return { proxy: proxy!, ui: ui!, api, stop };
}

test('the ready line leads to a page and a socket through which traffic shows', async () => {
  const { proxy, ui, api, stop } = await serveUi();
  const page = await fetch(ui);
  // Whether it is built is not this test's concern; that it answers, and how, is.
  expect([200, 503]).toContain(page.status);
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  const snapshot = await api.request('engine.snapshot', undefined);
  expect(snapshot).toMatchObject({ ok: true, value: { status: { proxyUrl: proxy } } });
  const finished = new Promise<void>((resolve) => {
    api.on('trace.batch', ({ events }) => {
      if (events.some((event) => event.type === 'exchange.finished')) resolve();
    });
  });
  await (await fetch(proxy)).text();
  await finished;
  expect(await api.request('exchanges.page', { limit: 10 })).toMatchObject({
    value: { rows: [{ id: 1, status: 200 }] },
  });
  expect(await stop()).toBe(0);
});

test('the samples show what the cache can do, and never go to an upstream of the user', async () => {
  const { api } = await serveUi();
  const answer = await api.request('sample.send', undefined);
  expect(answer.ok && answer.value.sent).toBeGreaterThan(5);
  const page = await api.request('exchanges.page', { limit: 100 });
  const verdicts = new Set(page.ok ? page.value.rows.map((row) => row.verdict) : []);
  expect([...verdicts]).toEqual(expect.arrayContaining(['HIT', 'MISS', 'REVALIDATED']));

  const upstream = { id: 'mine', label: 'Mine', url: 'http://127.0.0.1:9' };
  await api.request('settings.update', { patch: { upstreams: [upstream], activeUpstream: 'mine' } });
  expect(await api.request('sample.send', undefined)).toMatchObject({ ok: false, error: { code: 'NOT_DEMO' } });
});

test('a user interface port that is taken is told of', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void taken.close());
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;
  const args = ['serve', '--port', '0', '--ui-port', String(port), '--data-dir', await temporaryDirectory()];
  const { code, stdout, stderr } = await hopscope(...args).ended;
  expect({ code, stdout, stderr }).toEqual({
    ...{ code: 1, stdout: '' },
    stderr: `hopscope: port ${port} is taken; choose another with --ui-port\n`,
  });
});
