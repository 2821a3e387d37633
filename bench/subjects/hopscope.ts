import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { heapFlags, projectRoot } from '../../scripts/project.ts';
import { launchNode } from '../launch.ts';
import type { Running, Setup, Subject } from '../subject.ts';

const cli = join(projectRoot, 'electron', 'cli.ts');

/** Hopscope as one headless process with everything recorded. */
export const hopscope: Subject = {
  name: 'hopscope',
  kind: 'ours',
  scenarios: ['pass', 'hit', 'store', 'distant', 'stream', 'memory', 'websocket', 'https', 'h2', 'first'],
  obstacle,
  start: (setup) => start(setup, ['hit', 'store', 'distant'].includes(setup.scenario) ? 'shared' : 'off'),
};

/** What storing is compared with. */
export const hopscopeUncached: Subject = {
  name: 'hopscope without its cache',
  kind: 'floor',
  scenarios: ['store', 'distant'],
  obstacle,
  start: (setup) => start(setup, 'off'),
};

function obstacle(): string | undefined {
  return existsSync(cli) ? undefined : 'electron/cli.ts is missing';
}

async function start({ scenario, origin, folder }: Setup, cache: 'off' | 'shared'): Promise<Running> {
  const { tls } = origin;
  const flags = {
    '--port': '0',
    '--upstream': tls?.url ?? origin.url,
    ...(tls === undefined ? {} : { '--upstream-ca': tls.files.ca, '--dns': '*.bench.test=127.0.0.1' }),
    '--cache': cache,
    '--record': 'full',
    '--log-format': 'json',
    '--data-dir': folder,
  };
  const args = [...heapFlags, cli, 'serve', '--no-ui', ...Object.entries(flags).flat()];
  const { launched, ready } = await launchNode(args);
  const url = String(ready['proxy']);
  // The port speaks TLS as well, and HTTP/2 in it.
  return { url: scenario === 'h2' ? url.replace('http:', 'https:') : url, pid: launched.pid, stop: launched.stop };
}
