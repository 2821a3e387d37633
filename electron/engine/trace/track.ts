import type { Packed } from './packed.ts';
import type { SymbolTable } from './symbol-table.ts';

const INITIAL_NUMBERS = 256;

/** Texts of a list that are looked through for a pair: what is passed on keeps its order, but for what is left out. */
const LOOK_AHEAD = 64;

/** Where the exchange stands in the run: its events' sequence numbers and times are kept relative to this. */
export interface Base {
  readonly seq: number;
  /** Microseconds of engine time. */
  readonly time: number;
}

const float = new Float64Array(1);
const floatAsInts = new Int32Array(float.buffer);

/**
 * A record under construction: 32-bit numbers in the order they are read back, and the texts that some of them announce
 * the length of. Appending costs a few nanoseconds; tracks are reused from exchange to exchange.
 */
export class Track {
  numbers = new Int32Array(INITIAL_NUMBERS);
  count = 0;
  text = '';

  /** Makes sure that `more` numbers fit; every event calls it once. A float counts for two. */
  reserve(more: number): void {
    if (this.count + more <= this.numbers.length) return;
    const grown = new Int32Array(Math.max(this.numbers.length * 2, this.count + more));
    grown.set(this.numbers.subarray(0, this.count));
    this.numbers = grown;
  }

  /** Appends a 32-bit integer; {@link reserve} must have made room. */
  addInteger(value: number): void {
    this.numbers[this.count++] = value;
  }

  addFloat(value: number): void {
    float[0] = value;
    this.numbers[this.count++] = floatAsInts[0] as number;
    this.numbers[this.count++] = floatAsInts[1] as number;
  }

  addOptionalFloat(value: number | undefined): void {
    this.addFloat(value === undefined ? NaN : value);
  }

  addText(value: string): void {
    this.numbers[this.count++] = value.length;
    this.text += value;
  }

  addOptionalText(value: string | undefined): void {
    if (value === undefined) this.numbers[this.count++] = -1;
    else this.addText(value);
  }

  /** A word from a small set, as its number; takes up to two numbers. */
  addSymbol(symbols: SymbolTable, name: string): void {
    const code = symbols.codeOf(name);
    this.numbers[this.count++] = code;
    if (code < 0) this.addText(name);
  }

  /** A list of texts with its length; makes its own room. */
  addList(values: readonly string[]): void {
    const length = values.length;
    this.reserve(length + 1);
    const { numbers } = this;
    let { count, text } = this;
    numbers[count++] = length;
    for (let i = 0; i < length; i++) {
      const value = values[i] as string;
      numbers[count++] = value.length;
      text += value;
    }
    this.count = count;
    this.text = text;
  }

  /**
   * A list of pairs as what it has in common with `base` and what it has not; makes its own room. Texts are compared by
   * what they are, and those that passed through are the very same, so that nothing is looked into.
   */
  addPairsLike(pairs: readonly string[], base: readonly string[]): void {
    const length = pairs.length;
    this.reserve(1 + length * 2);
    this.addInteger(length >> 1);
    let place = 0;
    for (let i = 0; i < length; i += 2) {
      const [name, value] = [pairs[i] as string, pairs[i + 1] as string];
      let found = place;
      const end = Math.min(base.length, place + LOOK_AHEAD);
      while (found < end && (base[found] !== name || base[found + 1] !== value)) found += 2;
      if (found < end) {
        place = found + 2;
        this.addInteger(place >> 1);
      } else {
        this.addInteger(0);
        this.addText(name);
        this.addText(value);
      }
    }
  }

  /** Appends what {@link packSince} took from some track, and makes room for it. */
  addPacked({ numbers, text }: Packed): void {
    this.reserve(numbers.length);
    this.numbers.set(numbers, this.count);
    this.count += numbers.length;
    this.text += text;
  }

  /** A copy of what was appended since the track had `count` numbers and `textLength` characters of text. */
  packSince(count: number, textLength: number): Packed {
    return { numbers: this.numbers.slice(count, this.count), text: this.text.slice(textLength) };
  }

  /** Empties the track for its next use. */
  reset(): void {
    this.count = 0;
    this.text = '';
    // One huge exchange must not make every later one carry its buffer.
    if (this.numbers.length > 16 * INITIAL_NUMBERS) this.numbers = new Int32Array(INITIAL_NUMBERS);
  }
}

/** Reads what a {@link Track} wrote, in the same order. */
export class TrackReader {
  readonly #numbers: Int32Array;
  readonly #count: number;
  readonly #text: string;
  readonly #symbols: SymbolTable;
  #position = 0;
  #textPosition = 0;

  constructor(numbers: Int32Array, count: number, text: string, symbols: SymbolTable) {
    this.#numbers = numbers;
    this.#count = count;
    this.#text = text;
    this.#symbols = symbols;
  }

  get done(): boolean {
    return this.#position >= this.#count;
  }

  integer(): number {
    if (this.#position >= this.#count) throw new RangeError('A trace record ends too early');
    return this.#numbers[this.#position++] as number;
  }

  /** Skips the next number if it is `value`; says whether it was. */
  skipInteger(value: number): boolean {
    const found = this.#position < this.#count && this.#numbers[this.#position] === value;
    if (found) this.#position++;
    return found;
  }

  float(): number {
    floatAsInts[0] = this.integer();
    floatAsInts[1] = this.integer();
    return float[0] as number;
  }

  optionalFloat(): number | undefined {
    const value = this.float();
    return Number.isNaN(value) ? undefined : value;
  }

  text(): string {
    return this.#take(this.integer());
  }

  optionalText(): string | undefined {
    const length = this.integer();
    return length < 0 ? undefined : this.#take(length);
  }

  symbol(): string {
    const code = this.integer();
    return code < 0 ? this.text() : this.#symbols.nameOf(code);
  }

  /** Pairs that {@link Track.addPairsLike} wrote, with the same `base`. */
  pairsLike(base: readonly string[]): string[] {
    const pairs: string[] = [];
    for (let left = this.integer(); left > 0; left--) {
      const place = this.integer();
      if (place === 0) pairs.push(this.text(), this.text());
      else pairs.push(base[place * 2 - 2] ?? '', base[place * 2 - 1] ?? '');
    }
    return pairs;
  }

  list(): string[] {
    const values: string[] = [];
    for (let left = this.integer(); left > 0; left--) values.push(this.text());
    return values;
  }

  #take(length: number): string {
    const start = this.#textPosition;
    this.#textPosition = start + length;
    if (this.#textPosition > this.#text.length) throw new RangeError('A trace record lacks text');
    return this.#text.slice(start, this.#textPosition);
  }
}
