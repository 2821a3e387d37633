import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ElectronApplication } from 'playwright-core';
import { _electron } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { projectRoot } from '../../scripts/project.ts';
import type { Calls, DesktopApps, Ended, ForgedSender, RunningApp } from './journeys/running-app.ts';
import { dataDirectory, sentencesOf } from './journeys/running-app.ts';

/** The binary that Electron's package fetches at the first start; undefined when it has not. Never fetches it. */
function electronBinary(): string | undefined {
  const folder = join(projectRoot, 'node_modules', 'electron');
  const pathFile = join(folder, 'path.txt');
  if (!existsSync(pathFile)) return undefined;
  const dist = process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? join(folder, 'dist');
  const binary = join(dist, readFileSync(pathFile, 'utf8').trim());
  return existsSync(binary) ? binary : undefined;
}

const binary = electronBinary();

/** Why the real Electron cannot be run here; undefined when it can. */
export function electronObstacle(): string | undefined {
  if (binary === undefined) return 'its binary is not there; "npm start" fetches it where it can';
  const display = process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY'];
  if (process.platform === 'linux' && !display) return 'there is no display; xvfb-run gives one';
  return undefined;
}

/** Chromium's sandbox does not start for root. */
const isRoot = process.getuid?.() === 0;
/** What Electron is to run, and then a switch of Chromium's. */
const before = [projectRoot, ...(isRoot ? ['--no-sandbox'] : [])];

function program(): string {
  if (binary === undefined) throw new Error('There is no Electron here');
  return binary;
}

/** Desktop apps on the real Electron, where {@link electronObstacle} knows none. */
export const electronApps: DesktopApps = {
  name: 'electron',
  // Neither the display nor where Electron lies is another user's to use.
  changesUser: false,
  // Chromium's own profile is there, too.
  room: '256m',
  async start({ args = [], env = {}, colorScheme = 'light' } = {}, atEnd = onTestFinished) {
    const place = ['--port', '0', '--data-dir', await dataDirectory(atEnd), ...args];
    // macOS would ask a person whether this program may use their keychain.
    const keychain = process.platform === 'darwin' ? ['--use-mock-keychain'] : [];
    const electron = await _electron.launch({
      executablePath: program(),
      args: [...before, ...keychain, ...place],
      // Playwright would leave it out.
      chromiumSandbox: !isRoot,
      env: { ...environment(), ...env },
      colorScheme,
    });
    const app = new ElectronApp(electron, place);
    atEnd(async () => {
      app.kill('SIGKILL');
      await app.exited;
    });
    await app.begin();
    return app;
  },
  run: (words, env) => runElectron([...before, ...words], { env: { ...environment(), ...env } }),
  async fail(words, { env } = {}) {
    const args = [...before, '--port', '0', '--data-dir', await dataDirectory(), ...words];
    const child = spawn(program(), args, { env: { ...environment(), ...env }, stdio: ['ignore', 'ignore', 'pipe'] });
    const exited = once(child, 'exit');
    let said = '';
    try {
      for await (const chunk of child.stderr) {
        said += String(chunk);
        const [sentence] = sentencesOf({ output: said.slice(0, said.lastIndexOf('\n') + 1) });
        if (sentence !== undefined) return sentence;
      }
      throw new Error(`It ended without a word of its own: ${said}`);
    } finally {
      // It shows its box, and nobody is there to close it.
      child.kill('SIGKILL');
      await exited;
    }
  },
};

async function runElectron(
  args: readonly string[],
  options: { readonly cwd?: string; readonly env: Record<string, string> },
): Promise<Ended> {
  const child = spawn(program(), args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output };
}

