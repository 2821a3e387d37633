import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { beforeAll, onTestFinished } from 'vitest';
import type { DoubleOptions, ElectronDouble } from '../support/electron-double/test/launch-double.ts';
import { launchDouble } from '../support/electron-double/test/launch-double.ts';

/** The built app, as `npm start` runs it. */
const main = join(import.meta.dirname, '../../out/main/main.js');

/** Registers what is to be done when a test, or a suite, is over. */
type AtEnd = (end: () => Promise<void>) => void;

/** A directory for one run's data, removed when the test finishes. */
export async function dataDirectory(atEnd: AtEnd = onTestFinished): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'hopscope-desktop-'));
  atEnd(() => rm(directory, { recursive: true, force: true, maxRetries: 5 }));
  return directory;
}

/** Starts the desktop host on the double of Electron, with data of its own and a free port. */
export async function startDesktop(options: Partial<DoubleOptions> = {}): Promise<ElectronDouble> {
  const args = ['--port', '0', '--data-dir', await dataDirectory()];
  return launchDouble({ main, ...options, args: [...args, ...(options.args ?? [])] });
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

/** One app with its window for all tests of a suite, which look at it and leave it as it is. @param further arguments */
export function sharedDesktop(...further: string[]): { readonly app: ElectronDouble; readonly page: Page } {
  let started: { app: ElectronDouble; page: Page } | undefined;
  const here = (): { app: ElectronDouble; page: Page } => {
    if (started === undefined) throw new Error('The app is there while the tests of its suite run');
    return started;
  };
  beforeAll(async () => {
    const ends: (() => Promise<void>)[] = [];
    const atEnd: AtEnd = (end) => void ends.unshift(end);
    const args = ['--port', '0', '--data-dir', await dataDirectory(atEnd), ...further];
    const app = await launchDouble({ main, args }, atEnd);
    started = { app, page: await app.page() };
    return async () => {
      for (const end of ends) await end();
    };
  });
  return {
    get app() {
      return here().app;
    },
    get page() {
      return here().page;
    },
  };
}
