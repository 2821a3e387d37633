import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { frameHeader, FrameReader } from '../../electron/engine/gateway/frames.ts';
import type { LaneReceiver, LaneRequest, LaneTaker } from '../../electron/engine/gateway/lane.ts';
import { SocketLane } from '../../electron/engine/gateway/socket-lane.ts';

// What a worker says in one order, and Hopscope may hear in another, is played by the test.

async function connectedPair(): Promise<[Socket, Socket]> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const near = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const [far] = (await once(server, 'connection')) as [Socket];
  onTestFinished(() => {
    near.destroy();
    far.destroy();
    server.close();
  });
  return [near, far];
}

/** A lane, and the worker's end of it. */
async function openLane(): Promise<{
  readonly lane: SocketLane;
  /** Numbers up to which requests were asked for, out of line. */
  readonly recalled: number[];
  /** Resolves with the paths of the requests that the worker has got when they are so many. */
  readonly got: (count: number) => Promise<string[]>;
  readonly say: (kind: string, payload?: Buffer) => void;
}> {
  const [near, far] = await connectedPair();
  const recalled: number[] = [];
  const paths: string[] = [];
  const reader = new FrameReader({
    onFrame: (_kind, payload) => paths.push(payload.toString().split('\n').at(-1) ?? ''),
    onPiece: () => undefined,
  });
  far.on('data', (bytes: Buffer) => reader.feed(bytes));
  const lane = new SocketLane(near, {
    ...{ worker: 'worker', abort: () => undefined, recall: (last: number) => recalled.push(last) },
    broken: (reason) => expect.fail(reason),
  });
  return {
    lane,
    recalled,
    got: async (count) => {
      await expect.poll(() => paths.length).toBe(count);
      return paths;
    },
    say: (kind, payload = Buffer.alloc(0)) => {
      far.write(frameHeader(kind, payload.length), 'latin1');
      far.write(payload);
    },
  };
}

const request = (path: string): LaneRequest => ({
  ...{ environ: ['PATH_INFO', path], target: path, headers: [], hasBody: false, expects: false },
});

const nothing = (): void => undefined;
const nobody: LaneReceiver = {
  ...{ onBodyWanted: nothing, onNext: nothing, onHead: nothing, onChunk: nothing, onOutput: nothing },
  ...{
    onFramework: nothing,
    onFailure: nothing,
    onBodyEnd: nothing,
    onEnd: nothing,
    onDrain: nothing,
    onLost: nothing,
  },
};

/** Someone who begins as soon as the lane is theirs, and hands it on. */
function taker(path: string, events: string[]): { readonly taker: LaneTaker; readonly request: LaneRequest } {
  const asked = request(path);
  return {
    request: asked,
    taker: {
      onLane(lane) {
        const receiver: LaneReceiver = {
          ...nobody,
          onHead: () => void events.push(`${path} head`),
          onEnd() {
            events.push(`${path} end`);
            lane.ahead?.next()?.onLane(lane);
          },
        };
        events.push(`${path} begins`);
        lane.begin(asked, receiver);
      },
      onNoLane: () => undefined,
      sentAhead: () => asked,
      onGivenBack: () => true,
    },
  };
}

const serial = (...numbers: number[]): Buffer => {
  const payload = Buffer.alloc(4 * numbers.length);
  numbers.forEach((number, i) => payload.writeUInt32BE(number, 4 * i));
  return payload;
};

