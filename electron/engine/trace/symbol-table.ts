import type { Packed } from './packed.ts';

/** Symbols beyond this many are written out in full, so that no traffic can make the table grow without bound. */
const MAX_SYMBOLS = 4096;

/**
 * Numbers for the words that recur in every exchange: lanes, phases, handlers, verdicts. A record holds the number,
 * `names` turns it back into the word. Number 0 stands for "no word".
 */
export class SymbolTable {
  readonly #codes = new Map<string, number>([['', 0]]);
  readonly #names: string[] = [''];

  /**
   * Header lists and decision steps of plain hits, which the cache gives again and again, and what was agreed on secured
   * connections, as they were encoded with this table.
   */
  readonly packed = new WeakMap<object, Packed>();

  /** The words so far, by their number. */
  get names(): readonly string[] {
    return this.#names;
  }

  /** The number of `name`; -1 when the table is full and the word has to be written out. */
  codeOf(name: string): number {
    const code = this.#codes.get(name);
    return code === undefined ? this.#add(name) : code;
  }

  nameOf(code: number): string {
    const name = this.#names[code];
    if (name === undefined) throw new RangeError(`No symbol has the number ${code}`);
    return name;
  }

  #add(name: string): number {
    const code = this.#names.length;
    if (code >= MAX_SYMBOLS) return -1;
    this.#names.push(name);
    this.#codes.set(name, code);
    return code;
  }
}
