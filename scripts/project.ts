import { delimiter, join, resolve } from 'node:path';

/** The checkout's root folder. */
export const projectRoot = resolve(import.meta.dirname, '..');

/**
 * The environment for child processes: the project's own tools come first on PATH, as npm arranges for its scripts,
 * so that `#!/usr/bin/env node` finds the project's Node even where the system's is older.
 */
export function projectEnv(extra: Record<string, string> = {}): NodeJS.ProcessEnv {
  const bin = join(projectRoot, 'node_modules', '.bin');
  return { ...process.env, PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}`, ...extra };
}

/**
 * Where Node keeps what it has made of sources (`NODE_COMPILE_CACHE`) while the checks run: they start hundreds of processes from
 * the same ones, and this halves their start.
 */
export const compileCache = join(projectRoot, 'artifacts', 'compile-cache');

/**
 * V8 flags of the headless host. A fixed, larger space for young objects keeps what lives as long as an exchange out of
 * the old space, which otherwise grows by some 80 MiB under load before it is collected. `npm run serve` and the
 * installed command carry the same flags.
 */
export const heapFlags: readonly string[] = ['--min-semi-space-size=16', '--max-semi-space-size=16'];
