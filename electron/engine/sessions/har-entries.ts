import { textUnits } from '../../../shared/text-units.ts';
import type { TextUnits } from '../../../shared/text-units.ts';
import { SessionError } from '../trace/session-error.ts';

const [QUOTE, BACKSLASH, COLON, OPEN_ARRAY, CLOSE_ARRAY, OPEN, CLOSE] = [34, 92, 58, 91, 93, 123, 125];
/** Where the entries are: elements of an array, that is in `log`, that is in the document. */
const ENTRY_DEPTH = 3;
/** Keys that matter are short; of a longer string no more is looked at. */
const KEY_BYTES = 16;

/**
 * The texts of the elements of `log.entries`, in pieces of a file that may be of any size, without making values of the
 * rest. Undefined stands for an entry longer than `maxBytes`, which is skipped.
 * @throws {SessionError} when there are no `log.entries`, or the text ends within them.
 */
export async function* harEntries(
  chunks: AsyncIterable<Uint8Array>,
  maxBytes: number,
): AsyncGenerator<string | undefined> {
  const scanner = new EntryScanner(maxBytes);
  let units: TextUnits | undefined;
  for await (const chunk of chunks) {
    units ??= textUnits('', chunk);
    // RFC 8259 §8.1 has JSON as UTF-8 alone; some systems' shells write what they redirect to a file otherwise.
    if (units !== 'bytes')
      throw new SessionError('NOT_A_SESSION', 'The HAR file is not UTF-8: save it as that, and open it again.');
    yield* scanner.push(chunk);
  }
  if (!scanner.found) throw new SessionError('NOT_A_SESSION', 'This is no HAR file: it has no log with entries.');
  if (!scanner.complete) throw new SessionError('DAMAGED', 'The HAR file breaks off within its entries.');
}

/** Follows brackets and strings of JSON; whether the rest makes sense is found out when an entry is parsed. */
class EntryScanner {
  found = false;
  complete = false;
  readonly #maxBytes: number;
  #depth = 0;
  #inString = false;
  #escaped = false;
  /** The beginning of the last string. */
  #string: number[] = [];
  /** The names that lead to where we are: the document's key, and the key in that. */
  readonly #keys: [string, string] = ['', ''];
  #inEntries = false;
  /** Parts of the entry that is being read. */
  #parts: Uint8Array[] = [];
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  *push(chunk: Uint8Array): Generator<string | undefined> {
    let start = 0;
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i] as number;
      if (this.#inString) {
        this.#followString(byte);
      } else if (byte === QUOTE) {
        this.#inString = true;
        this.#string = [];
      } else if (byte === COLON && this.#depth <= 2) {
        if (this.#depth > 0) this.#keys[this.#depth - 1] = String.fromCharCode(...this.#string);
      } else if (byte === OPEN || byte === OPEN_ARRAY) {
        if (this.#inEntries && this.#depth === ENTRY_DEPTH) start = i;
        this.#enter(byte);
      } else if (byte === CLOSE || byte === CLOSE_ARRAY) {
        this.#depth--;
        if (!this.#inEntries) continue;
        if (this.#depth === ENTRY_DEPTH) yield this.#take(chunk.subarray(start, i + 1));
        else if (this.#depth < ENTRY_DEPTH) this.#leave();
      }
    }
    if (this.#inEntries && this.#depth > ENTRY_DEPTH) this.#keep(chunk.subarray(start));
  }

  #followString(byte: number): void {
    if (this.#escaped) this.#escaped = false;
    else if (byte === BACKSLASH) this.#escaped = true;
    else if (byte === QUOTE) this.#inString = false;
    if (this.#inString && this.#depth <= 2 && this.#string.length < KEY_BYTES) this.#string.push(byte);
  }

  #enter(byte: number): void {
    this.#depth++;
    const isEntries = byte === OPEN_ARRAY && this.#depth === ENTRY_DEPTH && this.#keys.join('.') === 'log.entries';
    if (!isEntries || this.found) return;
    this.found = true;
    this.#inEntries = true;
  }

  #leave(): void {
    this.#inEntries = false;
    this.complete = true;
  }

  #keep(part: Uint8Array): void {
    this.#bytes += part.length;
    if (this.#bytes > this.#maxBytes) this.#parts = [];
    else this.#parts.push(part);
  }

  #take(part: Uint8Array): string | undefined {
    this.#keep(part);
    const text = this.#bytes > this.#maxBytes ? undefined : Buffer.concat(this.#parts).toString('utf8');
    this.#parts = [];
    this.#bytes = 0;
    return text;
  }
}
