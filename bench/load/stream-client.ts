// Load for large bodies. wrk's script keeps every body whole to measure it, and at 10 MiB spends far more time on that than the
// proxy spends on the transfer. This client counts the bytes as they pass through one buffer and keeps none of them.
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
const request = `GET ${pathname} HTTP/1.1\r\nHost: ${host}\r\nAccept: */*\r\n\r\n`;

/** Sends one request after another on one connection until `deadline` (milliseconds); resolves when the last has been answered. */
function keepAsking(deadline: number, tally: Tally): Promise<void> {
  return new Promise((resolve) => {
    let head = '';
    /** Bytes of the body that are still to come; undefined while the head is. */
    let remaining: number | undefined;
    let asked = 0;
    const ask = (): void => {
      asked = performance.now();
      socket.write(request);
    };
    const finish = (broken: boolean): void => {
      if (broken) tally.broken++;
      socket.destroy();
      resolve();
    };
    const take = (length: number, buffer: Uint8Array): boolean => {
      let body = length;
      if (remaining === undefined) {
        const text = Buffer.from(buffer.buffer, buffer.byteOffset, length).toString('latin1');
        const before = head.length;
        head += text;
        const end = head.indexOf('\r\n\r\n');
        if (end < 0) return true;
        body = length - (end + 4 - before);
        remaining = options.bytes;
        if (!isExpected(head.slice(0, end))) {
          tally.wrong++;
          finish(false);
          return false;
        }
      }
      remaining -= body;
      if (remaining > 0) return true;
      // More bytes than the head announced would belong to no request.
      if (remaining < 0) tally.wrong++;
      tally.latencies.push(performance.now() - asked);
      head = '';
      remaining = undefined;
      if (performance.now() < deadline) ask();
      else finish(false);
      return true;
    };
    const socket = connect({
      host: hostname,
      port: Number(port),
      onread: { buffer: Buffer.allocUnsafe(256 * 1024), callback: take },
    });
    socket.on('connect', ask);
    socket.on('error', () => finish(true));
    socket.on('end', () => finish(true));
    socket.setTimeout(30_000, () => finish(true));
  });
}

function isExpected(head: string): boolean {
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  return head.startsWith('HTTP/1.1 200') && Number(length) === options.bytes;
}

await runConnections(options, keepAsking);
