import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { projectEnv } from '../../scripts/project.ts';
import { launchNode } from '../launch.ts';
import type { ScenarioName, Setup, Subject } from '../subject.ts';

const bench = join(import.meta.dirname, '..');

/** Installs the peers that come from npm into the benchmark's own package, unless they are there. Says why it could not. */
export function installNpmPeers(): string | undefined {
  if (existsSync(join(bench, 'node_modules', 'mockttp'))) return undefined;
  process.stderr.write('Installing mockttp and http-mitm-proxy for comparison (once)\n');
  const { status, stderr } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel', 'error'], {
    cwd: bench,
    env: projectEnv(),
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  return status === 0 ? undefined : `npm ci in bench/ failed: ${stderr.trim().split('\n')[0] ?? ''}`;
}

function npmPeer(name: string, scenarios: readonly ScenarioName[]): Subject {
  return {
    name,
    kind: 'peer',
    scenarios,
    obstacle: () => (existsSync(join(bench, 'node_modules', name)) ? undefined : 'not installed in bench/'),
    async start({ origin, folder }: Setup) {
      const { launched, ready } = await launchNode([
        join(bench, 'servers', `${name}.ts`),
        origin.tls?.url ?? origin.url,
        folder,
      ]);
      return { url: String(ready['url']), pid: launched.pid, stop: launched.stop };
    },
  };
}

export const mockttp = npmPeer('mockttp', ['pass', 'https']);
export const httpMitmProxy = npmPeer('http-mitm-proxy', ['pass']);
