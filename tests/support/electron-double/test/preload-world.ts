/** Carries a message from the page to the test and brings its answer; installed by Playwright. */
export type Carry = (message: PageMessage) => Promise<unknown>;

export type PageMessage =
  | { readonly kind: 'invoke'; readonly channel: string; readonly args: readonly unknown[] }
  /** A new document is there: what waits for an older one is obsolete. */
  | { readonly kind: 'hello' }
  /** Resolves with the messages that have come for the page, as soon as there are any. */
  | { readonly kind: 'receive' };

export interface Delivery {
  readonly channel: string;
  readonly args: readonly unknown[];
}

type IpcListenerFunction = (event: object, ...args: readonly unknown[]) => void;

/**
 * What `require('electron')` gives a sandboxed preload script. This function is sent to the page as text, so it uses nothing
 * from outside itself.
 */
export function preloadWorld(carry: Carry): object {
  const listeners = new Map<string, Set<IpcListenerFunction>>();

  /** A copy as the context bridge makes it: functions become proxies, everything else is cloned. */
  function crossing(value: unknown): unknown {
    if (typeof value === 'symbol') throw new TypeError('A symbol cannot be sent over the context bridge');
    if (typeof value === 'function') return proxyOf(value as (...args: unknown[]) => unknown);
    if (typeof value !== 'object' || value === null) return value;
    if (value instanceof Promise) return value.then(crossing, (error: unknown) => Promise.reject(errorOf(error)));
    if (value instanceof Error) return errorOf(value);
    if (Array.isArray(value)) return value.map(crossing);
    const prototype: unknown = Object.getPrototypeOf(value);
    const plain = prototype === null || prototype === Object.prototype;
    if (!plain) return structuredClone(value);
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, crossing(part)]));
  }

  function proxyOf(target: (...args: unknown[]) => unknown): (...args: unknown[]) => unknown {
    return (...args) => {
      try {
        return crossing(target(...args.map(crossing)));
      } catch (error) {
        throw errorOf(error);
      }
    };
  }

  /** Of an error only the message crosses. */
  function errorOf(error: unknown): Error {
    return new Error(error instanceof Error ? error.message : String(error));
  }

  function strict<T extends object>(name: string, target: T): T {
    return new Proxy(target, {
      get(object, key) {
        if (key in object) return Reflect.get(object, key) as unknown;
        throw new Error(`The double of electron does not implement ${name}.${String(key)}`);
      },
    });
  }

  const contextBridge = strict('contextBridge', {
    exposeInMainWorld(key: string, api: object) {
      if (key in globalThis) throw new Error(`Cannot bind an API on top of an existing property: ${key}`);
      const value = Object.freeze(crossing(api));
      Object.defineProperty(globalThis, key, { value, enumerable: true, writable: false, configurable: false });
    },
  });

  const ipcRenderer = strict('ipcRenderer', {
    async invoke(channel: string, ...args: readonly unknown[]) {
      const answer = await carry({ kind: 'invoke', channel, args: structuredClone(args) });
      const { ok, value, message } = answer as { ok: boolean; value?: unknown; message?: string };
      if (!ok) throw new Error(message);
      return value;
    },
    on(channel: string, listener: IpcListenerFunction) {
      let set = listeners.get(channel);
      if (set === undefined) listeners.set(channel, (set = new Set()));
      set.add(listener);
      return ipcRenderer;
    },
    off(channel: string, listener: IpcListenerFunction) {
      listeners.get(channel)?.delete(listener);
      return ipcRenderer;
    },
  });

  async function receive(): Promise<void> {
    await carry({ kind: 'hello' });
    for (;;) {
      const deliveries = (await carry({ kind: 'receive' })) as readonly Delivery[];
      for (const { channel, args } of deliveries) {
        for (const listener of listeners.get(channel) ?? []) listener({}, ...args);
      }
    }
  }

  void receive();
  return strict('electron', { contextBridge, ipcRenderer });
}

/** The name under which {@link Carry} is installed in every frame. */
export const carryName = '__electronDoubleCarry';

/**
 * The script that runs in each frame before its own ones: in the top frame it gives the preload script its `electron` and takes
 * {@link Carry} away. In embedded frames, where Electron runs no preload, it leaves it: a test can use it there as a compromised
 * frame would use IPC.
 */
export function preloadScript(preload: string): string {
  return `(() => {
    if (globalThis.top !== globalThis) return;
    const carry = globalThis.${carryName};
    delete globalThis.${carryName};
    const electron = (${preloadWorld.toString()})(carry);
    const require = (name) => {
      if (name === 'electron') return electron;
      throw new Error('module not found: ' + name);
    };
    ((require, module, exports) => {
      ${preload}
    })(require, { exports: {} }, {});
  })();`;
}
