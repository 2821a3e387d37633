import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it, onTestFinished } from 'vitest';
import { OrderQueue } from '../../electron/engine/cache/stores/order-queue.ts';
import { temporaryDirectory } from '../support/recorder.ts';

async function twoConnections(): Promise<readonly [DatabaseSync, DatabaseSync]> {
  const file = join(await temporaryDirectory(), 'x.db');
  const [mine, others] = [new DatabaseSync(file, { timeout: 0 }), new DatabaseSync(file, { timeout: 0 })];
  onTestFinished(() => {
    mine.close();
    others.close();
  });
  mine.exec('PRAGMA journal_mode = wal; CREATE TABLE t (x)');
  return [mine, others];
}

it('obeys in order, and again what found the database locked', async () => {
  const [mine, others] = await twoConnections();
  const insert = mine.prepare('INSERT INTO t VALUES (?)');
  const { promise: done, resolve } = Promise.withResolvers<undefined>();
  const failures: unknown[] = [];
  let tries = 0;
  const queue = new OrderQueue<number>({
    obey: (order) => {
      tries++;
      insert.run(order);
      if (order === 3) resolve(undefined);
    },
    isLast: () => false,
    failed: (error) => failures.push(error),
  });
  others.exec('BEGIN IMMEDIATE');
  for (const order of [1, 2, 3]) queue.add(order);
  expect([tries, failures]).toEqual([1, []]);
  others.exec('COMMIT');
  await done;
  expect(others.prepare('SELECT x FROM t').all()).toEqual([{ x: 1 }, { x: 2 }, { x: 3 }]);
});

it('does not wait for ever once the last order has come', async () => {
  const [mine, others] = await twoConnections();
  const { promise: failed, resolve } = Promise.withResolvers<unknown>();
  const queue = new OrderQueue<string>({
    obey: (order) => mine.prepare('INSERT INTO t VALUES (?)').run(order),
    isLast: (order) => order === 'close',
    failed: resolve,
  });
  others.exec('BEGIN IMMEDIATE');
  queue.add('write');
  queue.add('close');
  expect(await failed).toMatchObject({ errcode: 5 });
});
