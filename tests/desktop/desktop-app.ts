import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { onTestFinished } from 'vitest';
import type { DoubleOptions, ElectronDouble } from '../support/electron-double/test/launch-double.ts';
import { launchDouble } from '../support/electron-double/test/launch-double.ts';

/** The built app, as `npm start` runs it. */
const main = join(import.meta.dirname, '../../out/main/main.js');

/** A directory for one run's data, removed when the test finishes. */
export async function dataDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'hopscope-desktop-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true, maxRetries: 5 }));
  return directory;
}

/** Starts the desktop host on the double of Electron, with data of its own and a free port. */
export async function startDesktop(options: Partial<DoubleOptions> = {}): Promise<ElectronDouble> {
  const args = ['--port', '0', '--data-dir', await dataDirectory()];
  return launchDouble({ main, ...options, args: [...args, ...(options.args ?? [])] });
}

/** Starts the desktop host and waits for its window. */
export async function openDesktop(options: Partial<DoubleOptions> = {}): Promise<{ app: ElectronDouble; page: Page }> {
  const app = await startDesktop(options);
  return { app, page: await app.page() };
}
