import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { logFormatOf } from '../../electron/host/log-format.ts';
import { hopscope, hopscopeIn } from '../support/hopscope-process.ts';
import { temporaryDirectory } from '../support/recorder.ts';

it.each([
  ['serve --log-format json --prot 1', 'json'],
  ['serve --port x --log-format=json', 'json'],
  ['--log-format json', 'json'],
  ['sevre --log-format json', 'json'],
  ['serve --log-format json --log-format text', 'text'],
  ['serve --log-format', 'text'],
  ['serve -- --log-format json', 'text'],
  ['run curl --log-format json', 'text'],
])('the words "%s" ask for %s', (words, format) => {
  expect(logFormatOf(words.split(' '))).toBe(format);
});

it('a start that fails is told in JSON to those who asked for it, whatever it fails for', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  onTestFinished(() => void taken.close());
  const { port } = taken.address() as AddressInfo;
  const start = (...flags: string[]): Promise<object> =>
    hopscope('serve', '--no-ui', '--log-format', 'json', ...flags).ended;
  const told = (code: number, message: string): object => ({
    ...{ code, stdout: '' },
    stderr: `${JSON.stringify({ event: 'error', message })}\n`,
  });
  expect(await start('--prot', '1')).toEqual(told(2, "unknown option '--prot'"));
  expect(await start('--open')).toEqual(told(2, '--open is about the user interface: leave out --no-ui'));
  expect(await start('--data-dir', await temporaryDirectory(), '--port', String(port))).toEqual(
    told(1, `port ${port} on 127.0.0.1 is taken; choose another with --port`),
  );
});

it("Node's own warnings, and an error that nobody caught, are lines of JSON too", async () => {
  // Once it waits to be told to end.
  const source = `const wait = setInterval(() => {
    if (process.listenerCount('SIGTERM') === 0) return;
    clearInterval(wait);
    process.emitWarning('old', 'DeprecationWarning');
    setTimeout(() => { throw new Error('broken'); });
  });`;
  const env = { ...process.env, NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(source)}` };
  const flags = ['--no-ui', '--port', '0', '--log-format', 'json', '--data-dir', await temporaryDirectory()];
  const { code, stderr } = await hopscopeIn(env, 'serve', ...flags).ended;
  const lines = stderr
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as object);
  expect(code).toBe(1);
  expect(lines).toEqual([
    { event: 'warning', message: 'DeprecationWarning: old' },
    { event: 'error', message: expect.stringMatching(/^Error: broken\n +at /) as string },
  ]);
});
