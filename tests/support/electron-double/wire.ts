/** One end of a pair of processes joined by Node's IPC channel: a child's `process`, or a parent's `ChildProcess`. */
export interface WireEnd {
  readonly connected: boolean;
  send?(message: unknown, callback: (error: Error | null) => void): boolean;
  on(event: 'message', listener: (message: unknown) => void): unknown;
}

type Message =
  | { readonly type: 'call'; readonly id: number; readonly name: string; readonly args: readonly unknown[] }
  | { readonly type: 'value'; readonly id: number; readonly value: unknown }
  | { readonly type: 'error'; readonly id: number; readonly message: string };

// The two ends agree on names and arguments by convention: both are in this folder.
type Handler = (...args: never[]) => unknown;

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** What calls end with when the process at the other end has ended. */
export class WireClosedError extends Error {}

/** Calls in both directions between the process under test and the test. Values cross as structured clones. */
export class Wire {
  readonly #end: WireEnd;
  readonly #handlers = new Map<string, Handler>();
  readonly #pending = new Map<number, Pending>();
  #lastId = 0;
  #closed: WireClosedError | undefined;

  constructor(end: WireEnd) {
    this.#end = end;
    end.on('message', (message) => void this.#receive(message as Message));
  }

  handle(name: string, handler: Handler): void {
    this.#handlers.set(name, handler);
  }

  /** Calls the other end; rejects with its error, or when it is gone. */
  call(name: string, ...args: unknown[]): Promise<unknown> {
    if (this.#closed) return Promise.reject(this.#closed);
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#send({ type: 'call', id, name, args });
    });
  }

  /** The other end is gone: whoever waits for it is told. */
  close(reason: string): void {
    this.#closed = new WireClosedError(reason);
    for (const { reject } of this.#pending.values()) reject(this.#closed);
    this.#pending.clear();
  }

  async #receive(message: Message): Promise<void> {
    if (message.type === 'call') return this.#answer(message.id, message.name, message.args);
    const pending = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if (message.type === 'value') pending?.resolve(message.value);
    else pending?.reject(new Error(message.message));
  }

  async #answer(id: number, name: string, args: readonly unknown[]): Promise<void> {
    try {
      const handler = this.#handlers.get(name) as ((...args: readonly unknown[]) => unknown) | undefined;
      if (handler === undefined) throw new Error(`Nobody handles ${name}`);
      this.#send({ type: 'value', id, value: await handler(...args) });
    } catch (error) {
      this.#send({ type: 'error', id, message: error instanceof Error ? error.message : String(error) });
    }
  }

  #send(message: Message): void {
    // An end that has just gone needs no answer, and whoever waits for one is told by `close`.
    if (this.#end.connected) this.#end.send?.(message, () => undefined);
  }
}
