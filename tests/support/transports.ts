import { EventEmitter } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { ContractServer } from '../../electron/bridge/contract-server.ts';
import type { EngineHost } from '../../electron/bridge/engine-host.ts';
import { IpcTransport } from '../../electron/bridge/ipc-transport.ts';
import type { IpcListener, IpcPeer, IpcRequestEvent } from '../../electron/bridge/ipc-transport.ts';
import { UiFiles } from '../../electron/bridge/ui-files.ts';
import { WebSocketTransport } from '../../electron/bridge/websocket-transport.ts';
import { WebSocketApi } from '../../renderer/client/web-socket-api.ts';
import type { InspectorApi } from '../../shared/contract.ts';
import { createIpcApi } from '../../shared/ipc-api.ts';
import { noClients } from './no-clients.ts';

/** A way to reach the contract from a page. */
export interface Transport {
  /** Connects one more client; it is gone when the test ends, or when `leave` is called. */
  connect(): Promise<{ readonly api: InspectorApi; leave(): void }>;
  /** Failures that the server reported. */
  readonly errors: unknown[];
}

/** `ipcMain` and `ipcRenderer` of as many windows as wanted, joined by structured clones as Electron joins them. */
export class LoopbackIpc implements IpcListener {
  readonly #handlers = new Map<string, (event: IpcRequestEvent, params: unknown) => Promise<unknown>>();
  #lastId = 0;

  handle(channel: string, listener: (event: IpcRequestEvent, params: unknown) => Promise<unknown>): void {
    if (this.#handlers.has(channel)) throw new Error(`A second handler for ${channel}`);
    this.#handlers.set(channel, listener);
  }

  removeHandler(channel: string): void {
    this.#handlers.delete(channel);
  }

  async invoke(event: IpcRequestEvent, channel: string, params: unknown): Promise<unknown> {
    const handler = this.#handlers.get(channel);
    if (handler === undefined) throw new Error(`No handler for ${channel}`);
    return structuredClone(await handler(event, structuredClone(params)));
  }

  /** A window that shows `url`: what the main process sees of it, and its preload's API. */
  openWindow(url = 'app://hopscope/index.html'): {
    peer: IpcPeer;
    frame: { url: string };
    api: InspectorApi;
    close: () => void;
  } {
    const received = new EventEmitter();
    const lifetime = new EventEmitter();
    const frame = { url };
    let destroyed = false;
    const peer: IpcPeer = {
      id: ++this.#lastId,
      mainFrame: frame,
      send(channel, ...args) {
        if (destroyed) throw new TypeError('Object has been destroyed');
        received.emit(channel, {}, ...args.map((arg) => structuredClone(arg)));
      },
      isDestroyed: () => destroyed,
      once: (event, listener) => lifetime.once(event, listener),
    };
    const api = createIpcApi({
      invoke: (channel, params) => this.invoke({ sender: peer, senderFrame: frame }, channel, params),
      on: (channel, listener) => received.on(channel, listener),
      off: (channel, listener) => received.off(channel, listener),
    });
    const close = (): void => {
      destroyed = true;
      lifetime.emit('destroyed');
    };
    return { peer, frame, api, close };
  }
}

type SendSample = () => Promise<number>;

export function ipcTransport(host: EngineHost, sendSample: SendSample): Promise<Transport> {
  const errors: unknown[] = [];
  const ipc = new LoopbackIpc();
  const server = new ContractServer(host, {
    sendSample,
    clients: noClients,
    onError: (error) => errors.push(error),
  });
  const page = { protocol: 'app:', host: 'hopscope' };
  const transport = new IpcTransport(server, { ipc, page, onRefused: (sentence) => errors.push(sentence) });
  onTestFinished(() => transport.close());
  return Promise.resolve({
    errors,
    connect: () => {
      const { peer, api, close } = ipc.openWindow();
      transport.admit(peer);
      return Promise.resolve({ api, leave: close });
    },
  });
}

/** Serves `host` on a free port, with the files of `uiRoot`. */
export async function startWeb(
  host: EngineHost,
  uiRoot: string,
  sendSample: SendSample = () => Promise.resolve(0),
): Promise<{ web: WebSocketTransport; errors: unknown[] }> {
  const errors: unknown[] = [];
  const server = new ContractServer(host, {
    sendSample,
    clients: noClients,
    onError: (error) => errors.push(error),
  });
  const web = new WebSocketTransport(server, new UiFiles(uiRoot), {
    ...{ host: '127.0.0.1', port: 0, portFallback: false },
    onError: (error) => errors.push(error),
  });
  await web.listen();
  onTestFinished(() => web.close());
  return { web, errors };
}

export async function webSocketTransport(host: EngineHost, sendSample: SendSample): Promise<Transport> {
  const root = await mkdtemp(join(tmpdir(), 'hopscope-test-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const { web, errors } = await startWeb(host, root, sendSample);
  const { host: address } = new URL(web.url);
  return {
    errors,
    connect: async () => {
      const api = new WebSocketApi(`ws://${address}/ws?token=${web.token}`);
      onTestFinished(() => api.close());
      await new Promise<void>((resolve) => {
        api.onConnection((state) => {
          if (state === 'open') resolve();
        });
      });
      return { api, leave: () => api.close() };
    },
  };
}
