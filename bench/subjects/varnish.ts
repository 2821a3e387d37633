import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandPath, freePort, hasCommand, launchOnPort } from '../launch.ts';
import type { Running, Setup, Subject } from '../subject.ts';

export const varnish: Subject = {
  name: 'varnish',
  kind: 'peer',
  scenarios: ['pass', 'hit', 'store'],
  obstacle: () => (hasCommand('varnishd') ? undefined : 'not installed'),
  async start({ scenario, origin, folder }: Setup): Promise<Running> {
    const port = await freePort();
    const config = join(folder, 'bench.vcl');
    chmodSync(folder, 0o777);
    writeFileSync(
      config,
      `vcl 4.1;
backend default { .host = "127.0.0.1"; .port = "${origin.port}"; }
sub vcl_recv { return (${scenario === 'pass' ? 'pass' : 'hash'}); }
`,
    );
    const args = [
      '-F',
      '-j',
      'none',
      '-a',
      `127.0.0.1:${port}`,
      '-f',
      config,
      '-n',
      join(folder, 'work'),
      '-s',
      'malloc,256m',
    ];
    const launched = await launchOnPort(commandPath('varnishd') ?? 'varnishd', args, port);
    return { url: `http://127.0.0.1:${port}`, pid: launched.pid, stop: launched.stop };
  },
};
