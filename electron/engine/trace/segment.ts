import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { FileAppender } from './file-appender.ts';
import type { AppenderEvents, BlockPool } from './file-appender.ts';
import type { Location } from './exchange-index.ts';

/** A run of exchanges that are kept and evicted together, in three files: list records, detail records and bodies. */
export class Segment {
  readonly number: number;
  readonly list: FileAppender;
  readonly detail: FileAppender;
  readonly bodies: FileAppender;
  /** Exchanges whose records are here, and the range their ids lie in. */
  count = 0;
  firstId = Infinity;
  lastId = 0;
  /** Whether one of its files could not be written to: nothing more is added to it. */
  failed = false;

  constructor(number: number, directory: string, pool: BlockPool, events: AppenderEvents) {
    this.number = number;
    const path = (kind: string): string => join(directory, `${String(number).padStart(6, '0')}.${kind}`);
    this.list = new FileAppender(path('list'), pool, events);
    this.detail = new FileAppender(path('detail'), pool, events);
    this.bodies = new FileAppender(path('bodies'), pool, events);
  }

  get bytes(): number {
    return this.list.size + this.detail.size + this.bodies.size;
  }

  /** Notes that the records of `id` are in this segment. */
  add(id: number): void {
    this.count++;
    if (id < this.firstId) this.firstId = id;
    if (id > this.lastId) this.lastId = id;
  }

  /** Whether the records at `location`, which are in this segment, are there in full: a full disk takes only a part of a file. */
  holds({ listOffset, listLength, detailOffset, detailLength }: Location): boolean {
    return listOffset + listLength <= this.list.size && detailOffset + detailLength <= this.detail.size;
  }

  write(): void {
    this.list.write();
    this.detail.write();
    this.bodies.write();
  }

  /** Nothing more will be added. */
  finish(): void {
    this.list.finish();
    this.detail.finish();
    this.bodies.finish();
  }

  /** Closes the files once their readers are done, and deletes them. */
  async remove(): Promise<void> {
    await this.close();
    const files = [this.list, this.detail, this.bodies].filter((file) => file.opened);
    await Promise.all(files.map((file) => rm(file.path, { force: true })));
  }

  async close(): Promise<void> {
    await Promise.all([this.list.close(), this.detail.close(), this.bodies.close()]);
  }

  /** Resolves when everything appended so far is in the files or given up. */
  async flushed(): Promise<void> {
    await Promise.all([this.list.flushed(), this.detail.flushed(), this.bodies.flushed()]);
  }
}
