import type { SymbolTable } from './symbol-table.ts';

const INITIAL_NUMBERS = 192;

/**
 * A record under construction: numbers in the order they are read back, and the texts that some of them announce the
 * length of. Appending costs a few nanoseconds and builds no strings; tracks are reused from exchange to exchange.
 */
export class Track {
  numbers = new Float64Array(INITIAL_NUMBERS);
  count = 0;
  texts: string[] = [];

  /** Makes sure that `more` numbers fit; every event calls it once. */
  reserve(more: number): void {
    if (this.count + more <= this.numbers.length) return;
    const grown = new Float64Array(Math.max(this.numbers.length * 2, this.count + more));
    grown.set(this.numbers.subarray(0, this.count));
    this.numbers = grown;
  }

  /** Appends a number; {@link reserve} must have made room. */
  number(value: number): void {
    this.numbers[this.count++] = value;
  }

  /** Appends a number that may be missing. */
  optionalNumber(value: number | undefined): void {
    this.numbers[this.count++] = value === undefined ? NaN : value;
  }

  text(value: string): void {
    this.numbers[this.count++] = value.length;
    this.texts.push(value);
  }

  optionalText(value: string | undefined): void {
    if (value === undefined) this.numbers[this.count++] = -1;
    else this.text(value);
  }

  /** A word from a small set, as its number; takes up to two numbers. */
  symbol(symbols: SymbolTable, name: string): void {
    const code = symbols.codeOf(name);
    this.numbers[this.count++] = code;
    if (code < 0) this.text(name);
  }

  /** A list of texts with its length; makes its own room. */
  list(values: readonly string[]): void {
    const length = values.length;
    this.reserve(length + 1);
    const { numbers, texts } = this;
    let count = this.count;
    numbers[count++] = length;
    for (let i = 0; i < length; i++) {
      const value = values[i] as string;
      numbers[count++] = value.length;
      texts.push(value);
    }
    this.count = count;
  }

  /** Empties the track for its next use. */
  reset(): void {
    this.count = 0;
    this.texts = [];
    // One huge exchange must not make every later one carry its buffer.
    if (this.numbers.length > 16 * INITIAL_NUMBERS) this.numbers = new Float64Array(INITIAL_NUMBERS);
  }
}

/** Reads what a {@link Track} wrote, in the same order. */
export class TrackReader {
  readonly #numbers: Float64Array;
  readonly #count: number;
  readonly #text: string;
  readonly #symbols: SymbolTable;
  #position = 0;
  #textPosition = 0;

  constructor(numbers: Float64Array, count: number, text: string, symbols: SymbolTable) {
    this.#numbers = numbers;
    this.#count = count;
    this.#text = text;
    this.#symbols = symbols;
  }

  get done(): boolean {
    return this.#position >= this.#count;
  }

  number(): number {
    if (this.#position >= this.#count) throw new RangeError('A trace record ends too early');
    return this.#numbers[this.#position++] as number;
  }

  optionalNumber(): number | undefined {
    const value = this.number();
    return Number.isNaN(value) ? undefined : value;
  }

  text(): string {
    return this.#take(this.number());
  }

  optionalText(): string | undefined {
    const length = this.number();
    return length < 0 ? undefined : this.#take(length);
  }

  symbol(): string {
    const code = this.number();
    return code < 0 ? this.text() : this.#symbols.nameOf(code);
  }

  list(): string[] {
    const values: string[] = [];
    for (let left = this.number(); left > 0; left--) values.push(this.text());
    return values;
  }

  #take(length: number): string {
    const start = this.#textPosition;
    this.#textPosition = start + length;
    if (this.#textPosition > this.#text.length) throw new RangeError('A trace record lacks text');
    return this.#text.slice(start, this.#textPosition);
  }
}
