import type { ClearedMark } from './cleared-file.ts';
import type { Captures } from './event-decoder.ts';
import { ExchangeIndex } from './exchange-index.ts';
import type { Location } from './exchange-index.ts';
import type { Segment } from './segment.ts';

/** How long a clear can be undone. What was cleared is on disk until then. */
export const UNDO_CLEAR_MS = 20_000;

/** What the last clear, or the last deletion of a few, has taken away, for as long as that can be undone. */
export interface ClearedSession {
  /** The exchanges before it. */
  readonly index: ExchangeIndex;
  readonly evicted: number;
  /** What was noted of the clear before it. */
  readonly before: ClearedMark | undefined;
  /** What can be deleted on disk, once it is not to be undone any more; nothing when a few were deleted among others. */
  readonly frees?: {
    /** The newest segment then: what is recorded later lies beyond it. */
    readonly lastSegment: number;
    /** Segments that hold bodies of exchanges which still run. */
    readonly pinned: () => ReadonlySet<number>;
  };
}

/** The part of `index` that is about `ids`. */
export function partOf(index: ExchangeIndex, ids: Iterable<number>): ExchangeIndex {
  const part = new ExchangeIndex();
  for (const id of ids) {
    const location = index.get(id);
    if (location !== undefined) put(part, id, location);
  }
  return part;
}

/** `index` without `ids`. */
export function without(index: ExchangeIndex, ids: ReadonlySet<number>): ExchangeIndex {
  return partOf(
    index,
    idsIn(index).filter((id) => !ids.has(id)),
  );
}

/** Adds to `index` what `later` holds. */
export function addAll(index: ExchangeIndex, later: ExchangeIndex): void {
  later.descend(Infinity, (id, location) => {
    put(index, id, location);
    return true;
  });
}

/** Every id, newest first. */
export function idsIn(index: ExchangeIndex): number[] {
  const ids: number[] = [];
  index.descend(Infinity, (id) => {
    ids.push(id);
    return true;
  });
  return ids;
}

/** The segments that the records and the bodies of the exchanges in `index` lie in. */
export async function segmentsOf(
  index: ExchangeIndex,
  extentsOf: (id: number) => Promise<Captures | undefined>,
): Promise<Set<number>> {
  const segments = new Set<number>();
  for (const id of idsIn(index)) {
    const location = index.get(id);
    if (location !== undefined) segments.add(location.segment);
    const { request = [], response = [], messages = [] } = (await extentsOf(id)) ?? {};
    for (const { segment } of [...request, ...response, ...messages]) segments.add(segment);
  }
  return segments;
}

/** The segments that can go with a clear: those up to `last` that neither what was kept nor what still runs lies in. */
export function emptied(
  segments: readonly Segment[],
  last: number,
  used: ReadonlySet<number>,
  running: ReadonlySet<number>,
): Segment[] {
  return segments.filter(({ number }) => number <= last && !used.has(number) && !running.has(number));
}

function put(index: ExchangeIndex, id: number, location: Location): void {
  const { segment, listOffset, listLength, detailOffset, detailLength } = location;
  index.set(id, segment, listOffset, listLength, detailOffset, detailLength);
}
