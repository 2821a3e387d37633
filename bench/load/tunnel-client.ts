// Load for intercepted HTTPS: connections that open a tunnel by CONNECT, begin TLS in it and send one request after the other; or,
// with `fresh`, a new connection for each request, to a host name that was never asked for before. Where the proxy's URL is the
// origin's own, there is no tunnel. Certificates are not checked, so that all servers' cost the client the same.
// Its options are one JSON argument; the result is one line of JSON.
import { connect as connectTcp } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { TLSSocket } from 'node:tls';
import type { Tally } from './tally.ts';
import { runConnections } from './tally.ts';

interface ClientOptions {
  readonly url: string;
  /** What is asked for. In its host, `*` stands for a new name each time. */
  readonly target: string;
  readonly bytes: number;
  readonly connections: number;
  readonly seconds: number;
  readonly fresh: boolean;
}

const options = JSON.parse(process.argv[2] ?? '{}') as ClientOptions;
const server = new URL(options.url);
const target = /^https:\/\/([^/:]+):(\d+)(\/.*)$/.exec(options.target);
if (target === null) throw new Error(`${options.target} is no HTTPS URL with a port`);
const [, pattern = '', port = '', path = ''] = target;
const direct = server.protocol === 'https:';
const run = Date.now().toString(36);
let names = 0;

/** A TLS connection to `host`, by way of a tunnel unless it is the server itself. */
function open(host: string): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connectTcp({ host: server.hostname, port: Number(server.port), noDelay: true });
    socket.setTimeout(30_000, () => socket.destroy(new Error('timed out')));
    socket.on('error', reject);
    const secure = (): void => {
      const secured = connectTls({ socket, servername: host, ALPNProtocols: ['http/1.1'], rejectUnauthorized: false });
      secured.on('error', reject);
      secured.on('close', () => reject(new Error('closed')));
      secured.on('secureConnect', () => resolve(secured));
    };
    socket.on('connect', () => {
      if (direct) secure();
      else askForTunnel(socket, `${host}:${port}`, secure, reject);
    });
  });
}

function askForTunnel(socket: Socket, authority: string, granted: () => void, refused: (why: Error) => void): void {
  let head = '';
  const onData = (chunk: Buffer): void => {
    head += chunk.toString('latin1');
    if (!head.includes('\r\n\r\n')) return;
    socket.off('data', onData);
    if (/^HTTP\/1\.1 2/.test(head)) granted();
    else refused(new Error(head));
  };
  socket.on('data', onData);
  socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n\r\n`);
}

/** Sends requests until `more` says no; `began` is when the first one's time begins. Resolves when the last was answered. */
function ask(socket: TLSSocket, host: string, began: number, more: () => boolean, tally: Tally): Promise<void> {
  const request = `GET ${path} HTTP/1.1\r\nHost: ${host}:${port}\r\nAccept: */*\r\n\r\n`;
  return new Promise((resolve) => {
    let head = '';
    /** Bytes of the body that are still to come; undefined while the head is. */
    let remaining: number | undefined;
    let asked = began;
    const finish = (broken: boolean): void => {
      if (broken) tally.broken++;
      socket.removeAllListeners();
      socket.on('error', () => socket.destroy());
      socket.destroy();
      resolve();
    };
    socket.on('data', (chunk: Buffer) => {
      let body = chunk.length;
      if (remaining === undefined) {
        const before = head.length;
        head += chunk.toString('latin1', 0, Math.min(chunk.length, 4_096));
        const end = head.indexOf('\r\n\r\n');
        if (end < 0) return;
        body -= end + 4 - before;
        remaining = options.bytes;
        if (!isExpected(head.slice(0, end))) {
          tally.wrong++;
          finish(false);
          return;
        }
      }
      remaining -= body;
      if (remaining > 0) return;
      // More bytes than the head announced would belong to no request.
      if (remaining < 0) tally.wrong++;
      const now = performance.now();
      tally.latencies.push(now - asked);
      head = '';
      remaining = undefined;
      if (!more()) {
        finish(false);
        return;
      }
      asked = now;
      socket.write(request);
    });
    socket.on('error', () => finish(true));
    socket.on('end', () => finish(true));
    socket.write(request);
  });
}

function isExpected(head: string): boolean {
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  return head.startsWith('HTTP/1.1 200') && Number(length) === options.bytes;
}

async function keepAsking(deadline: number, tally: Tally): Promise<void> {
  const inTime = (): boolean => performance.now() < deadline;
  while (inTime()) {
    const host = pattern.replace('*', `${run}-${names++}`);
    const began = performance.now();
    try {
      const socket = await open(host);
      await ask(socket, host, options.fresh ? began : performance.now(), options.fresh ? () => false : inTime, tally);
    } catch {
      // Counted; a server that refuses everything must not be asked for ever as fast as possible.
      tally.broken++;
      return;
    }
  }
}

await runConnections(options, keepAsking);
