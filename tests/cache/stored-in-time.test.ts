import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../support/recorder.ts';
import { startCache } from './cache-setup.ts';

const run = promisify(execFile);
const PAIRS = 200;

describe('a response is stored after its bytes are out', () => {
  it.each([
    ['in memory', 'http', false],
    ['on disk', 'http', true],
    ['on disk, for a client that speaks TLS', 'https', true],
  ])('and before a client of another process can ask for it again, %s', async (_, scheme, disk) => {
    const { proxy, seen } = await startCache(
      (_request, response) => response.writeHead(200, { 'Cache-Control': 'max-age=60' }).end('body'),
      'shared',
      disk ? await temporaryDirectory() : undefined,
    );
    const urls = Array.from({ length: PAIRS }, (_, i) => `${scheme}://127.0.0.1:${proxy.port}/${i}`);
    // Each twice in a row, the second as soon as curl has the last byte of the first.
    const asked = urls.flatMap((url) => [url, url]).flatMap((url) => ['-o', '/dev/null', url]);
    const { stdout } = await run('curl', ['-s', '--insecure', '--http1.1', '-w', '%header{cache-status}\n', ...asked]);
    const verdicts = stdout.trimEnd().split('\n');
    const again = verdicts.filter((_status, i) => i % 2 === 1);
    expect([verdicts.length, again.filter((status) => !status.startsWith('Hopscope; hit'))]).toEqual([2 * PAIRS, []]);
    expect(seen.length).toBe(PAIRS);
  });
});
