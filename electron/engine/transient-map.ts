interface Slot<V> {
  value: V | undefined;
}

/**
 * A Map for what comes and goes with each exchange or connection. A plain one keeps the dead alive: a Map that was added to and
 * deleted from for a while moves into a new table, and V8 has the old table, as it was then, lead to the new one. Once one of
 * them has come into the old generation, all that follow live on with everything that was ever in them, until the next full
 * collection: with exchanges as values that was most of what each of them had allocated. Here they hold slots, which are
 * emptied.
 *
 * @typeParam K numbers or texts; objects as keys would be kept all the same
 */
export class TransientMap<K extends number | string, V> {
  readonly #slots = new Map<K, Slot<V>>();

  get size(): number {
    return this.#slots.size;
  }

  get(key: K): V | undefined {
    return this.#slots.get(key)?.value;
  }

  set(key: K, value: V): void {
    this.#slots.set(key, { value });
  }

  delete(key: K): void {
    const slot = this.#slots.get(key);
    if (slot === undefined) return;
    slot.value = undefined;
    this.#slots.delete(key);
  }

  /** In the order in which they were set. */
  *values(): Generator<V, void, undefined> {
    for (const { value } of this.#slots.values()) if (value !== undefined) yield value;
  }
}
