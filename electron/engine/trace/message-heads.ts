import type { MessageEntry, MessageKind } from '../../../shared/messages.ts';
import { KIND_LOST, MESSAGE_KINDS, SENT_BIT } from '../../../shared/messages.ts';
import type { FrameProblem } from '../../../shared/websocket.ts';
import { FRAME_PROBLEMS } from '../../../shared/websocket.ts';

/**
 * The head of a recorded message, in the machine's byte order. All have the same size, so that any of a million is found
 * by arithmetic, and all kinds are told without reading a payload.
 *
 *     float64  time, milliseconds of engine time
 *     float64  payload bytes on the wire
 *     uint32   flags, see below
 *     uint32   payload bytes kept
 *     uint32   segment and
 *     uint32   offset where they lie in its bodies
 */
export const HEAD_BYTES = 32;
/** Heads are written in blocks of so many. */
export const BLOCK_HEADS = 512;

const KIND_MASK = 15;
const FIN = 16;
const SENT = 32;
const CUT_SHIFT = 6;
const CODING_SHIFT = 8;
const PROBLEM_SHIFT = 16;
const CUTS = ['cap', 'backlog', 'aborted'] as const;
const CODINGS = ['inflated', 'compressed'] as const;

/** What a head says, before the payload's beginning is added. */
export interface MessageHead extends Omit<MessageEntry, 'index' | 'preview' | 'close'> {
  readonly segment: number;
  readonly offset: number;
}

/** Heads in memory, by their number. */
export class HeadBlock {
  readonly capacity: number;
  readonly bytes: Uint8Array;
  readonly #floats: Float64Array;
  readonly #integers: Uint32Array;

  constructor(buffer: ArrayBuffer) {
    this.bytes = new Uint8Array(buffer);
    this.#floats = new Float64Array(buffer);
    this.#integers = new Uint32Array(buffer);
    this.capacity = buffer.byteLength / HEAD_BYTES;
  }

  /** Heads read from a file. */
  static from(bytes: Uint8Array): HeadBlock {
    const block = new HeadBlock(new ArrayBuffer(bytes.length - (bytes.length % HEAD_BYTES)));
    block.bytes.set(bytes.subarray(0, block.bytes.length));
    return block;
  }

  set(slot: number, head: MessageHead): void {
    let flags = MESSAGE_KINDS.indexOf(head.kind);
    if (head.fin) flags |= FIN;
    if (head.direction === 'sent') flags |= SENT;
    if (head.truncated !== undefined) flags |= (CUTS.indexOf(head.truncated) + 1) << CUT_SHIFT;
    if (head.coding !== undefined) flags |= (CODINGS.indexOf(head.coding) + 1) << CODING_SHIFT;
    for (const problem of head.problems) flags |= 1 << (PROBLEM_SHIFT + FRAME_PROBLEMS.indexOf(problem));
    const float = slot * 4;
    this.#floats[float] = head.at;
    this.#floats[float + 1] = head.size;
    const integer = slot * 8 + 4;
    this.#integers[integer] = flags;
    this.#integers[integer + 1] = head.captured;
    this.#integers[integer + 2] = head.segment;
    this.#integers[integer + 3] = head.offset;
  }

  get(slot: number): MessageHead {
    const float = slot * 4;
    const integer = slot * 8 + 4;
    const flags = this.#integers[integer] as number;
    const truncated = CUTS[((flags >> CUT_SHIFT) & 3) - 1];
    const coding = CODINGS[((flags >> CODING_SHIFT) & 3) - 1];
    return {
      at: this.#floats[float] as number,
      direction: (flags & SENT) === 0 ? 'received' : 'sent',
      kind: MESSAGE_KINDS[flags & KIND_MASK] as MessageKind,
      fin: (flags & FIN) !== 0,
      size: this.#floats[float + 1] as number,
      captured: this.#integers[integer + 1] as number,
      ...(truncated === undefined ? {} : { truncated }),
      ...(coding === undefined ? {} : { coding }),
      problems: problemsIn(flags >>> PROBLEM_SHIFT),
      segment: this.#integers[integer + 2] as number,
      offset: this.#integers[integer + 3] as number,
    };
  }

  /** The kind as a byte of `messages.kinds`. */
  kindByte(slot: number): number {
    const flags = this.#integers[slot * 8 + 4] as number;
    return (flags & KIND_MASK) | ((flags & SENT) === 0 ? 0 : SENT_BIT);
  }
}

/** Stands for a message whose head is not there (any more). */
export const LOST_BYTE = KIND_LOST;

function problemsIn(bits: number): readonly FrameProblem[] {
  return bits === 0 ? NO_PROBLEMS : FRAME_PROBLEMS.filter((_, bit) => (bits & (1 << bit)) !== 0);
}

const NO_PROBLEMS: readonly FrameProblem[] = [];
