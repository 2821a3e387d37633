import type { HeaderList } from '../../../shared/headers.ts';
import { NO_HEADERS } from '../../../shared/headers.ts';
import type { Malformed } from './request-head.ts';
import { parseFields } from './request-head.ts';

const CR = 13;
const LF = 10;
/** A chunk-size line with its extensions, and the trailer section, have no business being longer. */
const MAX_LINE = 4096;
const MAX_TRAILERS = 65_536;

type State = 'size' | 'data' | 'data-cr' | 'data-lf' | 'trailers';

/**
 * Decodes a chunked body (RFC 9112 §7.1) piece by piece. Data is handed on as views of what was fed, never copied.
 * Line ends must be CRLF: recipients that read a lone LF as a line end disagree about where a chunk begins.
 */
export class ChunkedDecoder {
  /** Set once the last chunk and its trailer section are complete. */
  done = false;
  trailers: HeaderList = NO_HEADERS;
  #state: State = 'size';
  #line = '';
  #remaining = 0;

  /**
   * Feeds `bytes` and hands each run of body data to `onData`. Returns how many bytes were used (fewer than given only
   * when the body is done), or what is wrong with them.
   */
  feed(bytes: Uint8Array, onData: (data: Uint8Array) => void): number | Malformed {
    let at = 0;
    while (at < bytes.length && !this.done) {
      if (this.#state === 'data') {
        const end = Math.min(bytes.length, at + this.#remaining);
        onData(bytes.subarray(at, end));
        this.#remaining -= end - at;
        at = end;
        if (this.#remaining === 0) this.#state = 'data-cr';
        continue;
      }
      const error = this.#byte(bytes[at] as number);
      if (error !== undefined) return error;
      at++;
    }
    return at;
  }

  #byte(byte: number): Malformed | undefined {
    if (this.#state === 'data-cr' || this.#state === 'data-lf') {
      if (byte !== (this.#state === 'data-cr' ? CR : LF)) return bad('A chunk is longer than its size.');
      this.#state = this.#state === 'data-cr' ? 'data-lf' : 'size';
      return undefined;
    }
    const endsWithCr = this.#line.charCodeAt(this.#line.length - 1) === CR;
    if (byte === LF && !endsWithCr) return bad('A line ends without CR.');
    if (byte !== LF && endsWithCr) return bad('A line has a lone CR.');
    if (byte !== LF) {
      this.#line += String.fromCharCode(byte);
      const limit = this.#state === 'size' ? MAX_LINE : MAX_TRAILERS;
      return this.#line.length > limit ? bad('A chunk line is too long.') : undefined;
    }
    return this.#state === 'size' ? this.#sizeLine() : this.#trailerLine();
  }

  #sizeLine(): Malformed | undefined {
    const line = this.#line.slice(0, -1);
    this.#line = '';
    // Extensions are for this hop and may be ignored (§7.1.1); whitespace around `;` is tolerated as BWS.
    const match = /^0*([0-9A-Fa-f]{1,13})[\t ]*(?:;[\t\x20-\x7e\x80-\xff]*)?$/.exec(line);
    if (match === null) return bad(`${JSON.stringify(line.slice(0, 40))} is not a chunk size.`);
    this.#remaining = Number.parseInt(match[1] as string, 16);
    this.#state = this.#remaining === 0 ? 'trailers' : 'data';
    return undefined;
  }

  #trailerLine(): Malformed | undefined {
    const text = this.#line;
    if (text === '\r' || text.endsWith('\n\r')) {
      const fields = parseFields(text.slice(0, -1).replace(/\n$/, '').replace(/\r$/, ''), 0);
      if ('error' in fields) return fields;
      this.trailers = fields.length === 0 ? NO_HEADERS : fields;
      this.done = true;
      return undefined;
    }
    this.#line += '\n';
    return undefined;
  }
}

function bad(detail: string): Malformed {
  return { error: 'BAD_CHUNK', detail };
}
