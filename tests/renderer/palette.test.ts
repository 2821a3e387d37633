import { expect, test } from 'vitest';
import { fuzzyMatch } from '../../renderer/views/palette/fuzzy-match.ts';

const order = (wanted: string, texts: readonly string[]): string[] =>
  texts
    .flatMap((text) => {
      const match = fuzzyMatch(wanted, text);
      return match === undefined ? [] : [{ text, score: match.score }];
    })
    .sort((a, b) => b.score - a.score)
    .map(({ text }) => text);

test('words are found in any order, whole ones before parts, beginnings before middles', () => {
  expect(order('mode cache', ['Cache mode: off', 'Copy as cURL'])).toEqual(['Cache mode: off']);
  expect(order('the', ['Clear the list', 'Theme: dark'])).toEqual(['Theme: dark', 'Clear the list']);
  expect(order('dark', ['Details at the right', 'Theme: dark'])).toEqual(['Theme: dark']);
});

test('initials are enough, and letters strewn over the text are not', () => {
  expect(fuzzyMatch('cmo', 'Cache mode: off')?.places).toEqual([0, 6, 7]);
  expect(fuzzyMatch('ctl', 'Clear the list')?.places).toEqual([0, 6, 10]);
  expect(fuzzyMatch('zzz', 'Cache mode: off')).toBeUndefined();
});

test('nothing typed matches everything alike', () => {
  expect(fuzzyMatch('  ', 'anything')).toEqual({ score: 0, places: [] });
});
