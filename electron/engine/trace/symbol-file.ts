import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { SymbolTable } from './symbol-table.ts';
import { textIfThere } from './text-if-there.ts';

const NAME = 'symbols.jsonl';

/**
 * The words behind the numbers in a session's records: lines that each hold the words added since the line before. Without
 * them the records cannot be read, so they are written first, and at once: a run has a few dozen new words, in its first
 * seconds.
 */
export class SymbolFile {
  readonly #path: string;
  readonly #symbols: SymbolTable;
  #written = 1;
  #bytes = 0;
  #fd: number | undefined;

  /** @param directory the session's; nothing is written before there is a word. */
  constructor(directory: string, symbols: SymbolTable) {
    this.#path = join(directory, NAME);
    this.#symbols = symbols;
  }

  /** Writes the words that are new. Throws when the disk fails; they are then still new. */
  sync(): void {
    const { names } = this.#symbols;
    if (names.length === this.#written) return;
    this.#fd ??= openSync(this.#path, 'a', 0o600);
    const line = Buffer.from(`${JSON.stringify(names.slice(this.#written))}\n`);
    const count = writeSync(this.#fd, line);
    if (count < line.length) {
      // A disk that fills up takes a part; nothing behind half a line could be read.
      ftruncateSync(this.#fd, this.#bytes);
      throw Object.assign(new Error(`only ${count} of ${line.length} bytes were written`), { code: 'ENOSPC' });
    }
    this.#bytes += count;
    this.#written = names.length;
  }

  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }
}

/** The words of a session that another run recorded, as far as they were written; none without the file. */
export async function readSymbols(directory: string): Promise<SymbolTable> {
  const symbols = new SymbolTable();
  for (const line of ((await textIfThere(join(directory, NAME))) ?? '').split('\n')) {
    const names = namesIn(line);
    // A line that was not finished was not needed by any record that is.
    if (names === undefined) break;
    for (const name of names) symbols.codeOf(name);
  }
  return symbols;
}

function namesIn(line: string): string[] | undefined {
  try {
    const names: unknown = JSON.parse(line);
    return Array.isArray(names) ? names.map(String) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
