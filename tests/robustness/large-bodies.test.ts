import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:http2';
import { request } from 'node:https';
import type { Readable, Writable } from 'node:stream';
import { describe, expect, it, onTestFinished } from 'vitest';
import { hopscope } from '../support/hopscope-process.ts';
import { startHttp2Origin } from '../support/http2-origin.ts';
import { startHttpsOrigin } from '../support/https-origin.ts';
import { temporaryDirectory } from '../support/recorder.ts';

const MIB = 1024 * 1024;
const CHUNK = Buffer.alloc(256 * 1024, 'hop ');

function residentBytes(pid: number): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;
}

/** Writes `bytes` at the pace at which they are taken, and ends. */
async function upload(to: Writable, bytes: number): Promise<void> {
  for (let sent = 0; sent < bytes; sent += CHUNK.length) {
    if (!to.write(CHUNK)) await once(to, 'drain');
  }
  to.end();
}

async function download(from: Readable): Promise<number> {
  let bytes = 0;
  for await (const chunk of from) bytes += (chunk as Buffer).length;
  return bytes;
}

/** Sends a body to a proxy and counts what comes back of it. */
type Echo = (proxy: URL, bytes: number) => Promise<number>;

const overHttp1: Echo = async (proxy, bytes) => {
  const outgoing = request({
    host: proxy.hostname,
    port: proxy.port,
    method: 'POST',
    rejectUnauthorized: false,
    agent: false,
  });
  const uploaded = upload(outgoing, bytes);
  const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
  const [received] = await Promise.all([download(incoming), uploaded]);
  return received;
};

const overHttp2: Echo = async (proxy, bytes) => {
  const session = connect(`https://${proxy.host}`, { rejectUnauthorized: false });
  onTestFinished(() => session.destroy());
  const stream = session.request({ ':path': '/', ':method': 'POST' });
  const [received] = await Promise.all([download(stream), upload(stream, bytes)]);
  session.close();
  return received;
};

const ways: readonly (readonly [string, () => Promise<{ readonly url: string }>, Echo])[] = [
  ['HTTP/1.1 in TLS', () => startHttpsOrigin((incoming, response) => incoming.pipe(response)), overHttp1],
  [
    'HTTP/2 in TLS',
    () =>
      startHttp2Origin((stream) => {
        stream.respond({ ':status': 200 });
        stream.pipe(stream);
      }),
    overHttp2,
  ],
];

describe.skipIf(process.platform !== 'linux')('memory', () => {
  it.each(ways)(
    'stays flat while 100 MB go up and come back by %s',
    async (_name, start, echo) => {
      const origin = await start();
      const flags = ['--port', '0', '--no-ui', '--log-format', 'json', '--data-dir', await temporaryDirectory()];
      const upstream = ['--upstream', origin.url, '--insecure-upstream', 'localhost', '--cache', 'off'];
      const host = hopscope('serve', ...flags, ...upstream);
      const proxy = new URL((JSON.parse(await host.ready) as { proxy: string }).proxy);
      // As much as is measured: garbage has come to its usual size by then, and what does not stay flat grows as much again.
      expect(await echo(proxy, 100 * MIB)).toBe(100 * MIB);
      const before = residentBytes(host.child.pid as number);
      expect(await echo(proxy, 100 * MIB)).toBe(100 * MIB);
      expect(residentBytes(host.child.pid as number) - before).toBeLessThan(100 * MIB);
    },
    120_000,
  );
});
