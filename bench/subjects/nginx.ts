import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandPath, freePort, hasCommand, launchOnPort } from '../launch.ts';
import type { Launched } from '../launch.ts';
import type { Running, Setup, Subject } from '../subject.ts';

/** Starts an nginx with one worker, no logs and `server` as the content of its only server block. */
export async function launchNginx(folder: string, port: number, server: string, http = ''): Promise<Launched> {
  mkdirSync(folder, { recursive: true });
  const config = join(folder, 'nginx.conf');
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${folder}/${kind};`,
  );
  // As root its worker would become another user, who may not read the folder.
  const user = process.getuid?.() === 0 ? 'user root;' : '';
  writeFileSync(
    config,
    `daemon off; worker_processes 1; pid ${folder}/nginx.pid; error_log ${folder}/error.log; ${user}
events { worker_connections 4096; }
http {
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000000; keepalive_timeout 60s; default_type application/octet-stream;
  ${temporary.join(' ')}
  ${http}
  server { listen 127.0.0.1:${port} backlog=1024; ${server} }
}
`,
  );
  return launchOnPort(commandPath('nginx') ?? 'nginx', ['-p', folder, '-c', config, '-e', `${folder}/error.log`], port);
}

export const nginx: Subject = {
  name: 'nginx',
  kind: 'peer',
  scenarios: ['pass', 'hit', 'store', 'stream'],
  obstacle: () => (hasCommand('nginx') ? undefined : 'not installed'),
  async start({ scenario, origin, folder }: Setup): Promise<Running> {
    const port = await freePort();
    const caching = scenario === 'hit' || scenario === 'store';
    const launched = await launchNginx(
      folder,
      port,
      `location / { proxy_pass http://origin; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_max_temp_file_size 0;
       ${caching ? 'proxy_cache hits;' : ''} }`,
      `upstream origin { server 127.0.0.1:${origin.port}; keepalive 128; keepalive_requests 100000000; }
       ${caching ? `proxy_cache_path ${folder}/cache keys_zone=hits:128m levels=1:2;` : ''}`,
    );
    return { url: `http://127.0.0.1:${port}`, pid: launched.pid, stop: launched.stop };
  },
};
