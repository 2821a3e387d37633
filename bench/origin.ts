import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, hasCommand, launchNode } from './launch.ts';
import { cacheControl, resources } from './resources.ts';
import { launchNginx } from './subjects/nginx.ts';

/** The server behind every proxy that is measured. */
export interface Origin {
  readonly url: string;
  readonly port: number;
  /** What it runs on. */
  readonly software: string;
  /** How many requests it has been asked so far, these questions included; tells whether a cache really answered. */
  served(): Promise<number>;
  readonly stop: () => Promise<void>;
}

/** Starts the origin: nginx when installed, because two cores leave little for it, else a small Node server. */
export async function startOrigin(folder: string): Promise<Origin> {
  mkdirSync(folder, { recursive: true });
  return hasCommand('nginx') ? startNginxOrigin(folder) : startNodeOrigin();
}

/** Starts the origin for WebSockets, which sends every message back. */
export function startEchoOrigin(): Promise<Origin> {
  return startNodeOrigin('echo-origin.ts');
}

async function startNodeOrigin(program = 'origin.ts'): Promise<Origin> {
  const { launched, ready } = await launchNode([join(import.meta.dirname, 'servers', program)]);
  const url = String(ready['url']);
  return {
    url,
    port: Number(new URL(url).port),
    software: `node ${process.version}`,
    served: async () => Number(await (await fetch(`${url}/served`)).text()),
    stop: launched.stop,
  };
}

async function startNginxOrigin(folder: string): Promise<Origin> {
  const files = join(folder, 'files');
  mkdirSync(files, { recursive: true });
  for (const { path, bytes } of Object.values(resources)) writeFileSync(join(files, path), Buffer.alloc(bytes, 'hop '));
  const port = await freePort();
  const launched = await launchNginx(
    folder,
    port,
    `open_file_cache max=16;
     location / { root ${files}; add_header Cache-Control "${cacheControl}"; }
     location = /served { stub_status; }`,
  );
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    port,
    software: spawnSync('nginx', ['-v'], { encoding: 'utf8' }).stderr.trim().replace('nginx version: ', ''),
    // stub_status prints accepted connections, handled connections and requests on its third line.
    served: async () => Number((await (await fetch(`${url}/served`)).text()).split('\n')[2]?.trim().split(' ')[2]),
    stop: launched.stop,
  };
}
