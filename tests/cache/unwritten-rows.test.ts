import { describe, expect, it } from 'vitest';
import type { UnwrittenEntry } from '../../electron/engine/cache/stores/change-batch.ts';
import { hashesOf, keyHash, pathHash } from '../../electron/engine/cache/stores/entry-hashes.ts';
import { unpackChanges } from '../../electron/engine/cache/stores/packed-changes.ts';
import { UnwrittenRows } from '../../electron/engine/cache/stores/unwritten-rows.ts';
import { headOf } from './store-entries.ts';

function entryOf(id: number, uri: string, bodyLength: number): UnwrittenEntry {
  const head = headOf({ headers: ['X-Name', 'Größe ✓'] }, { uri });
  return {
    id,
    head,
    hashes: hashesOf(head),
    hits: 3,
    bytesSaved: 8,
    lastUsed: 12.5,
    storedBytes: 900,
    bodyLength,
    file: undefined,
  };
}

const text = (body: Uint8Array | null | undefined): string => Buffer.from(body ?? []).toString();

describe('rows on their way to the disk', () => {
  it('are found as they will be on disk, and travel as they are', () => {
    const rows = new UnwrittenRows();
    const entry = entryOf(7, 'http://example.test/a?b', 4);
    rows.open.add(entry, [Buffer.from('bo'), Buffer.from('dy')]);
    const [row] = rows.byKey(keyHash(entry.head.key));
    expect({ ...row, body: text(row?.body) }).toEqual({
      ...{ id: 7, head: entry.head, used: 12_500, hits: 3, bytesSaved: 8, bytes: 900, bodyLength: 4, body: 'body' },
    });
    expect(rows.names(pathHash(entry.head.uri), 5)).toEqual([{ id: 7, key: entry.head.key, uri: entry.head.uri }]);
    const [change] = unpackChanges(rows.seal().pack());
    expect(change).toMatchObject({ kind: 'add', entry: { head: JSON.stringify(entry.head) } });
    expect(change?.kind === 'add' && text(change.body)).toBe('body');
  });

  it('stay readable while a batch grows, until it is written', () => {
    const rows = new UnwrittenRows();
    const uris = Array.from({ length: 400 }, (_, i) => `http://example.test/${i}`);
    for (const [id, uri] of uris.entries()) {
      rows.open.add(entryOf(id, uri, 2_000), [Buffer.alloc(2_000, String(id % 10))]);
      if (id === 200) rows.seal();
    }
    for (const [id, uri] of uris.entries()) {
      expect(text(rows.byKey(keyHash(uri))[0]?.body)).toBe(String(id % 10).repeat(2_000));
    }
    rows.settle(1);
    expect(rows.byId(200)).toBeUndefined();
    expect(rows.byId(201)?.head.uri).toBe(uris[201]);
  });

  it('keep what was read of them when their memory is written to again', () => {
    const rows = new UnwrittenRows();
    rows.open.add(entryOf(1, 'http://example.test/', 3), [Buffer.from('old')]);
    const before = rows.open.memory;
    const found = rows.byId(1);
    rows.seal();
    rows.settle(1);
    rows.seal();
    expect(rows.open.memory.bytes.buffer).toBe(before.bytes.buffer);
    rows.open.add(entryOf(2, 'http://example.test/', 3), [Buffer.from('new')]);
    expect([text(found?.body), text(rows.byId(2)?.body)]).toEqual(['old', 'new']);
  });

  it('the newest row of an entry counts', () => {
    const rows = new UnwrittenRows();
    const entry = entryOf(1, 'http://example.test/', 3);
    rows.open.add(entry, [Buffer.from('old')]);
    rows.seal();
    rows.open.add(entry, [Buffer.from('new')]);
    expect(rows.byKey(keyHash(entry.head.key)).map(({ body }) => text(body))).toEqual(['new']);
    expect(text(rows.byId(1)?.body)).toBe('new');
  });
});
