import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Lane, LaneReceiver, LaneRequest, LaneTaker } from '../../electron/engine/gateway/lane.ts';
import { PythonWorker } from '../../electron/engine/gateway/python-worker.ts';
import { WorkerPool } from '../../electron/engine/gateway/worker-pool.ts';
import { apps, startApplications, wsgi } from './gateway-setup.ts';

/** A folder whose files open the gates of requests to queueing.py, which notes there what has begun. */
async function makeGates(): Promise<{
  readonly folder: string;
  readonly open: (name: string) => Promise<void>;
  readonly begun: () => Promise<string[]>;
}> {
  const folder = await mkdtemp(join(tmpdir(), 'hopscope-gates-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return {
    folder,
    open: (name) => writeFile(join(folder, name), ''),
    begun: async () => (await readFile(join(folder, 'begun.txt'), 'utf8')).trimEnd().split('\n'),
  };
}

function startPool(folder: string, maxWorkers: number): WorkerPool {
  const pool = new WorkerPool({
    ...{ maxWorkers, loadTimeout: 60_000, idleTimeout: 60_000, retireTimeout: 3_000, aheadTime: 250 },
    onTrouble: () => undefined,
    start: () =>
      new PythonWorker({
        ...{ python: 'python3', module: 'queueing:application', directory: apps, env: { GATES: folder }, threads: 1 },
        ...{ multiprocess: true, reload: false, onOutput: () => undefined, onFiles: () => undefined },
      }),
  });
  onTestFinished(() => pool.close());
  return pool;
}

/** One request to a pool, and what became of it. */
class Asking implements LaneTaker, LaneReceiver {
  readonly events: string[] = [];
  readonly #pool: WorkerPool;
  readonly #request: LaneRequest;
  readonly #answer = Promise.withResolvers<string>();
  readonly #given = Promise.withResolvers<Lane>();
  readonly #back = Promise.withResolvers<undefined>();
  #lane: Lane | undefined;
  #text = '';
  isWanted = true;

  constructor(pool: WorkerPool, path: string, hasBody = false) {
    this.#pool = pool;
    const environ = ['REQUEST_METHOD', 'GET', 'QUERY_STRING', '', 'PATH_INFO', path];
    this.#request = { environ, target: path, headers: [], hasBody, expects: false };
    // A test looks at those that it is interested in.
    this.#answer.promise.catch(() => undefined);
    pool.take(this);
  }

  /** What was answered, as in `name by 4711`. */
  get answer(): Promise<string> {
    return this.#answer.promise;
  }

  /** Resolves when it has a lane, and has begun. */
  get given(): Promise<Lane> {
    return this.#given.promise;
  }

  get givenBack(): Promise<undefined> {
    return this.#back.promise;
  }

  onLane(lane: Lane): void {
    this.events.push('lane');
    this.#lane = lane;
    lane.begin(this.#request, this);
    this.#given.resolve(lane);
  }

  onNoLane(error: Error): void {
    this.#answer.reject(error);
  }

  sentAhead(): LaneRequest | undefined {
    if (this.#request.hasBody) return undefined;
    this.events.push('ahead');
    return this.#request;
  }

  onGivenBack(): boolean {
    this.events.push('back');
    this.#back.resolve(undefined);
    return this.isWanted;
  }

  onChunk(bytes: Uint8Array): void {
    this.#text += Buffer.from(bytes).toString();
  }

  onEnd(): void {
    this.#answer.resolve(this.#text);
    if (this.#lane !== undefined) this.#pool.release(this.#lane);
  }

  onLost(reason: string): void {
    this.#answer.reject(new Error(reason));
  }

  onBodyWanted(): void {}
  onNext(): void {}
  onHead(): void {}
  onOutput(): void {}
  onFramework(): void {}
  onFailure(): void {}

  onBodyEnd(): void {}
  onDrain(): void {}
}

/** Which process answered. */
const by = async (asking: Asking): Promise<string> => (await asking.answer).split(' by ')[1] ?? '';

/** Quick requests, until all workers are there and so quick that others may lie behind each. */
async function warm(pool: WorkerPool, workers: number): Promise<void> {
  for (let rested = false; !rested;) {
    const askings = Array.from({ length: 5 * workers }, () => new Asking(pool, '/quick/warm'));
    const seen = new Set(await Promise.all(askings.map(by)));
    rested = seen.size === workers && askings.slice(workers).every(({ events }) => events[0] === 'ahead');
  }
}

test('a worker that is quick finds the next requests when it is done, in their order', async () => {
  const { folder, open, begun } = await makeGates();
  const pool = startPool(folder, 1);
  await warm(pool, 1);
  await open('first');
  const askings = ['/gate/first', '/quick/second', '/quick/third'].map((path) => new Asking(pool, path));
  await Promise.all(askings.map(({ answer }) => answer));
  expect(askings.map(({ events }) => events)).toEqual([['lane'], ['ahead', 'lane'], ['ahead', 'lane']]);
  expect((await begun()).slice(-3)).toEqual(['first', 'second', 'third']);
});

test('a request behind one that takes long comes back, and another worker answers it', async () => {
  const { folder, open, begun } = await makeGates();
  const pool = startPool(folder, 2);
  await warm(pool, 2);
  const long = [new Asking(pool, '/gate/one'), new Asking(pool, '/gate/two')];
  const behind = new Asking(pool, '/quick/behind');
  expect(behind.events).toEqual(['ahead']);
  await behind.givenBack;
  // Nobody is sent behind them any more.
  const later = new Asking(pool, '/quick/later');
  expect(later.events).toEqual([]);
  await open('two');
  const second = await by(long[1] as Asking);
  expect(await by(behind)).toBe(second);
  expect(await by(later)).toBe(second);
  await open('one');
  const first = await by(long[0] as Asking);
  // The worker passes over the place where it had been.
  const after = [new Asking(pool, '/quick/a'), new Asking(pool, '/quick/b')];
  expect(new Set(await Promise.all(after.map(by)))).toEqual(new Set([first, second]));
  expect((await begun()).filter((name) => name === 'behind')).toHaveLength(1);
});

test('what a worker had not begun when it died is answered by its replacement, once', async () => {
  const { folder, open, begun } = await makeGates();
  const pool = startPool(folder, 1);
  await warm(pool, 1);
  await open('end');
  const dying = new Asking(pool, '/die/end');
  const behind = [new Asking(pool, '/quick/x'), new Asking(pool, '/quick/y')];
  expect(behind.map(({ events }) => events)).toEqual([['ahead'], ['ahead']]);
  await expect(dying.answer).rejects.toThrow('exit code 3');
  await Promise.all(behind.map(({ answer }) => answer));
  expect((await begun()).slice(-3)).toEqual(['end', 'x', 'y']);
});

test('a request that nobody wants any more is not begun when it comes back', async () => {
  const { folder, open, begun } = await makeGates();
  const pool = startPool(folder, 1);
  await warm(pool, 1);
  const long = new Asking(pool, '/gate/long');
  const left = new Asking(pool, '/quick/left');
  left.isWanted = false;
  expect(pool.leave(left)).toBe(false);
  await left.givenBack;
  await open('long');
  await long.answer;
  await new Asking(pool, '/quick/next').answer;
  expect((await begun()).slice(-2)).toEqual(['long', 'next']);
});

test('nothing is sent ahead into a body, with a body, or to an application that is slow', async () => {
  const { folder, open } = await makeGates();
  const pool = startPool(folder, 1);
  const first = new Asking(pool, '/gate/slow');
  await first.given;
  const unknown = new Asking(pool, '/quick/unknown');
  expect(unknown.events).toEqual([]);
  await open('slow');
  await unknown.answer;
  await warm(pool, 1);
  const upload = new Asking(pool, '/quick/upload', true);
  const behind = new Asking(pool, '/quick/behind');
  expect(behind.events).toEqual(['ahead']);
  const lane = await upload.given;
  expect(lane.ahead?.count).toBe(0);
  lane.endBody(true);
  await behind.answer;
  expect(behind.events).toEqual(['ahead', 'lane']);
  const running = new Asking(pool, '/quick/running');
  const second = new Asking(pool, '/quick/second', true);
  expect(second.events).toEqual([]);
  (await second.given).endBody(true);
  await Promise.all([running.answer, second.answer]);
  expect(second.events).toEqual(['lane']);
});

test('whatever lies ready, comes back or is left, each request is answered once, and no lane gets lost', async () => {
  const { folder, begun } = await makeGates();
  const queueing = wsgi('queueing:application', { workers: 2, env: { GATES: folder } });
  const { url } = await startApplications([queueing]);
  const ask = async (name: string, took: number): Promise<string[]> =>
    (await (await fetch(`${url}/sleep/${name}?${took}`)).text()).split(' by ');
  // Around the time that a request may lie ready for, so that they are asked for while their turn comes.
  const times = [0, 0, 1, 0, 12, 2, 0, 9, 0, 11, 0, 30];
  let number = 0;
  const askMany = async (): Promise<void> => {
    while (number < 500) {
      const name = `n${number++}`;
      const took = times[number % times.length] ?? 0;
      if (number % 7 !== 0) {
        expect((await ask(name, took))[0]).toBe(name);
        continue;
      }
      const leaving = httpRequest(`${url}/sleep/left${number}?${took}`).end();
      const { promise: over, resolve } = Promise.withResolvers<undefined>();
      leaving.once('close', () => resolve(undefined)).on('error', () => undefined);
      leaving.once('socket', (socket) => socket.once('connect', () => setImmediate(() => leaving.destroy())));
      await over;
    }
  };
  await Promise.all(Array.from({ length: 12 }, askMany));
  const names = await begun();
  expect(new Set(names).size).toBe(names.length);
  // Each worker still answers: what lies behind the other one's request comes back for it.
  const [one, two] = await Promise.all([ask('one', 500), ask('two', 500)]);
  expect(one[1]).not.toBe(two[1]);
});
