// Floor for storing: the bare proxy, which hands each response to a thread that puts it into SQLite. It decides, explains and records
// nothing, and never looks at what it has stored.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { Pool } from 'undici';
import { forwarder } from './forward.ts';
import type { Batch } from './storing-thread.ts';

const BATCH_BYTES = 256 * 1024;

const [upstream = '', database = ''] = process.argv.slice(2);
const pool = new Pool(upstream, { connections: 128 });
const thread = new Worker(join(import.meta.dirname, 'storing-thread.ts'), { workerData: database });

let responses: { url: string; head: string; length: number }[] = [];
let bytes = new Uint8Array(BATCH_BYTES);
let length = 0;

function store(url: string, head: readonly string[], body: Uint8Array): void {
  if (length + body.length > bytes.length) {
    thread.postMessage({ responses, bytes } satisfies Batch, [bytes.buffer]);
    responses = [];
    bytes = new Uint8Array(Math.max(BATCH_BYTES, body.length));
    length = 0;
  }
  responses.push({ url, head: JSON.stringify(head), length: body.length });
  bytes.set(body, length);
  length += body.length;
}

const server = createServer(forwarder(pool, store));
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  console.log(JSON.stringify({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }));
});
process.on('SIGTERM', () => process.exit(0));
