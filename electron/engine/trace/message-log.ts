import type { MessageCounts, WebSocketClose } from '../../../shared/messages.ts';
import type { MessageSink, SeenMessage } from '../chain/exchange-trace.ts';
import type { Extent } from './extents.ts';
import { extentsOf } from './extents.ts';
import { BLOCK_HEADS, HEAD_BYTES, HeadBlock } from './message-heads.ts';
import type { SessionStore } from './session-store.ts';

/** A block begins small: most event streams carry a few events only. */
const FIRST_HEADS = 16;

export interface MessageLimits {
  /** Bytes of each payload that are kept; 0 keeps none. */
  readonly payloadCap: number;
  /** Bytes that all payloads of one exchange may take together, and all heads. */
  readonly totalCap: number;
}

/**
 * The messages of one exchange on their way to the session store: payloads one by one, heads in blocks. In memory are the
 * newest, incomplete block and three numbers for every complete one, whatever the number of messages.
 */
export class MessageLog implements MessageSink {
  readonly payloadCap: number;
  readonly totalCap: number;
  close: WebSocketClose | undefined;
  lastEventId: string | undefined;
  readonly #store: SessionStore;
  /** Where complete blocks lie: segment, offset, length, …; length 0 for one that could not be written. */
  readonly #blocks: number[] = [];
  /** Segments with payloads or heads of this exchange. */
  readonly segments = new Set<number>();
  #block = new HeadBlock(new ArrayBuffer(FIRST_HEADS * HEAD_BYTES));
  #used = 0;
  #payloadBytes = 0;
  #sent = 0;
  #received = 0;
  #heads = 0;
  #lost = 0;

  constructor(store: SessionStore, limits: MessageLimits) {
    this.#store = store;
    this.payloadCap = limits.payloadCap;
    this.totalCap = limits.totalCap;
  }

  get counts(): MessageCounts {
    return { sent: this.#sent, received: this.#received, lost: this.#lost };
  }

  /** Blocks that can be read, with the one that is not complete yet. */
  get recorded(): RecordedMessages {
    const open = { block: this.#block, used: this.#used };
    return { blocks: extentsOf(this.#blocks), total: this.#sent + this.#received, open };
  }

  add(message: SeenMessage): void {
    if (message.sent) this.#sent++;
    else this.#received++;
    if ((this.#heads + 1) * HEAD_BYTES > this.totalCap) {
      this.#lost++;
      return;
    }
    const { at, sent, kind, fin, size, payload, coding, problems } = message;
    const kept = this.#keep(payload);
    const truncated = kept.truncated ?? message.cut;
    if (this.#used === this.#block.capacity) this.#grow();
    this.#block.set(this.#used++, {
      ...{ at, direction: sent ? 'sent' : 'received', kind, fin, size, captured: kept.length, problems },
      ...{ segment: kept.segment, offset: kept.offset },
      ...(truncated === undefined ? {} : { truncated }),
      ...(coding === undefined ? {} : { coding }),
    });
    this.#heads++;
    if (this.#used === BLOCK_HEADS) this.#seal();
  }

  closed(close: WebSocketClose): void {
    this.close = close;
  }

  /** Nothing is added any more: returns where the blocks lie, to be recorded with the exchange. */
  finish(): readonly number[] {
    if (this.#used > 0) this.#seal();
    return this.#blocks;
  }

  #keep(payload: Uint8Array): { length: number; segment: number; offset: number; truncated?: 'cap' | 'backlog' } {
    if (payload.length === 0) return NOTHING;
    if (this.#payloadBytes + payload.length > this.totalCap) return { ...NOTHING, truncated: 'cap' };
    const extents: number[] = [];
    if (!this.#store.capture(payload, extents)) return { ...NOTHING, truncated: 'backlog' };
    this.#payloadBytes += payload.length;
    const [segment = 0, offset = 0] = extents;
    this.segments.add(segment);
    return { length: payload.length, segment, offset };
  }

  #grow(): void {
    const grown = new HeadBlock(new ArrayBuffer(Math.min(BLOCK_HEADS, this.#used * 2) * HEAD_BYTES));
    grown.bytes.set(this.#block.bytes);
    this.#block = grown;
  }

  #seal(): void {
    const used = this.#used;
    const bytes = this.#block.bytes.subarray(0, used * HEAD_BYTES);
    const extent: number[] = [];
    if (this.#store.capture(bytes, extent)) {
      this.#blocks.push(...extent);
      this.segments.add(extent[0] as number);
    } else {
      this.#blocks.push(0, 0, 0);
      this.#lost += used;
    }
    this.#used = 0;
    // Complete blocks are handed over to the store, which writes them later.
    this.#block = new HeadBlock(
      new ArrayBuffer(used === BLOCK_HEADS ? BLOCK_HEADS * HEAD_BYTES : FIRST_HEADS * HEAD_BYTES),
    );
  }
}

const NOTHING = { length: 0, segment: 0, offset: 0 } as const;

/** What there is to read of one exchange's messages. */
export interface RecordedMessages {
  readonly blocks: readonly Extent[];
  readonly total: number;
  /** The block that is not in the store yet. */
  readonly open?: { readonly block: HeadBlock; readonly used: number };
}
