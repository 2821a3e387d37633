import type { ExchangeRow } from '../../../shared/exchange-view.ts';
import type { TraceEvent } from '../../../shared/trace-event.ts';
import { decodeExtents } from './event-decoder.ts';
import type { Captures } from './event-decoder.ts';
import { ExchangeIndex } from './exchange-index.ts';
import type { Location } from './exchange-index.ts';
import { addAll, emptied, idsIn, partOf, segmentsOf, UNDO_CLEAR_MS, without } from './cleared-session.ts';
import type { ClearedSession } from './cleared-session.ts';
import { ClearedFile } from './cleared-file.ts';
import { addExtent, partsOf } from './extents.ts';
import type { Extent } from './extents.ts';
import { BlockPool } from './file-appender.ts';
import type { AppenderEvents } from './file-appender.ts';
import { loadExchange } from './kept-exchanges.ts';
import type { KeptExchanges, LoadedExchange } from './kept-exchanges.ts';
import { appendRecord, openRecord } from './record.ts';
import { addRows, inRuns } from './record-runs.ts';
import type { Wanted } from './record-runs.ts';
import { Segment } from './segment.ts';
import { StoreProblems } from './store-problems.ts';
import type { ProblemListener } from './store-problems.ts';
import { SymbolFile } from './symbol-file.ts';
import { SymbolTable } from './symbol-table.ts';
import type { Track } from './track.ts';

const MIB = 1024 * 1024;
/** A session is divided in so many segments when it is full, so eviction takes a small part at a time. */
const SEGMENTS = 16;
/** Few large writes: each one wakes a thread of the pool, which costs more than the copying. Readers do not wait for them. */
const WRITE_AFTER_BYTES = 4 * MIB;
const WRITE_AFTER_MS = 200;
/** Unwritten bytes beyond which bodies are no longer captured, and beyond which exchanges are no longer recorded. */
const BODY_BACKLOG_BYTES = 16 * MIB;
const RECORD_BACKLOG_BYTES = 96 * MIB;

export interface SessionLimits {
  readonly maxExchanges: number;
  readonly maxBytes: number;
}

/**
 * The finished exchanges of one engine run, on disk. Exchanges are appended to the newest segment and evicted a whole
 * segment at a time; memory holds twenty bytes for each. Nothing here throws at whoever records: when the disk fails,
 * what is whole stays, the problem is reported, and recording starts again a little later in another segment.
 */
export class SessionStore implements KeptExchanges {
  readonly symbols = new SymbolTable();
  /** Exchanges that were evicted or could not be recorded since the last clear. */
  evicted = 0;
  readonly #directory: string;
  readonly #problems: StoreProblems;
  #index = new ExchangeIndex();
  #cleared: ClearedSession | undefined;
  readonly #clearedTimer: NodeJS.Timeout;
  readonly #pool = new BlockPool();
  readonly #timer: NodeJS.Timeout;
  #limits: SessionLimits;
  #segments: Segment[] = [];
  #current: Segment | undefined;
  #nextSegment = 1;
  #unwritten = 0;
  #closed = false;
  #scheduled = false;
  /** For those who read the session after this run. */
  readonly #mark: ClearedFile;
  readonly #symbolFile: SymbolFile;
  readonly #removals = new Set<Promise<void>>();

  /** @param directory an existing directory that nothing else uses. */
  constructor(directory: string, limits: SessionLimits, onProblem: ProblemListener) {
    this.#directory = directory;
    this.#symbolFile = new SymbolFile(directory, this.symbols);
    this.#limits = limits;
    this.#problems = new StoreProblems(directory, onProblem);
    this.#mark = new ClearedFile(directory, (error) => this.#problems.setDisk(error));
    this.#timer = setTimeout(() => this.#write(), WRITE_AFTER_MS).unref();
    this.#clearedTimer = setTimeout(() => this.#deleteCleared(), UNDO_CLEAR_MS).unref();
  }

  get bytes(): number {
    return this.#segments.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  get count(): number {
    return this.#index.count;
  }

  configure(limits: SessionLimits): void {
    this.#limits = limits;
    this.#evict();
  }

