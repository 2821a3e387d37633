/** How long (ms) a server may be silent about the body, since it may leave 100 (Continue) out (RFC 9110 §10.1.1). */
const PATIENCE = 1_000;

/** A request's body that waits for 100 (Continue), so that it is neither read nor sent when the server refuses it. */
export class HeldBody {
  readonly #timer: NodeJS.Timeout;
  #send: (() => void) | undefined;

  /** @param send begins to send it; called once at most. */
  constructor(send: () => void) {
    this.#send = send;
    this.#timer = setTimeout(() => this.release(), PATIENCE);
  }

  /** The server wants it. */
  release(): void {
    const send = this.#send;
    this.drop();
    send?.();
  }

  /**
   * The final answer has come. A refusal or a redirection is one that needs no body; success before any of it may also come
   * from a server that answers while it reads, and takes no notice of expectations.
   */
  answered(status: number): void {
    if (status >= 300) this.drop();
  }

  /** Nobody wants it any more. */
  drop(): void {
    clearTimeout(this.#timer);
    this.#send = undefined;
  }
}
