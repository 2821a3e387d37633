import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { beforeAll, onTestFinished } from 'vitest';

/** What journeys need of a desktop app that runs, whether the double of Electron or the real one is under it. */
export interface RunningApp {
  /** The page of a window once it has loaded: of the first one, unless `position` tells another. */
  page(position?: number): Promise<Page>;
  /** Runs `fn` in the main process; it sees nothing but its arguments. */
  evaluate<A, R>(fn: (electron: typeof Electron.CrossProcessExports, arg: A) => R, arg: A): Promise<Awaited<R>>;
  /** Starts the app once more on the same data, with `words` in `cwd`, and waits until that has left to this one. */
  startAgain(words: readonly string[], cwd: string): Promise<Ended>;
  /** Ends the process of the window's page, as a bug in it would. */
  crashPage(): Promise<void>;
  /** The text in the window, whichever page shows it. */
  text(): Promise<string>;
  /** Has the person turn to another window, or to this one again: a display without a window manager knows neither. */
  look(to: 'elsewhere' | 'here'): Promise<void>;
  /** How the app calls for the person. */
  calls(): Promise<Calls>;
  /** Has the person click on the first notification. */
  clickNotification(): Promise<void>;
  /** Chooses an item of the tray's menu by its label. The menu is known once it has changed. */
  chooseInTray(label: string): Promise<void>;
  /** Sends a request to the main process as a page that was taken over could; resolves with the answer. */
  forge(sender: ForgedSender, channel: string): Promise<unknown>;
  /** What the app's handler for a scheme answers; undefined when there is none. */
  fetch(url: string, method?: string): Promise<Fetched | undefined>;
  /** Addresses that the app had the system's browser open. */
  readonly openedExternally: readonly string[];
  /** Questions that were asked in dialogs. */
  readonly questions: readonly string[];
  /** Has a button pressed, by its position, in the next dialog that nothing is pressed in yet. */
  answer(button: number): Promise<void>;
  /** What the process printed so far; Electron and Chromium may have their own to say in it. */
  readonly output: string;
  /** The code the process exited with; null when it was killed. */
  readonly exited: Promise<number | null>;
  /** Quits the app as its menu does; resolves with the process's exit code. */
  quit(): Promise<number | null>;
  kill(signal: NodeJS.Signals): void;
}

export interface Calls {
  /** What stands at the app's icon: a number or, on Windows, 1 for a mark. */
  readonly badge: number;
  /** The texts of the notifications so far. */
  readonly notifications: readonly string[];
}

/** Where a forged message claims to come from: a frame that is gone, one inside of the page, or a page at another address. */
export type ForgedSender = 'gone' | 'embedded' | { readonly url: string };

export interface Fetched {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
}

export interface StartOptions {
  /** Those after the port and the data directory; of flags that are given twice the last one counts. */
  readonly args?: readonly string[];
  /** Further variables of its environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly colorScheme?: 'light' | 'dark';
  /** Number of the user, and of their group, that it runs as, where {@link DesktopApps.changesUser}. */
  readonly user?: number;
}

/** Registers what is to be done when a test, or a suite, is over. */
export type AtEnd = (end: () => Promise<void>) => void;

/** A way to start desktop apps. */
export interface DesktopApps<App extends RunningApp = RunningApp> {
  /** What the pictures that journeys take are named after. */
  readonly name: string;
  /** Whether an app can be started as another user, by root. */
  readonly changesUser: boolean;
  /** Room that an app needs for itself, as file systems are told it. */
  readonly room: string;
  /** Starts an app with data of its own and a free port; ends it when the test finishes. */
  start(options?: StartOptions, atEnd?: AtEnd): Promise<App>;
  /** Starts the app's program as a command in a terminal would be, and waits for its end. */
  run(words: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ended>;
  /** Starts an app that cannot go on; resolves with what it says of that. */
  fail(words: readonly string[], options?: Pick<StartOptions, 'user' | 'env'>): Promise<string>;
}

/** A program that has ended. */
export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** Starts an app and waits for its window. */
export async function open<App extends RunningApp>(
  apps: DesktopApps<App>,
  options?: StartOptions,
): Promise<{ app: App; page: Page }> {
  const app = await apps.start(options);
  return { app, page: await app.page() };
}

/** A directory for one run's data, removed when the test finishes. */
export async function dataDirectory(atEnd: AtEnd = onTestFinished): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'hopscope-desktop-'));
  atEnd(() => rm(directory, { recursive: true, force: true, maxRetries: 5 }));
  return directory;
}

/** What the app itself had to say, a sentence a line. */
export function sentencesOf({ output }: Pick<RunningApp, 'output'>): string[] {
  return output.split('\n').filter((line) => line.startsWith('hopscope: '));
}

/** Chooses an item of the application's menu by its label. */
export function chooseInMenu(app: RunningApp, label: string): Promise<void> {
  return app.evaluate(({ Menu }, wanted) => {
    const all = (items: readonly Electron.MenuItem[]): readonly Electron.MenuItem[] =>
      items.flatMap((item) => [item, ...all(item.submenu?.items ?? [])]);
    const item = all(Menu.getApplicationMenu()?.items ?? []).find((one) => one.label === wanted);
    if (item === undefined) throw new Error(`There is no item ${wanted}`);
    // Electron's types have any function there.
    (item as unknown as { click(): void }).click();
  }, label);
}

/** An app with its window for several tests, which look at it and leave it as it is. */
export interface SharedApp<App extends RunningApp = RunningApp> {
  readonly app: App;
  readonly page: Page;
}

/** One app with its window for all tests of a suite. @param args further arguments */
export function sharedApp<App extends RunningApp>(apps: DesktopApps<App>, ...args: string[]): SharedApp<App> {
  let started: SharedApp<App> | undefined;
  const here = (): SharedApp<App> => {
    if (started === undefined) throw new Error('The app is there while the tests of its suite run');
    return started;
  };
  beforeAll(async () => {
    const ends: (() => Promise<void>)[] = [];
    const app = await apps.start({ args }, (end) => void ends.unshift(end));
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
