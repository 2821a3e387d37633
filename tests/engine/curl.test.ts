import { execFile, execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startEngine } from '../support/engine.ts';
import { startOrigin } from '../support/origin.ts';

const run = promisify(execFile);

function hasCurl(): boolean {
  try {
    execFileSync('curl', ['--version']);
    return true;
  } catch {
    console.warn('curl is not installed: the tests with it are skipped.');
    return false;
  }
}

async function curl(...args: string[]): Promise<string> {
  const { stdout } = await run('curl', ['-sS', '--max-time', '20', '--noproxy', '', ...args], { encoding: 'latin1' });
  return stdout;
}

async function temporaryFile(content: Buffer): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'hopscope-curl-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const file = join(directory, 'file');
  await writeFile(file, content);
  return file;
}

describe.runIf(hasCurl())('curl', () => {
  it('gets a page through the proxy', async () => {
    const origin = await startOrigin((request, response) => response.end(`hello ${request.url}`));
    const test = await startEngine();
    expect(await curl('-x', test.url, `${origin.url}/page`)).toBe('hello /page');
  });

  it('tunnels with -p', async () => {
    const origin = await startOrigin((_request, response) => response.end('through the tunnel'));
    const test = await startEngine();
    expect(await curl('-p', '-x', test.url, origin.url)).toBe('through the tunnel');
    expect(await test.finished()).toMatchObject({ kind: 'tunnel', outcome: { kind: 'completed' } });
  });

  it('uploads 50 MB with Expect and gets them back', async () => {
    const origin = await startOrigin((request, response) => void request.pipe(response));
    const test = await startEngine({ upstream: origin.url });
    const file = await temporaryFile(randomBytes(50_000_000));
    const back = `${file}.back`;
    await curl('-T', file, '-H', 'Expect: 100-continue', '-o', back, `${test.url}/upload`);
    expect((await readFile(back)).equals(await readFile(file))).toBe(true);
    expect(await test.finished()).toMatchObject({ method: 'PUT', requestBytes: 50_000_000, responseBytes: 50_000_000 });
  });

  it('keeps a connection for several URLs', async () => {
    const origin = await startOrigin((request, response) => response.end(request.url));
    const test = await startEngine({ upstream: origin.url });
    expect(await curl(`${test.url}/a`, `${test.url}/b`, `${test.url}/c`)).toBe('/a/b/c');
    const rows = [await test.finished(), await test.finished(), await test.finished()];
    expect(new Set(rows.map((row) => row.connection)).size).toBe(1);
  });

  it('resumes a download by range', async () => {
    const origin = await startOrigin((request, response) => {
      response.writeHead(206, { 'Content-Range': 'bytes 3-5/6' });
      response.end(request.headers.range === 'bytes=3-' ? 'def' : 'no range');
    });
    const test = await startEngine({ upstream: origin.url });
    expect(await curl('-C', '3', test.url)).toBe('def');
  });
});
