import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startEngine } from '../support/engine.ts';
import type { TestEngine } from '../support/engine.ts';
import { testAuthority } from '../support/https-origin.ts';
import { temporaryDirectory } from '../support/recorder.ts';
import { hasCommand, runCommand } from '../support/run-command.ts';
import { startServerProcess } from '../support/server-process.ts';
import { askThrough } from '../support/tls-client.ts';

const curlThere = hasCommand('curl', '--version');

interface ServerFiles {
  readonly directory: string;
  readonly cert: string;
  readonly key: string;
}

/** A directory for a server, with the certificate of `localhost`. */
async function serverFiles(): Promise<ServerFiles> {
  const directory = await temporaryDirectory();
  const { signer } = await testAuthority();
  const { certificate } = signer.sign('localhost');
  const [cert, key] = [join(directory, 'cert.pem'), join(directory, 'key.pem')];
  await Promise.all([writeFile(cert, certificate), writeFile(key, signer.key)]);
  return { directory, cert, key };
}

/** nginx with TLS. @param listen what stands behind the port in its directive `listen`. */
async function startNginx(listen: string): Promise<string> {
  const { directory, cert, key } = await serverFiles();
  const file = join(directory, 'nginx.conf');
  await mkdir(join(directory, 'www'));
  await writeFile(join(directory, 'www', 'large'), 'nginx '.repeat(200_000));
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${directory}/${name};`,
  );
  const port = await startServerProcess(async (free) => {
    await writeFile(
      file,
      `daemon off; master_process off; pid ${directory}/pid; error_log stderr;
       events { worker_connections 64; }
       http { access_log off; ${temporary.join(' ')}
         server { listen 127.0.0.1:${free} ${listen}; server_name localhost;
           ssl_certificate ${cert}; ssl_certificate_key ${key};
           location / { root ${directory}/www; }
           location /hello { add_header Cache-Control max-age=60; return 200 "$server_protocol $request_uri"; } } }`,
    );
    return ['nginx', '-c', file, '-p', directory];
  });
  return `https://localhost:${port}`;
}

function curl({ url, engine }: TestEngine, ...args: string[]): ReturnType<typeof runCommand> {
  const trust = ['--proxy', url, '--noproxy', '', '--cacert', engine.authority.file];
  return runCommand('curl', ['-sS', '--max-time', '20', ...trust, ...args]);
}

describe.runIf(hasCommand('nginx', '-v'))('nginx as the origin of intercepted HTTPS', () => {
  it.each([
    ['ssl', 'HTTP/1.1'],
    ['ssl http2', 'HTTP/2.0'],
  ])('listening with %s is asked by %s, and its answers are cached', async (listen, version) => {
    const origin = await startNginx(listen);
    const test = await startEngine({ settings: { cache: { mode: 'shared' } } });
    expect(await askThrough(test, `${origin}/hello`)).toMatch(
      new RegExp(`^HTTP/1\\.1 200 [^]*${version.replace('.', '\\.')} /hello$`),
    );
    const large = await askThrough(test, `${origin}/large`);
    expect(large.slice(large.indexOf('\r\n\r\n') + 4)).toHaveLength(1_200_000);
    expect(await askThrough(test, `${origin}/hello`)).toMatch(/cache-status: Hopscope; hit/i);
  });

  it.runIf(curlThere)('is asked by HTTP/2 for a client that speaks it, without a change', async () => {
    const origin = await startNginx('ssl http2');
    const test = await startEngine();
    const { stdout } = await curl(test, '--http2', '-w', ' over %{http_version}', `${origin}/hello`);
    expect(stdout).toBe('HTTP/2.0 /hello over 2');
  });
});

describe.runIf(hasCommand('nghttpd', '--version'))('nghttpd as an origin', () => {
  it.runIf(curlThere)('answers requests, their bodies and many at once', async () => {
    const { directory, cert, key } = await serverFiles();
    await writeFile(join(directory, 'file.txt'), 'from nghttpd');
    const port = await startServerProcess((free) => [
      ...['nghttpd', '--address=127.0.0.1', `--htdocs=${directory}`, '--echo-upload', '--trailer=x-sum: 42'],
      ...[String(free), key, cert],
    ]);
    const origin = `https://localhost:${port}`;
    const test = await startEngine();
    const { stdout } = await curl(test, '--http2', '-w', ' over %{http_version}', `${origin}/file.txt`);
    expect(stdout).toBe('from nghttpd over 2');
    const page = await test.finished(({ kind }) => kind === 'http');
    expect(page).toMatchObject({ status: 200, upstreamTls: { tls: { alpn: 'h2' } } });
    expect(page.response?.trailers).toEqual(expect.arrayContaining(['x-sum', '42']));
    expect((await curl(test, '--http1.1', '--data', 'ping', `${origin}/echo`)).stdout).toBe('ping');
    const many = await curl(test, '--http2', '--parallel', '-o', '/dev/null', `${origin}/file.txt?[1-20]`);
    expect(many.code).toBe(0);
    for (let i = 0; i < 20; i++) await test.finished((view) => view.url.includes('?') && view.status === 200);
  });
});
