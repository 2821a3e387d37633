import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { IncomingMessage, RequestListener } from 'node:http';
import { request } from 'node:http';
import type { ServerHttp2Stream } from 'node:http2';
import { connect as connectHttp2 } from 'node:http2';
import { connect } from 'node:net';
import type { Duplex, Readable, Writable } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { hopscope } from '../support/hopscope-process.ts';
import { startHttp2Origin } from '../support/http2-origin.ts';
import { startHttpsOrigin } from '../support/https-origin.ts';
import { startOrigin, startRawOrigin } from '../support/origin.ts';
import { temporaryDirectory } from '../support/recorder.ts';
import { startSocks } from '../support/socks-server.ts';

const MIB = 1024 * 1024;
/** No protocol begins like this. */
const CHUNK = Buffer.alloc(256 * 1024, '\0hop');

/** Where bytes go up, and come back. */
interface Ends {
  readonly up: Writable;
  readonly down: Promise<Readable> | Readable;
}

/** A way through the proxy to a server that sends back what it gets. */
interface Way {
  readonly flags: readonly string[];
  readonly open: (proxy: URL) => Promise<Ends>;
}

const echo: RequestListener = (incoming, response) => void incoming.pipe(response);
const echoStream = (stream: ServerHttp2Stream): void => {
  stream.respond({ ':status': 200 });
  stream.pipe(stream);
};

async function tcp(proxy: URL): Promise<Duplex> {
  const socket = connect(Number(proxy.port), proxy.hostname);
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  return socket;
}

async function connectTunnel(proxy: URL, authority: string): Promise<Duplex> {
  const asking = request({ host: proxy.hostname, port: proxy.port, method: 'CONNECT', path: authority }).end();
  const [{ statusCode }, socket] = (await once(asking, 'connect')) as [IncomingMessage, Duplex];
  expect(statusCode).toBe(200);
  onTestFinished(() => void socket.destroy());
  return socket;
}

async function socksTunnel(proxy: URL, port: number): Promise<Duplex> {
  const socket = await tcp(proxy);
  socket.write(Buffer.from([5, 1, 0]));
  expect(await once(socket, 'data')).toEqual([Buffer.from([5, 0])]);
  socket.write(Buffer.from([5, 1, 0, 1, 127, 0, 0, 1, port >> 8, port & 255]));
  expect(await once(socket, 'data')).toEqual([Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0])]);
  return socket;
}

async function tls(socket: Duplex, ...ALPNProtocols: string[]): Promise<Duplex> {
  const secured = connectTls({ socket, servername: 'localhost', rejectUnauthorized: false, ALPNProtocols });
  await once(secured, 'secureConnect');
  return secured;
}

function http1(socket: Duplex, path = '/'): Ends {
  const up = request({ createConnection: () => socket, method: 'POST', path });
  return { up, down: once(up, 'response').then(([incoming]) => incoming as IncomingMessage) };
}

function http2(socket: Duplex, url: string): Ends {
  const session = connectHttp2(url, { createConnection: () => socket });
  const stream = session.request({ ':path': '/', ':method': 'POST' });
  return { up: stream, down: stream };
}

function raw(socket: Duplex): Ends {
  return { up: socket, down: socket };
}

/** Bytes that are no protocol, sent back as they come. */
const startEcho = () => startRawOrigin((socket) => void socket.pipe(socket));

/** An HTTP proxy that forwards requests. */
const startForwarder = () =>
  startOrigin((incoming, response) => {
    const { method, headers, url = '' } = incoming;
    const outgoing = request(url, { method, headers }, (answer) => answer.pipe(response));
    incoming.pipe(outgoing);
  });

