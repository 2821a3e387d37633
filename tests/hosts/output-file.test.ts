import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { watch } from 'node:fs';
import { chmod, chown, mkdir, readdir, readFile, readlink, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { writeWhole } from '../../electron/engine/write-whole.ts';
import { createRecorder } from '../../electron/engine/trace/recorder.ts';
import { hopscope, hopscopeAsNobody } from '../support/hopscope-process.ts';
import { isRoot, NOBODY } from '../support/nobody.ts';
import { recordMany, recordSettings, temporaryDirectory } from '../support/recorder.ts';
import { fillDisk, smallDisk } from '../support/small-disk.ts';

/** A data directory with an authority and a recording of an earlier run, which anybody may read. */
async function directoryWithARun(exchanges: number, body: Buffer): Promise<string> {
  const dataDir = await temporaryDirectory();
  const recorder = await createRecorder({ directory: join(dataDir, 'session'), settings: recordSettings() });
  recordMany(recorder, exchanges, [body]);
  await recorder.close();
  return dataDir;
}

/** The commands that write files, each with a file's usual name. */
const commands: readonly (readonly [words: readonly string[], name: string])[] = [
  [['ca', 'export'], 'ca.pem'],
  [['sessions', 'export', 'last'], 'out.har'],
];

describe.each(commands)('%j', (words, name) => {
  it('replaces what was there, also behind a link', { timeout: 60_000 }, async () => {
    const dataDir = await directoryWithARun(2, Buffer.from('body'));
    const [file, link] = [join(dataDir, name), join(dataDir, `link-${name}`)];
    await writeFile(file, 'before');
    await symlink(name, link);
    const { code, stderr } = await hopscope(...words, '--data-dir', dataDir, '-o', link).ended;
    expect([code, stderr]).toEqual([0, '']);
    expect(await readlink(link)).toBe(name);
    expect(await readFile(file, 'utf8')).not.toBe('before');
    // Certificates are everybody's to read, recordings are not.
    expect((await stat(file)).mode & 0o077).toBe(name === 'ca.pem' ? 0o044 : 0);
  });

  it('says that the disk is full, and leaves what was there', { timeout: 60_000 }, async ({ skip }) => {
    const disk = await smallDisk('1m');
    if ('obstacle' in disk) return skip(disk.obstacle);
    const dataDir = await directoryWithARun(2, Buffer.from('body'));
    const file = join(disk.directory, name);
    await writeFile(file, 'before');
    await fillDisk(disk.directory);
    const { code, stderr, stdout } = await hopscope(...words, '--data-dir', dataDir, '--output', file).ended;
    const sentence = `${file} was not written: the disk is full; make room, or choose another file with --output`;
    expect([code, stderr, stdout]).toEqual([1, `hopscope: ${sentence}\n`, '']);
    expect(await readFile(file, 'utf8')).toBe('before');
    expect((await readdir(disk.directory)).sort()).toEqual(['ballast', name].sort());
  });

  it('says that the disk takes nothing', { timeout: 60_000 }, async ({ skip }) => {
    const disk = await smallDisk('1m');
    if ('obstacle' in disk) return skip(disk.obstacle);
    const dataDir = await directoryWithARun(1, Buffer.from('body'));
    spawnSync('mount', ['-o', 'remount,ro', disk.directory]);
    const file = join(disk.directory, name);
    const { code, stderr } = await hopscope(...words, '--data-dir', dataDir, '-o', file).ended;
    const sentence = `${file} was not written: Hopscope may not write there (EROFS); choose another file with --output`;
    expect([code, stderr]).toEqual([1, `hopscope: ${sentence}\n`]);
    expect(await readdir(disk.directory)).toEqual([]);
  });

  it.runIf(isRoot)('says what its user may not do', { timeout: 60_000 }, async () => {
    const dataDir = await directoryWithARun(1, Buffer.from('body'));
    spawnSync('chown', ['-R', `${NOBODY}:${NOBODY}`, dataDir]);
    const theirs = await temporaryDirectory();
    await chmod(theirs, 0o755);
    const closed = join(theirs, 'closed');
    await mkdir(closed, { mode: 0o700 });
    for (const file of [join(theirs, name), join(closed, name)]) {
      const { code, stderr } = await hopscopeAsNobody(...words, '--data-dir', dataDir, '-o', file).ended;
      const sentence = `${file} was not written: Hopscope may not write there (EACCES); choose another file with --output`;
      expect([code, stderr]).toEqual([1, `hopscope: ${sentence}\n`]);
    }
    expect(await readdir(theirs)).toEqual(['closed']);
    expect(await readdir(closed)).toEqual([]);
    await chown(theirs, NOBODY, NOBODY);
    const { code, stderr } = await hopscopeAsNobody(...words, '--data-dir', dataDir, '-o', join(theirs, name)).ended;
    expect([code, stderr]).toEqual([0, '']);
  });
});

it.skipIf(process.platform === 'win32')('what can be no file is refused', { timeout: 60_000 }, async () => {
  const dataDir = await temporaryDirectory();
  const loop = join(dataDir, 'loop');
  await symlink(loop, loop);
  const refusals = [
    [dataDir, 'It is a directory; name a file in it.'],
    ['/dev/full', 'It is no file that could be replaced.'],
    [join(dataDir, 'none', 'x'), `There is no directory ${join(dataDir, 'none')}; make it first.`],
    [join(dataDir, 'x'.repeat(300)), 'Its name is too long.'],
    [loop, 'Its links lead in a circle.'],
    ['', 'A file needs a name.'],
  ] as const;
  const [certificate, recording] = commands.map(([words]) => words);
  for (const [output, reason] of refusals) {
    const words = output === dataDir ? certificate : recording;
    const { code, stderr } = await hopscope(...(words ?? []), '--data-dir', dataDir, '-o', output).ended;
    expect([code, stderr]).toEqual([2, expect.stringMatching(/^hopscope: [^\n]+\n$/)]);
    expect(stderr).toContain(reason);
  }
});

it.skipIf(process.platform === 'win32')(
  'an export that is ended by a signal ends by it, and leaves nothing behind',
  { timeout: 60_000 },
  async () => {
    // Long enough that none is through before it hears of its end.
    const bytes = Buffer.from(Array.from({ length: 64 * 1024 }, (_, i) => (i * 2_654_435_761) >>> 13));
    const dataDir = await directoryWithARun(1_500, bytes);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      const directory = await temporaryDirectory();
      const file = join(directory, 'out.hopscope');
      await writeFile(file, 'before');
      const watcher = watch(directory);
      onTestFinished(() => watcher.close());
      const begun = once(watcher, 'change');
      const { child, ended } = hopscope('sessions', 'export', 'last', '--data-dir', dataDir, '-o', file);
      await begun;
      child.kill(signal);
      expect(await ended).toEqual({ code: null, stdout: '', stderr: '' });
      expect(child.signalCode).toBe(signal);
      expect(await readdir(directory)).toEqual(['out.hopscope']);
      expect(await readFile(file, 'utf8')).toBe('before');
    }
  },
);

it('a file whose place a directory has taken meanwhile is not written, and nothing is left of it', async () => {
  const directory = await temporaryDirectory();
  const path = join(directory, 'out.har');
  const written = writeWhole(path, async (file) => {
    await mkdir(path);
    file.end('all of it');
    await once(file, 'close');
  });
  await expect(written).rejects.toThrow(`${path} was not written: it is a directory`);
  expect(await readdir(directory)).toEqual(['out.har']);
});
