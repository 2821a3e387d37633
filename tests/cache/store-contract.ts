import { describe, expect, it } from 'vitest';
import type { CacheStore, EntryPage, EntryWriter } from '../../electron/engine/cache/cache-store.ts';
import type { EntrySort } from '../../shared/cache-contract.ts';
import type { EntryFilter } from '../../electron/engine/cache/entry-filter.ts';
import type { StoredHead } from '../../electron/engine/cache/stored-response.ts';
import { describeParts } from './parts-contract.ts';
import { bodies, headOf, put, read } from './store-entries.ts';

const encoder = new TextEncoder();

/**
 * What every store has to do.
 *
 * @param open makes an empty store that takes `maxBytes` in all and bodies up to `maxBodyBytes`; it is closed with the test
 */
export function describeStore(
  name: string,
  open: (caps: { maxBytes: number; maxBodyBytes: number }) => CacheStore | Promise<CacheStore>,
): void {
  const fresh = async (maxBytes = 1_000_000, maxBodyBytes = 100_000): Promise<CacheStore> =>
    open({ maxBytes, maxBodyBytes });

  describe(`${name}: storing and finding`, () => {
    it('gives back head and body, and ranges of it', async () => {
      const store = await fresh();
      const head = headOf({ headers: ['X-A: 1', 'x-a: 2'] });
      await put(store, head, '0123456789');
      const [entry] = store.lookup(head.key);
      expect(entry?.head).toEqual(head);
      expect(entry?.bodyLength).toBe(10);
      expect(entry && [await read(entry), await read(entry, 3, 5), await read(entry, 9, 9)]).toEqual([
        ...['0123456789', '345', '9'],
      ]);
    });

    it('puts chunks together in their order, and takes empty bodies', async () => {
      const store = await fresh();
      const writer = store.begin(headOf());
      for (const chunk of ['ab', '', 'cde', 'f']) await writer.write(encoder.encode(chunk));
      await writer.commit();
      expect(await bodies(store, headOf().key)).toEqual(['abcdef']);
      const empty = headOf({}, { uri: 'http://example.test/empty' });
      await put(store, empty, '');
      expect(await bodies(store, empty.key)).toEqual(['']);
    });

    it('shows nothing before commit and nothing after abort', async () => {
      const store = await fresh();
      const head = headOf();
      const writer = store.begin(head);
      await writer.write(encoder.encode('half'));
      expect(store.lookup(head.key)).toEqual([]);
      writer.abort();
      expect(await writer.commit()).toBeUndefined();
      expect(store.lookup(head.key)).toEqual([]);
      expect(store.stats().entries).toBe(0);
    });

    it('does nothing on abort after commit', async () => {
      const store = await fresh();
      const writer = store.begin(headOf());
      await writer.write(encoder.encode('x'));
      await writer.commit();
      writer.abort();
      expect(store.stats().entries).toBe(1);
    });

    it('keeps what is being written apart, however writers interleave', async () => {
      const store = await fresh();
      const heads = ['/1', '/2', '/3'].map((path) => headOf({}, { uri: `http://example.test${path}` }));
      const writers: EntryWriter[] = heads.map((head) => store.begin(head));
      for (const round of ['a', 'b']) {
        for (const [i, writer] of writers.entries()) await writer.write(encoder.encode(`${round}${i}`));
      }
      for (const writer of [...writers].reverse()) await writer.commit();
      expect(await Promise.all(heads.map(async ({ key }) => bodies(store, key)))).toEqual([
        ['a0b0'],
        ['a1b1'],
        ['a2b2'],
      ]);
    });
  });

  describe(`${name}: variants`, () => {
    const variant = (foo: string, at = 0): StoredHead =>
      headOf({ headers: ['Vary: Foo'], at }, { headers: [`Foo: ${foo}`] });

    it('keeps variants side by side, and a newer one in place of the same older one', async () => {
      const store = await fresh();
      await put(store, variant('1'), 'one');
      await put(store, variant('2'), 'two');
      await put(store, variant('1', 5), 'one again');
      expect((await bodies(store, variant('1').key)).sort()).toEqual(['one again', 'two']);
    });

    it('keeps variants beside a response without Vary, and one of those', async () => {
      const store = await fresh();
      await put(store, variant('1'), 'one');
      await put(store, headOf({ at: 1 }), 'any');
      await put(store, headOf({ at: 2 }), 'newer');
      expect((await bodies(store, headOf().key)).sort()).toEqual(['newer', 'one']);
      await put(store, variant('1', 3), 'again');
      expect((await bodies(store, headOf().key)).sort()).toEqual(['again', 'newer']);
    });

    it('keeps parts until the whole arrives', async () => {
      const store = await fresh();
      const part = (first: number, last: number): StoredHead =>
        headOf({ status: 206, headers: ['ETag: "a"', `Content-Range: bytes ${first}-${last}/10`] });
      await put(store, part(0, 3), '0123');
      await put(store, part(6, 9), '6789');
      await put(store, part(5, 9), '56789');
      expect((await bodies(store, headOf().key)).sort()).toEqual(['0123', '56789']);
      await put(store, headOf({ headers: ['ETag: "a"'] }), '0123456789');
      expect(await bodies(store, headOf().key)).toEqual(['0123456789']);
    });

    it('does not let one URL collect variants without bound', async () => {
      const store = await fresh();
      for (let i = 0; i < 300; i++) await put(store, variant(String(i)), 'x');
      const { length } = store.lookup(variant('0').key);
      expect(length > 10 && length <= 100).toBe(true);
      expect(store.stats().entries).toBe(length);
    });
  });

  describeParts(name, () => fresh(10_000_000, 1_000_000));

  describe(`${name}: updating and forgetting`, () => {
    it('replaces a head and keeps the body', async () => {
      const store = await fresh();
      const entry = await put(store, headOf(), 'kept');
      const head = headOf({ headers: ['X-New: 1'], at: 9 });
      const updated = entry && (await store.update(entry, head));
      expect(updated?.head).toEqual(head);
      expect(await bodies(store, head.key)).toEqual(['kept']);
      expect(store.stats().entries).toBe(1);
    });

    it('does not bring back what is gone', async () => {
      const store = await fresh();
      const entry = await put(store, headOf());
      await store.purge({ all: true });
      expect(entry && (await store.update(entry, headOf()))).toBeUndefined();
      expect(store.stats()).toMatchObject({ entries: 0, bytes: 0 });
    });

    it('still reads the body of an entry that was dropped while it is served', async () => {
      const store = await fresh();
      const entry = await put(store, headOf(), 'in use');
      const reading = entry && read(entry);
      await store.purge({ key: headOf().key });
      expect(await reading).toBe('in use');
    });

    it('forgets one entry, a key, everything', async () => {
      const store = await fresh();
      const one = headOf({ headers: ['Vary: Foo'] }, { headers: ['Foo: 1'] });
      const two = headOf({ headers: ['Vary: Foo'] }, { headers: ['Foo: 2'] });
      const other = headOf({}, { uri: 'http://example.test/other' });
      const entry = await put(store, one);
      await put(store, two);
      await put(store, other);
      if (entry !== undefined) await store.remove(entry);
      expect(store.lookup(one.key).map(({ head }) => head.selecting[0]?.value)).toEqual(['2']);
      expect(await store.purge({ key: one.key })).toEqual({ purged: 1, restorable: false });
      expect(await store.purge({ key: one.key })).toEqual({ purged: 0, restorable: false });
      expect(await store.purge({ all: true })).toEqual({ purged: 1, restorable: false });
      expect(store.stats()).toMatchObject({ entries: 0, bytes: 0 });
    });

    it('forgets the groups of one origin (RFC 9875)', async () => {
      const store = await fresh();
      const grouped = (uri: string, groups: string): StoredHead =>
        headOf({ headers: [`Cache-Groups: ${groups}`] }, { uri });
      await put(store, grouped('http://a.test/1', '"x"'));
      await put(store, grouped('http://a.test/2', '"y", "x"'));
      await put(store, grouped('http://a.test/3', '"X"'));
      await put(store, grouped('http://b.test/1', '"x"'));
      const meant = { origin: 'http://a.test', groups: ['x', 'none'] };
      expect((await store.purge(meant)).purged).toBe(2);
      expect(store.stats().entries).toBe(2);
      expect((await store.purge({ groups: ['x'] })).purged).toBe(1);
    });
  });

  describe(`${name}: neighbours`, () => {
    const at = (query: string, headers: string[] = []): StoredHead =>
      headOf({ headers }, { uri: `http://example.test/page${query}` });

    it('finds entries that differ in the query alone', async () => {
      const store = await fresh();
      for (const head of [at('?a'), at('?b'), at(''), headOf({}, { uri: 'http://example.test/pages?a' })]) {
        await put(store, head);
      }
      const uris = (query: string): string[] =>
        store
          .neighbours(`http://example.test/page${query}`, 9)
          .map(({ uri }) => uri.slice(24))
          .sort();
      expect(uris('?a')).toEqual(['', '?b']);
      expect(uris('?c')).toEqual(['', '?a', '?b']);
      expect(store.neighbours(at('').uri, 1)).toHaveLength(1);
      await store.purge({ key: at('?b').key });
      expect(uris('?a')).toEqual(['']);
    });

    it('finds those that are left, whichever have gone', async () => {
      const store = await fresh();
      const queries = ['?a', '?b', '?c', '?d'];
      for (const query of queries) await put(store, at(query));
      const left = new Set(queries);
      // One in the middle, the newest, the oldest, and the last that is left.
      for (const gone of ['?b', '?d', '?a', '?c']) {
        await store.purge({ key: at(gone).key });
        left.delete(gone);
        const found = store.neighbours(at('?x').uri, 9).map(({ uri }) => uri);
        expect(found.sort()).toEqual([...left].map((query) => at(query).uri));
      }
      await put(store, at('?e'));
      expect(store.neighbours(at('?x').uri, 9)).toHaveLength(1);
    });

    it('finds entries that may answer other queries', async () => {
      const store = await fresh();
      await put(store, at('?a'));
      await put(store, at('?b', ['No-Vary-Search: params']));
      expect(store.lookupLoose(at('?x').uri).map(({ head }) => head.uri)).toEqual([at('?b').uri]);
    });
  });

  describe(`${name}: caps`, () => {
    const numbered = (i: number): StoredHead => headOf({}, { uri: `http://example.test/${i}` });

    it('drops the least recently used entries', async () => {
      const store = await fresh(60_000);
      for (let i = 0; i < 5; i++) await put(store, numbered(i), 'x'.repeat(10_000));
      const [first] = store.lookup(numbered(0).key);
      if (first !== undefined) store.touch(first, first.bodyLength ?? 0);
      await put(store, numbered(5), 'x'.repeat(10_000));
      await store.flush();
      expect(store.stats().bytes).toBeLessThanOrEqual(60_000);
      const kept = [0, 1, 5].map((i) => store.lookup(numbered(i).key).length);
      expect(kept).toEqual([1, 0, 1]);
    });

    it('gives up a body that is too large, and says so', async () => {
      const store = await fresh(1_000_000, 10);
      const writer = store.begin(headOf());
      expect(await writer.write(encoder.encode('12345'))).toBe(true);
      expect(await writer.write(encoder.encode('678901'))).toBe(false);
      expect(await writer.write(encoder.encode('x'))).toBe(false);
      expect(await writer.commit()).toBeUndefined();
      expect(store.stats()).toMatchObject({ entries: 0, bytes: 0 });
    });

    it('counts what it has', async () => {
      const store = await fresh();
      await put(store, numbered(1), 'x'.repeat(1000));
      const { entries, bytes, maxBytes } = store.stats();
      expect([entries, bytes >= 1000, maxBytes]).toEqual([1, true, 1_000_000]);
    });
  });

  describe(`${name}: looking at entries`, () => {
    const numbered = (i: number): StoredHead => headOf({}, { uri: `http://example.test/${i}` });
    const paths = ({ entries }: EntryPage): string[] => entries.map(({ head }) => head.uri.slice(19));

    it('lists entries by last use, searched and paged', async () => {
      const store = await fresh();
      for (let i = 0; i < 12; i++) await put(store, numbered(i));
      const [third] = store.lookup(numbered(3).key);
      if (third !== undefined) store.touch(third, third.bodyLength ?? 0);
      const page = await store.entries({ offset: 0, limit: 3 });
      expect([page.total, ...paths(page)]).toEqual([12, '/3', '/11', '/10']);
      expect(page.entries[0]).toMatchObject({ id: third?.id, hits: 1, bodyLength: 4, head: { status: 200 } });
      const searched = await store.entries({ search: 'TEST/1', offset: 1, limit: 1 });
      expect([searched.total, searched.entries.length]).toEqual([3, 1]);
      expect((await store.entries({ search: 't_/.%*', offset: 0, limit: 9 })).total).toBe(0);
      expect(paths(await store.entries({ offset: 10, limit: 9, ascending: true }))).toEqual(['/11', '/3']);
    });

    it('lists entries in other orders', async () => {
      const store = await fresh();
      for (const [i, length] of [5, 30, 10].entries()) {
        await put(store, headOf({ at: i }, { uri: `http://example.test/${i}` }), 'x'.repeat(length));
      }
      const [last] = store.lookup(numbered(2).key);
      if (last !== undefined) store.touch(last, last.bodyLength ?? 0);
      const by = async (sort: EntrySort, ascending = false): Promise<string> =>
        paths(await store.entries({ sort, ascending, offset: 0, limit: 9 })).join(' ');
      expect(await by('bytes')).toBe('/1 /2 /0');
      expect(await by('bytes', true)).toBe('/0 /2 /1');
      expect(await by('uri', true)).toBe('/0 /1 /2');
      expect(await by('stored')).toBe('/2 /1 /0');
      expect(await by('stored', true)).toBe('/0 /1 /2');
      expect((await by('hits')).startsWith('/2')).toBe(true);
    });

    it('keeps the id of an entry through updates, and never uses one again', async () => {
      const store = await fresh();
      const first = await put(store, numbered(1), 'one');
      const second = await put(store, numbered(2));
      const updated =
        first && (await store.update(first, { ...first.head, responseTime: first.head.responseTime + 1 }));
      expect(updated?.id).toBe(first?.id);
      const found = await store.get(first?.id ?? 0);
      expect(found).toMatchObject({ id: first?.id, head: updated?.head, bodyLength: 3, hits: 0 });
      expect(found && (await read({ ...found, policy: undefined }))).toBe('one');
      if (second !== undefined) await store.remove(second);
      const third = await put(store, numbered(2));
      expect(new Set([first?.id, second?.id, third?.id]).size).toBe(3);
      expect(await store.get(second?.id ?? 0)).toBeUndefined();
    });

    it('counts answers from an entry also when it has been updated meanwhile', async () => {
      const store = await fresh();
      const entry = await put(store, numbered(1), 'x'.repeat(50));
      if (entry === undefined) throw new Error('it was not stored');
      store.touch(entry, entry.bodyLength ?? 0);
      const updated = await store.update(entry, entry.head);
      store.touch(entry, entry.bodyLength ?? 0);
      if (updated !== undefined) store.touch(updated, updated.bodyLength ?? 0);
      expect(await store.get(entry.id)).toMatchObject({ hits: 3, bytesSaved: 150 });
      const { requestTime, responseTime } = entry.head;
      const saved = { hits: 3, bytesSaved: 150, msSaved: 3 * (responseTime - requestTime) };
      expect(store.stats()).toMatchObject(saved);
      await store.remove(entry);
      store.touch(entry, entry.bodyLength ?? 0);
      expect(store.stats()).toMatchObject({ hits: 4, bytesSaved: 200 });
    });
  });

  describe(`${name}: purging`, () => {
    const at = (uri: string): StoredHead => headOf({}, { uri });
    const uris = ['http://a.test/x/1', 'http://a.test/x/2?q', 'http://A.test:8080/x/1', 'http://b.test/x/1'];

    it.each<[string, EntryFilter, number]>([
      ['a prefix', { pattern: 'http://a.test/' }, 2],
      ['a pattern', { pattern: 'http://*/x/1' }, 3],
      ['a host with every port', { host: 'A.TEST' }, 3],
      ['a host with its port', { host: 'a.test:8080' }, 1],
      ['a host with the port that its scheme has', { host: 'a.test:80' }, 2],
      ['a host that is only the beginning of one', { host: 'a.tes' }, 0],
      ['everything', { all: true }, 4],
    ])('forgets what is meant by %s', async (_name, filter, purged) => {
      const store = await fresh();
      for (const uri of uris) await put(store, at(uri.toLowerCase()));
      expect(await store.purge(filter)).toEqual({ purged, restorable: false });
      expect(store.stats().entries).toBe(4 - purged);
      expect((await store.entries({ offset: 0, limit: 9 })).total).toBe(4 - purged);
    });

    it('brings a single entry back as it was', async () => {
      const store = await fresh();
      const entry = await put(store, at('http://a.test/1'), 'back again');
      if (entry === undefined) throw new Error('it was not stored');
      store.touch(entry, entry.bodyLength ?? 0);
      expect(await store.purge({ id: entry.id })).toEqual({ purged: 1, restorable: true });
      expect(store.lookup(entry.head.key)).toEqual([]);
      expect(await store.restore(entry.id)).toBe(true);
      expect(await bodies(store, entry.head.key)).toEqual(['back again']);
      expect(await store.get(entry.id)).toMatchObject({ id: entry.id, hits: 1, head: entry.head });
      expect(await store.restore(entry.id)).toBe(false);
      expect(store.stats().entries).toBe(1);
    });

    it('brings nothing back that has been replaced, invalidated or purged for good', async () => {
      const store = await fresh();
      const outdate: ((head: StoredHead) => unknown)[] = [
        (head) => put(store, { ...head, responseTime: head.responseTime + 1 }),
        (head) => store.purge({ key: head.key }),
        () => store.purge({ all: true }),
      ];
      for (const [i, act] of outdate.entries()) {
        const entry = await put(store, at(`http://a.test/${i}`));
        await store.purge({ id: entry?.id ?? 0 });
        await act(at(`http://a.test/${i}`));
        expect(await store.restore(entry?.id ?? 0)).toBe(false);
      }
      expect(await store.purge({ id: 999 })).toEqual({ purged: 0, restorable: false });
      expect(await store.restore(999)).toBe(false);
    });
  });
}
