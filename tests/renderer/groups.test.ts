import { describe, expect, test } from 'vitest';
import { currentLine, goToLine, moveCursor, turnCursor } from '../../renderer/store/list-cursor.ts';
import { ListLines } from '../../renderer/store/list-lines.ts';
import { TraceIndex } from '../../renderer/store/trace-index.ts';
import { createTraceStore, publishTrace } from '../../renderer/store/trace-store.ts';
import { createUiStore } from '../../renderer/store/ui-store.ts';
import type { Grouping } from '../../renderer/store/ui-store.ts';
import type { ExchangeRow } from '../../shared/exchange-view.ts';

function row(id: number, url: string, more: Partial<ExchangeRow> = {}): ExchangeRow {
  return {
    ...{ id, kind: 'http', start: id, end: id + 1, method: 'GET', url, version: 'HTTP/1.1', client: '', nth: 1 },
    ...{ connection: 1, requestBytes: 0, responseBytes: 100, warnings: 0, status: 200, ...more },
  };
}

const ROWS = [
  row(1, 'http://b.example/'),
  row(2, 'http://a.example/api/v1/users?page=/2'),
  row(3, 'http://a.example/api/v1/users/7', { status: 500 }),
  row(4, 'http://a.example/style.css', { from: 'cache' }),
  row(5, '???', { kind: 'malformed' }),
];

function listed(grouping: Grouping, rows: readonly ExchangeRow[] = ROWS) {
  const index = new TraceIndex(1000);
  const trace = createTraceStore();
  const ui = createUiStore();
  const lines = new ListLines(index);
  index.addPage(rows);
  index.settle();
  ui.setState({ grouping });
  lines.follow(trace, ui);
  publishTrace(trace, index, 1);
  const shown = (): (string | number)[] =>
    lines.ids.map((line) => lines.groupAt(line)?.key.replace(/^$/, '(none)') ?? line);
  const open = (key: string): void => {
    const group = lines.groupByKey(key);
    if (group !== undefined) lines.setOpen(group, true);
  };
  return { index, trace, ui, lines, shown, open };
}

describe('groups', () => {
  test('are hosts, with the numbers of what is under them', () => {
    const { lines, shown, open } = listed('host');
    expect(shown()).toEqual(['(none)', 'a.example', 'b.example']);
    expect(lines.groupByKey('a.example')).toMatchObject({ level: 1, count: 3, errors: 1, hits: 1, bytes: 300 });
    open('a.example');
    expect(shown()).toEqual(['(none)', 'a.example', 2, 3, 4, 'b.example']);
  });

  test('are hosts and folders, each with the numbers of what is under it', () => {
    const { lines, shown } = listed('path');
    lines.setAllOpen(true);
    expect(shown()).toEqual([
      ...['(none)', 5],
      ...['a.example', 'a.example/api', 'a.example/api/v1', 'a.example/api/v1/users', 3, 2, 4],
      ...['b.example', 1],
    ]);
    expect(lines.groupByKey('a.example/api')).toMatchObject({ name: 'api', level: 2, count: 2, errors: 1 });
    const group = lines.groupByKey('a.example/api');
    expect(group === undefined ? [] : lines.idsUnder(group).sort()).toEqual([2, 3]);
    lines.setAllOpen(false);
    expect(shown()).toEqual(['(none)', 'a.example', 'b.example']);
  });

  test('a single host is open from the start', () => {
    expect(listed('host', ROWS.slice(1, 4)).shown()).toEqual(['a.example', 2, 3, 4]);
  });

  test('are none in a flat list', () => {
    const { lines, index } = listed('none');
    expect(lines.grouped).toBe(false);
    expect(lines.ids).toBe(index.view);
  });

  test('follow the filter, and lose what has gone', () => {
    const { index, lines, ui, shown } = listed('host');
    index.list({ passes: ({ id }) => id !== 1 });
    ui.setState({ grouping: 'path' });
    expect(shown()).toEqual(['(none)', 'a.example']);
    index.clear(4);
    index.settle();
    ui.setState({ grouping: 'host' });
    expect(shown()).toEqual(['(none)', 5]);
    expect(lines.groupByKey('a.example')).toBeUndefined();
  });
});

describe('the keyboard in a tree', () => {
  test('opens with Right and goes in, closes with Left and goes out', () => {
    const listing = listed('path');
    const { ui, lines } = listing;
    const at = (): string | number | undefined => {
      const line = currentLine(listing) ?? 0;
      return lines.groupAt(line)?.key ?? line;
    };
    const went: (string | number | undefined)[] = [];
    const press = (...turns: ('left' | 'right')[]): void => {
      for (const turn of turns) {
        turnCursor(listing, turn);
        went.push(at());
      }
    };
    moveCursor(listing, 'first', 10);
    moveCursor(listing, 'next', 10);
    press('right', 'right', 'right', 'right');
    expect(went.splice(0)).toEqual(['a.example', 'a.example/api', 'a.example/api', 'a.example/api/v1']);
    press('left', 'left', 'left', 'left');
    expect(went.splice(0)).toEqual(['a.example/api', 'a.example/api', 'a.example', 'a.example']);
    expect(ui.getState().selectedId).toBeNull();
  });

  test('selects requests, and from one in a closed group goes to that', () => {
    const listing = listed('host');
    const { ui, lines, open } = listing;
    open('a.example');
    goToLine(listing, 3);
    moveCursor(listing, 'next', 10, true);
    expect([...ui.getState().selection]).toEqual([3, 4]);
    moveCursor(listing, 'next', 10, true);
    expect(ui.getState()).toMatchObject({ selectedId: null, groupCursor: 'b.example' });
    goToLine(listing, 3);
    expect(ui.getState().groupCursor).toBeNull();
    lines.setAllOpen(false);
    moveCursor(listing, 'next', 10);
    expect(ui.getState().groupCursor).toBe('a.example');
  });
});
