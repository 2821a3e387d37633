import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { onTestFinished } from 'vitest';

/** A client that writes exact bytes and waits for exact bytes. */
export interface RawClient {
  readonly socket: Socket;
  send(text: string | Uint8Array): void;
  /** Everything received so far, as latin1. */
  received(): string;
  /** Resolves with what was received once it satisfies `wanted`; rejects when the connection ends before. */
  until(wanted: RegExp | ((text: string) => boolean)): Promise<string>;
  /** Resolves with everything received when the server has ended the connection. */
  ended(): Promise<string>;
}

/** Connects to a loopback port; the socket is destroyed when the test ends. */
export async function rawClient(port: number): Promise<RawClient> {
  const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true });
  onTestFinished(() => {
    socket.destroy();
  });
  let text = '';
  let over = false;
  const waiting = new Set<() => void>();
  const look = (): void => [...waiting].forEach((check) => check());
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1');
    look();
  });
  const end = (): void => {
    over = true;
    look();
  };
  socket.on('end', end);
  socket.on('close', end);
  // A reset ends the connection like a close does; tests look at what arrived.
  socket.on('error', end);
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  const until = (wanted: (text: string) => boolean, endWanted: boolean): Promise<string> =>
    new Promise((resolve, reject) => {
      const check = (): void => {
        const found = endWanted ? over : wanted(text);
        if (!found && !over) return;
        waiting.delete(check);
        if (found) resolve(text);
        else reject(new Error(`The connection ended before what was waited for. Received: ${JSON.stringify(text)}`));
      };
      waiting.add(check);
      check();
    });
  return {
    socket,
    send: (data) => {
      if (typeof data === 'string') socket.write(data, 'latin1');
      else socket.write(data);
    },
    received: () => text,
    until: (wanted) => until(typeof wanted === 'function' ? wanted : (all) => wanted.test(all), false),
    ended: () => until(() => false, true),
  };
}

/** Sends `text` on a new connection and returns everything received until the server closes it. */
export async function sendRaw(port: number, text: string): Promise<string> {
  const client = await rawClient(port);
  client.send(text);
  return client.ended();
}
