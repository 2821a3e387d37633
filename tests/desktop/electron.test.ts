import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { _electron } from 'playwright-core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { dataDirectory } from './desktop-app.ts';
import { mainJourney } from './main-journey.ts';

const projectRoot = resolve(import.meta.dirname, '../..');

/** The binary that Electron's package fetches at the first start; undefined when it has not. Never fetches it. */
function electronBinary(): string | undefined {
  const folder = join(projectRoot, 'node_modules', 'electron');
  const pathFile = join(folder, 'path.txt');
  if (!existsSync(pathFile)) return undefined;
  const dist = process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? join(folder, 'dist');
  const binary = join(dist, readFileSync(pathFile, 'utf8').trim());
  return existsSync(binary) ? binary : undefined;
}

/** Why the real Electron cannot be run here; undefined when it can. */
function obstacle(binary: string | undefined): string | undefined {
  if (binary === undefined) return 'its binary is not there; "npm start" fetches it where it can';
  const display = process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY'];
  if (process.platform === 'linux' && !display) return 'there is no display; xvfb-run gives one';
  return undefined;
}

const binary = electronBinary();
const reason = obstacle(binary);

describe('the desktop app in the real Electron', () => {
  it('takes a newcomer from the empty window to a hit, its explanation and another cache mode', async ({ skip }) => {
    if (binary === undefined || reason !== undefined) {
      console.log(`The desktop app was not tested in the real Electron: ${reason}`);
      return skip(reason);
    }
    // Chromium's own sandbox does not start for root.
    const switches = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    const app = await _electron.launch({
      executablePath: binary,
      cwd: projectRoot,
      args: [...switches, '.', '--port', '0', '--data-dir', await dataDirectory()],
    });
    onTestFinished(() => app.close());
    const page = await app.firstWindow();
    expect(page.url()).toBe('app://hopscope/');
    const secured = await page.evaluate(() => ['require', 'process', 'ipcRenderer'].filter((name) => name in window));
    expect(secured).toEqual([]);
    await mainJourney(page, 'electron');
    await app.close();
    expect(app.process().exitCode).toBe(0);
  });
});
