import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandPath, freePort, hasCommand, launchOnPort } from '../launch.ts';
import type { Running, Setup, Subject } from '../subject.ts';

export const squid: Subject = {
  name: 'squid',
  kind: 'peer',
  scenarios: ['pass', 'hit', 'store'],
  obstacle: () => (hasCommand('squid') ? undefined : 'not installed'),
  async start({ scenario, origin, folder }: Setup): Promise<Running> {
    const port = await freePort();
    const config = join(folder, 'squid.conf');
    // Started as root it becomes another user, who must be able to write here.
    chmodSync(folder, 0o777);
    writeFileSync(
      config,
      `http_port 127.0.0.1:${port} accel defaultsite=origin no-vhost
cache_peer 127.0.0.1 parent ${origin.port} 0 no-query no-digest no-netdb-exchange originserver
http_access allow all
${scenario === 'pass' ? 'cache deny all' : 'cache_mem 256 MB'}
maximum_object_size_in_memory 20 MB
access_log none
cache_log ${folder}/cache.log
cache_store_log none
pid_filename none
coredump_dir ${folder}
visible_hostname bench
shutdown_lifetime 0 seconds
`,
    );
    const launched = await launchOnPort(commandPath('squid') ?? 'squid', ['-N', '-f', config], port);
    return { url: `http://127.0.0.1:${port}`, pid: launched.pid, stop: launched.stop };
  },
};