/** This process's environment; no development server's page is to be shown. */
function environment(): Record<string, string> {
  const { ELECTRON_RENDERER_URL: _, ...rest } = process.env;
  return Object.fromEntries(
    Object.entries(rest).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** What {@link ElectronApp.begin} leaves in the main process, as it cannot be asked of Electron. */
interface Kept {
  testAnswers: number[];
  testCalls: { badge: number; notifications: Electron.Notification[] };
  testTrayMenu?: Electron.Menu | null;
}

/** How the main process tells the test of what it would show to a person, as the first word that it logs. */
const OPENED = 'test:opened';
const ASKED = 'test:asked';

class ElectronApp implements RunningApp {
  readonly openedExternally: string[] = [];
  readonly questions: string[] = [];
  readonly exited: Promise<number | null>;
  readonly #electron: ElectronApplication;
  readonly #args: readonly string[];
  #output = '';

  /** @param args the app's own, as it was started with */
  constructor(electron: ElectronApplication, args: readonly string[]) {
    this.#electron = electron;
    this.#args = args;
    const child = electron.process();
    this.exited = once(child, 'exit').then(([code]) => code as number | null);
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => (this.#output += chunk.toString()));
    }
    electron.on('console', (message) => {
      const [kind, ...rest] = message.text().split(' ');
      if (kind === OPENED) this.openedExternally.push(rest.join(' '));
      if (kind === ASKED) this.questions.push(rest.join(' '));
    });
  }

  get output(): string {
    return this.#output;
  }

  /** Nobody sits at this screen: links are not opened, and questions are answered by the test. */
  async begin(): Promise<void> {
    await this.evaluate(
      ({ app, BrowserWindow, dialog, Notification, shell, Tray }, [opened, asked]) => {
        const answers: number[] = [];
        const calls: Kept['testCalls'] = { badge: 0, notifications: [] };
        const kept: Kept = { testAnswers: answers, testCalls: calls };
        const main = Object.assign(globalThis, kept);
        shell.openExternal = (url) => {
          console.log(opened, url);
          return Promise.resolve();
        };
        const ask = (options: Electron.MessageBoxOptions): Promise<Electron.MessageBoxReturnValue> => {
          console.log(asked, options.message);
          const response = answers.shift();
          if (response === undefined) throw new Error(`The test has no answer to “${options.message}”`);
          return Promise.resolve({ response, checkboxChecked: false });
        };
        dialog.showMessageBox = ask as typeof dialog.showMessageBox;
        // A bare display has no icons, no notifications and no tray to look at: what they would show is kept.
        app.setBadgeCount = (count = 0) => {
          calls.badge = count;
          return true;
        };
        BrowserWindow.prototype.setOverlayIcon = (overlay) => void (calls.badge = overlay === null ? 0 : 1);
        Notification.isSupported = () => true;
        Notification.prototype.show = function show(this: Electron.Notification) {
          calls.notifications.push(this);
        };
        const setContextMenu = Reflect.get(Tray.prototype, 'setContextMenu');
        Tray.prototype.setContextMenu = function remember(this: Electron.Tray, menu) {
          main.testTrayMenu = menu;
          setContextMenu.call(this, menu);
        };
      },
      [OPENED, ASKED] as const,
    );
  }

  async page(position = 0) {
    while (this.#electron.windows().length <= position) await this.#electron.waitForEvent('window');
    const page = this.#electron.windows()[position];
    if (page === undefined) throw new Error(`There is no window ${position} any more`);
    await page.waitForLoadState('load');
    return page;
  }

  async evaluate<A, R>(fn: (electron: typeof Electron.CrossProcessExports, arg: A) => R, arg: A): Promise<Awaited<R>> {
    // Playwright's types unbox handles from the argument, which is plain here.
    return this.#electron.evaluate(fn as Parameters<ElectronApplication['evaluate']>[0], arg) as Promise<Awaited<R>>;
  }

  async startAgain(words: readonly string[], cwd: string): Promise<Ended> {
    return runElectron([...before, ...this.#place(), ...words], { cwd, env: environment() });
  }

  async crashPage(): Promise<void> {
    await this.evaluate(
      ({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer(),
      undefined,
    );
  }

  /** Not by Playwright, to whom a page that has crashed is gone, whatever its window shows. */
  async text(): Promise<string> {
    const text: unknown = await this.evaluate(
      ({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript('document.body.innerText'),
      undefined,
    );
    return String(text);
  }

  look(to: 'elsewhere' | 'here'): Promise<void> {
    return this.evaluate(({ BrowserWindow }, here) => {
      const window = BrowserWindow.getAllWindows()[0]!;
      window.isFocused = () => here;
      window.emit(here ? 'focus' : 'blur');
    }, to === 'here');
  }

  calls(): Promise<Calls> {
    return this.evaluate(() => {
      const { badge, notifications } = (globalThis as unknown as Kept).testCalls;
      return { badge, notifications: notifications.map(({ body }) => body) };
    }, undefined);
  }

  clickNotification(): Promise<void> {
    return this.evaluate(() => {
      (globalThis as unknown as Kept).testCalls.notifications[0]!.emit('click');
    }, undefined);
  }

  async chooseInTray(label: string): Promise<void> {
    await this.evaluate((_electron, wanted) => {
      const all = (items: readonly Electron.MenuItem[]): readonly Electron.MenuItem[] =>
        items.flatMap((item) => [item, ...all(item.submenu?.items ?? [])]);
      const item = all((globalThis as unknown as Kept).testTrayMenu?.items ?? []).find((one) => one.label === wanted);
      if (item === undefined) throw new Error(`There is no item ${wanted}`);
      // Electron's types have any function there.
      (item as unknown as { click(): void }).click();
    }, label);
  }

  /** By the listener itself: no page of Electron's can be made to send what its preload script does not. */
  async forge(sender: ForgedSender, channel: string): Promise<unknown> {
    return this.evaluate(
      async ({ BrowserWindow, ipcMain }, [from, name]) => {
        type Listener = (event: object, params: unknown) => Promise<unknown>;
        const { _invokeHandlers: listeners } = ipcMain as unknown as { _invokeHandlers: Map<string, Listener> };
        const { webContents } = BrowserWindow.getAllWindows()[0]!;
        const { id, mainFrame } = webContents;
        // One that lives, so that its attempt is told of.
        const peer = { id, isDestroyed: () => false };
        if (from === 'gone')
          return listeners.get(name)!({ sender: { ...peer, mainFrame }, senderFrame: null }, undefined);
        if (from !== 'embedded') {
          const frame = { url: from.url };
          return listeners.get(name)!({ sender: { ...peer, mainFrame: frame }, senderFrame: frame }, undefined);
        }
        await webContents.executeJavaScript('document.body.append(document.createElement("iframe"))');
        const [embedded] = mainFrame.frames;
        if (embedded === undefined) throw new Error('The page has no embedded frame');
        return listeners.get(name)!({ sender: { ...peer, mainFrame }, senderFrame: embedded }, undefined);
      },
      [sender, channel] as const,
    );
  }

  async fetch(url: string, method = 'GET') {
    return this.evaluate(
      async ({ session }, request) => {
        const { status, headers } = await session.defaultSession.fetch(request.url, { method: request.method });
        return { status, headers: [...headers] };
      },
      { url, method },
    );
  }

  async answer(button: number): Promise<void> {
    await this.evaluate((_electron, number) => {
      (globalThis as unknown as Kept).testAnswers.push(number);
    }, button);
  }

  async quit(): Promise<number | null> {
    // The process may be gone before it has answered.
    await this.evaluate(({ app }) => app.quit(), undefined).catch(() => undefined);
    return this.exited;
  }

  kill(signal: NodeJS.Signals): void {
    this.#electron.process().kill(signal);
  }

  /** What names the data: the last --data-dir counts. */
  #place(): readonly string[] {
    const at = this.#args.lastIndexOf('--data-dir');
    return this.#args.slice(at, at + 2);
  }
}
