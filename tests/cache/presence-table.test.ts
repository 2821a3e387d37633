import { expect, it } from 'vitest';
import type { EntryHashes } from '../../electron/engine/cache/stores/entry-hashes.ts';
import { PresenceTable } from '../../electron/engine/cache/stores/presence-table.ts';

const hashes = (i: number): EntryHashes => ({
  ...{ key: (i * 2_654_435_761) % 2 ** 32, path: (i * 40_503_777) % 2 ** 32, loose: null, group: null },
});

it('never denies what is there, also after it has grown, and forgets what is removed', () => {
  const table = PresenceTable.sized(0);
  const slots = table.counts.length;
  const count = slots / 8 + 1_000;
  for (let i = 0; i < count; i++) table.add(hashes(i));
  expect(table.counts.length).toBe(2 * slots);
  let denied = 0;
  for (let i = 0; i < count; i++) {
    const { key, path } = hashes(i);
    if (!table.mayHave(key) || !table.mayHave(path ?? key)) denied++;
  }
  expect(denied).toBe(0);
  const fresh = PresenceTable.sized(count);
  fresh.add(hashes(7));
  fresh.remove(hashes(7));
  expect(fresh.counts.some((slot) => slot !== 0)).toBe(false);
});

it('takes few for present that are not, also when it is as full as it gets at the start', () => {
  const count = 2 ** 22 / 16;
  const table = PresenceTable.sized(count);
  for (let i = 0; i < count; i++) table.add(hashes(i));
  const absent = Array.from({ length: 20_000 }, (_, i) => hashes(count + i).key);
  expect(absent.filter((key) => table.mayHave(key)).length / absent.length).toBeLessThan(0.07);
});

it('has room in proportion to what there is at the start', () => {
  expect(PresenceTable.sized(1_000_000).counts.length).toBe(2 ** 24);
});

it('denies nothing until it is filled, and then knows what changed meanwhile', () => {
  const table = new PresenceTable();
  expect([table.mayHave(hashes(1).key), table.mayHaveAnyLoose]).toEqual([true, true]);
  table.remove(hashes(1));
  table.add(hashes(3));
  const before = PresenceTable.sized(0);
  for (const i of [1, 2]) before.add(hashes(i));
  table.fill({ counts: before.counts, entries: 2, loose: before.loose });
  expect([1, 2, 3].map((i) => table.mayHave(hashes(i).key))).toEqual([false, true, true]);
  expect(table.mayHaveAnyLoose).toBe(false);
});

it('knows after it was emptied what has been added since that began, and denies the rest', () => {
  const table = PresenceTable.sized(0);
  for (let i = 0; i < 1_000; i++) table.add(hashes(i));
  table.beginEmptying();
  table.add(hashes(1_000));
  expect([0, 999, 1_000].every((i) => table.mayHave(hashes(i).key))).toBe(true);
  table.endEmptying();
  table.add(hashes(1_001));
  const there = Array.from({ length: 1_002 }, (_, i) => i).filter((i) => table.mayHave(hashes(i).key));
  expect(there).toEqual([1_000, 1_001]);
  for (const i of there) table.remove(hashes(i));
  expect(table.counts.some((slot) => slot !== 0)).toBe(false);
});
