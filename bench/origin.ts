import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, hasCommand, launchNode } from './launch.ts';
import { cacheControl, resources } from './resources.ts';
import { launchNginx } from './subjects/nginx.ts';
import { makeTlsFiles } from './tls-files.ts';
import type { TlsFiles } from './tls-files.ts';
import type { Scenario } from './scenarios.ts';

/** The server behind every proxy that is measured. */
export interface Origin {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Where it speaks TLS, and what it does that with; absent in the clear. */
  readonly tls?: { readonly url: string; readonly port: number; readonly files: TlsFiles };
  /** What it runs on. */
  readonly software: string;
  /** How many requests it has been asked so far, these questions included; tells whether a cache really answered. */
  served(): Promise<number>;
  readonly stop: () => Promise<void>;
}

/**
 * Starts the origin: nginx when installed, because two cores leave little for it, else, or to wait, a small Node server.
 *
 * @param wanted `secure` is a name or a pattern to speak TLS for: HTTP/1.1, and HTTP/2 with `http2`.
 */
export async function startOrigin(
  folder: string,
  wanted: Pick<Scenario, 'secure' | 'http2' | 'distance'>,
): Promise<Origin> {
  mkdirSync(folder, { recursive: true });
  const { secure, http2 = false, distance } = wanted;
  const files = secure === undefined ? undefined : await makeTlsFiles(folder, secure);
  if (hasCommand('nginx') && distance === undefined) return startNginxOrigin(folder, files, http2);
  return startNodeOrigin('origin.ts', { distance, files, http2 });
}

/** Starts the origin for WebSockets, which sends every message back. */
export function startEchoOrigin(): Promise<Origin> {
  return startNodeOrigin('echo-origin.ts', {});
}

interface NodeOrigin {
  readonly distance?: number | undefined;
  readonly files?: TlsFiles | undefined;
  readonly http2?: boolean;
}

async function startNodeOrigin(program: string, { distance = 0, files, http2 }: NodeOrigin): Promise<Origin> {
  const secrets = files === undefined ? [] : [files.certificate, files.key, ...(http2 === true ? ['h2'] : [])];
  const args = [join(import.meta.dirname, 'servers', program), String(distance), ...secrets];
  const { launched, ready } = await launchNode(args);
  const url = String(ready['url']);
  return {
    url,
    port: Number(new URL(url).port),
    pid: launched.pid,
    ...(files === undefined ? {} : { tls: secured(Number(ready['securePort']), files) }),
    software: `node ${process.version}`,
    served: async () => Number(await (await fetch(`${url}/served`)).text()),
    stop: launched.stop,
  };
}

function secured(port: number, files: TlsFiles): NonNullable<Origin['tls']> {
  return { url: `https://localhost:${port}`, port, files };
}

async function startNginxOrigin(folder: string, files: TlsFiles | undefined, http2: boolean): Promise<Origin> {
  const root = join(folder, 'files');
  mkdirSync(root, { recursive: true });
  for (const { path, bytes } of Object.values(resources)) writeFileSync(join(root, path), Buffer.alloc(bytes, 'hop '));
  const port = await freePort();
  const securePort = await freePort();
  const tls =
    files === undefined
      ? ''
      : `listen 127.0.0.1:${securePort} ssl ${http2 ? 'http2' : ''}; ssl_certificate ${files.certificate}; ssl_certificate_key ${files.key};`;
  const launched = await launchNginx(
    folder,
    port,
    `open_file_cache max=16; ${tls}
     location / { root ${root}; add_header Cache-Control "${cacheControl}"; }
     location = /served { stub_status; }`,
  );
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    port,
    pid: launched.pid,
    ...(files === undefined ? {} : { tls: secured(securePort, files) }),
    software: spawnSync('nginx', ['-v'], { encoding: 'utf8' }).stderr.trim().replace('nginx version: ', ''),
    // stub_status prints accepted connections, handled connections and requests on its third line.
    served: async () => Number((await (await fetch(`${url}/served`)).text()).split('\n')[2]?.trim().split(' ')[2]),
    stop: launched.stop,
  };
}
