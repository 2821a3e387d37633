import type { FileHandle } from 'node:fs/promises';
import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { AnnotationsById } from '../../../shared/annotation.ts';
import { readAnnotations } from './annotation-log.ts';
import { readCleared } from './cleared-file.ts';
import { ExchangeIndex } from './exchange-index.ts';
import { partsOf } from './extents.ts';
import type { Extent } from './extents.ts';
import { loadExchange } from './kept-exchanges.ts';
import type { KeptExchanges, LoadedExchange } from './kept-exchanges.ts';
import { walkRecords } from './record-walk.ts';
import type { SessionInfo } from './session-info.ts';
import { readSessionInfo } from './session-info.ts';
import { readSymbols } from './symbol-file.ts';
import type { SymbolTable } from './symbol-table.ts';

interface Files {
  readonly list: FileHandle;
  /** Absent when nothing was written to it. */
  readonly detail: FileHandle | undefined;
  readonly bodies: FileHandle | undefined;
}

const LIST_FILE = /^(\d{6,})\.list$/;

/**
 * A session that another run left behind, whether it was closed or killed, for reading. The index is made again from the
 * records; whatever was not written to its end is not there.
 */
export class PastSession implements KeptExchanges {
  readonly info: SessionInfo;
  /** When something was last written (ms since 1970). */
  readonly endedAt: number;
  readonly annotations: AnnotationsById;
  readonly #files: ReadonlyMap<number, Files>;
  readonly #symbols: SymbolTable;
  readonly #index: ExchangeIndex;

  private constructor(
    info: SessionInfo,
    endedAt: number,
    files: ReadonlyMap<number, Files>,
    symbols: SymbolTable,
    index: ExchangeIndex,
    annotations: AnnotationsById,
  ) {
    this.info = info;
    this.endedAt = endedAt;
    this.#files = files;
    this.#symbols = symbols;
    this.#index = index;
    this.annotations = annotations;
  }

  /** Opens the session in `directory`; to be closed. @throws {SessionError} when it cannot be read here. */
  static async open(directory: string): Promise<PastSession> {
    const info = await readSessionInfo(directory);
    const [symbols, counts, annotations] = await Promise.all([
      readSymbols(directory),
      readCleared(directory),
      readAnnotations(directory),
    ]);
    const files = new Map<number, Files>();
    const index = new ExchangeIndex();
    let endedAt = Date.parse(info.startedAt);
    try {
      for (const segment of await segmentsIn(directory)) {
        const opened = await openSegment(directory, segment);
        files.set(segment, opened);
        endedAt = Math.max(endedAt, (await opened.list.stat()).mtimeMs);
        await indexSegment(index, segment, opened, counts);
      }
    } catch (error) {
      await closeAll(files);
      throw error;
    }
    return new PastSession(info, endedAt, files, symbols, index, annotations);
  }

  get count(): number {
    return this.#index.count;
  }

  /** The ids of all exchanges, in order. */
  ids(): number[] {
    const ids: number[] = [];
    this.#index.descend(Infinity, (id) => ids.push(id) > 0);
    return ids.reverse();
  }

  async load(id: number): Promise<LoadedExchange | undefined> {
    const location = this.#index.get(id);
    const files = location === undefined ? undefined : this.#files.get(location.segment);
    if (location === undefined || files === undefined) return undefined;
    const [list, detail] = await Promise.all([
      read(files.list, location.listOffset, location.listLength),
      read(files.detail, location.detailOffset, location.detailLength),
    ]);
    return loadExchange(id, list, detail, this.#symbols);
  }

  async readBody(extents: readonly Extent[], offset: number, length: number): Promise<Uint8Array | undefined> {
    const parts: Buffer[] = [];
    for (const part of partsOf(extents, offset, length)) {
      const bytes = await read(this.#files.get(part.segment)?.bodies, part.offset, part.length);
      if (bytes.length < part.length) return undefined;
      parts.push(bytes);
    }
    return Buffer.concat(parts);
  }

  async close(): Promise<void> {
    await closeAll(this.#files);
  }
}

/** Says whether a session's directory holds any exchange, without opening it. */
export async function holdsExchanges(directory: string): Promise<boolean> {
  for (const segment of await segmentsIn(directory)) {
    if ((await stat(pathOf(directory, segment, 'list'))).size > 0) return true;
  }
  return false;
}

async function segmentsIn(directory: string): Promise<number[]> {
  const numbers = (await readdir(directory)).map((name) => Number(LIST_FILE.exec(name)?.[1]));
  return numbers.filter((number) => number > 0).sort((a, b) => a - b);
}

function pathOf(directory: string, segment: number, kind: string): string {
  return join(directory, `${String(segment).padStart(6, '0')}.${kind}`);
}

async function openSegment(directory: string, segment: number): Promise<Files> {
  const list = await open(pathOf(directory, segment, 'list'));
  const [detail, bodies] = await Promise.all([
    openIfThere(pathOf(directory, segment, 'detail')),
    openIfThere(pathOf(directory, segment, 'bodies')),
  ]);
  return { list, detail, bodies };
}

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Records of rows and details are in files of their own; ids bring them together. */
async function indexSegment(
  index: ExchangeIndex,
  segment: number,
  { list, detail }: Files,
  counts: (segment: number, id: number) => boolean,
): Promise<void> {
  const details = new Map<number, readonly [offset: number, length: number]>();
  if (detail !== undefined) await walkRecords(detail, (id, offset, length) => details.set(id, [offset, length]));
  await walkRecords(list, (id, offset, length) => {
    if (!counts(segment, id)) return;
    const [detailOffset, detailLength] = details.get(id) ?? [0, 0];
    index.set(id, segment, offset, length, detailOffset, detailLength);
  });
}

async function read(file: FileHandle | undefined, offset: number, length: number): Promise<Buffer> {
  if (file === undefined || length === 0) return Buffer.alloc(0);
  const buffer = Buffer.allocUnsafe(length);
  const { bytesRead } = await file.read(buffer, 0, length, offset);
  return buffer.subarray(0, bytesRead);
}

async function closeAll(files: ReadonlyMap<number, Files>): Promise<void> {
  const handles = [...files.values()].flatMap(({ list, detail, bodies }) => [list, detail, bodies]);
  await Promise.all(handles.map(async (handle) => handle?.close()));
}
