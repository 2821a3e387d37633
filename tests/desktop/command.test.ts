import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandLine } from '../../electron/host/command-line.ts';
import { defaultDataDirectory } from '../../electron/host/data-directory.ts';
import { commandFor, terminalLines } from '../../electron/host/own-program.ts';
import { COMMAND_NAMES } from '../../electron/host/command-names.ts';
import { doubles, openDesktop, startCommand, startDesktop } from './desktop-app.ts';
import { keepPicture } from './journeys/main-journey.ts';
import { dataDirectory } from './journeys/running-app.ts';

describe('the app’s executable in a terminal', () => {
  it('leaves nothing among the temporary files, and is told of in the window as it is called', async () => {
    const dataDir = await dataDirectory();
    const temporary = join(dataDir, 'tmp');
    await mkdir(temporary);
    const none = await doubles.run(['env', '--data-dir', dataDir], { TMPDIR: temporary });
    expect(none.code).toBe(1);
    expect(await readdir(temporary)).toEqual([]);
    const { page } = await openDesktop({ args: ['--data-dir', dataDir] });
    await page.getByRole('button', { name: 'Connect a client' }).first().click();
    await page.getByRole('dialog').getByText(`eval "$(hopscope env --data-dir ${dataDir})"`).waitFor();
    await keepPicture(page, 'double-connect');
  });

  it('passes on signals', async () => {
    const dataDir = await dataDirectory();
    const script = 'trap "exit 42" TERM; echo ready; while :; do sleep 0.1; done';
    const run = await startCommand(['run', '--data-dir', dataDir, '--port', '0', '--', 'sh', '-c', script]);
    await expect.poll(() => run.output, { timeout: 20_000 }).toBe('ready\n');
    run.kill('SIGTERM');
    expect(await run.exited).toBe(42);
  });

  it('serves headless until it is told to end', async () => {
    const served = await startCommand(['serve', '--no-ui', '--port', '0', '--data-dir', await dataDirectory()]);
    await expect.poll(() => served.output, { timeout: 20_000 }).toMatch(/^Hopscope proxy http:\/\/127\.0\.0\.1:\d+\n$/);
    served.kill('SIGINT');
    expect(await served.exited).toBe(0);
    // What no command waits for, Electron answers by quitting.
    const asked = await startCommand(['serve', '--no-ui', '--port', '0', '--data-dir', await dataDirectory()]);
    await expect.poll(() => asked.output, { timeout: 20_000 }).toContain('Hopscope proxy');
    expect(await asked.quit()).toBe(143);
  });

  it('tells of its commands, and of wrong ones in one line', async () => {
    const help = await startDesktop({ args: ['--help'], windowless: true });
    expect(await help.exited).toBe(0);
    expect(help.output).toContain('Commands: serve, run, env');
    // An AppImage's AppRun puts a switch before what was given.
    const wrong = await startCommand(['--no-sandbox', 'env', '--shell', 'tcsh']);
    expect(await wrong.exited).toBe(2);
    expect(wrong.output).toMatch(/^hopscope: [^\n]+\n$/);
  });

  it('knows every command that there is', () => {
    const names = commandLine().commands.map((command) => command.name());
    expect([...COMMAND_NAMES].sort()).toEqual([...names, 'help'].sort());
  });
});

describe('a terminal', () => {
  const linux = { file: '/opt/Hopscope/hopscope', platform: 'linux', path: '/bin:/usr/bin' } as const;
  const links: Readonly<Record<string, string>> = {
    '/opt/Hopscope/hopscope': '/opt/Hopscope/hopscope',
    '/usr/bin/hopscope': '/opt/Hopscope/hopscope',
  };
  const realPath = (path: string): string | undefined => links[path];

  it('calls the app by its name where its PATH leads there, and else by its path', () => {
    expect(commandFor({ ...linux, realPath })).toBe('hopscope');
    expect(commandFor({ ...linux, path: '/bin', realPath })).toBe('/opt/Hopscope/hopscope');
    expect(commandFor({ ...linux, path: undefined, realPath })).toBe('/opt/Hopscope/hopscope');
    // Another program of that name is not ours.
    const other = (path: string): string => path;
    expect(commandFor({ ...linux, realPath: other })).toBe('/opt/Hopscope/hopscope');
    const odd = "/home/me/It's mine/Hopscope.AppImage";
    expect(commandFor({ ...linux, file: odd, realPath })).toBe(String.raw`'/home/me/It'\''s mine/Hopscope.AppImage'`);
    const windows = { platform: 'win32', path: '', realPath } as const;
    expect(commandFor({ ...windows, file: String.raw`C:\Hopscope\bin\hopscope.cmd` })).toBe(
      String.raw`C:\Hopscope\bin\hopscope.cmd`,
    );
    expect(commandFor({ ...windows, file: String.raw`C:\My apps\hopscope.cmd` })).toBe(
      String.raw`& "C:\My apps\hopscope.cmd"`,
    );
  });

  it('is told what its shell understands', () => {
    expect(terminalLines('hopscope', defaultDataDirectory('linux'), 'linux')).toEqual({
      ...{ here: 'eval "$(hopscope env)"', once: 'hopscope run -- npm test', trust: 'hopscope ca install' },
    });
    expect(terminalLines('hopscope', defaultDataDirectory('win32'), 'win32').here).toBe(
      'hopscope env --shell powershell | Out-String | Invoke-Expression',
    );
    // What runs on another directory is found there alone.
    expect(terminalLines('hopscope', '/my data', 'linux')).toEqual({
      ...{ here: `eval "$(hopscope env --data-dir '/my data')"`, trust: `hopscope ca install --data-dir '/my data'` },
      once: `hopscope run --data-dir '/my data' -- npm test`,
    });
  });
});
