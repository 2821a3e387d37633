import { parseEventBlock } from '../../../shared/event-stream.ts';
import type { MessageLog } from './message-log.ts';

const CR = 13;
const LF = 10;
const BOM = [0xef, 0xbb, 0xbf] as const;
const EMPTY = new Uint8Array(0);

/**
 * Finds the events in a `text/event-stream` body while it passes (HTML standard, "Parsing an event stream"): blocks of
 * lines that an empty line ends, each line ended by CR, LF or CRLF, cut into chunks anywhere.
 */
export class EventStreamRecording {
  readonly #log: MessageLog;
  readonly #cap: number;
  /** The block under way, as far as it came in earlier chunks: at most the cap, and how long it really is. */
  #kept = EMPTY;
  #size = 0;
  #at = 0;
  #lineEmpty = true;
  #afterCr = false;
  #first = true;

  constructor(log: MessageLog) {
    this.#log = log;
    this.#cap = log.payloadCap;
  }

  /** @param now when the chunk passed */
  push(chunk: Uint8Array, now: number): void {
    let begin = 0;
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i] as number;
      const continuesCr = byte === LF && this.#afterCr;
      this.#afterCr = byte === CR;
      if (continuesCr) {
        // The line has ended with its CR already; the LF belongs to the block only if one is under way.
        if (i === begin && this.#size === 0) begin = i + 1;
        continue;
      }
      if (byte !== CR && byte !== LF) {
        if (this.#size === 0 && i === begin) this.#at = now;
        this.#lineEmpty = false;
        continue;
      }
      if (!this.#lineEmpty) {
        this.#lineEmpty = true;
        continue;
      }
      this.#end(chunk.subarray(begin, i));
      begin = i + 1;
    }
    if (begin < chunk.length) this.#keep(chunk.subarray(begin));
  }

  /** Everything has been read. */
  settling(): undefined {}

  /** The body is over; what no empty line ended makes no event. */
  end(): void {
    if (this.#size > 0) this.#add(this.#kept, 'aborted');
  }

  #end(rest: Uint8Array): void {
    if (this.#size === 0) {
      if (rest.length > 0) {
        this.#size = rest.length;
        this.#add(rest.subarray(0, this.#cap), rest.length > this.#cap ? 'cap' : undefined);
      }
    } else {
      this.#keep(rest);
      this.#add(this.#kept, this.#size > this.#cap ? 'cap' : undefined);
    }
    this.#kept = EMPTY;
    this.#size = 0;
  }

  #keep(part: Uint8Array): void {
    this.#size += part.length;
    const room = this.#cap - this.#kept.length;
    if (room <= 0 || part.length === 0) return;
    const fitting = part.subarray(0, room);
    const grown = new Uint8Array(this.#kept.length + fitting.length);
    grown.set(this.#kept);
    grown.set(fitting, this.#kept.length);
    this.#kept = grown;
  }

  #add(bytes: Uint8Array, cut: 'cap' | 'aborted' | undefined): void {
    const marked = this.#first && BOM.every((byte, i) => bytes[i] === byte);
    const payload = bytes.subarray(marked ? BOM.length : 0, lineEnd(bytes));
    this.#first = false;
    const { dispatches, id } = parseEventBlock(new TextDecoder().decode(payload));
    if (cut !== 'aborted' && id !== undefined) this.#log.lastEventId = id;
    const kind = dispatches ? 'event' : 'comment';
    const size = this.#size;
    this.#log.add({
      ...{ at: this.#at, sent: false, kind, fin: true, size, payload, problems: [] },
      ...(cut === undefined ? {} : { cut }),
    });
  }
}

/** Where the last line ends, without what ends it. */
function lineEnd(bytes: Uint8Array): number {
  let end = bytes.length;
  if (bytes[end - 1] === LF) end--;
  if (bytes[end - 1] === CR) end--;
  return end;
}
