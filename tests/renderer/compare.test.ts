import { describe, expect, test } from 'vitest';
import { en } from '../../renderer/i18n/en/catalogue.ts';
import { createTranslate } from '../../renderer/i18n/translate.ts';
import { fieldFacts } from '../../renderer/views/compare/compared-facts.ts';
import { comparedLength, comparedPhases } from '../../renderer/views/compare/compared-phases.ts';
import { lineDiff, withContext } from '../../renderer/views/compare/line-diff.ts';
import { stepInGroup, toggleInGroup } from '../../renderer/store/compare-group.ts';
import { compare, createUiStore } from '../../renderer/store/ui-store.ts';
import { fold } from '../../shared/exchange-view.ts';
import type { ExchangeView } from '../../shared/exchange-view.ts';
import { fc } from '../support/property.ts';

const t = createTranslate('en', en);
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

describe('the compare group', () => {
  test('takes what it lacks, and lets go of what it has', () => {
    expect(toggleInGroup([], [9, 4])).toEqual([4, 9]);
    expect(toggleInGroup([4, 9], [9, 7])).toEqual([4, 7, 9]);
    expect(toggleInGroup([4, 7, 9], [9, 4])).toEqual([7]);
  });

  test('is gone through beside the one that stays, round and round', () => {
    const group = [2, 4, 6];
    expect(stepInGroup(group, { shown: 4, other: 2 }, 1)).toBe(6);
    expect(stepInGroup(group, { shown: 6, other: 2 }, 1)).toBe(4);
    expect(stepInGroup(group, { shown: 4, other: 2 }, -1)).toBe(6);
    expect(stepInGroup([2, 4], { shown: 4, other: 2 }, 1)).toBeUndefined();
    // One that was taken out of the group meanwhile.
    expect(stepInGroup(group, { shown: 5, other: 2 }, 1)).toBe(4);
    expect(stepInGroup(group, { shown: 5, other: 2 }, -1)).toBe(6);
    expect(stepInGroup([], { shown: 5, other: 2 }, 1)).toBeUndefined();
  });
});

test('the timelines of two exchanges both begin with them, and only what is noticeably longer is a difference', () => {
  const exchange = (id: number, start: number, wait: number): ExchangeView => {
    const base = { id, connection: 1, nth: 1, version: 'HTTP/1.1', client: '', method: 'GET', url: 'http://x/' };
    const span = {
      type: 'span',
      seq: 2,
      id,
      lane: 'upstream',
      name: 'wait',
      start: start + 1,
      at: start + 1 + wait,
    } as const;
    const folded = fold([
      { type: 'exchange.started', seq: 1, at: start, kind: 'http', ...base },
      span,
      ...(wait > 10 ? [{ ...span, seq: 3, name: 'receive', start: span.at, at: span.at + 1 }] : []),
      { type: 'exchange.finished', seq: 4, id, at: start + wait + 2, outcome: { kind: 'completed' } },
    ]);
    if (folded === undefined) throw new Error('the events begin with the start');
    return folded;
  };
  const phases = comparedPhases(t, exchange(1, 100, 4), exchange(2, 9_000, 40), 0);
  expect(phases.map(({ name, left, right, differs }) => [name, left?.time, right?.time, differs])).toEqual([
    [undefined, 6, 42, true],
    ['Upstream · Waiting', 4, 40, true],
    ['Upstream · Download', undefined, 1, true],
  ]);
  expect(comparedLength(phases)).toBe(42);
  expect(comparedPhases(t, exchange(1, 100, 4), exchange(2, 200, 4.5), 0).some(({ differs }) => differs)).toBe(false);
});
