import { ROW_BYTES } from '../../../shared/body-contract.ts';
import type { BodyRows } from '../../../shared/body-contract.ts';
import { endsLine, lineEnd, unitSize, wholeCharacters } from '../../../shared/text-units.ts';
import type { TextUnits } from '../../../shared/text-units.ts';
import type { ReadableBody } from './readable-body.ts';

/** Bytes looked through at once. */
const WINDOW = 1024 * 1024;
/** One mark for so many rows: what is between two marks is looked through again when it is wanted. */
const EVERY = 512;
/** Windows that are looked through once a question for known rows has been answered, so that the rest is counted bit by bit. */
const AHEAD = 8;

/** Where a run of rows begins. */
interface Mark {
  readonly offset: number;
  readonly line: number;
  /** The row is the first of its line. */
  readonly begins: boolean;
}

/** Where the rows of a text lie, found by looking through it as far as somebody wants to know. */
export class RowIndex {
  readonly #body: ReadableBody;
  readonly #units: TextUnits;
  readonly #marks: Mark[] = [{ offset: 0, line: 1, begins: true }];
  #rows = 0;
  /** Where the next row begins that is not counted yet. */
  #next: Mark = { offset: 0, line: 1, begins: true };
  #counted = false;
  /** Several questions at once look through the body one after the other. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(body: ReadableBody, units: TextUnits) {
    this.#body = body;
    this.#units = units;
  }

  /** At most `limit` rows from number `from` on; undefined when the body is not kept (any more). */
  page(from: number, limit: number): Promise<BodyRows | undefined> {
    const isKnown = this.#rows >= from + limit;
    const page = this.#pageInTurn(from, limit);
    // Behind the answer, which people wait for. Bytes that cannot be read there are counted by nobody: they are read again for
    // whoever asks for rows among them, who is told.
    if (isKnown && !this.#counted) void Promise.allSettled([this.#inTurn(() => this.#count(() => false, AHEAD))]);
    return page;
  }

  #pageInTurn(from: number, limit: number): Promise<BodyRows | undefined> {
    return this.#inTurn(async () => {
      if (!(await this.#count((next) => next.rows >= from + limit))) return undefined;
      const start = Math.min(from, this.#rows);
      const place = Math.min(Math.floor(start / EVERY), this.#marks.length - 1);
      const mark = this.#marks[place] as Mark;
      // A window holds more than a page and the way to it from a mark.
      const window = await this.#window(mark.offset);
      if (window === undefined) return undefined;
      const skipped = window.ends.slice(0, start - place * EVERY);
      const { offset, line, begins } = this.#after(mark, window.bytes, skipped);
      const ends = window.ends.slice(skipped.length, skipped.length + limit);
      return {
        ...{ offset, line, begins, rows: this.#estimate(), counted: this.#counted },
        units: this.#units,
        ends: ends.map((end) => mark.offset + end - offset),
      };
    });
  }

  /** The number of the row that holds the byte at `offset`. */
  rowAt(offset: number): Promise<number> {
    return this.#inTurn(async () => {
      await this.#count((next) => next.offset > offset);
      const place = Math.max(
        0,
        this.#marks.findLastIndex((mark) => mark.offset <= offset),
      );
      const start = this.#marks[place]?.offset ?? 0;
      const window = await this.#window(start);
      const within = window?.ends.findIndex((end) => start + end > offset) ?? -1;
      return place * EVERY + Math.max(0, within);
    });
  }

  /** Looks through the body until `enough`, or through so many windows. Says whether the bytes were there. */
  async #count(enough: (next: { rows: number; offset: number }) => boolean, windows = Infinity): Promise<boolean> {
    for (let seen = 0; !this.#counted && seen < windows; seen++) {
      if (enough({ rows: this.#rows, offset: this.#next.offset })) return true;
      const window = await this.#window(this.#next.offset);
      if (window === undefined) return false;
      this.#take(window);
      if (window.last) this.#counted = true;
    }
    return true;
  }

  #take({ bytes, ends }: { readonly bytes: Uint8Array; readonly ends: readonly number[] }): void {
    let { offset, line, begins } = this.#next;
    const base = offset;
    for (const end of ends) {
      if (this.#rows > 0 && this.#rows % EVERY === 0) this.#marks.push({ offset, line, begins });
      this.#rows++;
      begins = endsLine(bytes, end, this.#units);
      if (begins) line++;
      offset = base + end;
    }
    this.#next = { offset, line, begins };
  }

  /** The rows that begin at `offset` and further, as far as one window goes. */
  async #window(
    offset: number,
  ): Promise<{ readonly bytes: Uint8Array; readonly ends: number[]; readonly last: boolean } | undefined> {
    await this.#body.reached(offset + WINDOW);
    const bytes = await this.#body.read(offset, WINDOW);
    if (bytes === undefined) return undefined;
    const { length, done } = this.#body.facts;
    const last = done && offset + bytes.length >= length;
    return { bytes, ends: rowEnds(bytes, last, this.#units), last };
  }

  /** The mark behind the rows of `bytes`, which begin at `mark`. */
  #after(mark: Mark, bytes: Uint8Array, ends: readonly number[]): Mark {
    let { line, begins } = mark;
    for (const end of ends) {
      begins = endsLine(bytes, end, this.#units);
      if (begins) line++;
    }
    return { offset: mark.offset + (ends.at(-1) ?? 0), line, begins };
  }

  #estimate(): number {
    if (this.#counted || this.#next.offset === 0) return this.#rows;
    return Math.ceil((this.#rows * this.#body.facts.length) / this.#next.offset);
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    // Whoever asked is told of a failure; those who come next only wait for its end.
    this.#turn = Promise.allSettled([result]);
    return result;
  }
}

/**
 * Where the rows of `bytes` end, line breaks included. A row that may go on beyond the bytes is left out unless they are
 * the last. Characters are not cut.
 */
function rowEnds(bytes: Uint8Array, last: boolean, units: TextUnits): number[] {
  const size = unitSize(units);
  const ends: number[] = [];
  let line = lineEnd(bytes, 0, units);
  for (let start = 0; start < bytes.length; start = ends.at(-1) ?? bytes.length) {
    if (line >= 0 && line - start <= ROW_BYTES + size) {
      ends.push(line);
      line = lineEnd(bytes, line, units);
      continue;
    }
    // One unit more than a row has to be there: it may be the line break.
    if (!last && start + ROW_BYTES + size > bytes.length) break;
    ends.push(wholeCharacters(bytes, Math.min(start + ROW_BYTES, bytes.length), units));
  }
  return ends;
}
