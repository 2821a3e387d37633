import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { canInstallPackages, installPackages } from './debian-packages.ts';
import { projectEnv, projectRoot } from './project.ts';

/** Where a Chromium is usually found, in the order in which they are tried. */
const usualPlaces = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

const packages = ['chromium', 'fonts-liberation', 'fonts-dejavu-core', 'fonts-noto-color-emoji'];

/**
 * The path of a Chromium to run the browser tests with: CHROMIUM_PATH when set, else an installed one, else one fetched by apt
 * (as root on Debian) or by Playwright's own download. Throws when none of these gives one.
 */
export async function ensureChromium(): Promise<string> {
  const chosen = process.env['CHROMIUM_PATH'];
  if (chosen) {
    if (!isExecutable(chosen)) throw new Error(`CHROMIUM_PATH is ${chosen}, which is not an executable file`);
    return chosen;
  }
  const installed = usualPlaces.find(isExecutable);
  if (installed) return installed;
  if (canInstallPackages()) {
    // Playwright's own download is tried next when this fails.
    installPackages(packages, 'for the browser tests');
    const fromApt = usualPlaces.find(isExecutable);
    if (fromApt) return fromApt;
  }
  return downloadWithPlaywright();
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function downloadWithPlaywright(): Promise<string> {
  const { chromium } = await import('playwright-core');
  const path = chromium.executablePath();
  if (!isExecutable(path)) {
    process.stderr.write("Fetching Chromium with Playwright's download for the browser tests (once)\n");
    const cli = join(projectRoot, 'node_modules', 'playwright-core', 'cli.js');
    const withDeps = process.platform === 'linux' && process.getuid?.() === 0 ? ['--with-deps'] : [];
    spawnSync(process.execPath, [cli, 'install', ...withDeps, '--no-shell', 'chromium'], {
      cwd: projectRoot,
      env: projectEnv(),
      stdio: ['ignore', 2, 2],
    });
  }
  if (!isExecutable(path)) throw new Error('no Chromium was found or could be installed; set CHROMIUM_PATH to one');
  return path;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.stdout.write(`${await ensureChromium()}\n`);
}
