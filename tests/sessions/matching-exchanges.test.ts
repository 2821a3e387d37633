import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { matchingExchanges } from '../../electron/engine/sessions/matching-exchanges.ts';
import type { SessionItem } from '../../electron/engine/trace/session-item.ts';
import { exchangeLine } from '../../electron/host/exchange-text.ts';
import { parseFilter } from '../../shared/filter/parse-filter.ts';

function* session(): Generator<SessionItem> {
  for (const [id, path, body] of [
    [1, '/plain', 'nothing'],
    [2, '/packed', 'the needle'],
    [3, '/red\u001b[31m', 'needle too'],
  ] as const) {
    const base = { seq: 0, id };
    const coding = id === 2 ? ['Content-Encoding', 'gzip'] : [];
    yield {
      kind: 'exchange',
      events: [
        {
          ...{ ...base, type: 'exchange.started', at: id, kind: 'http', method: 'GET', url: `http://a.example${path}` },
          ...{ version: 'HTTP/1.1', client: '', connection: 1, nth: id },
        },
        { ...base, type: 'request.head', at: id, target: path, headers: ['X-Number', String(id)] },
        {
          ...{ ...base, type: 'response.started', at: id, status: 200, reason: 'OK', from: 'upstream' },
          ...{ contentType: 'text/plain', headers: ['Content-Type', 'text/plain', ...coding] },
        },
        { ...base, type: 'response.ended', at: id, bytes: 10 },
        { ...base, type: 'exchange.finished', at: id + 1.5, outcome: { kind: 'completed' } },
      ],
    };
    yield { kind: 'body', side: 'response', bytes: id === 2 ? gzipSync(body) : Buffer.from(body) };
  }
}

async function matching(filter: string): Promise<number[]> {
  const parsed = parseFilter(filter);
  if (!parsed.ok) expect.unreachable(parsed.problem.message);
  const ids: number[] = [];
  async function* items(): AsyncGenerator<SessionItem> {
    yield* session();
    await Promise.resolve();
  }
  for await (const { id } of matchingExchanges(items(), parsed.node)) ids.push(id);
  return ids;
}

test('exchanges of a session are found by what the list knows, by fields, and by their decoded bodies', async () => {
  expect(await matching('')).toEqual([1, 2, 3]);
  expect(await matching('path:/p')).toEqual([1, 2]);
  expect(await matching('header[x-number]:3')).toEqual([3]);
  expect(await matching('body:needle -id:3')).toEqual([2]);
});

test('a line shows what would move the cursor instead of doing it', async () => {
  async function* items(): AsyncGenerator<SessionItem> {
    yield* session();
    await Promise.resolve();
  }
  const lines: string[] = [];
  for await (const exchange of matchingExchanges(items(), undefined)) lines.push(exchangeLine(exchange, 0));
  expect(lines[2]).toBe(
    '     3  1970-01-01T00:00:00.003Z  GET      200          -                 10 B       1.5 ms  http://a.example/red\ufffd[31m\n',
  );
});
