/**
 * Milliseconds that a certificate for a new host takes, and those for one that was made before: `node bench/leaf-cost.ts [hosts]`.
 * Measured from asking for a host's TLS context until it is there, the first one, which loads and makes what all of them
 * share, apart.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openAuthority } from '../electron/engine/tls/certificate-authority.ts';
import { median } from './judge.ts';

const hosts = Number(process.argv[2] ?? 300);
const folder = mkdtempSync(join(tmpdir(), 'hopscope-leaf-'));
try {
  const authority = await openAuthority(folder);
  const time = (host: string): number => {
    const start = performance.now();
    authority.contextFor(host);
    return performance.now() - start;
  };
  const first = time('first.example');
  const before = process.cpuUsage();
  const made: number[] = [];
  for (let i = 0; i < hosts; i++) made.push(time(`host-${i}.example`));
  const { user, system } = process.cpuUsage(before);
  const kept: number[] = [];
  for (let i = 0; i < hosts; i++) kept.push(time(`host-${i}.example`));
  const high = made.sort((a, b) => a - b)[Math.floor(hosts * 0.9)] ?? 0;
  console.log(`first certificate        ${first.toFixed(1)} ms`);
  console.log(
    `a new host               median ${median(made).toFixed(2)} ms, 90th percentile ${high.toFixed(2)} ms; CPU ${((user + system) / hosts / 1000).toFixed(2)} ms; ${hosts} hosts`,
  );
  console.log(`a host seen before       median ${median(kept).toFixed(3)} ms`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