  /** The ids of all exchanges, in order. */
  ids(): number[] {
    return idsIn(this.#index).reverse();
  }

  /** Says whether an exchange is there, or can be brought back. */
  has(id: number): boolean {
    return this.#index.get(id) !== undefined || this.#cleared?.index.get(id) !== undefined;
  }

  bounds(): { firstId: number; lastId: number } {
    return this.#index.bounds();
  }

  /** Records a finished exchange. Without `detail` only its row can be read back. */
  append(id: number, list: Track, detail: Track | undefined): void {
    const segment = this.#unwritten > RECORD_BACKLOG_BYTES ? undefined : this.#segmentToAppendTo();
    if (segment === undefined || !this.#writeSymbols()) {
      this.evicted++;
      return;
    }
    const listOffset = segment.list.size;
    const listLength = appendRecord(segment.list, id, list);
    const detailOffset = segment.detail.size;
    const detailLength = detail === undefined ? 0 : appendRecord(segment.detail, id, detail);
    this.#index.set(id, segment.number, listOffset, listLength, detailOffset, detailLength);
    segment.add(id);
  }

  /**
   * Keeps a copy of `chunk` and adds where it will lie to `extents` (segment, offset, length, …). Returns false,
   * having kept nothing, when writing is too far behind or impossible.
   */
  capture(chunk: Uint8Array, extents: number[]): boolean {
    if (this.#unwritten + chunk.length > BODY_BACKLOG_BYTES) {
      this.#problems.setBacklogged(true);
      return false;
    }
    const segment = this.#segmentToAppendTo();
    if (segment === undefined) return false;
    const offset = segment.bodies.size;
    // A copy, because the chunk's memory may be used again, and would otherwise outlive young garbage.
    const { block, start } = segment.bodies.reserve(chunk.length);
    block.bytes.set(chunk, start);
    addExtent(extents, segment.number, offset, chunk.length);
    return true;
  }

  /** Says whether segment `number` is the newest: what lies there is evicted no sooner than what is recorded now. */
  isNewest(number: number): boolean {
    return this.#segmentToAppendTo()?.number === number;
  }

  /** Rows with ids below `before`, newest first. */
  async page(before: number, limit: number): Promise<{ rows: ExchangeRow[]; more: boolean }> {
    const wanted: Wanted[] = [];
    let more = false;
    this.#index.descend(before, (id, location) => {
      more = wanted.length === limit;
      if (!more) wanted.push({ id, location });
      return !more;
    });
    const rows = new Map<number, ExchangeRow>();
    for (const run of inRuns(wanted)) {
      const { segment, listOffset: start } = (run[0] as Wanted).location;
      const last = (run.at(-1) as Wanted).location;
      const length = last.listOffset + last.listLength - start;
      const bytes = await this.#find(segment)?.list.read(start, length);
      if (bytes !== undefined) addRows(rows, run, bytes, this.symbols);
    }
    return { rows: wanted.flatMap(({ id }) => rows.get(id) ?? []), more };
  }

  /** Every event of a finished exchange; `undefined` when it was evicted or never recorded. */
  async read(id: number): Promise<TraceEvent[] | undefined> {
    return (await this.load(id))?.events;
  }

  /** Everything that is kept of a finished exchange; `undefined` when it was evicted or never recorded. */
  async load(id: number): Promise<LoadedExchange | undefined> {
    const location = this.#index.get(id);
    const segment = location === undefined ? undefined : this.#find(location.segment);
    if (location === undefined || segment === undefined) return undefined;
    const [list, detail] = await Promise.all([
      segment.list.read(location.listOffset, location.listLength),
      segment.detail.read(location.detailOffset, location.detailLength),
    ]);
    return loadExchange(id, list, detail, this.symbols);
  }

  /** Where what was captured of a finished exchange lies. */
  async extents(id: number): Promise<Captures | undefined> {
    const location = this.#index.get(id);
    if (location === undefined) return undefined;
    const bytes = await this.#find(location.segment)?.detail.read(location.detailOffset, location.detailLength);
    const record = bytes === undefined ? undefined : openRecord(bytes, id, this.symbols);
    return record === undefined ? undefined : decodeExtents(record);
  }

  /** At most `length` captured bytes from `offset` on; `undefined` when a part of them was evicted. */
  async readBody(extents: readonly Extent[], offset: number, length: number): Promise<Uint8Array | undefined> {
    const parts: Promise<Uint8Array>[] = [];
    let wanted = 0;
    for (const part of partsOf(extents, offset, length)) {
      const bodies = this.#find(part.segment)?.bodies;
      if (bodies === undefined) return undefined;
      parts.push(bodies.read(part.offset, part.length));
      wanted += part.length;
    }
    const bytes = Buffer.concat(await Promise.all(parts));
    return bytes.length === wanted ? bytes : undefined;
  }

  /**
   * Forgets every exchange but those in `keep`. For a while {@link restoreCleared} brings them back; then, or with the next
   * clear, they are deleted.
   * @param pinned segments that hold bodies of exchanges which still run, at the time of the call
   */
  clear(keep: Iterable<number>, pinned: () => ReadonlySet<number>): void {
    this.#deleteCleared();
    const lastSegment = this.#nextSegment - 1;
    const frees = { lastSegment, pinned };
    this.#cleared = { index: this.#index, evicted: this.evicted, before: this.#mark.current, frees };
    this.#index = partOf(this.#index, keep);
    this.evicted = 0;
    this.#current?.finish();
    this.#current = undefined;
    this.#clearedTimer.refresh();
    this.#mark.note({ lastSegment, kept: idsIn(this.#index) });
  }

  /**
   * Forgets the exchanges in `ids`; {@link restoreCleared} brings them back for a while. What they take on disk is free again
   * when their part of the session goes. Returns those that were there.
   */
  delete(ids: Iterable<number>): number[] {
    const gone = new Set([...ids].filter((id) => this.#index.get(id) !== undefined));
    if (gone.size === 0) return [];
    this.#deleteCleared();
    const mark = this.#mark.current ?? { lastSegment: 0, kept: [] };
    this.#cleared = { index: this.#index, evicted: 0, before: this.#mark.current };
    this.#index = without(this.#index, gone);
    this.#clearedTimer.refresh();
    this.#mark.note({ ...mark, deleted: [...(mark.deleted ?? []), ...gone] });
    return [...gone];
  }

  /** Undoes the last clear as far as its exchanges are still there; says whether there was one to undo. */
  restoreCleared(): boolean {
    const cleared = this.#cleared;
    if (cleared === undefined) return false;
    this.#cleared = undefined;
    addAll(cleared.index, this.#index);
    this.#index = cleared.index;
    this.evicted += cleared.evicted;
    this.#mark.note(cleared.before);
    return true;
  }

  #deleteCleared(): void {
    const cleared = this.#cleared;
    if (cleared === undefined) return;
    this.#cleared = undefined;
    if (cleared.frees === undefined) return;
    const { lastSegment, pinned } = cleared.frees;
    const running = pinned();
    const deletion = segmentsOf(this.#index, (id) => this.extents(id)).then((used) => {
      const gone = emptied(this.#segments, lastSegment, used, running);
      this.#segments = this.#segments.filter((segment) => !gone.includes(segment));
      for (const segment of gone) this.#remove(segment);
    });
    this.#awaitAtClose(deletion, 'What was cleared');
  }

  /** @param what cannot be deleted when `work` fails. */
  #awaitAtClose(work: Promise<void>, what = 'An old part of the session'): void {
    const removal = work
      .catch((error: unknown) => this.#problems.notDeleted(`${what} cannot be deleted: ${String(error)}`))
      .finally(() => this.#removals.delete(removal));
    this.#removals.add(removal);
  }

  /** Resolves when everything appended so far is on disk or given up. */
  async flushed(): Promise<void> {
    await Promise.all(this.#segments.map((segment) => segment.flushed()));
  }

  /** Writes what is left and closes the files; they stay where they are. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#clearedTimer);
    this.#deleteCleared();
    await this.flushed();
    this.#symbolFile.close();
    // Deleting reads what is kept, to know what may go.
    await Promise.all(this.#removals);
    await Promise.all([...this.#removals, ...this.#segments.map((segment) => segment.close())]);
  }

  #find(number: number): Segment | undefined {
    if (this.#current?.number === number) return this.#current;
    return this.#segments.find((segment) => segment.number === number);
  }

  #segmentToAppendTo(): Segment | undefined {
    const current = this.#current;
    if (current === undefined) return this.#startSegment();
    const full = current.bytes >= this.#segmentBytes() || current.count >= this.#limits.maxExchanges / SEGMENTS;
    return full ? this.#startSegment() : current;
  }

  #segmentBytes(): number {
    return Math.min(64 * MIB, this.#limits.maxBytes / SEGMENTS);
  }

  #startSegment(): Segment | undefined {
    if (this.#closed || this.#problems.isDiskResting) return undefined;
    this.#current?.finish();
    const events: AppenderEvents = {
      unwritten: (bytes) => this.#addUnwritten(bytes),
      written: () => this.#written(segment),
      failed: (error) => this.#segmentFailed(segment, error),
    };
    const segment = new Segment(this.#nextSegment++, this.#directory, this.#pool, events);
    this.#segments.push(segment);
    this.#current = segment;
    this.#evict();
    return segment;
  }

  /** Removes the oldest segments until another one fits. */
  #evict(): void {
    const { maxBytes, maxExchanges } = this.#limits;
    const bytes = maxBytes - this.#segmentBytes();
    const count = maxExchanges - maxExchanges / SEGMENTS;
    while (this.#segments.length > 1 && (this.bytes > bytes || this.#index.count > count)) {
      const oldest = this.#segments.shift() as Segment;
      this.evicted += this.#forget(oldest);
      this.#remove(oldest);
    }
  }

  /** Takes a segment's exchanges, but for those to be kept, out of the index, and out of what could be brought back. */
  #forget({ number, firstId, lastId }: Segment, isKept?: (location: Location) => boolean): number {
    this.#cleared?.index.removeSegment(number, firstId, lastId, isKept);
    return this.#index.removeSegment(number, firstId, lastId, isKept);
  }

  #remove(segment: Segment): void {
    this.#awaitAtClose(segment.remove());
  }

  #segmentFailed(segment: Segment, error: NodeJS.ErrnoException): void {
    // Its files fail one after the other, also while it is being removed.
    if (segment.failed || !this.#segments.includes(segment)) return;
    segment.failed = true;
    if (this.#current === segment) this.#current = undefined;
    this.#problems.setDisk(error);
    this.#awaitAtClose(this.#keepWhole(segment));
  }

  /** Once its other files have taken what they can, a segment that failed keeps what is whole; the rest counts as evicted. */
  async #keepWhole(segment: Segment): Promise<void> {
    await segment.flushed();
    const lost = this.#forget(segment, (location) => segment.holds(location));
    this.evicted += lost;
    if (lost < segment.count || !this.#segments.includes(segment)) return;
    this.#segments = this.#segments.filter((other) => other !== segment);
    this.#remove(segment);
  }

  #addUnwritten(bytes: number): void {
    this.#unwritten += bytes;
    if (bytes < 0 && this.#unwritten < BODY_BACKLOG_BYTES / 2) this.#problems.setBacklogged(false);
    if (bytes < 0 || this.#closed) return;
    if (this.#unwritten >= WRITE_AFTER_BYTES) this.#write();
    else this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#timer.refresh();
  }

  #write(): void {
    this.#scheduled = false;
    for (const segment of this.#segments) segment.write();
  }

  /** Without their words, records could not be read after this run: see symbol-file.ts. */
  #writeSymbols(): boolean {
    try {
      this.#symbolFile.sync();
      return true;
    } catch (error) {
      this.#problems.setDisk(error as NodeJS.ErrnoException);
      return false;
    }
  }

  #written(segment: Segment): void {
    // That another file of a segment that failed can be written says nothing.
    if (!segment.failed) this.#problems.setDisk(undefined);
    if (this.#unwritten > 0) this.#schedule();
  }
}
