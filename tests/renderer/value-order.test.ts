import { expect, test } from 'vitest';
import { textRanks } from '../../renderer/store/query/text-order.ts';
import { rankOrder, valueRanks } from '../../renderer/store/query/value-order.ts';
import { fc } from '../support/property.ts';

/** Beginnings that many have in common, as URLs do, and characters from all over. */
const text = fc.oneof(
  fc.constantFrom('', 'http://a.example/', 'http://a.example/api/v1/orders', 'é', 'ÿ', 'ÿÿ', '中文', '\u0000'),
  fc.string({ maxLength: 12 }),
  fc
    .tuple(fc.constantFrom('/api/orders/', '/assets/', 'ÿ'), fc.string({ unit: 'binary', maxLength: 8 }))
    .map((t) => t.join('')),
);

test('texts are ranked by their characters, equal ones the same', () => {
  fc.assert(
    fc.property(fc.array(text, { maxLength: 200 }), (texts) => {
      const distinct = [...new Set(texts)].sort();
      expect([...textRanks(texts)]).toEqual(texts.map((one) => distinct.indexOf(one)));
    }),
  );
});

test('values are ordered in either direction, what is missing last, equal ones in their places', () => {
  const ordered = (values: readonly (number | string | undefined)[], descending: boolean): number[] => [
    ...rankOrder(valueRanks(values), descending),
  ];
  expect(ordered([30, undefined, -1, 30, Infinity, NaN, 0], false)).toEqual([2, 6, 0, 3, 4, 1, 5]);
  expect(ordered([30, undefined, -1, 30, Infinity, NaN, 0], true)).toEqual([4, 0, 3, 6, 2, 1, 5]);
  expect(ordered(['b', 'a', undefined, 'b', 'aa'], false)).toEqual([1, 4, 0, 3, 2]);
  expect(ordered(['b', 'a', undefined, 'b', 'aa'], true)).toEqual([0, 3, 4, 1, 2]);
  expect(ordered([undefined, undefined], true)).toEqual([0, 1]);
  expect(ordered([], false)).toEqual([]);
});

test('many different texts are ordered as few are', () => {
  const many = Array.from({ length: 12_000 }, (_, i) => `/path/${(i * 7919) % 12_007}?page=${i % 7}`);
  const order = [...rankOrder(valueRanks(many), false)].map((place) => many[place] as string);
  expect(order).toEqual(many.toSorted());
});
