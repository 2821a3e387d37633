import type { Change, EntryColumns, PackedChanges } from './store-messages.ts';

/** The form in which changes travel to the thread. Each is a row of numbers, the first of which is one of these. */
export const CHANGE = { add: 0, update: 1, remove: 2, use: 3, count: 4 } as const;

/**
 * Places in the row of an entry. `uri` and `head` are lengths in bytes of the texts that lie at `textAt`, one after the other;
 * the body of a new entry follows them, unless it has a file.
 */
export const ENTRY = {
  ...{ id: 1, keyHash: 2, pathHash: 3, looseHash: 4, groupHash: 5, used: 6, stored: 7, hits: 8, bytes: 9 },
  ...{ bodyLength: 10, file: 11, status: 12, textAt: 13, uri: 14, head: 15, keyIsUri: 16, saved: 17, size: 18 },
} as const;

/** How many numbers every other change has. */
const SHORT = 5;
/** Stands for a hash that an entry has not; hashes are not negative. */
export const NO_HASH = -1;

/** The changes again, in their order. */
export function* unpackChanges({ numbers, bytes }: PackedChanges): Generator<Change, void, undefined> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 0; at < numbers.length;) {
    const row = at;
    const number = (place: number): number => numbers[row + place] as number;
    const kind = number(0);
    at += kind === CHANGE.add || kind === CHANGE.update ? ENTRY.size : SHORT;
    switch (kind) {
      case CHANGE.add:
      case CHANGE.update: {
        const uriAt = number(ENTRY.textAt);
        const headAt = uriAt + number(ENTRY.uri);
        const bodyAt = headAt + number(ENTRY.head);
        const file = number(ENTRY.file);
        const columns: EntryColumns = [
          number(ENTRY.id),
          number(ENTRY.keyHash),
          number(ENTRY.pathHash),
          hashOrNull(number(ENTRY.looseHash)),
          hashOrNull(number(ENTRY.groupHash)),
          number(ENTRY.used),
          number(ENTRY.stored),
          number(ENTRY.hits),
          number(ENTRY.bytes),
          number(ENTRY.bodyLength),
          file,
          number(ENTRY.status),
          buffer.toString('utf8', uriAt, headAt),
          number(ENTRY.saved),
        ];
        const entry = { columns, head: buffer.toString('utf8', headAt, bodyAt) };
        if (kind === CHANGE.update) yield { kind: 'update', entry };
        else
          yield {
            kind: 'add',
            entry,
            body: file === 1 ? null : buffer.subarray(bodyAt, bodyAt + number(ENTRY.bodyLength)),
          };
        break;
      }
      case CHANGE.remove:
        yield { kind: 'remove', id: number(1) };
        break;
      case CHANGE.use:
        yield { kind: 'use', id: number(1), hits: number(2), used: number(3), saved: number(4) };
        break;
      case CHANGE.count:
        yield { kind: 'count', savings: { hits: number(1), bytesSaved: number(2), msSaved: number(3) } };
        break;
    }
  }
}

function hashOrNull(hash: number): number | null {
  return hash === NO_HASH ? null : hash;
}