test('a request whose turn comes while it is given back is sent again', async () => {
  const { lane, recalled, got, say } = await openLane();
  const events: string[] = [];
  const [a, b, c] = [taker('/a', events), taker('/b', events), taker('/c', events)];
  a.taker.onLane(lane);
  lane.ahead.send(b.taker, b.request);
  lane.ahead.send(c.taker, c.request);
  expect(await got(3)).toEqual(['/a', '/b', '/c']);
  const back = lane.ahead.recall();
  expect(recalled).toEqual([3]);
  // The worker gave back both, which is not heard yet; then it was done with the first.
  say('E');
  await expect.poll(() => events).toEqual(['/a begins', '/a end', '/b begins']);
  say('S', serial(2));
  say('S', serial(3));
  expect(await back).toEqual([c.taker]);
  expect(await got(4)).toEqual(['/a', '/b', '/c', '/b']);
  // The answer to the recall comes last, and is about nothing any more.
  lane.ahead.send(c.taker, c.request);
  const again = lane.ahead.recall();
  lane.ahead.givenBack(2, 3);
  say('H', Buffer.from('200 OK'));
  say('E');
  await expect.poll(() => events.at(-1)).toBe('/c begins');
  lane.ahead.givenBack(6, 5);
  expect(await again).toEqual([]);
  say('E');
  await expect.poll(() => events.slice(3)).toEqual(['/b head', '/b end', '/c begins', '/c end']);
  expect(await got(5)).toEqual(['/a', '/b', '/c', '/b', '/c']);
});

test('nothing overtakes a request that has to be sent again', async () => {
  const { lane, got, say } = await openLane();
  const events: string[] = [];
  const [a, b, c, d] = [taker('/a', events), taker('/b', events), taker('/c', events), taker('/d', events)];
  a.taker.onLane(lane);
  lane.ahead.send(b.taker, b.request);
  lane.ahead.send(c.taker, c.request);
  const back = lane.ahead.recall();
  say('E');
  await expect.poll(() => events).toEqual(['/a begins', '/a end', '/b begins']);
  // Of the answer to the recall and the places that are passed over, this time the answer is heard first.
  lane.ahead.givenBack(2, 3);
  expect(await back).toEqual([c.taker]);
  expect(lane.ahead.send(d.taker, d.request)).toBe(false);
  say('S', serial(2));
  say('S', serial(3));
  expect(await got(4)).toEqual(['/a', '/b', '/c', '/b']);
  expect(lane.ahead.send(d.taker, d.request)).toBe(true);
  expect(await got(5)).toEqual(['/a', '/b', '/c', '/b', '/d']);
});

test('the next ones lie ready again behind a request that had begun before it was asked for', async () => {
  const { lane, say } = await openLane();
  const events: string[] = [];
  const [a, b, c, d] = [taker('/a', events), taker('/b', events), taker('/c', events), taker('/d', events)];
  a.taker.onLane(lane);
  lane.ahead.send(b.taker, b.request);
  lane.ahead.send(c.taker, c.request);
  const back = lane.ahead.recall();
  say('E');
  await expect.poll(() => events.at(-1)).toBe('/b begins');
  expect(lane.ahead.send(d.taker, d.request)).toBe(false);
  lane.ahead.givenBack(3, 3);
  expect(await back).toEqual([c.taker]);
  expect(lane.ahead.send(d.taker, d.request)).toBe(true);
});

test('the place of a request that was given back is passed over', async () => {
  const { lane, got, say } = await openLane();
  const events: string[] = [];
  const [a, b, c] = [taker('/a', events), taker('/b', events), taker('/c', events)];
  a.taker.onLane(lane);
  lane.ahead.send(b.taker, b.request);
  const back = lane.ahead.recall();
  lane.ahead.givenBack(2, 2);
  expect(await back).toEqual([b.taker]);
  lane.ahead.send(c.taker, c.request);
  say('E');
  say('S', serial(2));
  say('E');
  await expect.poll(() => events).toEqual(['/a begins', '/a end', '/c begins', '/c end']);
  expect(await got(3)).toEqual(['/a', '/b', '/c']);
  expect(lane.ahead.stranded()).toEqual([]);
});

test('what a worker sent before its end is heard, however slow the client is', async () => {
  const { lane, say } = await openLane();
  let bytesHeard = 0;
  let isOver = false;
  lane.begin(request('/big'), {
    ...nobody,
    onChunk(bytes) {
      bytesHeard += bytes.length;
      lane.pause();
    },
    onEnd: () => void (isOver = true),
  });
  say('D', Buffer.alloc(5));
  await expect.poll(() => bytesHeard).toBe(5);
  say('D', Buffer.alloc(200_000));
  say('E');
  lane.drain();
  await expect.poll(() => isOver).toBe(true);
  expect(bytesHeard).toBe(200_005);
});
