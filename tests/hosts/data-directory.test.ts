import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { COMMAND_NAMES } from '../../electron/host/command-names.ts';
import { runCommandLine } from '../../electron/host/run-command-line.ts';
import { temporaryDirectory } from '../support/recorder.ts';

/** One call of each command that takes a data directory, and those of its subcommands that only read. */
const calls: readonly (readonly string[])[] = [
  ...[['serve'], ['run'], ['env'], ['open', 'chromium'], ['ca', 'path'], ['cache', 'ls'], ['cache', 'stats']],
  ...[
    ['sessions', 'ls'],
    ['sessions', 'show', 'last'],
    ['sessions', 'save', 'mine'],
    ['system-proxy', 'status'],
  ],
];

test.each(calls.map((words) => ({ words, name: words.join(' ') })))(
  'a data directory that is a file is wrong usage of “$name”, told in one line',
  async ({ words }) => {
    const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    for (const [place, reason] of [
      [import.meta.filename, 'it is no directory'],
      [join(import.meta.filename, 'below'), 'a part of its path is no directory'],
    ] as const) {
      stderr.mockClear();
      const code = await runCommandLine([...words, '--data-dir', place]);
      const line = `hopscope: nothing can be kept in ${place}: ${reason}; change that, or choose another directory with --data-dir\n`;
      expect([code, stderr.mock.calls.map(([text]) => text).join('')]).toEqual([2, line]);
    }
    stderr.mockRestore();
  },
);

test('every command is among them', () => {
  expect([...new Set(calls.map(([name]) => name)), 'help'].sort()).toEqual([...COMMAND_NAMES].sort());
});

test('a data directory that is not there yet has no sessions', async () => {
  const stdout = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const code = await runCommandLine(['sessions', 'ls', '--data-dir', join(await temporaryDirectory(), 'later')]);
  const printed = stdout.mock.calls.map(([text]) => text).join('');
  stdout.mockRestore();
  expect([code, printed]).toEqual([0, 'There are no sessions.\n']);
});
