import { NO_PATH } from './disk-schema.ts';
import type { Change, EntryColumns, PackedChanges, Savings, UnwrittenEntry } from './store-messages.ts';

const KINDS: readonly Change['kind'][] = ['add', 'update', 'remove', 'use', 'count'];
/** How many columns an entry has. */
const COLUMNS: EntryColumns['length'] = 13;

/** Changes in the form in which they travel to the thread; the bodies are copied. */
export function packChanges(changes: readonly Change<UnwrittenEntry>[]): PackedChanges {
  let length = 0;
  for (const change of changes) if (change.kind === 'add') length += change.body?.length ?? 0;
  const bodies = new Uint8Array(length);
  const values: (number | string | null)[] = [];
  let at = 0;
  for (const change of changes) {
    values.push(KINDS.indexOf(change.kind));
    switch (change.kind) {
      case 'add':
        addEntry(values, change.entry);
        values.push(change.body === null ? -1 : change.body.length);
        if (change.body === null) break;
        bodies.set(change.body, at);
        at += change.body.length;
        break;
      case 'update':
        addEntry(values, change.entry);
        break;
      case 'remove':
        values.push(change.id);
        break;
      case 'use':
        values.push(change.id, change.hits, change.used);
        break;
      case 'count':
        values.push(change.savings.hits, change.savings.bytesSaved, change.savings.msSaved);
        break;
    }
  }
  return { values, bodies: bodies.buffer };
}

function addEntry(values: (number | string | null)[], entry: UnwrittenEntry): void {
  const { id, head, hashes, hits, lastUsed, storedBytes, bodyLength, file } = entry;
  const { key, path, loose, group } = hashes;
  // The EntryColumns and the head, without a list of their own in between.
  values.push(id, key, path ?? NO_PATH, loose, group, micros(lastUsed), head.responseTime, hits);
  values.push(storedBytes, bodyLength, file === undefined ? 0 : 1, head.status, head.uri, JSON.stringify(head));
}

/** How the database tells when an entry was used. */
export function micros(milliseconds: number): number {
  return Math.round(milliseconds * 1000);
}

/** The changes again, in their order. */
export function* unpackChanges({ values, bodies }: PackedChanges): Generator<Change, void, undefined> {
  let bodyAt = 0;
  for (let at = 0; at < values.length;) {
    const kind = KINDS[values[at++] as number] as Change['kind'];
    switch (kind) {
      case 'add':
      case 'update': {
        const entry = {
          columns: values.slice(at, at + COLUMNS) as unknown as EntryColumns,
          head: values[at + COLUMNS] as string,
        };
        at += COLUMNS + 1;
        if (kind === 'update') {
          yield { kind, entry };
          break;
        }
        const length = values[at++] as number;
        yield { kind, entry, body: length < 0 ? null : new Uint8Array(bodies, bodyAt, length) };
        bodyAt += Math.max(0, length);
        break;
      }
      case 'remove':
        yield { kind, id: values[at++] as number };
        break;
      case 'use': {
        const [id, hits, used] = values.slice(at, at + 3) as [number, number, number];
        at += 3;
        yield { kind, id, hits, used };
        break;
      }
      case 'count': {
        const [hits, bytesSaved, msSaved] = values.slice(at, at + 3) as [number, number, number];
        at += 3;
        yield { kind, savings: { hits, bytesSaved, msSaved } satisfies Savings };
        break;
      }
    }
  }
}
