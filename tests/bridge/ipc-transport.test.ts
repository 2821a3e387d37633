import { expect, onTestFinished, test } from 'vitest';
import { ContractServer } from '../../electron/bridge/contract-server.ts';
import { IpcTransport } from '../../electron/bridge/ipc-transport.ts';
import type { AppEvent } from '../../shared/app-contract.ts';
import { requestChannel } from '../../shared/ipc-channels.ts';
import { startEngine } from '../support/engine.ts';
import { noClients } from '../support/no-clients.ts';
import { LoopbackIpc } from '../support/transports.ts';

async function startIpc(): Promise<{ ipc: LoopbackIpc; transport: IpcTransport; refused: string[] }> {
  const { engine } = await startEngine();
  const ipc = new LoopbackIpc();
  const refused: string[] = [];
  const server = new ContractServer(engine, {
    sendSample: () => Promise.resolve(0),
    clients: noClients,
    onError: (error) => expect.unreachable(String(error)),
  });
  const page = { protocol: 'app:', host: 'hopscope' };
  const transport = new IpcTransport(server, { ipc, page, onRefused: (sentence) => refused.push(sentence) });
  onTestFinished(() => transport.close());
  return { ipc, transport, refused };
}

const channel = requestChannel('cache.stats');

test('a window that was let in is served', async () => {
  const { ipc, transport, refused } = await startIpc();
  const { peer, api } = ipc.openWindow();
  transport.admit(peer);
  expect(await api.request('cache.stats', undefined)).toMatchObject({ ok: true });
  expect(refused).toEqual([]);
});

test.each([
  ['a window that was not let in', 'app://hopscope/', false, 'its window is unknown'],
  ['a page of another site', 'https://example.test/', true, 'it does not come from the UI'],
  ['another host of the app protocol', 'app://elsewhere/', true, 'it does not come from the UI'],
  ['a local file', 'file:///tmp/page.html', true, 'it does not come from the UI'],
  ['an address that is none', 'about:', true, 'it does not come from the UI'],
])('%s is refused', async (_name, url, admitted, why) => {
  const { ipc, transport, refused } = await startIpc();
  const { peer, api } = ipc.openWindow(url);
  if (admitted) transport.admit(peer);
  const message = `"cache.stats" was refused: ${why}`;
  expect(await api.request('cache.stats', undefined)).toEqual({ ok: false, error: { code: 'FORBIDDEN', message } });
  expect(refused).toEqual([message]);
});

test('frames inside the page, and frames that are gone, are refused', async () => {
  const { ipc, transport, refused } = await startIpc();
  const { peer } = ipc.openWindow();
  transport.admit(peer);
  const embedded = { url: 'app://hopscope/index.html' };
  expect(await ipc.invoke({ sender: peer, senderFrame: embedded }, channel, undefined)).toMatchObject({ ok: false });
  expect(await ipc.invoke({ sender: peer, senderFrame: null }, channel, undefined)).toMatchObject({ ok: false });
  expect(refused).toEqual([
    '"cache.stats" was refused: it comes from an embedded frame',
    '"cache.stats" was refused: its frame is gone',
  ]);
});

test('a window that was closed is forgotten', async () => {
  const { ipc, transport } = await startIpc();
  const { peer, api, close } = ipc.openWindow();
  transport.admit(peer);
  await api.request('engine.snapshot', undefined);
  close();
  expect(await api.request('cache.stats', undefined)).toMatchObject({ ok: false, error: { code: 'FORBIDDEN' } });
});

test('windows go over to another engine, and are told that there is none meanwhile', async () => {
  const { ipc, transport, refused } = await startIpc();
  const { peer, api } = ipc.openWindow();
  transport.admit(peer);
  const states: string[] = [];
  onTestFinished(api.onConnection((state) => states.push(state)));
  await api.request('settings.update', { patch: { cache: { mode: 'offline' } } });
  transport.serve(undefined);
  expect(await api.request('engine.snapshot', undefined)).toMatchObject({ ok: false, error: { code: 'CLOSED' } });
  const { engine } = await startEngine();
  const events: AppEvent[] = [];
  onTestFinished(api.on('app.event', (event) => events.push(event)));
  let tell: (event: AppEvent) => void = () => undefined;
  const other = new ContractServer(engine, {
    sendSample: () => Promise.resolve(0),
    clients: noClients,
    app: {
      hello: () => ({ host: 'desktop', update: { state: 'current' }, events: [] }),
      update: () => Promise.resolve({ state: 'current' }),
      onEvent: (listener) => {
        tell = listener;
        return () => (tell = () => undefined);
      },
    },
    onError: (error) => expect.unreachable(String(error)),
  });
  transport.serve(other);
  const answer = await api.request('engine.snapshot', undefined);
  expect(answer).toMatchObject({ ok: true, value: { settings: { cache: engine.settings.cache } } });
  expect(await api.request('app.hello', { language: 'en' })).toMatchObject({ value: { host: 'desktop' } });
  tell({ kind: 'command', id: 'go.cache' });
  other.close();
  tell({ kind: 'command', id: 'go.traffic' });
  expect(events).toEqual([{ kind: 'command', id: 'go.cache' }]);
  expect(states).toEqual(['open', 'closed', 'open']);
  expect(refused).toEqual([]);
});

test('the exposed API passes on nothing but the contract', async () => {
  const { ipc } = await startIpc();
  const { api } = ipc.openWindow();
  const untyped = api as unknown as {
    request: (name: string, params: unknown) => Promise<unknown>;
    on: (name: string, listener: () => void) => unknown;
  };
  await expect(untyped.request('engine.stop', undefined)).rejects.toThrow('There is no request "engine.stop"');
  expect(() => untyped.on('anything', () => undefined)).toThrow('There is no event "anything"');
});
