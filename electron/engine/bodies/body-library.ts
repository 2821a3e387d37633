import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { BodyFacts, BodyFinding, BodyRows, BodySource, FindInBody } from '../../../shared/body-contract.ts';
import type { CacheEntry, EntryId } from '../../../shared/cache-contract.ts';
import type { BodyRange } from '../../../shared/contract.ts';
import { fold } from '../../../shared/exchange-view.ts';
import { joinedHeader } from '../../../shared/headers.ts';
import type { HeaderList } from '../../../shared/headers.ts';
import { charsetOf, textUnits } from '../../../shared/text-units.ts';
import type { TextUnits } from '../../../shared/text-units.ts';
import type { TraceEvent } from '../../../shared/trace-event.ts';
import { contentCodings, unknownCoding } from './content-decoder.ts';
import { DecodedBody } from './decoded-body.ts';
import { findInBody } from './find-in-body.ts';
import { PlainBody } from './readable-body.ts';
import type { KeptBody, ReadableBody } from './readable-body.ts';
import { RowIndex } from './row-index.ts';
import { Spool } from './spool.ts';

/** Decoded bytes of one body at most: a few kilobytes can claim to be gigabytes. */
const DECODED_LIMIT = 256 * 1024 * 1024;
/** Bodies kept open; of more, the one that was not read for the longest time is let go. */
const OPEN_BODIES = 6;
/** Decoded bytes that are worth waiting for, so that a small body is there with the first answer. */
const FIRST_LOOK = 256 * 1024;

/** Where bodies come from. */
export interface BodySources {
  readonly recorder: {
    read(id: number): Promise<TraceEvent[] | undefined>;
    readBody(range: BodyRange): Promise<Uint8Array | undefined>;
  };
  readonly cache: {
    entry(id: EntryId): Promise<CacheEntry | undefined>;
    body(id: EntryId, offset: number, length: number): Promise<Uint8Array | undefined>;
  };
  /** A folder for what does not fit into memory. It is emptied. */
  readonly directory: string;
  readonly limit?: number;
}

interface OpenBody {
  readonly body: ReadableBody;
  readonly units: TextUnits;
  readonly rows: RowIndex;
  /** When an entry was stored, or confirmed last. */
  readonly stored?: number;
}

interface FoundBody {
  readonly kept: KeptBody;
  readonly headers: HeaderList;
  readonly stored?: number;
}

/**
 * Bodies without their content codings, for whoever looks at them. What was decoded stays at hand while it is among the last
 * ones read; nothing is done for bodies that nobody looks at.
 */
export class BodyLibrary {
  readonly #sources: BodySources;
  /** By source, the last one read last. */
  readonly #open = new Map<string, Promise<OpenBody | undefined>>();
  #lastFile = 0;
  #prepared: Promise<void> | undefined;
  #closing: Promise<unknown> = Promise.resolve();

  constructor(sources: BodySources) {
    this.#sources = sources;
  }

  /** This and the others resolve with undefined when the body is not kept (any more). */
  async open(source: BodySource): Promise<BodyFacts | undefined> {
    if ('entry' in source) await this.#forgetOutdated(source.entry);
    const opened = await this.#get(source);
    await opened?.body.reached(FIRST_LOOK);
    return opened?.body.facts;
  }

  async read(source: BodySource, offset: number, length: number): Promise<Uint8Array | undefined> {
    const opened = await this.#get(source);
    await opened?.body.reached(offset + length);
    return opened?.body.read(offset, length);
  }

