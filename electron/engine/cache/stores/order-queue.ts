import { isBusy } from './disk-schema.ts';

/** How long (ms) an order waits before it is tried again; SQLite itself has waited before it gives up. */
const AGAIN_MS = 50;

export interface OrderQueueOptions<T> {
  readonly obey: (order: T) => void;
  /** Says whether nobody waits longer than SQLite does once this order has come. */
  readonly isLast: (order: T) => boolean;
  /** It cannot go on; told once, and what is left is not tried. */
  readonly failed: (error: unknown) => void;
}

/** Obeys orders one after the other. One that finds the database locked is tried again, and those behind it wait for it. */
export class OrderQueue<T> {
  readonly #options: OrderQueueOptions<T>;
  readonly #orders: T[] = [];

  constructor(options: OrderQueueOptions<T>) {
    this.#options = options;
  }

  add(order: T): void {
    // With others before it, either one of them is waiting or all is over.
    if (this.#orders.push(order) === 1) this.#obey();
  }

  #obey(): void {
    const { obey, isLast, failed } = this.#options;
    for (let order = this.#orders[0]; order !== undefined; order = this.#orders[0]) {
      try {
        obey(order);
      } catch (error) {
        if (isBusy(error) && !this.#orders.some(isLast)) setTimeout(() => this.#obey(), AGAIN_MS);
        else failed(error);
        return;
      }
      this.#orders.shift();
    }
  }
}
