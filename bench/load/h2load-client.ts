// Load for HTTP/2: h2load with many streams on one connection, whose report and log are read. Statuses are h2load's to check, the
// length of the bodies is checked in sum. Its options are one JSON argument; the result is one line of JSON.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface ClientOptions {
  readonly url: string;
  readonly bytes: number;
  /** Streams at once. */
  readonly connections: number;
  readonly seconds: number;
}

const { url, bytes, connections, ...wanted } = JSON.parse(process.argv[2] ?? '{}') as ClientOptions;
// h2load takes whole seconds only.
const seconds = Math.max(1, Math.round(wanted.seconds));
const folder = mkdtempSync(join(tmpdir(), 'hopscope-h2load-'));
const log = join(folder, 'requests');
try {
  const args = ['-c', '1', '-m', String(connections), '-D', String(seconds), '--log-file', log, url];
  const { stdout, stderr, status } = spawnSync('h2load', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`h2load failed: ${stderr}`);
  const number = (pattern: RegExp): number => Number(pattern.exec(stdout)?.[1] ?? NaN);
  // Columns: start in microseconds, status, microseconds until the end of the response.
  const rows = readFileSync(log, 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split('\t').map(Number));
  const times = rows.map(([, , time = 0]) => time / 1000).sort((a, b) => a - b);
  const good = rows.filter(([, code]) => code === 200).length;
  const data = number(/headers \([^)]*\)[^,]*, [^(]*\((\d+)\) data/);
  // Streams that are under way when the time is up have sent part of their bodies.
  const missing = good * bytes - data;
  const surplus = data - (good + connections) * bytes;
  const percentile = (share: number): number =>
    times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  console.log(
    JSON.stringify({
      requests: good,
      seconds,
      p50: percentile(0.5),
      p99: percentile(0.99),
      wrong: rows.length - good + (missing > 0 || surplus > 0 || Number.isNaN(data) ? 1 : 0),
      broken: number(/(\d+) errored/) + number(/(\d+) timeout/),
    }),
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
