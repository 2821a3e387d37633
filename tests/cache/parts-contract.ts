import { describe, expect, it } from 'vitest';
import type { CacheStore } from '../../electron/engine/cache/cache-store.ts';
import type { StoredResponse } from '../../electron/engine/cache/stored-response.ts';
import { joinStored } from '../../electron/engine/handlers/cache-join.ts';
import { received, request, settings } from './policy-harness.ts';
import { bodies, FRESH, headOf, put, read } from './store-entries.ts';

/** What every store has to do with parts. @param fresh makes an empty store that takes bodies of a megabyte */
export function describeParts(name: string, fresh: () => Promise<CacheStore>): void {
  describe(`${name}: parts (RFC 9111 §3.4)`, () => {
    it.each([6, 200_000])('are what a body of %i bytes turns out to be when it ends early', async (length) => {
      const store = await fresh();
      const head = headOf({ headers: [FRESH, 'ETag: "a"'] });
      const writer = store.begin(head);
      await writer.write(Buffer.alloc(length, 'x'));
      const part = { ...head, part: { range: { first: 0, last: length - 1 }, length: length + 1 } };
      expect((await writer.commit(undefined, part))?.head).toEqual(part);
      const [found] = store.lookup(head.key);
      expect([found?.head, found?.bodyLength]).toEqual([part, length]);
    });

    // The large ones are in files where there are files.
    it.each([10, 300_000])('join into larger parts and into the whole of %i bytes', async (length) => {
      const store = await fresh();
      const whole = Buffer.from(Array.from({ length }, (_, i) => 48 + (i % 75))).toString('latin1');
      const arrive = async (first: number, last: number): Promise<StoredResponse> => {
        const headers = [FRESH, 'ETag: "a"', `Content-Range: bytes ${first}-${last}/${length}`];
        const response = { status: 206, headers };
        const part = await put(store, headOf(response), whole.slice(first, last + 1));
        if (part === undefined) throw new Error('the part is not stored');
        return (await joinStored({ request: request(), settings: settings(), store }, part, received(response))).stored;
      };
      const tenth = length / 10;
      await arrive(0, 3 * tenth - 1);
      await arrive(6 * tenth, length - 1);
      const kept = (await bodies(store, headOf().key)).map((body) => body.length / tenth);
      expect(kept.sort()).toEqual([3, 4]);
      const larger = await arrive(3 * tenth - 2, 5 * tenth - 1);
      expect(larger.head.part).toEqual({ range: { first: 0, last: 5 * tenth - 1 }, length });
      expect(await read(larger)).toBe(whole.slice(0, 5 * tenth));
      const joined = await arrive(5 * tenth, 6 * tenth - 1);
      expect([joined.head.status, joined.head.part]).toEqual([200, undefined]);
      expect(await bodies(store, headOf().key)).toEqual([whole]);
      expect(store.stats().entries).toBe(1);
    });
  });
}
