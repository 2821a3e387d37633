import { once } from 'node:events';
import type { Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import type { Exchange } from '../../electron/engine/chain/exchange.ts';
import { carryBytes } from '../../electron/engine/proxy/carry-bytes.ts';
import { startRawOrigin } from '../support/origin.ts';
import { rawClient } from '../support/raw-client.ts';
import { begin, startRecorder } from '../support/recorder.ts';

/** Both sides of a connection. */
async function connection(): Promise<readonly [Socket, Socket]> {
  const { promise: accepted, resolve } = Promise.withResolvers<Socket>();
  const server = await startRawOrigin(resolve);
  const { socket } = await rawClient(server.port);
  return [socket, await accepted];
}

/** A tunnel between two connections, each with its own end outside of it. */
async function openTunnel(patience = 60_000) {
  const { recorder } = await startRecorder();
  const x = { trace: begin(recorder), onAbort: () => () => undefined } as unknown as Exchange;
  const [near, client] = await connection();
  const [far, other] = await connection();
  onTestFinished(() => [near, far].forEach((socket) => socket.destroy()));
  const none = new Uint8Array();
  const before = { client: none, other: none };
  const outcome = carryBytes(x, client, other, { before, start: x.trace.now(), patience, stall: 60_000 });
  return { near, client, far, other, outcome };
}

/** Has `speaker` say so much to who does not listen that something waits in the tunnel; returns how many bytes it said. */
async function fill(speaker: Socket, from: Socket, to: Socket): Promise<number> {
  let said = 0;
  while (to.writableLength === 0) {
    speaker.write(Buffer.alloc(16_384));
    said += 16_384;
    while (from.bytesRead < said) await once(from, 'data');
  }
  return said;
}

async function listen(socket: Socket): Promise<number> {
  let heard = 0;
  socket.on('data', (chunk: Buffer) => (heard += chunk.length)).resume();
  await once(socket, 'end');
  return heard;
}

it.each(['client', 'upstream'] as const)('delivers what the %s said before it broke off', async (by) => {
  const { near, client, far, other, outcome } = await openTunnel();
  const [speaker, from, to, listener] = by === 'client' ? [near, client, other, far] : [far, other, client, near];
  listener.pause();
  speaker.resume();
  const said = await fill(speaker, from, to);
  const broken = once(from, 'error');
  speaker.resetAndDestroy();
  await broken;
  expect(to.writableLength).toBeGreaterThan(0);
  expect(await listen(listener)).toBe(said);
  expect(await outcome).toMatchObject({ kind: 'aborted', by, phase: 'tunnel' });
});

it('delivers what a client said that ended after the server had', async () => {
  const { near, client, far, other, outcome } = await openTunnel();
  far.end();
  near.resume();
  await once(near, 'end');
  far.pause();
  const said = await fill(near, client, other);
  near.end();
  await once(client, 'close');
  expect(other.writableLength).toBeGreaterThan(0);
  expect(await listen(far)).toBe(said);
  expect(await outcome).toEqual({ kind: 'completed' });
});

it('lets who is slow take what the other end left behind', async () => {
  const patience = 20;
  const { near, client, far, other, outcome } = await openTunnel(patience);
  near.pause();
  far.resume();
  const said = await fill(far, other, client);
  far.end();
  await once(other, 'end');
  // As long as a tunnel that has nothing left to deliver takes to be over.
  const idle = await openTunnel(patience);
  idle.near.resume();
  idle.far.resume().end();
  await idle.outcome;
  expect(await listen(near)).toBe(said);
  near.end();
  expect(await outcome).toEqual({ kind: 'completed' });
});
