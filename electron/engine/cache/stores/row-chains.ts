/** Chains begin here: more than there are rows in a batch, usually. */
const SLOTS = 8_192;
const MIN_NODES = 2_048;
/** A node is three numbers: its hash, its row, and the node before it in its chain. */
const NODE = 3;
const END = 0;

/**
 * Rows by the hashes that they are found by, the newest first. Chains in two arrays of numbers, which are filled again and
 * again: a map of as many numbers would be new memory for each batch, and the collector's work.
 */
export class RowChains {
  readonly #newest = new Int32Array(SLOTS);
  #nodes = new Int32Array(MIN_NODES * NODE);
  /** Where the next node goes. The first is left out, so that 0 ends a chain. */
  #length = NODE;

  add(hash: number, row: number): void {
    if (this.#length === this.#nodes.length) {
      const grown = new Int32Array(2 * this.#nodes.length);
      grown.set(this.#nodes);
      this.#nodes = grown;
    }
    const node = this.#length;
    const slot = hash & (SLOTS - 1);
    this.#nodes[node] = hash;
    this.#nodes[node + 1] = row;
    this.#nodes[node + 2] = this.#newest[slot] as number;
    this.#newest[slot] = node;
    this.#length += NODE;
  }

  /** Up to `limit` rows that were added with this hash, the newest first. */
  rowsWith(hash: number, limit: number): number[] {
    const nodes = this.#nodes;
    const found: number[] = [];
    let node = this.#newest[hash & (SLOTS - 1)] as number;
    for (; node !== END && found.length < limit; node = nodes[node + 2] as number) {
      if (nodes[node] === (hash | 0)) found.push(nodes[node + 1] as number);
    }
    return found;
  }

  clear(): void {
    this.#newest.fill(END);
    this.#length = NODE;
  }
}
