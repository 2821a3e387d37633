import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { processStats } from '../../bench/process-stats.ts';

const linux = process.platform === 'linux';

test.runIf(linux)('adds up a process and its descendants', async () => {
  const before = processStats(process.pid);
  const child = spawn(process.execPath, ['-e', 'console.log("up"); setInterval(() => {}, 1000)'], { stdio: 'pipe' });
  onTestFinished(async () => {
    child.kill();
    await once(child, 'close');
  });
  await once(child.stdout, 'data');
  const own = processStats(child.pid ?? 0);
  const family = processStats(process.pid);
  expect(own?.rss).toBeGreaterThan(10 * 1_048_576);
  expect(family?.rss).toBeGreaterThan((before?.rss ?? 0) + 5 * 1_048_576);
  expect(family?.cpu).toBeGreaterThanOrEqual(before?.cpu ?? 0);
});

test.runIf(linux)('is zero for a process that has ended', () => {
  expect(processStats(2 ** 22 + 1)).toEqual({ cpu: 0, rss: 0 });
});
