import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { runCommandLine } from '../../electron/host/run-command-line.ts';
import { createRecorder } from '../../electron/engine/trace/recorder.ts';
import { hopscope } from '../support/hopscope-process.ts';
import { recordMany, recordSettings, temporaryDirectory } from '../support/recorder.ts';

async function directoryWithARun(): Promise<string> {
  const dataDir = await temporaryDirectory();
  const recorder = await createRecorder({ directory: join(dataDir, 'session'), settings: recordSettings() });
  recordMany(recorder, 3, [Buffer.from('the body')]);
  await recorder.close();
  return dataDir;
}

test('sessions are listed, exported, opened at a start, and deleted', { timeout: 60_000 }, async () => {
  const dataDir = await directoryWithARun();
  const run = (...args: string[]) => hopscope('sessions', ...args, '--data-dir', dataDir).ended;
  expect((await run('ls')).stdout).toMatch(/^KIND +REQUESTS +SIZE +AGE +NAME\nrun +3 .* \d{4}-\d\d-\d\d \d\d:\d\d\n$/);
  const har = join(dataDir, 'out.har');
  expect(await run('export', 'last', '-o', har)).toMatchObject({ code: 0, stdout: `Wrote 3 exchanges to ${har}.\n` });
  const { log } = JSON.parse(await readFile(har, 'utf8')) as { log: { entries: unknown[] } };
  expect(log.entries).toHaveLength(3);

  const serving = hopscope('serve', '--port', '0', '--no-ui', '--data-dir', dataDir, '--open-session', har);
  await serving.ready;
  expect((await run('save', 'Opened')).stdout).toBe('Saved 3 exchanges as “Opened”.\n');
  serving.child.kill('SIGTERM');
  expect((await serving.ended).stderr).toBe('');

  expect((await run('ls', '--json')).stdout.match(/"name":"Opened"/g)).toHaveLength(1);
  expect((await run('rm', 'Opened')).stdout).toBe('Deleted “Opened”.\n');
  const missing = await run('rm', 'Opened');
  expect([missing.code, missing.stderr]).toEqual([
    1,
    'hopscope: there is no session “Opened”; "hopscope sessions ls" lists them\n',
  ]);
});

test('exchanges of a session are listed by a filter', { timeout: 60_000 }, async () => {
  const dataDir = await directoryWithARun();
  const show = (...args: string[]) => hopscope('sessions', 'show', 'last', ...args, '--data-dir', dataDir).ended;
  const [found, wrong] = await Promise.all([
    show('--json', '--filter', 'body:"the body" id>1'),
    show('--filter', 'status:'),
  ]);
  const rows = found.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { id: number });
  expect(rows.map(({ id }) => id)).toEqual([2, 3]);
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toContain('At character 1: A value for "status" is missing.');
});

test('a start with what is no session ends with one line', { timeout: 60_000 }, async () => {
  const dataDir = await temporaryDirectory();
  const path = join(dataDir, 'odd.har');
  await writeFile(path, '<html>');
  const { code, stderr } = await hopscope('serve', '--port', '0', '--data-dir', dataDir, '--open-session', path).ended;
  expect([code, stderr]).toEqual([2, 'hopscope: --open-session: This is no HAR file: it has no log with entries.\n']);
});

test('a start with a HAR file of another name that breaks off has what came before, and says so', async () => {
  const dataDir = await temporaryDirectory();
  const path = join(dataDir, 'odd.json');
  const request = { method: 'GET', url: 'http://a.test/', headers: [] };
  const response = { status: 200, headers: [], content: {} };
  const entry = JSON.stringify({ startedDateTime: '2026-01-02T03:04:05Z', time: 5, timings: {}, request, response });
  await writeFile(path, `\n{"log":{"entries":[${entry},{`);
  const started = hopscope('serve', '--no-ui', '--port', '0', '--data-dir', dataDir, '--open-session', path);
  await started.ready;
  started.child.kill('SIGTERM');
  expect((await started.ended).stderr).toBe(
    `hopscope: ${path}: The HAR file breaks off within its entries. What came before is open: 1 exchange.\n`,
  );
});

test.skipIf(process.platform === 'win32')('a list ends quietly when nobody reads it on', async () => {
  const dataDir = await directoryWithARun();
  const { child, ended } = hopscope('sessions', 'show', 'last', '--data-dir', dataDir);
  child.stdout?.destroy();
  expect(await ended).toMatchObject({ code: 141, stderr: '' });
});

test('a list says of answers that broke off that they did, and nothing in it moves the cursor', async () => {
  const dataDir = await temporaryDirectory();
  const response = { status: 200, headers: [], content: {} };
  const entry = (method: string, more: object): object => ({
    ...{ startedDateTime: '2026-01-02T03:04:05Z', time: 5, timings: {}, response, ...more },
    request: { method, url: 'http://a.test/\u001b[2J', headers: [] },
  });
  const outcome = { kind: 'failed', code: 'UPSTREAM_BROKE_OFF', phase: 'receive', message: 'It broke off.' };
  const entries = [entry('GET', {}), entry('\u001b[31m', { _hopscope: { kind: 'http', outcome } })];
  await mkdir(join(dataDir, 'sessions'));
  await writeFile(join(dataDir, 'sessions', 'a\u001b[1m.har'), JSON.stringify({ log: { entries } }));
  const stdout = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  onTestFinished(() => stdout.mockRestore());
  for (const words of [['ls'], ['show', 'a\u001b[1m']]) {
    expect(await runCommandLine(['sessions', ...words, '--data-dir', dataDir])).toBe(0);
  }
  const lines = stdout.mock.calls.map(([text]) => String(text)).join('');
  expect(lines).not.toContain('\u001b');
  expect(lines).toMatch(/Z {2}GET {6}200 {10}-.*\n.*Z {2}\ufffd\[31m {4}200 failed {3}-/);
});
