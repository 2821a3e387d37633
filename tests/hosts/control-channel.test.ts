import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { controlPath } from '../../electron/host/control-channel.ts';
import type { HopscopeProcess } from '../support/hopscope-process.ts';
import { hopscope, hopscopeIn } from '../support/hopscope-process.ts';
import { isRoot, NOBODY } from '../support/nobody.ts';
import { temporaryDirectory } from '../support/recorder.ts';

it.runIf(isRoot)('another user cannot answer in the place of a Hopscope, nor keep one from starting', async () => {
  // A directory whose own path is too long for a socket has it among the temporary files, which are everybody's.
  const dataDir = join(await temporaryDirectory(), 'long'.repeat(30));
  vi.stubEnv('XDG_RUNTIME_DIR', undefined);
  onTestFinished(() => void vi.unstubAllEnvs());
  const { env } = process;
  const path = controlPath(dataDir);
  const source = `
    const { createServer } = require('node:net');
    const facts = { url: 'http://127.0.0.1:1', certificate: '/x', bundle: '/x', javaStore: '/x', lan: [] };
    process.umask(0);
    createServer((socket) => socket.end(JSON.stringify({ ok: true, value: facts }) + '\\n'))
      .listen(${JSON.stringify(path)}, () => console.log('listening'));`;
  const impostor = spawn(process.execPath, ['-e', source], {
    ...{ uid: NOBODY, gid: NOBODY, cwd: '/' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void impostor.kill());
  await once(impostor.stdout, 'data');

  const asked = await hopscopeIn(env, 'env', '--data-dir', dataDir).ended;
  expect(asked).toEqual({ code: 1, stdout: '', stderr: `hopscope: ${path} belongs to another user\n` });

  const serving = hopscopeIn(env, 'serve', '--port', '0', '--no-ui', '--data-dir', dataDir);
  await serving.ready;
  serving.child.kill('SIGTERM');
  expect((await serving.ended).stderr).toContain(
    `Other hopscope commands cannot reach this one: ${path} belongs to another user`,
  );
});

/** Starts one and resolves with it and with its URL. */
async function serve(...flags: string[]): Promise<HopscopeProcess & { proxy: string }> {
  const running = hopscope('serve', '--no-ui', '--port', '0', '--log-format', 'json', ...flags);
  const { proxy } = JSON.parse(await running.ready) as { proxy: string };
  return { ...running, proxy };
}

/** Resolves when it has said something on stderr. */
function sayingThat({ child }: HopscopeProcess, words: string): Promise<void> {
  let told = '';
  return new Promise((resolve) => {
    child.stderr?.on('data', (chunk: Buffer) => {
      told += chunk.toString();
      if (told.includes(words)) resolve();
    });
  });
}

it('a second Hopscope on a data directory says that commands reach the first, and is reached when that has ended', async () => {
  const dataDir = await temporaryDirectory();
  const place = ['--data-dir', dataDir, '--cache-store', 'memory'];
  const reached = async (): Promise<string> => (await hopscope('env', '--data-dir', dataDir).ended).stdout;
  const first = await serve(...place);
  const second = await serve(...place);
  const tookOver = sayingThat(second, 'has ended; commands reach this one now');
  expect(await reached()).toContain(`HTTP_PROXY='${first.proxy}'`);

  first.child.kill('SIGTERM');
  expect((await first.ended).stderr).toBe('');
  await tookOver;
  expect(await reached()).toContain(`HTTP_PROXY='${second.proxy}'`);

  // One that had no time to tidy up, too.
  const third = await serve(...place);
  const tookOverAgain = sayingThat(third, 'has ended; commands reach this one now');
  second.child.kill('SIGKILL');
  await tookOverAgain;
  expect(await reached()).toContain(`HTTP_PROXY='${third.proxy}'`);
  third.child.kill('SIGTERM');
  const { code, stderr } = await third.ended;
  expect(code).toBe(0);
  const lines = stderr.trimEnd().split('\n');
  expect(lines.map((line) => (JSON.parse(line) as { message: string }).message)).toEqual([
    `Another Hopscope runs on ${dataDir}: commands reach that one, and each overwrites the settings that the other has changed. Give one of them another --data-dir.`,
    `The other Hopscope on ${dataDir} has ended; commands reach this one now.`,
  ]);
});

it('a command that asks is nobody who could let a paused request go on', async () => {
  const dataDir = await temporaryDirectory();
  const rules = join(dataDir, 'rules.json');
  await writeFile(rules, '[{ "name": "Hold", "when": "", "action": { "type": "pause", "at": "request" } }]');
  const { proxy } = await serve('--data-dir', dataDir, '--rules', rules);
  expect((await hopscope('env', '--data-dir', dataDir).ended).code).toBe(0);
  // After a person has gone it would be held for ten seconds.
  const response = await fetch(proxy, { signal: AbortSignal.timeout(8_000) });
  expect(response.status).toBe(200);
});
