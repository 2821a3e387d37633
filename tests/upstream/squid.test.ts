import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { SettingsPatch } from '../../shared/settings.ts';
import { startEngine } from '../support/engine.ts';
import { startHttpsOrigin } from '../support/https-origin.ts';
import { startOrigin, startRawOrigin } from '../support/origin.ts';
import { rawClient } from '../support/raw-client.ts';
import { temporaryDirectory } from '../support/recorder.ts';
import { hasCommand } from '../support/run-command.ts';
import { startServerProcess } from '../support/server-process.ts';
import { askThrough, openTunnel } from '../support/tls-client.ts';

const HELPER = '/usr/lib/squid/basic_ncsa_auth';

/** Squid on a port; with a `user:password` line for its helper, nobody else may use it. */
async function startSquid(line?: string): Promise<number> {
  const directory = await temporaryDirectory();
  const [config, users] = [join(directory, 'squid.conf'), join(directory, 'users')];
  if (line !== undefined) await writeFile(users, `${line}\n`);
  const login =
    line === undefined
      ? 'http_access allow all'
      : `auth_param basic program ${HELPER} ${users}\nauth_param basic children 1\nacl known proxy_auth REQUIRED\nhttp_access allow known\nhttp_access deny all`;
  await chmod(directory, 0o777);
  return startServerProcess(async (port) => {
    const user = process.getuid?.() === 0 ? 'proxy' : 'nobody';
    await writeFile(
      config,
      `http_port 127.0.0.1:${port}\n${login}\ncache deny all\npid_filename none\naccess_log none\ncache_log ${directory}/log\ncache_effective_user ${user}\ncoredump_dir /tmp\nshutdown_lifetime 0 seconds\n`,
    );
    return ['squid', '-N', '-f', config];
  });
}

const through = (port: number, credentials?: { username: string; password: string }): SettingsPatch => ({
  upstreams: [
    {
      ...{ type: 'proxy', id: 'squid', label: 'Squid', url: `http://127.0.0.1:${port}` },
      ...(credentials === undefined ? {} : { credentials }),
    },
  ],
  forwardTo: 'squid',
});

async function get(port: number, url: string): Promise<string> {
  const client = await rawClient(port);
  client.send(`GET ${url} HTTP/1.1\r\nHost: ${new URL(url).host}\r\nConnection: close\r\n\r\n`);
  return client.ended();
}

describe.runIf(hasCommand('squid', '-v'))('squid', () => {
  test('forwards requests, HTTPS and tunnels of any kind', async () => {
    const origin = await startOrigin((request, response) => response.end(`${request.url} ${request.headers.via}`));
    const secure = await startHttpsOrigin((request, response) => response.end(`secure ${request.url}`));
    const echo = await startRawOrigin(
      (socket) => void socket.once('data', (chunk) => socket.end(`echo ${chunk.toString('latin1')}`)),
    );
    const engine = await startEngine({ settings: through(await startSquid()) });
    expect(await get(engine.port, `${origin.url}/plain`)).toMatch(/\/plain .*hopscope.*squid/);
    expect(await askThrough(engine, `${secure.url}/page`)).toMatch(/^HTTP\/1\.1 200 [^]*secure \/page$/);
    const client = await openTunnel(engine, `127.0.0.1:${echo.port}`);
    client.send('\x01\x02in');
    expect(await client.ended()).toMatch(/echo \x01\x02in$/);
  });

  test.runIf(existsSync(HELPER))('wants credentials, and is told of as the one who refuses wrong ones', async () => {
    const origin = await startOrigin((request, response) => response.end(JSON.stringify(request.headers)));
    const secure = await startHttpsOrigin((request, response) => response.end(`secure ${request.url}`));
    const hash = spawnSync('openssl', ['passwd', '-apr1', 'sesame']).stdout.toString().trim();
    const port = await startSquid(`ann:${hash}`);
    const engine = await startEngine({ settings: through(port, { username: 'ann', password: 'sesame' }) });
    const answer = await get(engine.port, `${origin.url}/`);
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(answer).not.toContain('authorization');
    expect(await askThrough(engine, `${secure.url}/page`)).toMatch(/^HTTP\/1\.1 200 [^]*secure \/page$/);
    for (const credentials of [{ username: 'ann', password: 'wrong' }, undefined]) {
      engine.engine.updateSettings(through(port, credentials));
      const given = credentials === undefined ? /given none/ : /given the user ann/;
      expect(await get(engine.port, `${origin.url}/`)).toMatch(/^HTTP\/1\.1 502 [^]*PROXY_AUTH/);
      const { outcome } = await engine.finished((view) => view.status === 502);
      expect(outcome).toMatchObject({ code: 'PROXY_AUTH', phase: 'proxy', message: expect.stringMatching(given) });
      expect(outcome).toHaveProperty('message', expect.stringMatching(/407.*challenge: Basic realm=/));
    }
  });
});
