import { EVENT_NAMES, REQUEST_NAMES } from './contract.ts';
import type { Answer, EventMap, EventName, InspectorApi, Params, RequestName, ResultOf } from './contract.ts';
import { CONNECTION_CHANNEL, eventChannel, requestChannel } from './ipc-channels.ts';

/** The part of Electron's `ipcRenderer` that this needs. */
export interface IpcClient {
  invoke(channel: string, params: unknown): Promise<unknown>;
  on(channel: string, listener: (event: unknown, payload: unknown) => void): unknown;
  off(channel: string, listener: (event: unknown, payload: unknown) => void): unknown;
}

/**
 * The contract over Electron's IPC, for preload to expose. It passes on the contract's own requests and events and
 * nothing else, and never hands out the event object, through which a page could reach IPC itself.
 */
export function createIpcApi(ipc: IpcClient): InspectorApi {
  return {
    request<N extends RequestName>(name: N, params: Params<N>): Promise<Answer<ResultOf<N>>> {
      if (!REQUEST_NAMES.includes(name)) return Promise.reject(new TypeError(`There is no request "${name}"`));
      return ipc.invoke(requestChannel(name), params) as Promise<Answer<ResultOf<N>>>;
    },
    on<N extends EventName>(name: N, listener: (payload: EventMap[N]) => void): () => void {
      if (!EVENT_NAMES.includes(name)) throw new TypeError(`There is no event "${name}"`);
      const channel = eventChannel(name);
      const receive = (_event: unknown, payload: unknown): void => listener(payload as EventMap[N]);
      ipc.on(channel, receive);
      return () => {
        ipc.off(channel, receive);
      };
    },
    onConnection(listener: (state: 'connecting' | 'open' | 'closed') => void): () => void {
      // IPC is there as long as the page is; the engine may be started anew meanwhile.
      listener('open');
      const receive = (_event: unknown, open: unknown): void => listener(open === true ? 'open' : 'closed');
      ipc.on(CONNECTION_CHANNEL, receive);
      return () => {
        ipc.off(CONNECTION_CHANNEL, receive);
      };
    },
  };
}
