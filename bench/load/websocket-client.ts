// Load for WebSockets: on each connection one message after the other, each sent when the last has come back. Frames are
// made once and answers are counted by their bytes, so that the client costs as little as it can.
// Its options are one JSON argument; the result is one line of JSON.
import { connect } from 'node:net';
import type { Tally } from './tally.ts';
import { runConnections } from './tally.ts';

interface ClientOptions {
  readonly url: string;
  readonly bytes: number;
  readonly connections: number;
  readonly seconds: number;
}

const options = JSON.parse(process.argv[2] ?? '{}') as ClientOptions;
const { hostname, port, host, pathname } = new URL(options.url);
const handshake = [
  `GET ${pathname} HTTP/1.1`,
  `Host: ${host}`,
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: aG9wc2NvcGUtYmVuY2gtMQ==',
].join('\r\n');
const text = Buffer.alloc(options.bytes, 'hop ');
const question = clientFrame(text);
const answer = Buffer.concat([Buffer.from([0x81, 126, text.length >> 8, text.length & 255]), text]);

/** A masked text frame (RFC 6455 §5.2) with a 16-bit length. */
function clientFrame(payload: Buffer): Buffer {
  const mask = [0x37, 0xfa, 0x21, 0x3d];
  const head = Buffer.from([0x81, 128 | 126, payload.length >> 8, payload.length & 255, ...mask]);
  return Buffer.concat([head, payload.map((byte, i) => byte ^ (mask[i & 3] ?? 0))]);
}

function keepSending(deadline: number, tally: Tally): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    let waiting: Buffer = Buffer.alloc(0);
    let open = false;
    let asked = 0;
    const ask = (): void => {
      asked = performance.now();
      socket.write(question);
    };
    const finish = (broken: boolean): void => {
      if (broken) tally.broken++;
      socket.destroy();
      resolve();
    };
    socket.on('data', (chunk: Buffer) => {
      waiting = waiting.length === 0 ? chunk : Buffer.concat([waiting, chunk]);
      if (!open) {
        const end = waiting.indexOf('\r\n\r\n');
        if (end === -1) return;
        if (!waiting.toString('latin1', 0, 12).endsWith('101')) {
          tally.wrong++;
          finish(false);
          return;
        }
        open = true;
        waiting = waiting.subarray(end + 4);
        ask();
      }
      if (waiting.length < answer.length) return;
      if (waiting.compare(answer) !== 0) tally.wrong++;
      tally.latencies.push(performance.now() - asked);
      waiting = Buffer.alloc(0);
      if (performance.now() < deadline) ask();
      else finish(false);
    });
    socket.on('connect', () => socket.write(`${handshake}\r\n\r\n`));
    socket.on('error', () => finish(true));
    socket.on('end', () => finish(true));
    socket.setTimeout(30_000, () => finish(true));
  });
}

await runConnections(options, keepSending);
