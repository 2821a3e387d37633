import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { DoubleOptions, ElectronDouble } from '../support/electron-double/test/launch-double.ts';
import { launchDouble } from '../support/electron-double/test/launch-double.ts';
import { expect } from 'vitest';
import type { AtEnd, DesktopApps } from './journeys/running-app.ts';
import { dataDirectory, sentencesOf } from './journeys/running-app.ts';

/** The built app, as `npm start` runs it. */
const main = join(import.meta.dirname, '../../out/main/main.js');

/** Starts the desktop host on the double of Electron, with data of its own and a free port. */
export async function startDesktop(options: Partial<DoubleOptions> = {}, atEnd?: AtEnd): Promise<ElectronDouble> {
  const args = ['--port', '0', '--data-dir', await dataDirectory(atEnd)];
  return launchDouble({ main, ...options, args: [...args, ...(options.args ?? [])] }, atEnd);
}

/** Starts the desktop host's program as a command in a terminal would be. */
export function startCommand(
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<ElectronDouble> {
  return launchDouble({ main, args: words, env, windowless: true });
}

/** Starts the desktop host and waits for its window. */
export async function openDesktop(options: Partial<DoubleOptions> = {}): Promise<{ app: ElectronDouble; page: Page }> {
  const app = await startDesktop(options);
  return { app, page: await app.page() };
}

/** Desktop apps on the double of Electron. */
export const doubles: DesktopApps<ElectronDouble> = {
  name: 'double',
  changesUser: true,
  room: '6m',
  start: startDesktop,
  async run(words, env) {
    const command = await startCommand(words, env);
    return { code: await command.exited, output: command.output };
  },
  async fail(words, options) {
    const app = await startDesktop({ ...options, args: words, windowless: true });
    expect(await app.exited).not.toBe(0);
    const [sentence = ''] = sentencesOf(app);
    // Whoever does not sit at a terminal is told no less.
    expect(app.errorBoxes).toEqual([sentence.replace(/^hopscope/, 'Hopscope cannot go on')]);
    return sentence;
  },
};
