import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { controlPath } from '../../electron/host/control-channel.ts';
import { hopscopeIn } from '../support/hopscope-process.ts';
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
