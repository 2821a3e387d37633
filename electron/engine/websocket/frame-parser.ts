import type { FrameProblem } from '../../../shared/websocket.ts';
import { isCloseCode } from '../../../shared/websocket.ts';
import { isUtf8, Utf8Check } from './utf8-check.ts';

/** A frame that has passed (RFC 6455 §5.2). */
export interface SeenFrame {
  /** When its first byte passed, as given to {@link FrameParser.push}. */
  readonly at: number;
  readonly opcode: number;
  readonly fin: boolean;
  /** RSV1: the message that begins here is compressed, where that has been agreed on (RFC 7692 §6). */
  readonly rsv1: boolean;
  /** Payload bytes that have passed. */
  readonly size: number;
  /** The payload without its mask, valid during the call only; shorter than `size` when `cut` is `cap`. */
  readonly payload: Uint8Array;
  /** `aborted`: the connection ended in the middle of the frame. */
  readonly cut: 'cap' | 'aborted' | undefined;
  readonly problems: readonly FrameProblem[];
}

export interface FrameParserOptions {
  /** Who sends these frames: clients mask them, servers do not (§5.1). */
  readonly role: 'client' | 'server';
  /** The reserved bits that a negotiated extension uses: RSV1 = 4, RSV2 = 2, RSV3 = 1. */
  readonly reserved: number;
  /** Bytes of each payload that are of use, and of each compressed one. */
  readonly cap: number;
  readonly compressedCap: number;
  onFrame(frame: SeenFrame): void;
}

export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

const RSV1 = 4;
const NO_PROBLEMS: readonly FrameProblem[] = [];
/** A control frame has at most this many payload bytes (§5.5); they are always kept. */
const MAX_CONTROL = 125;
const SCRATCH_BYTES = 4_096;
/** A larger buffer is not kept from one frame to the next. */
const MAX_SPARE_BYTES = 65_536;
/** Lengths from here on are more than a number can count, and mean that the bytes are no frames. */
const UNTRACKABLE = 0x200000;

/**
 * Reads the frames of one direction of a WebSocket from the chunks that pass (RFC 6455 §5), wherever these are cut. It
 * only looks: chunks are neither kept nor changed, and frames that break the rules are reported like any other, with what
 * is wrong. A length that cannot be right ends the reading, as nothing after it can be told apart.
 */
export class FrameParser {
  readonly #options: FrameParserOptions;
  readonly #head = new Uint8Array(14);
  #headLength = 0;
  #headNeeded = 2;
  #at = 0;
  /** The frame whose payload is being read. */
  #inPayload = false;
  #size = 0;
  #left = 0;
  #masked = false;
  readonly #mask = new Uint8Array(4);
  #kept = new Uint8Array(SCRATCH_BYTES);
  #keptLength = 0;
  #limit = 0;
  #problems: FrameProblem[] = [];
  /** The message that is being read: whether it is text that can be checked, and whether it is compressed. */
  #inMessage = false;
  #checking = false;
  #compressed = false;
  readonly #utf8 = new Utf8Check();
  #closed = false;
  #lost = false;

  constructor(options: FrameParserOptions) {
    this.#options = options;
  }

  /** @param now when the chunk passed */
  push(chunk: Uint8Array, now: number): void {
    let at = 0;
    while (at < chunk.length && !this.#lost) {
      at = this.#inPayload ? this.#readPayload(chunk, at) : this.#readHead(chunk, at, now);
    }
  }

