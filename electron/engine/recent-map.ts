/**
 * A map that remembers at least the last `capacity` keys that were set, and at most twice as many. It forgets a whole
 * generation at a time: taking the oldest key out of a Map means walking over all that were taken out before it.
 */
export class RecentMap<K, V> {
  readonly #capacity: number;
  #recent = new Map<K, V>();
  #older = new Map<K, V>();

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get(key: K): V | undefined {
    return this.#recent.get(key) ?? this.#older.get(key);
  }

  set(key: K, value: V): void {
    if (this.#recent.size >= this.#capacity) {
      this.#older = this.#recent;
      this.#recent = new Map();
    }
    this.#recent.set(key, value);
  }

  delete(key: K): void {
    this.#recent.delete(key);
    this.#older.delete(key);
  }
}
