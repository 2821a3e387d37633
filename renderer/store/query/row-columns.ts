import type { Forward, Verdict } from '../../../shared/decision.ts';
import type { AppliedRule } from '../../../shared/exchange-view.ts';
import type { FilteredExchange } from '../../../shared/filter/filtered-exchange.ts';
import type { MessageCounts } from '../../../shared/messages.ts';
import type { ExchangeKind, Outcome, ResponseSource } from '../../../shared/trace-event.ts';
import { NUMBERS, WORDS } from './packed-rows.ts';
import type { PackedRows } from './packed-rows.ts';

const COMPLETED: Outcome = { kind: 'completed' };
/** Columns are rebuilt without the rows that have gone once these are more than this share of all. */
const GONE_SHARE = 0.25;

type NumberName = (typeof NUMBERS)[number];
type WordName = (typeof WORDS)[number];

/**
 * Ended rows as columns: a hundred thousand of them take a few arrays instead of as many objects, and what walks over all of
 * them reads memory in a row. Rows never change here.
 */
export class RowColumns {
  #size = 0;
  #gone = 0;
  #numbers = new Float64Array(1024 * NUMBERS.length);
  #codes = new Uint32Array(1024 * WORDS.length);
  #urls: string[] = [];
  #alive = new Uint8Array(1024);
  #positions = new Map<number, number>();
  #words: (string | undefined)[] = [];
  #codeOf = new Map<string | undefined, number>();
  #outcomes = new Map<number, Outcome>();
  #messages = new Map<number, MessageCounts>();
  #rules = new Map<number, readonly AppliedRule[]>();

  /** Positions in use, including those of rows that have gone. */
  get size(): number {
    return this.#size;
  }

  add(rows: PackedRows): void {
    this.#reserve(this.#size + rows.count);
    const codes = rows.words.map((word) => this.#code(word));
    let urlFrom = 0;
    for (let i = 0; i < rows.count; i++) {
      const urlTo = urlFrom + (rows.urlLengths[i] as number);
      const id = rows.numbers[i * NUMBERS.length] as number;
      const url = rows.urls.slice(urlFrom, urlTo);
      urlFrom = urlTo;
      if (this.#positions.has(id)) continue;
      const position = this.#size++;
      this.#numbers.set(rows.numbers.subarray(i * NUMBERS.length, (i + 1) * NUMBERS.length), position * NUMBERS.length);
      for (let at = 0; at < WORDS.length; at++) {
        this.#codes[position * WORDS.length + at] = codes[rows.codes[i * WORDS.length + at] as number] as number;
      }
      this.#urls[position] = url;
      this.#alive[position] = 1;
      this.#positions.set(id, position);
    }
    for (const [i, outcome] of rows.outcomes) this.#note(this.#outcomes, rows, i, outcome);
    for (const [i, messages] of rows.messages) this.#note(this.#messages, rows, i, messages);
    for (const [i, rules] of rows.rules) this.#note(this.#rules, rows, i, rules);
  }

  forget(ids: Iterable<number>): void {
    for (const id of ids) {
      const position = this.#positions.get(id);
      if (position === undefined) continue;
      this.#positions.delete(id);
      this.#outcomes.delete(position);
      this.#messages.delete(position);
      this.#rules.delete(position);
      this.#urls[position] = '';
      this.#alive[position] = 0;
      this.#gone++;
    }
  }

  reset(): void {
    this.#alive.fill(0);
    this.#size = 0;
    this.#gone = 0;
    this.#urls = [];
    this.#positions.clear();
    this.#outcomes.clear();
    this.#messages.clear();
    this.#rules.clear();
    this.#recode();
  }

  isAlive(position: number): boolean {
    return this.#alive[position] === 1;
  }

  positionOf(id: number): number | undefined {
    return this.#positions.get(id);
  }

  /** NaN when the row does not have it. */
  number(position: number, column: number): number {
    return this.#numbers[position * NUMBERS.length + column] as number;
  }

  word(position: number, column: number): string | undefined {
    return this.#words[this.#codes[position * WORDS.length + column] as number];
  }

  url(position: number): string {
    return this.#urls[position] ?? '';
  }

  outcome(position: number): Outcome {
    return this.#outcomes.get(position) ?? COMPLETED;
  }

  messages(position: number): MessageCounts | undefined {
    return this.#messages.get(position);
  }

  rules(position: number): readonly AppliedRule[] | undefined {
    return this.#rules.get(position);
  }

  /** Moves rows together when many have gone. Positions that were read before are void. */
  compact(): void {
    if (this.#gone <= this.#size * GONE_SHARE) return;
    const outcomes = new Map<number, Outcome>();
    const messages = new Map<number, MessageCounts>();
    const rules = new Map<number, readonly AppliedRule[]>();
    let next = 0;
    for (let position = 0; position < this.#size; position++) {
      if (!this.isAlive(position)) continue;
      const numbersAt = position * NUMBERS.length;
      this.#numbers.copyWithin(next * NUMBERS.length, numbersAt, numbersAt + NUMBERS.length);
      this.#codes.copyWithin(next * WORDS.length, position * WORDS.length, (position + 1) * WORDS.length);
      this.#urls[next] = this.url(position);
      this.#alive[next] = 1;
      this.#positions.set(this.number(next, 0), next);
      const outcome = this.#outcomes.get(position);
      if (outcome !== undefined) outcomes.set(next, outcome);
      const counts = this.#messages.get(position);
      if (counts !== undefined) messages.set(next, counts);
      const applied = this.#rules.get(position);
      if (applied !== undefined) rules.set(next, applied);
      next++;
    }
    this.#urls.length = next;
    this.#size = next;
    this.#gone = 0;
    this.#outcomes = outcomes;
    this.#messages = messages;
    this.#rules = rules;
    this.#recode();
  }

  #note<T>(notes: Map<number, T>, rows: PackedRows, i: number, value: T): void {
    const position = this.#positions.get(rows.numbers[i * NUMBERS.length] as number);
    if (position !== undefined) notes.set(position, value);
  }

  #code(word: string | undefined): number {
    const known = this.#codeOf.get(word);
    if (known !== undefined) return known;
    const code = this.#words.push(word) - 1;
    this.#codeOf.set(word, code);
    return code;
  }

  /** Forgets words that no row has any more, such as addresses of clients long gone. */
  #recode(): void {
    const before = this.#words;
    this.#words = [];
    this.#codeOf = new Map();
    const used = this.#size * WORDS.length;
    for (let i = 0; i < used; i++) this.#codes[i] = this.#code(before[this.#codes[i] as number]);
  }

