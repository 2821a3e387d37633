/** Who sent a message, as `ipcMain` shows it. */
export interface InvokeEvent {
  readonly sender: object;
  /** Null when the frame has gone since. */
  readonly senderFrame: { readonly url: string } | null;
}

type InvokeHandler = (event: InvokeEvent, ...args: unknown[]) => unknown;

/** `ipcMain`, of which only invocations are used. */
export class IpcMainDouble {
  readonly #handlers = new Map<string, InvokeHandler>();

  handle(channel: string, handler: InvokeHandler): void {
    if (this.#handlers.has(channel)) throw new Error(`Attempted to register a second handler for '${channel}'`);
    this.#handlers.set(channel, handler);
  }

  removeHandler(channel: string): void {
    this.#handlers.delete(channel);
  }

  /** What arrives from a page; errors become what a page is told of them. */
  async invoke(event: InvokeEvent, channel: string, args: readonly unknown[]): Promise<unknown> {
    try {
      const handler = this.#handlers.get(channel);
      if (handler === undefined) throw new Error(`No handler registered for '${channel}'`);
      return structuredClone(await handler(event, ...args));
    } catch (error) {
      throw new Error(`Error invoking remote method '${channel}': ${String(error)}`, { cause: error });
    }
  }
}
