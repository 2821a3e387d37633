/** Tells all who wait that there may be something new for them; they look, and wait again if there is not. */
export class Signal {
  #next: PromiseWithResolvers<void> | undefined;

  /** Resolves when the signal is given next. */
  wait(): Promise<void> {
    this.#next ??= Promise.withResolvers();
    return this.#next.promise;
  }

  give(): void {
    const next = this.#next;
    this.#next = undefined;
    next?.resolve();
  }
}