  /** The connection is over: reports a frame that it cut off. */
  end(): void {
    if (!this.#inPayload || this.#lost) return;
    this.#report(this.#kept.subarray(0, this.#keptLength), 'aborted');
    this.#lost = true;
  }

  #readHead(chunk: Uint8Array, from: number, now: number): number {
    const head = this.#head;
    let at = from;
    if (this.#headLength === 0) this.#at = now;
    while (this.#headLength < this.#headNeeded && at < chunk.length) {
      head[this.#headLength++] = chunk[at++] as number;
      if (this.#headLength === 2) {
        const second = head[1] as number;
        const length = second & 127;
        this.#headNeeded = 2 + (length === 126 ? 2 : length === 127 ? 8 : 0) + (second >= 128 ? 4 : 0);
      }
    }
    if (this.#headLength === this.#headNeeded) this.#begin();
    return at;
  }

  /** The head is complete. */
  #begin(): void {
    const head = this.#head;
    const length = (head[1] as number) & 127;
    this.#masked = (head[1] as number) >= 128;
    this.#problems = NO_PROBLEMS as FrameProblem[];
    this.#size = length < 126 ? length : this.#longLength(length);
    if (this.#masked) this.#mask.set(head.subarray(this.#headNeeded - 4, this.#headNeeded));
    this.#headLength = 0;
    this.#headNeeded = 2;
    this.#checkHead(length);
    this.#left = this.#size;
    this.#keptLength = 0;
    this.#inPayload = true;
    const { cap, compressedCap } = this.#options;
    const control = ((head[0] as number) & 8) !== 0;
    this.#limit = control ? Math.max(cap, MAX_CONTROL) : this.#compressed ? compressedCap : cap;
    if (this.#lost) this.#report(this.#kept.subarray(0, 0), 'aborted');
    else if (this.#size === 0) this.#end(this.#kept.subarray(0, 0));
  }

  #longLength(length: number): number {
    const view = new DataView(this.#head.buffer);
    if (length === 126) {
      const size = view.getUint16(2);
      if (size < 126) this.#problem('length');
      return size;
    }
    const high = view.getUint32(2);
    const size = high * 2 ** 32 + view.getUint32(6);
    if (size < 65_536) this.#problem('length');
    if (high < UNTRACKABLE) return size;
    this.#problem('untracked');
    this.#lost = true;
    return 0;
  }

  #checkHead(length: number): void {
    const first = this.#head[0] as number;
    const { role, reserved } = this.#options;
    const opcode = first & 15;
    const fin = first >= 128;
    const rsv = (first >> 4) & 7;
    const begins = opcode === OPCODE.text || opcode === OPCODE.binary;
    // RSV1 of permessage-deflate stands on the first frame of a message (RFC 7692 §6); of others we know nothing.
    const allowed = reserved === RSV1 && !begins ? 0 : reserved;
    if ((rsv & ~allowed) !== 0) this.#problem('rsv');
    if ((opcode > 2 && opcode < 8) || opcode > 10) this.#problem('opcode');
    if (this.#masked !== (role === 'client')) this.#problem(role === 'client' ? 'unmasked' : 'masked');
    if (this.#closed) this.#problem('after-close');
    if (opcode >= 8) {
      if (length > MAX_CONTROL) this.#problem('control-length');
      if (!fin) this.#problem('control-fragment');
      if (opcode === OPCODE.close) this.#closed = true;
      return;
    }
    if (begins) this.#beginMessage(opcode, rsv, reserved);
    else if (opcode === OPCODE.continuation && !this.#inMessage) this.#problem('continuation');
    this.#inMessage = !fin;
  }

  #beginMessage(opcode: number, rsv: number, reserved: number): void {
    if (this.#inMessage) this.#problem('interrupted');
    this.#compressed = (rsv & reserved & RSV1) !== 0;
    // An extension that we do not know may have changed the payload.
    this.#checking = opcode === OPCODE.text && (reserved === 0 || (reserved === RSV1 && !this.#compressed));
    this.#utf8.reset();
  }

  #readPayload(chunk: Uint8Array, from: number): number {
    const count = Math.min(this.#left, chunk.length - from);
    const to = from + count;
    const data = ((this.#head[0] as number) & 8) === 0;
    const check = this.#checking && data;
    this.#left -= count;
    if (!this.#masked && count === this.#size && count <= this.#limit) {
      const payload = chunk.subarray(from, to);
      if (check) this.#utf8.push(payload);
      this.#end(payload);
      return to;
    }
    const keep = Math.min(count, this.#limit - this.#keptLength);
    if (keep > 0) {
      this.#makeRoom(this.#keptLength + keep);
      const end = this.#keptLength + keep;
      const phase = this.#size - this.#left - count;
      this.#copy(chunk, from, keep, phase, this.#kept, this.#keptLength);
      if (check) this.#utf8.push(this.#kept.subarray(this.#keptLength, end));
      this.#keptLength = end;
    }
    if (check && keep < count) this.#checkOnly(chunk, from + keep, to);
    if (this.#left === 0) this.#end(this.#kept.subarray(0, this.#keptLength));
    return to;
  }

  /** Checks text beyond the part that is kept. */
  #checkOnly(chunk: Uint8Array, from: number, to: number): void {
    const piece = new Uint8Array(Math.min(SCRATCH_BYTES, to - from));
    for (let at = from; at < to; at += piece.length) {
      const count = Math.min(piece.length, to - at);
      this.#copy(chunk, at, count, this.#size - this.#left - (to - at), piece, 0);
      this.#utf8.push(count === piece.length ? piece : piece.subarray(0, count));
    }
  }

  /** Copies payload bytes without their mask (§5.3). @param phase how many bytes of the payload lie before them */
  #copy(chunk: Uint8Array, from: number, count: number, phase: number, into: Uint8Array, at: number): void {
    if (!this.#masked) {
      into.set(chunk.subarray(from, from + count), at);
      return;
    }
    const mask = this.#mask;
    for (let i = 0; i < count; i++) {
      into[at + i] = (chunk[from + i] as number) ^ (mask[(phase + i) & 3] as number);
    }
  }

  #makeRoom(bytes: number): void {
    if (bytes <= this.#kept.length) return;
    const grown = new Uint8Array(Math.min(Math.max(bytes, this.#kept.length * 2), Math.max(this.#limit, bytes)));
    grown.set(this.#kept.subarray(0, this.#keptLength));
    this.#kept = grown;
  }

  /** The frame is complete. */
  #end(payload: Uint8Array): void {
    const first = this.#head[0] as number;
    const opcode = first & 15;
    if (opcode === OPCODE.close) this.#checkClose(payload);
    else if (opcode < 8 && this.#checking) {
      const ends = first >= 128;
      if (!this.#utf8.valid || (ends && !this.#utf8.whole)) this.#problem('utf8');
      // Told once: the rest of the message is as invalid as its beginning.
      if (ends || !this.#utf8.valid) this.#checking = false;
    }
    this.#report(payload, payload.length < this.#size ? 'cap' : undefined);
    if (this.#kept.length > MAX_SPARE_BYTES) this.#kept = new Uint8Array(SCRATCH_BYTES);
  }

  #checkClose(payload: Uint8Array): void {
    if (payload.length === 0) return;
    const code = ((payload[0] as number) << 8) | (payload[1] ?? 0);
    if (payload.length === 1 || !isCloseCode(code)) this.#problem('close-code');
    if (payload.length > 2 && !isUtf8(payload.subarray(2))) this.#problem('utf8');
  }

  #problem(problem: FrameProblem): void {
    if (this.#problems.length === 0) this.#problems = [problem];
    else this.#problems.push(problem);
  }

  #report(payload: Uint8Array, cut: SeenFrame['cut']): void {
    this.#inPayload = false;
    const first = this.#head[0] as number;
    this.#options.onFrame({
      at: this.#at,
      opcode: first & 15,
      fin: first >= 128,
      rsv1: ((first >> 4) & RSV1) !== 0,
      size: this.#size - this.#left,
      payload,
      cut,
      problems: this.#problems,
    });
  }
}
