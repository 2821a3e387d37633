import { expect, test } from 'vitest';
import { applyToRow, applyToView, fold, foldRow } from '../../shared/exchange-view.ts';
import type { ExchangeRow } from '../../shared/exchange-view.ts';
import { toListEvent } from '../../shared/trace-event.ts';
import type { TraceEvent } from '../../shared/trace-event.ts';

const decision = {
  ...({ verdict: 'MISS', hit: false, fwd: 'uri-miss', ttl: 60, mode: 'shared' } as const),
  steps: [{ rule: 'a', source: 'RFC 9111 §3', evidence: 'b', effect: 'c' }],
};

/** An exchange's whole life, `exchange.started` first. */
const life: TraceEvent[] = [
  { type: 'exchange.started', kind: 'http', method: 'PUT', url: 'http://a/', version: 'HTTP/1.1', client: 'c:1' },
  { type: 'request.head', target: '/', headers: ['Host', 'a'] },
  { type: 'span', lane: 'client', name: 'accept', start: 0 },
  { type: 'exchange.progress', requestBytes: 3, responseBytes: 0, open: ['cache.handle'] },
  { type: 'request.ended', bytes: 5, body: { captured: 5 }, trailers: ['T', 'x'] },
  { type: 'exchange.note', level: 'info', code: 'I', text: 'i' },
  { type: 'exchange.note', level: 'warning', code: 'W', text: 'w' },
  { type: 'response.informational', status: 103, headers: [] },
  { type: 'cache.decided', decision },
  {
    type: 'response.started',
    status: 200,
    reason: 'OK',
    from: 'upstream',
    contentType: 'text/html',
    headers: ['A', 'b'],
  },
  { type: 'response.ended', bytes: 9, body: { captured: 4, truncated: 'cap' } },
  { type: 'exchange.finished', outcome: { kind: 'completed' } },
].map(
  (event, index) => ({ seq: index + 1, id: 3, at: index, connection: 1, nth: 1, ...event }) as unknown as TraceEvent,
);

test('the row of the whole trace, of its list events and of the view are one and the same', () => {
  const row = foldRow(life);
  expect(row).toMatchObject({
    ...{ id: 3, start: 0, end: 11, method: 'PUT', status: 200, verdict: 'MISS', fwd: 'uri-miss', ttl: 60 },
    ...{ requestBytes: 5, responseBytes: 9, warnings: 1, responseAt: 9, outcome: { kind: 'completed' } },
  });
  expect(foldRow(life.flatMap((event) => toListEvent(event) ?? []))).toEqual(row);
  expect(fold(life)).toMatchObject(row as ExchangeRow);
});

test('rows and views are replaced, never changed in place', () => {
  let row: ExchangeRow | undefined;
  for (const event of life) {
    const before = Object.freeze(row);
    row = applyToRow(before, event);
  }
  let view: ReturnType<typeof fold>;
  for (const event of life) view = Object.freeze(applyToView(view, event));
  expect(view?.spans).toHaveLength(1);
});

test('an event that a row does not show leaves the same object', () => {
  const row = foldRow(life) as ExchangeRow;
  for (const event of life) {
    if (toListEvent(event) === undefined) expect(applyToRow(row, event)).toBe(row);
  }
});

test('an exchange whose start was missed has no view yet', () => {
  expect(fold(life.slice(1))).toBeUndefined();
  expect(foldRow(life.slice(1))).toBeUndefined();
});

test('a late progress report does not change what has ended', () => {
  const late = {
    type: 'exchange.progress',
    seq: 99,
    id: 3,
    at: 99,
    requestBytes: 0,
    responseBytes: 0,
    open: ['x.handle'],
  };
  expect(fold([...life, late as unknown as TraceEvent])).toEqual(fold(life));
});
