import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ElectronApplication } from 'playwright-core';
import { _electron } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { projectRoot } from '../../scripts/project.ts';
import type { DesktopApps, Ended, RunningApp } from './journeys/running-app.ts';
import { dataDirectory } from './journeys/running-app.ts';

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
  async start({ args = [], env = {}, colorScheme = 'light' } = {}, atEnd = onTestFinished) {
    const place = ['--port', '0', '--data-dir', await dataDirectory(atEnd), ...args];
    const electron = await _electron.launch({
      executablePath: program(),
      args: [...before, ...place],
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
      ({ dialog, shell }, [opened, asked]) => {
        const answers: number[] = [];
        Object.assign(globalThis, { testAnswers: answers });
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

  async startAgain(words: readonly string[], cwd: string): Promise<void> {
    const { code, output } = await runElectron([...before, ...this.#place(), ...words], { cwd, env: environment() });
    if (code !== 0) throw new Error(`The second start ended with ${code}: ${output}`);
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
      (globalThis as unknown as { testAnswers: number[] }).testAnswers.push(number);
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