  #reserve(rows: number): void {
    const room = this.#alive.length;
    if (rows <= room) return;
    const wanted = Math.max(rows, room * 2);
    this.#numbers = grown(this.#numbers, new Float64Array(wanted * NUMBERS.length));
    this.#codes = grown(this.#codes, new Uint32Array(wanted * WORDS.length));
    this.#alive = grown(this.#alive, new Uint8Array(wanted));
  }
}

function grown<T extends Float64Array | Uint32Array | Uint8Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

const numberAt = Object.fromEntries(NUMBERS.map((name, at) => [name, at])) as Record<NumberName, number>;
const wordAt = Object.fromEntries(WORDS.map((name, at) => [name, at])) as Record<WordName, number>;

/** One row after another as filters and sort keys see rows, without an object for each. */
export class RowCursor implements FilteredExchange {
  at = 0;
  readonly #columns: RowColumns;

  constructor(columns: RowColumns) {
    this.#columns = columns;
  }

  get id(): number {
    return this.#columns.number(this.at, numberAt.id);
  }
  get start(): number {
    return this.#columns.number(this.at, numberAt.start);
  }
  get end(): number {
    return this.#columns.number(this.at, numberAt.end);
  }
  get connection(): number {
    return this.#columns.number(this.at, numberAt.connection);
  }
  get requestBytes(): number {
    return this.#columns.number(this.at, numberAt.requestBytes);
  }
  get responseBytes(): number {
    return this.#columns.number(this.at, numberAt.responseBytes);
  }
  get warnings(): number {
    return this.#columns.number(this.at, numberAt.warnings);
  }
  get parent(): number | undefined {
    return this.#maybe(numberAt.parent);
  }
  get replay(): true | undefined {
    return this.#maybe(numberAt.replay) === undefined ? undefined : true;
  }
  get status(): number | undefined {
    return this.#maybe(numberAt.status);
  }
  get responseAt(): number | undefined {
    return this.#maybe(numberAt.responseAt);
  }
  get ttl(): number | undefined {
    return this.#maybe(numberAt.ttl);
  }
  get age(): number | undefined {
    return this.#maybe(numberAt.age);
  }
  get url(): string {
    return this.#columns.url(this.at);
  }
  get kind(): ExchangeKind {
    return this.#columns.word(this.at, wordAt.kind) as ExchangeKind;
  }
  get method(): string {
    return this.#columns.word(this.at, wordAt.method) ?? '';
  }
  get version(): string {
    return this.#columns.word(this.at, wordAt.version) ?? '';
  }
  get client(): string {
    return this.#columns.word(this.at, wordAt.client) ?? '';
  }
  get from(): ResponseSource | undefined {
    return this.#columns.word(this.at, wordAt.from) as ResponseSource | undefined;
  }
  get contentType(): string | undefined {
    return this.#columns.word(this.at, wordAt.contentType);
  }
  get upstream(): string | undefined {
    return this.#columns.word(this.at, wordAt.upstream);
  }
  get remote(): string | undefined {
    return this.#columns.word(this.at, wordAt.remote);
  }
  get verdict(): Verdict | undefined {
    return this.#columns.word(this.at, wordAt.verdict) as Verdict | undefined;
  }
  get fwd(): Forward | undefined {
    return this.#columns.word(this.at, wordAt.fwd) as Forward | undefined;
  }
  get outcome(): Outcome {
    return this.#columns.outcome(this.at);
  }
  get messages(): MessageCounts | undefined {
    return this.#columns.messages(this.at);
  }
  get rules(): readonly AppliedRule[] | undefined {
    return this.#columns.rules(this.at);
  }

  #maybe(column: number): number | undefined {
    const number = this.#columns.number(this.at, column);
    return Number.isNaN(number) ? undefined : number;
  }
}
