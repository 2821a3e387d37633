import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectEnv, projectRoot } from './project.ts';

/** What a build reads, relative to the root; a change in any of these makes it stale. */
const uiSources = ['renderer', 'shared', 'assets', 'electron.vite.config.ts', 'package-lock.json'];
const desktopSources = ['electron', ...uiSources];

/** Builds the renderer into out/renderer unless it is already built from the present sources. Throws when the build fails. */
export function ensureUi(): void {
  ensureBuilt('renderer', uiSources, 'renderer/index.html', [join(projectRoot, 'scripts', 'build-ui.ts')]);
}

/** Builds main, preload and renderer unless they are already built from the present sources. Throws when the build fails. */
export function ensureDesktop(): void {
  const electronVite = join(projectRoot, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js');
  // Taken before the build starts, as the other one is.
  const ui = fingerprintOf(uiSources);
  // The renderer is a part of it, and must not be built once more under the feet of who uses it.
  if (ensureBuilt('desktop', desktopSources, 'main/main.js', [electronVite, 'build'])) writeStamp('renderer', ui);
}

/** Returns whether it had to build. */
function ensureBuilt(name: 'renderer' | 'desktop', sources: string[], product: string, command: string[]): boolean {
  // Taken before the build starts: a file edited while it runs leaves the build stale, as it should.
  const fingerprint = fingerprintOf(sources);
  const built = statSync(join(projectRoot, 'out', product), { throwIfNoEntry: false });
  if (built && readIfThere(stampOf(name)) === fingerprint) return false;
  process.stderr.write(
    `hopscope: building the ${name === 'renderer' ? 'user interface' : 'app'} (only when its sources changed)\n`,
  );
  // stdout belongs to the host's ready line, so all that the build prints goes to stderr.
  const build = spawnSync(process.execPath, command, { cwd: projectRoot, env: projectEnv(), stdio: ['ignore', 2, 2] });
  if (build.error) throw build.error;
  if (build.status !== 0) throw new Error(`the build failed (${build.signal ?? `exit code ${build.status}`})`);
  writeStamp(name, fingerprint);
  return true;
}

/** The file that tells which sources a product was built from. */
function stampOf(name: 'renderer' | 'desktop'): string {
  return join(projectRoot, 'out', `.${name}-built-from`);
}

function writeStamp(name: 'renderer' | 'desktop', fingerprint: string): void {
  mkdirSync(join(projectRoot, 'out'), { recursive: true });
  writeFileSync(stampOf(name), fingerprint);
}

/** A digest of every source's path, size and modification time (milliseconds): cheap enough to take at every start. */
function fingerprintOf(sources: string[]): string {
  const hash = createHash('sha256');
  for (const source of sources) {
    const path = join(projectRoot, source);
    const stat = statSync(path, { throwIfNoEntry: false });
    if (!stat) continue;
    const files = stat.isDirectory() ? readdirSync(path, { recursive: true, withFileTypes: true }) : [];
    const paths = stat.isDirectory() ? files.filter((f) => f.isFile()).map((f) => join(f.parentPath, f.name)) : [path];
    for (const file of paths.sort()) {
      const { size, mtimeMs } = statSync(file);
      hash.update(`${file}\0${size}\0${mtimeMs}\n`);
    }
  }
  return hash.digest('hex');
}

function readIfThere(path: string): string | undefined {
  return statSync(path, { throwIfNoEntry: false }) ? readFileSync(path, 'utf8') : undefined;
}
