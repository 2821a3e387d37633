import type { Annotation } from '../../../shared/annotation.ts';
import type { TraceEvent } from '../../../shared/trace-event.ts';
import type { Extent } from './extents.ts';
import { BLOCK_HEADS, HEAD_BYTES, HeadBlock } from './message-heads.ts';
import type { BeginningExchange, MessageFacts } from './session-item.ts';
import type { SessionStore } from './session-store.ts';

/** An exchange of another session while its bodies and messages arrive: where they lie in this session's store. */
export class ImportedExchange {
  readonly events: readonly TraceEvent[];
  readonly bodyName: string | undefined;
  readonly annotation: Annotation | undefined;
  readonly #store: SessionStore;
  readonly #bodies: { readonly request: number[]; readonly response: number[] } = { request: [], response: [] };
  readonly #captured = { request: 0, response: 0 };
  readonly #cut = { request: false, response: false };
  /** The block of message heads that is being filled, and where those before it lie. */
  #block: HeadBlock | undefined;
  #used = 0;
  readonly #blocks: number[] = [];
  readonly #payloadSegments = new Set<number>();

  constructor(store: SessionStore, { events, bodyName, annotation }: BeginningExchange) {
    this.#store = store;
    this.events = events;
    this.bodyName = bodyName;
    this.annotation = annotation;
  }

  /** Nothing follows what the store did not take: a body has no holes. */
  addBody(side: 'request' | 'response', bytes: Uint8Array): void {
    if (this.#cut[side]) return;
    this.#cut[side] = !this.#store.capture(bytes, this.#bodies[side]);
    if (!this.#cut[side]) this.#captured[side] += bytes.length;
  }

  /** The response's body is one that lies in the store already. */
  pointToBody(extents: readonly Extent[]): void {
    this.#bodies.response.length = 0;
    this.#captured.response = 0;
    for (const { segment, offset, length } of extents) {
      this.#bodies.response.push(segment, offset, length);
      this.#captured.response += length;
    }
  }

  /** @param at when the message passed, in this run's time. */
  addMessage(facts: MessageFacts, at: number, payload: Uint8Array): void {
    const extent: number[] = [];
    const taken = payload.length === 0 || this.#store.capture(payload, extent);
    const [segment = 0, offset = 0, captured = 0] = extent;
    if (captured > 0) this.#payloadSegments.add(segment);
    const block = (this.#block ??= new HeadBlock(new ArrayBuffer(BLOCK_HEADS * HEAD_BYTES)));
    const head = { ...facts, at, segment, offset, captured };
    block.set(this.#used++, taken ? head : { ...head, truncated: 'backlog' });
    if (this.#used === BLOCK_HEADS) this.#seal();
  }

  /** A block of messages that is missing. Messages are found by arithmetic, so it keeps its place. */
  addLostMessages(): void {
    this.#seal();
    this.#blocks.push(0, 0, 0);
  }

  /** Bytes of a body that are in the store. */
  captured(side: 'request' | 'response'): number {
    return this.#captured[side];
  }

  /** Segment, offset and length of each part, in turn. */
  bodyExtents(side: 'request' | 'response'): readonly number[] {
    return this.#bodies[side];
  }

  /** Where the heads of the messages lie; no message may follow. */
  messageBlocks(): readonly number[] {
    this.#seal();
    return this.#blocks;
  }

  /** The segments of the store that what has arrived lies in. */
  segments(): ReadonlySet<number> {
    const segments = new Set(this.#payloadSegments);
    for (const extents of [this.#bodies.request, this.#bodies.response, this.#blocks]) {
      for (let i = 0; i < extents.length; i += 3) segments.add(extents[i] as number);
    }
    return segments;
  }

  #seal(): void {
    const block = this.#block;
    if (block === undefined) return;
    // A block of its own for each run of heads: a missing block in between must not shorten the one before it.
    const extent: number[] = [];
    const taken = this.#store.capture(block.bytes.subarray(0, this.#used * HEAD_BYTES), extent);
    this.#blocks.push(...(taken ? extent : [0, 0, 0]));
    this.#block = undefined;
    this.#used = 0;
  }
}
