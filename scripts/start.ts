// `npm start`: the desktop app or, where Electron cannot run, the web host with a browser opened on it.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ensureDesktop } from './ensure-build.ts';
import { heapFlags, projectEnv, projectRoot } from './project.ts';

const flags = process.argv.slice(2);
/** Chromium's switch, of which the web host knows nothing. */
const noSandbox = '--no-sandbox';

/** Milliseconds that the download of Electron's binary may take. */
const downloadLimit = 10 * 60_000;

/** Why the desktop app cannot run here, or undefined when it can. */
function obstacle(): string | undefined {
  // Looked at first: a binary that cannot be used is not worth its download.
  if (process.platform === 'linux') {
    if (!process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY'])
      return 'Electron has no display to open a window on';
    if (process.getuid?.() === 0 && !flags.includes(noSandbox)) return 'Electron does not run as root';
  }
  return download();
}

/**
 * Why Electron's binary cannot be had, or undefined when it is there. Electron's package brings a launcher and fetches the binary
 * at the first start: its install script exits at once when the binary is there already.
 */
function download(): string | undefined {
  // Only for eyes, and gone when it is over: the line that counts is the one about what is started.
  if (process.stderr.isTTY) process.stderr.write("hopscope: fetching Electron's binary unless it is there …");
  const installer = join(projectRoot, 'node_modules', 'electron', 'install.js');
  const install = spawnSync(process.execPath, [installer], {
    cwd: projectRoot,
    env: projectEnv(),
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: downloadLimit,
  });
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  if (install.error) return `Electron's binary could not be downloaded (${install.error.message})`;
  if (install.status !== 0) {
    const reason = install.stderr.split('\n').find((line) => line.trim() !== '') ?? 'no reason given';
    return `Electron's binary could not be downloaded (${reason.trim().slice(0, 200)})`;
  }
  return undefined;
}

/**
 * Ends as another Node program. Where the system can, this process becomes it, so that signals and the exit code need no
 * forwarding; Windows cannot replace a process and has no signals to forward.
 */
function become(args: string[]): void {
  if (process.execve && process.platform !== 'win32') {
    process.execve(process.execPath, [process.execPath, ...args], projectEnv());
  }
  const { status } = spawnSync(process.execPath, args, { cwd: projectRoot, env: projectEnv(), stdio: 'inherit' });
  process.exit(status ?? 1);
}

process.chdir(projectRoot);
const problem = obstacle();
if (problem === undefined) {
  ensureDesktop();
  become([join(projectRoot, 'node_modules', 'electron', 'cli.js'), '.', ...flags]);
} else {
  process.stderr.write(`hopscope: ${problem}; starting the web host instead\n`);
  const preload = join(projectRoot, 'scripts', 'serve-preload.ts');
  become([
    ...heapFlags,
    '--import',
    preload,
    join(projectRoot, 'electron', 'cli.ts'),
    'serve',
    ...(flags.includes('--no-ui') ? [] : ['--open']),
    ...flags.filter((flag) => flag !== noSandbox),
  ]);
}
