import { setImmediate as turn } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import type { Lane, Worker } from '../../electron/engine/gateway/lane.ts';
import { PythonWorker } from '../../electron/engine/gateway/python-worker.ts';
import { WorkerPool } from '../../electron/engine/gateway/worker-pool.ts';
import { apps } from './gateway-setup.ts';

test('a worker beyond the first is retired when it has been idle for long enough', async () => {
  const started: PythonWorker[] = [];
  const told: string[] = [];
  const pool = new WorkerPool({
    ...{ maxWorkers: 2, loadTimeout: 60_000, idleTimeout: 200, retireTimeout: 3_000, aheadTime: 10 },
    start() {
      const worker = new PythonWorker({
        ...{ python: 'python3', module: 'rules:application', directory: apps, env: {}, threads: 1 },
        ...{ multiprocess: true, reload: false, onOutput: () => undefined, onFiles: () => undefined },
      });
      started.push(worker);
      return worker;
    },
    onTrouble: (sentence) => told.push(sentence),
  });
  onTestFinished(() => pool.close());
  const lanes: Lane[] = [await take(pool), await take(pool)];
  expect([pool.size, new Set(lanes.map(({ worker }) => worker)).size]).toEqual([2, 2]);
  for (const lane of lanes) pool.release(lane);
  // Either may go; the other one stays.
  await Promise.race(started.map(({ ended }) => ended));
  expect(pool.size).toBe(1);
  expect(told).toEqual([]);
  pool.release(await take(pool));
  expect(started.length).toBe(2);
});

test('a worker that ends as soon as it is loaded is replaced for the next request, not over and over', async () => {
  let started = 0;
  const ends: PromiseWithResolvers<string>[] = [];
  const pool = new WorkerPool({
    ...{ maxWorkers: 1, loadTimeout: 60_000, idleTimeout: 60_000, retireTimeout: 3_000, aheadTime: 10 },
    start(): Worker {
      started++;
      const end = Promise.withResolvers<string>();
      ends.push(end);
      return { lanes: [], ready: Promise.resolve(undefined), ended: end.promise, kill: () => end.resolve('a kill') };
    },
    onTrouble: () => undefined,
  });
  onTestFinished(() => {
    for (const end of ends) end.resolve('the end of the test');
    return pool.close();
  });
  await turn();
  ends[0]?.resolve('exit code 9');
  await turn();
  expect([started, pool.size]).toEqual([1, 0]);
  void take(pool).catch(() => undefined);
  expect([started, pool.size]).toEqual([2, 1]);
});

function take(pool: WorkerPool): Promise<Lane> {
  const { promise, resolve, reject } = Promise.withResolvers<Lane>();
  pool.take({ onLane: resolve, onNoLane: reject, sentAhead: () => undefined, onGivenBack: () => true });
  return promise;
}