  async rows(source: BodySource, from: number, limit: number): Promise<BodyRows | undefined> {
    return (await this.#get(source))?.rows.page(from, limit);
  }

  async find(question: FindInBody): Promise<BodyFinding | undefined> {
    const opened = await this.#get(question.source);
    if (opened === undefined) return undefined;
    return findInBody(opened.body, opened.units, question, (offset) => opened.rows.rowAt(offset));
  }

  /** Lets go of everything that was decoded: the session was cleared. */
  clear(): void {
    for (const key of [...this.#open.keys()]) this.#letGo(key);
  }

  async close(): Promise<void> {
    this.clear();
    await this.#closing;
    if (this.#prepared !== undefined) await rm(this.#sources.directory, { recursive: true, force: true });
  }

  /** An entry may have got another body since its body was opened. */
  async #forgetOutdated(id: EntryId): Promise<void> {
    const key = keyOf({ entry: id });
    const opened = await this.#open.get(key);
    if (opened === undefined) return;
    const entry = await this.#sources.cache.entry(id);
    if (entry?.stored !== opened.stored) this.#letGo(key);
  }

  #get(source: BodySource): Promise<OpenBody | undefined> {
    const key = keyOf(source);
    const opened = this.#open.get(key) ?? this.#makeFor(key, source);
    this.#open.delete(key);
    this.#open.set(key, opened);
    const oldest = this.#open.keys().next();
    if (this.#open.size > OPEN_BODIES && oldest.done !== true) this.#letGo(oldest.value);
    return opened;
  }

  #letGo(key: string): void {
    const opened = this.#open.get(key);
    this.#open.delete(key);
    const closed = opened?.then((one) => one?.body.close());
    this.#closing = Promise.allSettled([this.#closing, closed]);
  }

  async #makeFor(key: string, source: BodySource): Promise<OpenBody | undefined> {
    const made = await this.#make(source);
    // There may be something later.
    if ((made?.body.facts.coded ?? 0) === 0) this.#open.delete(key);
    return made;
  }

  async #make(source: BodySource): Promise<OpenBody | undefined> {
    const found = await ('entry' in source ? this.#entryBody(source.entry) : this.#messageBody(source));
    if (found === undefined) return undefined;
    const body = await this.#decoded(found.kept, contentCodings(joinedHeader(found.headers, 'content-encoding')));
    const units = await unitsOf(body, found.headers);
    return {
      body,
      units,
      rows: new RowIndex(body, units),
      ...(found.stored === undefined ? {} : { stored: found.stored }),
    };
  }

  async #decoded(kept: KeptBody, codings: readonly string[]): Promise<ReadableBody> {
    if (codings.length === 0) return new PlainBody(kept);
    const unknown = unknownCoding(codings);
    if (unknown !== undefined) {
      return new PlainBody(kept, { codings, problem: { kind: 'unknown', coding: unknown, detail: '' } });
    }
    await (this.#prepared ??= this.#prepare());
    const spool = new Spool(join(this.#sources.directory, `${++this.#lastFile}.body`));
    return new DecodedBody({ kept, codings, spool, limit: this.#sources.limit ?? DECODED_LIMIT });
  }

  /** What a run that was killed has left there is of no use. */
  async #prepare(): Promise<void> {
    const { directory } = this.#sources;
    await rm(directory, { recursive: true, force: true });
    await mkdir(directory, { recursive: true, mode: 0o700 });
  }

  async #messageBody({ exchange, side }: Extract<BodySource, { exchange: number }>): Promise<FoundBody | undefined> {
    const { recorder } = this.#sources;
    const view = fold((await recorder.read(exchange)) ?? []);
    const message = view?.[side];
    if (message === undefined) return undefined;
    const read: KeptBody['read'] = (offset, length) => recorder.readBody({ id: exchange, side, offset, length });
    return { kept: { length: message.body?.captured ?? 0, read }, headers: message.headers };
  }

  async #entryBody(id: EntryId): Promise<FoundBody | undefined> {
    const { cache } = this.#sources;
    const entry = await cache.entry(id);
    if (entry === undefined) return undefined;
    const read: KeptBody['read'] = (offset, length) => cache.body(id, offset, length);
    return { kept: { length: entry.bodyBytes, read }, headers: entry.headers, stored: entry.stored };
  }
}

/** What a body is made of, should it be text. */
async function unitsOf(body: ReadableBody, headers: HeaderList): Promise<TextUnits> {
  await body.reached(4);
  const head = await body.read(0, 4);
  return textUnits(charsetOf(joinedHeader(headers, 'content-type') ?? ''), head ?? new Uint8Array(0));
}

function keyOf(source: BodySource): string {
  return 'entry' in source ? `entry ${source.entry}` : `${source.side} ${source.exchange}`;
}
