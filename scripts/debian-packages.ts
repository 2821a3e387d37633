import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { projectEnv } from './project.ts';

/** Longest time (ms) that one apt-get may take: a machine without a mirror should not wait for ever. */
const PATIENCE = 240_000;

/**
 * Whether packages can be installed here: as root on Debian proper. Ubuntu does not count, because some of its packages
 * are only pointers to snaps, which do not run in containers.
 */
export function canInstallPackages(): boolean {
  return process.getuid?.() === 0 && existsSync('/etc/os-release') && isDebian(readFileSync('/etc/os-release', 'utf8'));
}

/** Installs Debian packages and says so; a failure is worth a line, because whoever asked has another way or does without. */
export function installPackages(packages: readonly string[], purpose: string): void {
  process.stderr.write(`Installing ${packages.join(', ')} with apt ${purpose} (once)\n`);
  // In run level 1 nothing that a package brings along is started as a service.
  const env = projectEnv({ DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' });
  for (const args of [['update'], ['install', '--yes', '--no-install-recommends', ...packages]]) {
    const { status, signal } = spawnSync('apt-get', ['-qq', '-o', 'Dpkg::Use-Pty=0', ...args], {
      env,
      timeout: PATIENCE,
      stdio: ['ignore', 2, 2],
    });
    if (status !== 0) process.stderr.write(`apt-get ${args[0]} failed (${signal ?? `exit code ${status}`})\n`);
  }
}

function isDebian(osRelease: string): boolean {
  return /^ID=debian$/m.test(osRelease);
}
