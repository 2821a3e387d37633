import type { MessageEntry, MessagePage } from '../../../shared/messages.ts';
import { Utf8Check } from '../websocket/utf8-check.ts';
import { NO_CLOSE_CODE } from '../../../shared/websocket.ts';
import { BLOCK_HEADS, HEAD_BYTES, HeadBlock, LOST_BYTE } from './message-heads.ts';
import type { MessageHead } from './message-heads.ts';
import type { RecordedMessages } from './message-log.ts';
import type { SessionStore } from './session-store.ts';

/** Payload bytes that a preview is made of; a Close frame's are read whole. */
const PREVIEW_BYTES = 200;
/** Payloads that lie this close together are read in one go, up to that size. */
const READ_GAP_BYTES = 16 * 1024;
const READ_BYTES = 1024 * 1024;

/** What there is to read of a finished exchange's messages; `undefined` when it was evicted or never recorded. */
export async function finishedMessages(store: SessionStore, id: number): Promise<RecordedMessages | undefined> {
  const [events, captures] = await Promise.all([store.read(id), store.extents(id)]);
  if (events === undefined) return undefined;
  const ended = events.find((event) => event.type === 'messages.ended');
  const total = ended === undefined ? 0 : ended.messages.sent + ended.messages.received;
  return { blocks: captures?.messages ?? [], total };
}

/** Messages `from` up to `from + limit`, with the beginning of each. */
export async function readMessages(
  store: SessionStore,
  recorded: RecordedMessages,
  from: number,
  limit: number,
): Promise<MessagePage> {
  const { total } = recorded;
  const heads: { readonly index: number; readonly head: MessageHead }[] = [];
  await eachBlock(store, recorded, from, Math.min(from + limit, total), (block, slot, index) => {
    heads.push({ index, head: block.get(slot) });
  });
  const beginnings = await readBeginnings(store, heads);
  const entries = heads.map(({ index, head }, i) => entryOf(index, head, beginnings[i] ?? new Uint8Array(0)));
  return { total, entries };
}

/** One byte for each message from `from` on, at most `limit`; see `KIND_LOST` and `SENT_BIT` in shared/messages.ts. */
export async function readKinds(
  store: SessionStore,
  recorded: RecordedMessages,
  from: number,
  limit: number,
): Promise<Uint8Array> {
  const to = Math.min(from + limit, recorded.total);
  const kinds = new Uint8Array(Math.max(0, to - from)).fill(LOST_BYTE);
  await eachBlock(store, recorded, from, to, (block, slot, index) => {
    kinds[index - from] = block.kindByte(slot);
  });
  return kinds;
}

/** A part of one message's payload; undefined when it was not kept or is gone. */
export async function readPayload(
  store: SessionStore,
  recorded: RecordedMessages,
  index: number,
  offset: number,
  length: number,
): Promise<Uint8Array | undefined> {
  let found: MessageHead | undefined;
  await eachBlock(store, recorded, index, index + 1, (block, slot) => (found = block.get(slot)));
  if (found === undefined) return undefined;
  const { segment, captured } = found;
  if (captured === 0) return new Uint8Array(0);
  return store.readBody([{ segment, offset: found.offset, length: captured }], offset, length);
}

/** Calls `visit` for each head from `from` up to `to` that is there. */
async function eachBlock(
  store: SessionStore,
  { blocks, open }: RecordedMessages,
  from: number,
  to: number,
  visit: (block: HeadBlock, slot: number, index: number) => void,
): Promise<void> {
  for (let number = Math.floor(from / BLOCK_HEADS); number * BLOCK_HEADS < to; number++) {
    const first = number * BLOCK_HEADS;
    const extent = blocks[number];
    const start = Math.max(from - first, 0);
    const end = Math.min(to - first, BLOCK_HEADS);
    if (extent === undefined) {
      if (open === undefined) return;
      const { block, used } = open;
      for (let slot = start; slot < Math.min(end, used); slot++) visit(block, slot, first + slot);
      return;
    }
    const bytes = await store.readBody([extent], start * HEAD_BYTES, (end - start) * HEAD_BYTES);
    if (bytes === undefined) continue;
    const block = HeadBlock.from(bytes);
    for (let slot = 0; slot < block.capacity; slot++) visit(block, slot, first + start + slot);
  }
}

/** The beginning of each payload. Neighbours are read together: messages of one exchange lie close to each other. */
async function readBeginnings(
  store: SessionStore,
  heads: readonly { readonly head: MessageHead }[],
): Promise<(Uint8Array | undefined)[]> {
  const beginnings: (Uint8Array | undefined)[] = [];
  const wanted = heads
    .map(({ head }, i) => ({ i, head, end: head.offset + Math.min(head.captured, PREVIEW_BYTES) }))
    .filter(({ head }) => head.captured > 0);
  for (let at = 0; at < wanted.length;) {
    const run = [wanted[at++] as (typeof wanted)[number]];
    const first = run[0] as (typeof wanted)[number];
    for (let next = wanted[at]; next !== undefined; next = wanted[++at]) {
      const last = run.at(-1) as (typeof wanted)[number];
      const gap = next.head.offset - last.end;
      const near = next.head.segment === first.head.segment && gap >= 0 && gap <= READ_GAP_BYTES;
      if (!near || next.end - first.head.offset > READ_BYTES) break;
      run.push(next);
    }
    const start = first.head.offset;
    const length = (run.at(-1) as (typeof wanted)[number]).end - start;
    const bytes = await store.readBody([{ segment: first.head.segment, offset: start, length }], 0, length);
    for (const { i, head, end } of run) beginnings[i] = bytes?.subarray(head.offset - start, end - start);
  }
  return beginnings;
}

function entryOf(index: number, head: MessageHead, beginning: Uint8Array): MessageEntry {
  const { segment: _segment, offset: _offset, ...facts } = head;
  const { kind, coding } = head;
  if (kind === 'close') {
    const [high, low] = beginning;
    const code = high === undefined || low === undefined ? NO_CLOSE_CODE : (high << 8) | low;
    const close = { code, reason: textOf(beginning.subarray(2)) };
    return { index, ...facts, preview: close.reason, close };
  }
  const isText = kind === 'text' || kind === 'event' || kind === 'comment';
  // Part of a text message or, in a ping, whatever it is: shown as text when it looks like it.
  const asText = coding === 'compressed' ? false : isText || looksLikeText(beginning);
  return { index, ...facts, preview: asText ? textOf(beginning) : hexOf(beginning) };
}

/** A preview may end in the middle of a character, which is then left out. */
function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes, { stream: true });
}

function looksLikeText(bytes: Uint8Array): boolean {
  const check = new Utf8Check();
  check.push(bytes);
  return check.valid && bytes.every((byte) => byte >= 32 || byte === 9 || byte === 10 || byte === 13);
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes.subarray(0, 64), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
}
