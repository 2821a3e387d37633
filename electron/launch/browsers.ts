import { posix, win32 } from 'node:path';

export const BROWSER_IDS = ['chromium', 'chrome', 'edge', 'brave', 'firefox'] as const;
export type BrowserId = (typeof BROWSER_IDS)[number];

/** A browser that is installed here. */
export interface InstalledBrowser {
  readonly id: BrowserId;
  readonly name: string;
  readonly family: 'chromium' | 'firefox';
  /** Absolute path of its program. */
  readonly program: string;
}

/** Where programs are looked for. */
export interface BrowserPlaces {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly exists: (path: string) => boolean;
}

interface Known {
  readonly name: string;
  readonly family: InstalledBrowser['family'];
  /** Names on PATH. */
  readonly linux: readonly string[];
  /** Below /Applications. */
  readonly darwin: readonly string[];
  /** Below the folders for programs. */
  readonly win32: readonly string[];
}

const KNOWN: Readonly<Record<BrowserId, Known>> = {
  chromium: {
    name: 'Chromium',
    family: 'chromium',
    linux: ['chromium', 'chromium-browser'],
    darwin: ['Chromium.app/Contents/MacOS/Chromium'],
    win32: ['Chromium/Application/chrome.exe'],
  },
  chrome: {
    name: 'Chrome',
    family: 'chromium',
    linux: ['google-chrome', 'google-chrome-stable'],
    darwin: ['Google Chrome.app/Contents/MacOS/Google Chrome'],
    win32: ['Google/Chrome/Application/chrome.exe'],
  },
  edge: {
    name: 'Edge',
    family: 'chromium',
    linux: ['microsoft-edge', 'microsoft-edge-stable'],
    darwin: ['Microsoft Edge.app/Contents/MacOS/Microsoft Edge'],
    win32: ['Microsoft/Edge/Application/msedge.exe'],
  },
  brave: {
    name: 'Brave',
    family: 'chromium',
    linux: ['brave-browser', 'brave'],
    darwin: ['Brave Browser.app/Contents/MacOS/Brave Browser'],
    win32: ['BraveSoftware/Brave-Browser/Application/brave.exe'],
  },
  firefox: {
    name: 'Firefox',
    family: 'firefox',
    linux: ['firefox', 'firefox-esr'],
    darwin: ['Firefox.app/Contents/MacOS/firefox'],
    win32: ['Mozilla Firefox/firefox.exe'],
  },
};

/** The browsers that are installed, in the order of {@link BROWSER_IDS}. */
export function findBrowsers(places: BrowserPlaces): InstalledBrowser[] {
  return BROWSER_IDS.flatMap((id) => {
    const { name, family } = KNOWN[id];
    const program = candidates(KNOWN[id], places).find((path) => places.exists(path));
    return program === undefined ? [] : [{ id, name, family, program }];
  });
}

function candidates(known: Known, { platform, env }: BrowserPlaces): string[] {
  if (platform === 'darwin') {
    const folders = ['/Applications', ...(env['HOME'] === undefined ? [] : [posix.join(env['HOME'], 'Applications')])];
    return folders.flatMap((folder) => known.darwin.map((path) => posix.join(folder, path)));
  }
  if (platform === 'win32') {
    const folders = ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].flatMap((name) => env[name] ?? []);
    return folders.flatMap((folder) => known.win32.map((path) => win32.join(folder, path)));
  }
  const folders = (env['PATH'] ?? '').split(':').filter((folder) => folder.startsWith('/'));
  // In the order of the names: an unusual name on PATH must not hide the usual one.
  return known.linux.flatMap((name) => folders.map((folder) => posix.join(folder, name)));
}