const ways: Readonly<Record<string, () => Promise<Way>>> = {
  'HTTP/1.1 to a proxy': async () => {
    const { url } = await startOrigin(echo);
    return { flags: [], open: async (proxy) => http1(await tcp(proxy), url) };
  },
  'HTTP/1.1 to an upstream': async () => {
    const { url } = await startOrigin(echo);
    return { flags: ['--upstream', url], open: async (proxy) => http1(await tcp(proxy)) };
  },
  'HTTP/1.1 in TLS to an upstream': async () => {
    const { url } = await startHttpsOrigin(echo);
    return { flags: ['--upstream', url], open: async (proxy) => http1(await tls(await tcp(proxy))) };
  },
  'HTTP/1.1 in intercepted TLS': async () => {
    const { port } = await startHttpsOrigin(echo);
    return { flags: [], open: async (proxy) => http1(await tls(await connectTunnel(proxy, `localhost:${port}`))) };
  },
  'HTTP/1.1 in intercepted TLS to an HTTP/2 origin': async () => {
    const { port } = await startHttp2Origin(echoStream);
    return { flags: [], open: async (proxy) => http1(await tls(await connectTunnel(proxy, `localhost:${port}`))) };
  },
  'HTTP/2 in intercepted TLS': async () => {
    const { port, url } = await startHttp2Origin(echoStream);
    const open = async (proxy: URL): Promise<Ends> =>
      http2(await tls(await connectTunnel(proxy, `localhost:${port}`), 'h2'), url);
    return { flags: [], open };
  },
  'HTTP/2 in intercepted TLS to an HTTP/1.1 origin': async () => {
    const { port, url } = await startHttpsOrigin(echo);
    const open = async (proxy: URL): Promise<Ends> =>
      http2(await tls(await connectTunnel(proxy, `localhost:${port}`), 'h2'), url);
    return { flags: [], open };
  },
  'HTTP/2 in the clear': async () => {
    const { url } = await startOrigin(echo);
    return { flags: [], open: async (proxy) => http2(await tcp(proxy), url) };
  },
  'CONNECT, as bytes': async () => {
    const { port } = await startEcho();
    const open = async (proxy: URL): Promise<Ends> => raw(await connectTunnel(proxy, `127.0.0.1:${port}`));
    return { flags: [], open };
  },
  'SOCKS, as bytes': async () => {
    const { port } = await startEcho();
    return { flags: [], open: async (proxy) => raw(await socksTunnel(proxy, port)) };
  },
  'SOCKS, as HTTP/1.1': async () => {
    const { port } = await startOrigin(echo);
    return { flags: [], open: async (proxy) => http1(await socksTunnel(proxy, port)) };
  },
  'HTTP/1.1 through another HTTP proxy': async () => {
    const [{ url }, other] = [await startOrigin(echo), await startForwarder()];
    return { flags: ['--upstream-proxy', other.url], open: async (proxy) => http1(await tcp(proxy), url) };
  },
  'HTTP/1.1 through a SOCKS proxy': async () => {
    const [{ url }, other] = [await startOrigin(echo), await startSocks()];
    const flags = ['--upstream-proxy', `socks5://127.0.0.1:${other.port}`];
    return { flags, open: async (proxy) => http1(await tcp(proxy), url) };
  },
};

/** Writes `bytes` at the pace at which they are taken, and ends. */
async function upload(to: Writable, bytes: number): Promise<void> {
  for (let sent = 0; sent < bytes; sent += CHUNK.length) {
    if (!to.write(CHUNK)) await once(to, 'drain');
  }
  to.end();
}

async function download(from: Ends['down']): Promise<number> {
  let bytes = 0;
  for await (const chunk of await from) bytes += (chunk as Buffer).length;
  return bytes;
}

/** The most memory (bytes) that a process has ever had. */
function peakMemory(pid: number): number {
  return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;
}

describe.skipIf(process.platform !== 'linux')('memory', () => {
  it.each(Object.entries(ways))(
    'stays flat while 100 MB go up and come back by %s',
    async (_name, start) => {
      const { flags, open } = await start();
      const common = ['--port', '0', '--no-ui', '--log-format', 'json', '--data-dir', await temporaryDirectory()];
      const host = hopscope('serve', ...common, '--cache', 'off', '--insecure-upstream', 'localhost', ...flags);
      const proxy = new URL((JSON.parse(await host.ready) as { proxy: string }).proxy);
      const sendBack = async (bytes: number): Promise<number> => {
        const { up, down } = await open(proxy);
        const [received] = await Promise.all([download(down), upload(up, bytes)]);
        return received;
      };
      // Garbage has come to its usual size after these, none of which is as large as what is measured.
      for (let i = 0; i < 3; i++) expect(await sendBack(20 * MIB)).toBe(20 * MIB);
      const before = peakMemory(host.child.pid as number);
      expect(await sendBack(100 * MIB)).toBe(100 * MIB);
      // Kept whole, they would take 100 MB each way; how much garbage lies about depends on how busy the machine is.
      expect(peakMemory(host.child.pid as number) - before).toBeLessThan(100 * MIB);
    },
    120_000,
  );
});
