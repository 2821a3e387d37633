import { REQUEST_NAMES } from '../../shared/contract.ts';
import type { EventMap, EventName } from '../../shared/contract.ts';
import { CONNECTION_CHANNEL, eventChannel, requestChannel } from '../../shared/ipc-channels.ts';
import type { ContractServer, ContractSession } from './contract-server.ts';

/** The part of Electron's `WebContents` that this needs. */
export interface IpcPeer {
  readonly id: number;
  readonly mainFrame: unknown;
  send(channel: string, ...args: unknown[]): void;
  isDestroyed(): boolean;
  once(event: 'destroyed', listener: () => void): unknown;
}

/** The part of Electron's `IpcMainInvokeEvent` that this needs. The frame is null when it is gone already. */
export interface IpcRequestEvent {
  readonly sender: IpcPeer;
  readonly senderFrame: { readonly url: string } | null;
}

/** The part of Electron's `ipcMain` that this needs. */
export interface IpcListener {
  handle(channel: string, listener: (event: IpcRequestEvent, params: unknown) => Promise<unknown>): void;
  removeHandler(channel: string): void;
}

export interface IpcOptions {
  readonly ipc: IpcListener;
  /** Where the UI's own page comes from. */
  readonly page: { readonly protocol: string; readonly host: string };
  readonly onRefused: (sentence: string) => void;
}

/** What windows are told while there is no engine. */
const NO_ENGINE = { ok: false, error: { code: 'CLOSED', message: 'The engine is being started anew.' } };

/** Serves the contract over Electron's IPC, to windows that were let in and to nothing else. */
export class IpcTransport {
  readonly #options: IpcOptions;
  /** The windows that were let in. */
  readonly #windows = new Map<number, IpcPeer>();
  readonly #sessions = new Map<number, ContractSession>();
  #server: ContractServer | undefined;

  constructor(server: ContractServer | undefined, options: IpcOptions) {
    this.#server = server;
    this.#options = options;
    for (const name of REQUEST_NAMES) {
      options.ipc.handle(requestChannel(name), async (event, params) => {
        const refusal = this.#refusal(event);
        const session = this.#sessions.get(event.sender.id);
        if (refusal === undefined && session !== undefined) return session.request(name, params);
        if (refusal === undefined && this.#windows.has(event.sender.id)) return NO_ENGINE;
        const message = `"${name}" was refused: ${refusal ?? 'its window is unknown'}`;
        // What a window asked before it was closed was nobody's attempt at anything.
        if (!event.sender.isDestroyed()) options.onRefused(message);
        return { ok: false, error: { code: 'FORBIDDEN', message } };
      });
    }
  }

  /** Lets a window in. Its session ends when the window does. */
  admit(window: IpcPeer): void {
    this.#windows.set(window.id, window);
    this.#connect(window);
    window.once('destroyed', () => {
      this.#windows.delete(window.id);
      this.#sessions.get(window.id)?.close();
      this.#sessions.delete(window.id);
    });
  }

  /** Serves the contract of another engine to the same windows, or of none for a while. They are told, and ask anew. */
  serve(server: ContractServer | undefined): void {
    for (const session of this.#sessions.values()) session.close();
    this.#sessions.clear();
    this.#server = server;
    for (const window of this.#windows.values()) {
      this.#connect(window);
      if (!window.isDestroyed()) window.send(CONNECTION_CHANNEL, server !== undefined);
    }
  }

  close(): void {
    for (const name of REQUEST_NAMES) this.#options.ipc.removeHandler(requestChannel(name));
    for (const session of this.#sessions.values()) session.close();
    this.#sessions.clear();
    this.#windows.clear();
  }

  #connect(window: IpcPeer): void {
    const session = this.#server?.connect({
      emit: <N extends EventName>(name: N, payload: EventMap[N]) => {
        if (!window.isDestroyed()) window.send(eventChannel(name), payload);
      },
    });
    if (session !== undefined) this.#sessions.set(window.id, session);
  }

  /** Why a request is not to be answered: it must come from the top frame of our own page. */
  #refusal({ sender, senderFrame }: IpcRequestEvent): string | undefined {
    if (senderFrame === null) return 'its frame is gone';
    if (senderFrame !== sender.mainFrame) return 'it comes from an embedded frame';
    const url = URL.parse(senderFrame.url);
    // Not `origin`: that is "null" for every URL of a scheme that Node does not know.
    const { protocol, host } = this.#options.page;
    return url?.protocol === protocol && url.host === host ? undefined : 'it does not come from the UI';
  }
}
