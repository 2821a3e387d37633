import type { MessageKind } from '../../../shared/messages.ts';
import type { FrameProblem } from '../../../shared/websocket.ts';
import type { MessageSink } from '../chain/exchange-trace.ts';
import type { SeenFrame } from './frame-parser.ts';
import { FrameParser, OPCODE } from './frame-parser.ts';
import { Inflater } from './inflater.ts';
import { isUtf8 } from './utf8-check.ts';

/** Compressed bytes of one message that are collected in order to inflate it. */
const MAX_COMPRESSED_BYTES = 1024 * 1024;

const KINDS: Readonly<Record<number, MessageKind>> = {
  [OPCODE.continuation]: 'continuation',
  [OPCODE.text]: 'text',
  [OPCODE.binary]: 'binary',
  [OPCODE.close]: 'close',
  [OPCODE.ping]: 'ping',
  [OPCODE.pong]: 'pong',
};

export interface FrameRecorderOptions {
  readonly role: 'client' | 'server';
  /** The reserved bits that negotiated extensions use; see {@link FrameParser}. */
  readonly reserved: number;
  /** Set when permessage-deflate was agreed on: whether this side's messages refer back to earlier ones. */
  readonly deflate: { readonly keeps: boolean } | undefined;
  readonly sink: MessageSink;
  /** Told of each frame that breaks a rule, and of each Close frame. */
  onProblem(problems: readonly FrameProblem[]): void;
  onClose(payload: Uint8Array): void;
}

/** Records the frames of one direction, and what compressed messages say. */
export class FrameRecorder {
  readonly parser: FrameParser;
  readonly #options: FrameRecorderOptions;
  readonly #inflater: Inflater | undefined;
  /** The compressed message that is under way, fragment by fragment; undefined when there is none. */
  #fragments: Uint8Array[] | undefined;
  #collected = 0;
  #text = false;

  constructor(options: FrameRecorderOptions) {
    const { role, reserved, deflate, sink } = options;
    this.#options = options;
    this.#inflater = deflate === undefined ? undefined : new Inflater(deflate.keeps);
    this.parser = new FrameParser({
      ...{ role, reserved, cap: sink.payloadCap, compressedCap: MAX_COMPRESSED_BYTES },
      onFrame: (frame) => this.#record(frame),
    });
  }

  #record(frame: SeenFrame): void {
    const { opcode, payload, problems } = frame;
    const compressed = this.#inflater !== undefined && opcode < 8 && (frame.rsv1 || this.#fragments !== undefined);
    if (compressed) this.#recordCompressed(frame, this.#inflater);
    else this.#add(frame, payload, undefined, problems);
    if (opcode === OPCODE.close) this.#options.onClose(payload);
  }

  #recordCompressed(frame: SeenFrame, inflater: Inflater): void {
    const { opcode, fin, payload, cut } = frame;
    if (opcode !== OPCODE.continuation) {
      this.#fragments = [];
      this.#collected = 0;
      this.#text = opcode === OPCODE.text;
    }
    const fragments = this.#fragments ?? [];
    this.#collected += frame.size;
    const fits = cut === undefined && this.#collected <= MAX_COMPRESSED_BYTES;
    if (!fin) {
      // A copy: the payload is valid during the call only.
      if (fits) fragments.push(payload.slice());
      else fragments.length = 0;
      this.#add(frame, payload, 'compressed', frame.problems);
      return;
    }
    this.#fragments = undefined;
    if (!fits) {
      inflater.skip();
      this.#add(frame, payload, 'compressed', frame.problems);
      return;
    }
    const message = inflater.inflate(fragments.length === 0 ? payload : Buffer.concat([...fragments, payload]));
    if (typeof message === 'string') {
      const problems: readonly FrameProblem[] = message === 'damaged' ? [...frame.problems, 'deflate'] : frame.problems;
      this.#add(frame, payload, 'compressed', problems);
    } else {
      const invalid = this.#text && !isUtf8(message);
      this.#add(frame, message, 'inflated', invalid ? [...frame.problems, 'utf8'] : frame.problems);
    }
  }

  #add(
    frame: SeenFrame,
    payload: Uint8Array,
    coding: 'inflated' | 'compressed' | undefined,
    problems: readonly FrameProblem[],
  ): void {
    const { sink, role } = this.#options;
    const { at, fin, size } = frame;
    const room = Math.max(sink.payloadCap, frame.opcode >= 8 ? 125 : 0);
    const tooLong = payload.length > room;
    const cut = frame.cut ?? (tooLong ? 'cap' : undefined);
    sink.add({
      ...{ at, sent: role === 'client', kind: KINDS[frame.opcode] ?? 'reserved', fin, size },
      payload: tooLong ? payload.subarray(0, room) : payload,
      problems,
      ...(cut === undefined ? {} : { cut }),
      ...(coding === undefined ? {} : { coding }),
    });
    if (problems.length > 0) this.#options.onProblem(problems);
  }
}
