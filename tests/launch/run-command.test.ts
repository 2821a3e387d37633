import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it, onTestFinished } from 'vitest';
import { clientEnvironment, shellLines } from '../../electron/launch/client-environment.ts';
import { runClient } from '../../electron/launch/run-client.ts';
import { hopscope } from '../support/hopscope-process.ts';
import { runCommand } from '../support/run-command.ts';

const options = { timeout: 120_000 };

async function dataDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'hopscope-run-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true, maxRetries: 5 }));
  return directory;
}

it('hopscope run starts a proxy for its command alone, and exits as the command does', options, async () => {
  const dataDir = await dataDirectory();
  const script = 'curl -sS http://hopscope.local/ | grep -c "goes through Hopscope"; exit 7';
  const { ended } = hopscope('run', '--data-dir', dataDir, '--port', '0', '--', 'sh', '-c', script);
  expect(await ended).toEqual({ code: 7, stdout: '1\n', stderr: '' });
});

it('hopscope run uses the Hopscope that runs, and so does hopscope env', options, async () => {
  const dataDir = await dataDirectory();
  const serving = hopscope('serve', '--port', '0', '--no-ui', '--data-dir', dataDir);
  const proxy = (await serving.ready).replace('Hopscope proxy ', '');
  const run = hopscope('run', '--data-dir', dataDir, 'printenv', 'https_proxy');
  expect(await run.ended).toEqual({ code: 0, stdout: `${proxy}\n`, stderr: '' });
  const { stdout: lines } = await hopscope('env', '--data-dir', dataDir, '--direct', 'a.example,b.example').ended;
  const { stdout } = await runCommand('sh', ['-c', `${lines}\nprintf '%s %s' "$HTTP_PROXY" "$no_proxy"`]);
  expect(stdout).toBe(`${proxy} a.example,b.example`);
  serving.child.kill('SIGTERM');
  await serving.ended;
  const none = await hopscope('env', '--data-dir', dataDir).ended;
  expect(none).toMatchObject({ code: 1, stderr: expect.stringContaining('no Hopscope runs on') });
});

it.each([
  [['sh', '-c', 'exit 3'], 3],
  [['sh', '-c', 'kill -TERM $$'], 143],
  [['/nonexistent/command'], 127],
  [[tmpdir()], 126],
])('%j ends with %i, as a shell has it', async (words, code) => {
  expect(await runClient(words, process.env)).toBe(code);
});

it('passes on signals', options, async () => {
  const source = `
    import { runClient } from ${JSON.stringify(join(import.meta.dirname, '../../electron/launch/run-client.ts'))};
    process.exitCode = await runClient(['sh', '-c', 'trap "exit 42" TERM; echo ready; while :; do sleep 0.1; done'], process.env);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', source], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(createInterface({ input: child.stdout }), 'line');
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([42, null]);
});

it('quotes for each shell', () => {
  const variables = { A: String.raw`it's \ "x"` };
  for (const shell of ['sh', 'bash', 'zsh'] as const) {
    expect(shellLines(variables, shell)).toEqual([String.raw`export A='it'\''s \ "x"'`]);
  }
  expect(shellLines(variables, 'fish')).toEqual([String.raw`set -gx A 'it\'s \\ "x"'`]);
  expect(shellLines(variables, 'powershell')).toEqual([String.raw`$env:A = 'it''s \ "x"'`]);
  expect(shellLines({ A: 'C:\\x' }, 'cmd')).toEqual(['set "A=C:\\x"']);
});

it('adds to what Java was told already', () => {
  const paths = { authority: '/ca.pem', bundle: '/all.pem', javaStore: '/a b/all.jks' };
  const proxy = { url: 'http://127.0.0.1:9000', ...paths, noProxy: ['a.example', '*.b'] };
  expect(clientEnvironment(proxy, { JAVA_TOOL_OPTIONS: '-Xmx1g' })['JAVA_TOOL_OPTIONS']).toBe(
    '-Xmx1g -Dhttp.proxyHost=127.0.0.1 -Dhttp.proxyPort=9000 -Dhttps.proxyHost=127.0.0.1 -Dhttps.proxyPort=9000 ' +
      '-Dhttp.nonProxyHosts=a.example|*.b -Djavax.net.ssl.trustStore="/a b/all.jks" ' +
      '-Djavax.net.ssl.trustStorePassword=changeit',
  );
});
