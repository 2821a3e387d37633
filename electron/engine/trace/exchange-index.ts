import { RECORD_UNIT } from './record-format.ts';

const CHUNK_SHIFT = 12;
const CHUNK_SIZE = 1 << CHUNK_SHIFT;
const FIELDS = 5;
/** Offsets are kept in units of a record, so 32 bits reach 32 GiB into a file. */
const UNIT = RECORD_UNIT;

/** Where the two records of a finished exchange lie: byte offsets and lengths in the files of `segment`. */
export interface Location {
  readonly segment: number;
  readonly listOffset: number;
  readonly listLength: number;
  readonly detailOffset: number;
  readonly detailLength: number;
}

interface Chunk {
  /** Per id: segment (0 = nothing kept), then offset and length of the list record and of the detail record. */
  readonly fields: Uint32Array;
  used: number;
}

/** From an exchange's id to its records: twenty bytes for each, in chunks that come and go. */
export class ExchangeIndex {
  readonly #chunks = new Map<number, Chunk>();
  #count = 0;
  #newest: Chunk | undefined;
  #newestKey = -1;

  /** Exchanges in the index. */
  get count(): number {
    return this.#count;
  }

  set(
    id: number,
    segment: number,
    listOffset: number,
    listLength: number,
    detailOffset: number,
    detailLength: number,
  ): void {
    const chunk = this.#chunkFor(id);
    const at = (id & (CHUNK_SIZE - 1)) * FIELDS;
    const { fields } = chunk;
    if (fields[at] === 0) {
      chunk.used++;
      this.#count++;
    }
    fields[at] = segment;
    fields[at + 1] = listOffset / UNIT;
    fields[at + 2] = listLength / UNIT;
    fields[at + 3] = detailOffset / UNIT;
    fields[at + 4] = detailLength / UNIT;
  }

  get(id: number): Location | undefined {
    const fields = this.#chunks.get(id >>> CHUNK_SHIFT)?.fields;
    const at = (id & (CHUNK_SIZE - 1)) * FIELDS;
    return fields === undefined || fields[at] === 0 ? undefined : locationAt(fields, at);
  }

  /** Forgets the exchanges with ids from `firstId` to `lastId` that are in `segment`, but for those to be kept. Returns how many. */
  removeSegment(
    segment: number,
    firstId: number,
    lastId: number,
    isKept: (location: Location) => boolean = () => false,
  ): number {
    let removed = 0;
    for (const key of this.#keys()) {
      if (key > lastId >>> CHUNK_SHIFT || key < firstId >>> CHUNK_SHIFT) continue;
      const chunk = this.#chunks.get(key) as Chunk;
      for (let at = 0; at < chunk.fields.length; at += FIELDS) {
        if (chunk.fields[at] !== segment || isKept(locationAt(chunk.fields, at))) continue;
        chunk.fields[at] = 0;
        chunk.used--;
        removed++;
      }
      if (chunk.used === 0) this.#dropChunk(key);
    }
    this.#count -= removed;
    return removed;
  }

  clear(): void {
    this.#chunks.clear();
    this.#newest = undefined;
    this.#newestKey = -1;
    this.#count = 0;
  }

  /** Calls `visit` for each exchange with an id below `before`, newest first, until it returns false. */
  descend(before: number, visit: (id: number, location: Location) => boolean): void {
    for (const key of this.#keys().reverse()) {
      const first = key * CHUNK_SIZE;
      if (first >= before) continue;
      const { fields } = this.#chunks.get(key) as Chunk;
      for (let slot = Math.min(before - first, CHUNK_SIZE) - 1; slot >= 0; slot--) {
        const at = slot * FIELDS;
        if (fields[at] !== 0 && !visit(first + slot, locationAt(fields, at))) return;
      }
    }
  }

  /** The lowest and the highest id; both 0 when the index is empty. */
  bounds(): { firstId: number; lastId: number } {
    let firstId = 0;
    let lastId = 0;
    this.descend(Infinity, (id) => {
      lastId = id;
      return false;
    });
    const lowest = this.#keys()[0];
    if (lowest !== undefined) {
      this.descend((lowest + 1) * CHUNK_SIZE, (id) => {
        firstId = id;
        return true;
      });
    }
    return { firstId, lastId };
  }

  #keys(): number[] {
    return [...this.#chunks.keys()].sort((a, b) => a - b);
  }

  #chunkFor(id: number): Chunk {
    const key = id >>> CHUNK_SHIFT;
    if (key === this.#newestKey && this.#newest !== undefined) return this.#newest;
    let chunk = this.#chunks.get(key);
    if (chunk === undefined) {
      chunk = { fields: new Uint32Array(CHUNK_SIZE * FIELDS), used: 0 };
      this.#chunks.set(key, chunk);
    }
    this.#newest = chunk;
    this.#newestKey = key;
    return chunk;
  }

  #dropChunk(key: number): void {
    this.#chunks.delete(key);
    if (key === this.#newestKey) {
      this.#newest = undefined;
      this.#newestKey = -1;
    }
  }
}

function locationAt(fields: Uint32Array, at: number): Location {
  return {
    segment: fields[at] as number,
    listOffset: (fields[at + 1] as number) * UNIT,
    listLength: (fields[at + 2] as number) * UNIT,
    detailOffset: (fields[at + 3] as number) * UNIT,
    detailLength: (fields[at + 4] as number) * UNIT,
  };
}
