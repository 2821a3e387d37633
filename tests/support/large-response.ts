import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { StoredResponses } from '../../electron/engine/cache/stores/stored-responses.ts';

const CHUNK = 65_536;

/** What became of a large response. */
export interface LargeResponse {
  /** What is wrong, in sentences. */
  readonly faults: readonly string[];
  /** The most memory (MiB) that the process took while it stored, and the one after it while it served; where that is known. */
  readonly peaks: readonly (number | undefined)[];
}

/**
 * Lets a `hopscope serve` fetch and store a response of `length` bytes, kills it with SIGKILL once that is committed, and has
 * another one on the same directory serve the whole and ranges of it.
 */
export async function storeLargeResponse(directory: string, length: number): Promise<LargeResponse> {
  const faults: string[] = [];
  let fetched = 0;
  const origin = createServer((_message, response) => {
    fetched++;
    response.writeHead(200, { 'Cache-Control': 'max-age=3600', 'Content-Length': length, ETag: '"large"' });
    void send(response, length);
  });
  origin.listen(0, '127.0.0.1');
  await once(origin, 'listening');
  const upstream = `http://127.0.0.1:${(origin.address() as AddressInfo).port}`;
  const peaks: (number | undefined)[] = [];
  const runOn = async (work: (port: number) => Promise<void>): Promise<void> => {
    const child = start(directory, upstream);
    try {
      await work(await portOf(child));
      peaks.push(await peakOf(child));
    } finally {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    }
  };
  const check = async (port: number, what: string, first: number, last: number, headers = {}): Promise<void> => {
    const fault = await fetchAndCompare(port, headers, first, last);
    if (fault !== undefined) faults.push(`${what}: ${fault}`);
  };
  try {
    await runOn(async (port) => {
      await check(port, "the origin's answer", 0, length - 1);
      await committed(directory, `${upstream}/large`);
    });
    await runOn(async (port) => {
      await check(port, 'the whole', 0, length - 1);
      for (const [first, last] of [
        [0, 9],
        [length - 10, length - 1],
        [length / 2 - 5, length / 2 + CHUNK * 3],
      ] as const) {
        await check(port, `bytes ${first}-${last}`, first, last, { Range: `bytes=${first}-${last}` });
      }
    });
  } finally {
    origin.closeAllConnections();
    origin.close();
  }
  if (fetched !== 1) faults.push(`the origin was asked ${fetched} times`);
  return { faults, peaks };
}

/** The bytes from `first` on, up to the end of their chunk: any place tells where it is. */
function bytesAt(first: number): Buffer {
  const chunk = Math.floor(first / CHUNK);
  return Buffer.alloc(CHUNK, String(chunk).padStart(16, '0')).subarray(first - chunk * CHUNK);
}

async function send(response: NodeJS.WritableStream, length: number): Promise<void> {
  for (let at = 0; at < length; at += CHUNK) {
    if (!response.write(bytesAt(at).subarray(0, length - at))) await once(response, 'drain');
  }
  response.end();
}

/** Reads what comes and compares it, as it comes. @returns what is wrong with it */
async function fetchAndCompare(
  port: number,
  headers: Record<string, string>,
  first: number,
  last: number,
): Promise<string | undefined> {
  const asking = request({ host: '127.0.0.1', port, path: '/large', agent: false, headers });
  asking.end();
  const [message] = (await once(asking, 'response')) as [IncomingMessage];
  let at = first;
  let wrong: number | undefined;
  for await (const piece of message as AsyncIterable<Buffer>) {
    for (let done = 0; done < piece.length && wrong === undefined;) {
      const expected = bytesAt(at + done).subarray(0, piece.length - done);
      if (!piece.subarray(done, done + expected.length).equals(expected)) wrong = at + done;
      done += expected.length;
    }
    at += piece.length;
  }
  const status = message.statusCode === (headers['Range'] === undefined ? 200 : 206);
  if (!status) return `status ${message.statusCode ?? 0}`;
  if (wrong !== undefined) return `wrong bytes after ${wrong}`;
  return at === last + 1 ? undefined : `${at - first} bytes instead of ${last + 1 - first}`;
}

function start(directory: string, upstream: string): ChildProcess {
  const cli = join(import.meta.dirname, '../../electron/cli.ts');
  const flags = ['serve', '--port', '0', '--cache', 'shared', '--upstream', upstream, '--data-dir', directory];
  return spawn(process.execPath, [cli, ...flags], { stdio: ['ignore', 'pipe', 'inherit'] });
}

async function portOf({ stdout }: ChildProcess): Promise<number> {
  let text = '';
  // The stream stays open for whatever else the process says.
  for await (const piece of stdout?.iterator({ destroyOnReturn: false }) ?? []) {
    text += String(piece);
    const port = /http:\/\/127\.0\.0\.1:(\d+)/.exec(text)?.[1];
    if (port !== undefined) return Number(port);
  }
  throw new Error(`it ended before it was ready: ${text}`);
}

/** Waits until another process can see the entry, which is when a crash does not lose it any more. */
async function committed(directory: string, url: string): Promise<void> {
  for (;;) {
    const stored = StoredResponses.open(join(directory, 'cache'));
    const { length } = stored.find(url);
    stored.close();
    if (length > 0) return;
    await wait(20);
  }
}

/** The most memory that a process has taken, in MiB; undefined where the system does not tell. */
async function peakOf({ pid }: ChildProcess): Promise<number | undefined> {
  if (process.platform !== 'linux') return undefined;
  const kib = /VmHWM:\s+(\d+) kB/.exec(await readFile(`/proc/${pid ?? 0}/status`, 'utf8'))?.[1];
  return kib === undefined ? undefined : Math.round(Number(kib) / 1024);
}
