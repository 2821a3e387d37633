import type { AnnotationsById } from '../../../shared/annotation.ts';
import type { TraceEvent } from '../../../shared/trace-event.ts';
import { messageOf } from '../../../shared/message-of.ts';
import type { Extent } from './extents.ts';
import type { KeptExchanges, LoadedExchange } from './kept-exchanges.ts';
import { BLOCK_HEADS, HEAD_BYTES, HeadBlock } from './message-heads.ts';
import type { SessionItem } from './session-item.ts';
import { BODY_PIECE, MAX_PAYLOAD } from './session-item.ts';

/** Exchanges that could not be read, and why the last one could not. */
export interface ReadLosses {
  exchanges: number;
  reason?: string;
}

/** The exchanges with these ids as a stream. What cannot be read is left out and added to `losses`. */
export async function* recordedItems(
  kept: KeptExchanges,
  ids: Iterable<number>,
  losses: ReadLosses,
  annotations: AnnotationsById,
): AsyncGenerator<SessionItem> {
  const named = new Set<string>();
  for (const id of ids) {
    const loaded = await tryLoad(kept, id, losses);
    if (loaded === undefined) continue;
    const { events, captures } = loaded;
    const bodyName = nameOf(events, captures.response);
    const annotation = annotations.get(id);
    yield {
      ...{ kind: 'exchange', events },
      ...(bodyName === undefined ? {} : { bodyName }),
      ...(annotation === undefined ? {} : { annotation }),
    };
    yield* pieces(kept, 'request', captures.request);
    if (bodyName === undefined || !named.has(bodyName)) yield* pieces(kept, 'response', captures.response);
    if (bodyName !== undefined) named.add(bodyName);
    for (const block of captures.messages) yield* messages(kept, block);
  }
}

async function tryLoad(kept: KeptExchanges, id: number, losses: ReadLosses): Promise<LoadedExchange | undefined> {
  try {
    const loaded = await kept.load(id);
    if (loaded === undefined) losses.exchanges++;
    return loaded;
  } catch (error) {
    losses.exchanges++;
    losses.reason = messageOf(error);
    return undefined;
  }
}

/** Bodies that the cache serves repeatedly are kept once: see BodyRecording. */
function nameOf(events: readonly TraceEvent[], extents: readonly Extent[]): string | undefined {
  const [first] = extents;
  if (first === undefined || extents.length > 1) return undefined;
  const response = events.find((event) => event.type === 'response.started');
  return response?.from === 'cache' ? `${first.segment}.${first.offset}.${first.length}` : undefined;
}

async function* pieces(
  kept: KeptExchanges,
  side: 'request' | 'response',
  extents: readonly Extent[],
): AsyncGenerator<SessionItem> {
  const length = extents.reduce((sum, extent) => sum + extent.length, 0);
  for (let offset = 0; offset < length; offset += BODY_PIECE) {
    const bytes = await kept.readBody(extents, offset, BODY_PIECE);
    // Whoever takes the pieces compares their length with what the events promise.
    if (bytes === undefined) return;
    yield { kind: 'body', side, bytes };
  }
}

async function* messages(kept: KeptExchanges, extent: Extent): AsyncGenerator<SessionItem> {
  const heads = await kept.readBody([extent], 0, BLOCK_HEADS * HEAD_BYTES);
  if (heads === undefined || heads.length === 0) {
    yield { kind: 'lost-messages' };
    return;
  }
  const block = HeadBlock.from(heads);
  for (let slot = 0; slot < block.capacity; slot++) {
    const { captured, segment, offset, ...facts } = block.get(slot);
    const length = Math.min(captured, MAX_PAYLOAD);
    const payload = length === 0 ? new Uint8Array(0) : await kept.readBody([{ segment, offset, length }], 0, length);
    const kindOfCut = payload === undefined ? 'backlog' : length < captured ? 'cap' : undefined;
    yield {
      kind: 'message',
      facts: kindOfCut === undefined ? facts : { ...facts, truncated: kindOfCut },
      payload: payload ?? new Uint8Array(0),
    };
  }
}
