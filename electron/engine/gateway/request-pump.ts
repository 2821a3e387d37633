import type { Lane } from './lane.ts';

/** Carries a request's body from the client to an application's lane, as fast as the application reads it. */
export class RequestPump {
  readonly #body: AsyncIterator<Uint8Array, undefined>;
  readonly #lane: Lane;
  readonly #onBroken: (error: unknown) => void;
  #state: 'idle' | 'running' | 'over' = 'idle';
  #stopped = false;
  #hungry = false;
  #wake: (() => void) | undefined;
  #whenOver: (() => void) | undefined;

  /** @param onBroken called when the body fails before its end */
  constructor(body: AsyncIterable<Uint8Array>, lane: Lane, onBroken: (error: unknown) => void) {
    this.#onBroken = onBroken;
    this.#body = body[Symbol.asyncIterator]() as AsyncIterator<Uint8Array, undefined>;
    this.#lane = lane;
  }

  /** Whether it is the client that everybody waits for. */
  get isHungry(): boolean {
    return this.#hungry;
  }

  start(): void {
    if (this.#state !== 'idle') return;
    this.#state = 'running';
    void this.#run();
  }

  /** The lane takes more. */
  drained(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }

  /** Nobody wants the rest. Calls `then` when the lane has been told of the body's end. */
  stop(then?: () => void): void {
    if (this.#state === 'over') return then?.();
    this.#whenOver = then ?? this.#whenOver;
    if (this.#stopped) return;
    this.#stopped = true;
    if (this.#state === 'idle') this.start();
    // Ends a wait for the client, and tells the connection to drop what still comes.
    void this.#body.return?.();
    this.drained();
  }

  async #run(): Promise<void> {
    let complete = false;
    try {
      complete = await this.#carry();
    } catch (error) {
      // The application learns it from the body's end.
      this.#onBroken(error);
    }
    this.#state = 'over';
    this.#lane.endBody(complete);
    this.#whenOver?.();
  }

  async #carry(): Promise<boolean> {
    while (!this.#isStopped()) {
      this.#hungry = true;
      const { done, value } = await this.#body.next();
      this.#hungry = false;
      if (this.#isStopped()) break;
      if (done === true) return true;
      if (!this.#lane.sendBody(value)) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
    return false;
  }

  /** A method, because the compiler takes a field for what it was before the wait. */
  #isStopped(): boolean {
    return this.#stopped;
  }
}
