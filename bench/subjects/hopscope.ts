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
  scenarios: ['pass', 'hit', 'store', 'stream', 'memory', 'websocket'],
  obstacle,
  start: (setup) => start(setup, ['hit', 'store'].includes(setup.scenario) ? 'shared' : 'off'),
};

/** What storing is compared with. */
export const hopscopeUncached: Subject = {
  name: 'hopscope without its cache',
  kind: 'floor',
  scenarios: ['store'],
  obstacle,
  start: (setup) => start(setup, 'off'),
};

function obstacle(): string | undefined {
  return existsSync(cli) ? undefined : 'electron/cli.ts is missing';
}

async function start({ origin, folder }: Setup, cache: 'off' | 'shared'): Promise<Running> {
  const flags = {
    '--port': '0',
    '--upstream': origin.url,
    '--cache': cache,
    '--record': 'full',
    '--log-format': 'json',
    '--data-dir': folder,
  };
  const args = [...heapFlags, cli, 'serve', '--no-ui', ...Object.entries(flags).flat()];
  const { launched, ready } = await launchNode(args);
  return { url: String(ready['proxy']), pid: launched.pid, stop: launched.stop };
}
