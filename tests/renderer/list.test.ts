import { fieldColumnId } from '../../renderer/views/request-list/field-columns.ts';
import { describe, expect, test } from 'vitest';
import { moveSelection } from '../../renderer/store/selection.ts';
import {
  columnOf,
  layOutColumns,
  moveColumn,
  toggleColumn,
  USUAL_COLUMNS,
} from '../../renderer/views/request-list/columns.ts';
import { listMove } from '../../renderer/views/rows/list-keys.ts';
import { isAtEnd, rowSlots, rowWindow, scrollToShow } from '../../renderer/views/rows/row-window.ts';

describe('moving the selection', () => {
  const ids = [10, 20, 30, 40, 50, 60];

  test.each([
    ['next', 20, 30],
    ['previous', 20, 10],
    ['next', 60, 60],
    ['previous', 10, 10],
    ['page-down', 10, 30],
    ['page-up', 60, 40],
    ['page-down', 50, 60],
    ['first', 40, 10],
    ['last', 40, 60],
    ['next', null, 10],
    ['previous', null, 60],
  ] as const)('%s from %s goes to %s', (move, from, to) => expect(moveSelection(ids, from, move, 3)).toBe(to));

  test('from a row that the filter hides it goes to its neighbours', () => {
    expect(moveSelection(ids, 25, 'next', 3)).toBe(30);
    expect(moveSelection(ids, 25, 'previous', 3)).toBe(20);
  });

  test('in an empty list goes nowhere', () => expect(moveSelection([], 1, 'next', 3)).toBeUndefined());

  test('answers to the keys people know, without modifiers', () => {
    const plain = { ctrlKey: false, metaKey: false, altKey: false };
    expect(['j', 'ArrowDown', 'k', 'PageUp', 'Home', 'End', 'x'].map((key) => listMove({ key, ...plain }))).toEqual([
      ...['next', 'next', 'previous', 'page-up', 'first', 'last'],
      undefined,
    ]);
    expect(listMove({ key: 'j', ...plain, ctrlKey: true })).toBeUndefined();
  });
});

describe('the rows in sight', () => {
  test('are those on the screen and a few beyond', () => {
    expect(rowWindow(26_000, 260, 26, 100_000)).toEqual({ first: 990, end: 1021 });
    expect(rowWindow(0, 260, 26, 3)).toEqual({ first: 0, end: 3 });
    expect(rowWindow(5000, 260, 26, 3)).toEqual({ first: 0, end: 3 });
    expect(rowWindow(2_600_000, 260, 26, 100_000)).toEqual({ first: 99_969, end: 100_000 });
  });

  test('are drawn by elements that rows leaving sight hand on', () => {
    const before = rowSlots({ first: 10, end: 70 }, 100);
    const after = rowSlots({ first: 12, end: 72 }, 100);
    const kept = after.filter((row) => before.some((one) => one.slot === row.slot && one.position === row.position));
    expect(kept).toHaveLength(58);
    expect(new Set(after.map(({ slot }) => slot)).size).toBe(60);
    const slotsAt = (scrollTop: number): number[] =>
      rowSlots(rowWindow(scrollTop, 731, 26, 1000), 1000).map(({ slot }) => slot);
    for (const scrollTop of [1, 300, 333, 10_001, 25_269, 26_000]) expect(slotsAt(scrollTop)).toEqual(slotsAt(0));
    expect(rowSlots({ first: 90, end: 110 }, 100)).toHaveLength(10);
  });

  test('change as little as showing a row needs', () => {
    expect(scrollToShow(5, 100, 260, 26)).toBe(100);
    expect(scrollToShow(0, 100, 260, 26)).toBe(0);
    expect(scrollToShow(20, 100, 260, 26)).toBe(286);
  });

  test('are at the end when the last one is among them', () => {
    expect(isAtEnd(0, 260, 26, 5)).toBe(true);
    expect(isAtEnd(2340, 260, 26, 100)).toBe(true);
    expect(isAtEnd(2300, 260, 26, 100)).toBe(false);
  });
});

describe('columns', () => {
  const shown = (width: number): string[] => layOutColumns(width, {}, USUAL_COLUMNS).columns.map(({ id }) => id);

  test('are all there in a wide window', () => expect(shown(1440)).toEqual(USUAL_COLUMNS));

  test('go one by one as it narrows; the path and the status stay', () => {
    const counts = [1400, 1000, 800, 600, 400, 200].map((width) => shown(width).length);
    expect(counts).toEqual(counts.toSorted((a, b) => b - a));
    expect(shown(100)).toEqual(['path', 'status']);
  });

  test('that somebody has chosen are there in a narrow window, in place of some that everybody has', () => {
    const field = fieldColumnId('response', 'server') ?? '';
    for (const id of [field, 'comment', 'rules']) {
      const { columns } = layOutColumns(900, {}, toggleColumn(USUAL_COLUMNS, id, true));
      expect(columns.map((column) => column.id)).toContain(id);
      expect(columns.map((column) => column.id)).not.toContain('type');
    }
  });

  test('keep the width they were given, but not less than is readable', () => {
    const { columns, width } = layOutColumns(1400, { host: 300, id: 1 }, toggleColumn(USUAL_COLUMNS, 'time', false));
    expect(columns.slice(0, 3).map(({ style }) => style.width)).toEqual([36, 80, 300]);
    expect(width).toBe(1400);
  });

  test('come where they usually stand, and move', () => {
    expect(toggleColumn(['id', 'path', 'size'], 'ttl', true)).toEqual(['id', 'path', 'size', 'ttl']);
    expect(toggleColumn(['path', 'waterfall'], 'id', true)).toEqual(['id', 'path', 'waterfall']);
    expect(moveColumn(['id', 'path', 'size'], 'size', 'id')).toEqual(['size', 'id', 'path']);
    expect(moveColumn(['id', 'path', 'size'], 'id', 'size')).toEqual(['path', 'size', 'id']);
    expect(layOutColumns(1400, {}, ['size', 'path', 'size', 'gone']).columns.map(({ id }) => id)).toEqual([
      'size',
      'path',
    ]);
  });

  test('may be header fields, which stand in front of the waterfall', () => {
    const id = fieldColumnId('response', ' ETag ') ?? '';
    const shown = toggleColumn(USUAL_COLUMNS, id, true);
    expect(shown.slice(-2)).toEqual(['response[etag]', 'waterfall']);
    expect(columnOf(id)).toMatchObject({ field: { of: 'response', name: 'etag' } });
    expect(toggleColumn(shown, id, false)).toEqual(USUAL_COLUMNS);
    expect(fieldColumnId('request', 'not a name')).toBeUndefined();
    expect(columnOf('response[no]thing]')).toBeUndefined();
    expect(layOutColumns(300, {}, shown).columns.map((column) => column.id)).toEqual(['path', 'status']);
  });

  test('never lose the path', () => {
    expect(layOutColumns(1400, {}, ['id']).columns.map(({ id }) => id)).toContain('path');
  });
});
