import { expect, test } from 'vitest';
import { FieldValues } from '../../renderer/store/field-values.ts';
import type { ExchangeRow } from '../../shared/exchange-view.ts';
import type { ExchangeField } from '../../shared/search-contract.ts';
import { ScriptedEngine, settled } from './scripted-engine.ts';

const etag: ExchangeField = { of: 'response', name: 'etag' };
const agent: ExchangeField = { of: 'request', name: 'user-agent' };

function row(id: number, more: Partial<ExchangeRow> = { responseAt: id, end: id + 1 }): ExchangeRow {
  return {
    ...{ id, kind: 'http', start: id, method: 'GET', url: `http://a/${id}`, version: 'HTTP/1.1', client: '', nth: 1 },
    ...{ connection: 1, requestBytes: 0, responseBytes: 0, warnings: 0, ...more },
  };
}

function scripted(): { engine: ScriptedEngine; values: FieldValues; problems: string[] } {
  const engine = new ScriptedEngine();
  engine.fieldOf = (id, field) => (field.of === 'response' ? `"${id}"` : null);
  const problems: string[] = [];
  return { engine, problems, values: new FieldValues(engine, (message) => problems.push(message)) };
}

test('fields of the rows in sight are read together, and once', async () => {
  const { engine, values } = scripted();
  const rows = Array.from({ length: 250 }, (_, i) => row(i + 1));
  values.show(rows, [etag, agent]);
  await settled();
  expect(engine.callsOf('exchanges.fields').map(({ ids }) => ids.length)).toEqual([200, 50]);
  expect([values.get(250, etag), values.get(250, agent), values.get(251, etag)]).toEqual(['"250"', null, undefined]);
  values.show(rows.slice(0, 40), [etag]);
  await settled();
  expect(engine.callsOf('exchanges.fields')).toHaveLength(2);
});

test('while one question is under way only what is in sight by then is asked for next', async () => {
  const { engine, values } = scripted();
  engine.held = true;
  values.show([row(1)], [etag]);
  for (let id = 2; id < 100; id++) values.show([row(id)], [etag]);
  engine.release();
  await settled();
  expect(engine.callsOf('exchanges.fields').map(({ ids }) => ids)).toEqual([[1], [99]]);
});

test('an exchange that goes on is read again', async () => {
  const { engine, values } = scripted();
  engine.fieldOf = () => null;
  values.show([row(1, {})], [etag]);
  await settled();
  expect(values.get(1, etag)).toBeNull();
  engine.fieldOf = () => '"there"';
  values.show([row(1, { responseAt: 2 })], [etag]);
  await settled();
  expect(values.get(1, etag)).toBe('"there"');
});

test('only the newest are kept, and none of another engine', async () => {
  const { engine, values } = scripted();
  for (let from = 1; from <= 5000; from += 200) {
    values.show(
      Array.from({ length: 200 }, (_, i) => row(from + i)),
      [etag],
    );
    await settled();
  }
  expect([values.get(1, etag), values.get(5000, etag)]).toEqual([undefined, '"5000"']);
  values.adopt(engine.epoch);
  expect(values.get(5000, etag)).toBeUndefined();
});

test('a lost connection, which tells of itself, is no reason to give up', async () => {
  const { engine, values, problems } = scripted();
  engine.connect('closed');
  values.show([row(1)], [etag]);
  await settled();
  expect(problems).toEqual([]);
  engine.connect('open');
  values.show([row(1)], [etag]);
  await settled();
  expect(values.get(1, etag)).toBe('"1"');
});
