import { describe, expect, test } from 'vitest';
import { fieldFacts } from '../../renderer/views/compare/compared-facts.ts';
import { lineDiff, withContext } from '../../renderer/views/compare/line-diff.ts';
import { compare, createUiStore } from '../../renderer/store/ui-store.ts';
import { fc } from '../support/property.ts';

const marks = { same: ' ', left: '-', right: '+' } as const;
const drawn = (left: string, right: string): string =>
  lineDiff(Array.from(left), Array.from(right))
    .map(({ kind, text }) => `${marks[kind]}${text}`)
    .join(' ');

describe('the difference of two texts', () => {
  test('is a shortest way from one to the other', () => {
    expect(
      drawn('abcabba', 'cbabac')
        .split(' ')
        .filter((mark) => /^[-+]/.test(mark)),
    ).toHaveLength(5);
    expect(drawn('', 'ab')).toBe('+a +b');
    expect(drawn('ab', '')).toBe('-a -b');
  });

  test('holds both, whatever they are', () => {
    const letters = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 30 });
    fc.assert(
      fc.property(letters, letters, (left, right) => {
        const lines = lineDiff(left, right);
        const side = (without: 'left' | 'right') =>
          lines.filter(({ kind }) => kind !== without).map(({ text }) => text);
        expect(side('right')).toEqual(left);
        expect(side('left')).toEqual(right);
      }),
      { numRuns: 300 },
    );
  });

  test('of texts that have nothing in common is told as a whole', () => {
    const lines = (prefix: string): string[] => Array.from({ length: 5_000 }, (_, i) => `${prefix}${i}`);
    expect(lineDiff(lines('a'), lines('b'))).toHaveLength(10_000);
  });

  test('is folded where nothing differs', () => {
    const left = Array.from({ length: 20 }, (_, i) => String(i));
    const shown = withContext(lineDiff(left, [...left.slice(0, 19), 'x']));
    expect(shown.map(({ line, folded }) => `${folded}${marks[line.kind]}${line.text}`)).toEqual([
      ...['16 16', '0 17', '0 18', '0-19', '0+x'],
    ]);
  });
});

test('fields are compared by name, whatever its case', () => {
  expect(fieldFacts(['A', '1', 'b', '2', 'B', '3'], ['a', '1', 'c', '4'])).toEqual([
    { name: 'a', left: '1', right: '1', differs: false },
    { name: 'b', left: '2\n3', right: '–', differs: true },
    { name: 'c', left: '–', right: '4', differs: true },
  ]);
});

test('two exchanges are compared from anywhere', () => {
  const ui = createUiStore();
  ui.setState({ page: 'cache', compareWith: 3 });
  compare(ui, 3, 7);
  expect(ui.getState()).toMatchObject({ page: 'traffic', compared: { left: 3, right: 7 }, compareWith: null });
});
