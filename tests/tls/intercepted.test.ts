import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { connect } from 'node:tls';
import { describe, expect, it } from 'vitest';
import type { ExchangeView } from '../../shared/exchange-view.ts';
import type { TestEngine } from '../support/engine.ts';
import { startEngine } from '../support/engine.ts';
import { startHttpsOrigin, testAuthority } from '../support/https-origin.ts';
import { rawClient } from '../support/raw-client.ts';
import { temporaryDirectory } from '../support/recorder.ts';
import { hasCommand, runCommand } from '../support/run-command.ts';

const curlThere = hasCommand('curl', '--version');
const opensslThere = hasCommand('openssl', 'version');

function curl({ url, engine }: TestEngine, ...args: string[]): ReturnType<typeof runCommand> {
  const trust = ['--proxy', url, '--noproxy', '', '--cacert', engine.authority.file];
  return runCommand('curl', ['-sS', '--max-time', '20', ...trust, ...args]);
}

/** A TLS client inside of a tunnel through the proxy. */
async function tunnelClient(test: TestEngine, port: number): Promise<TLSSocket> {
  const client = await rawClient(test.port);
  const { socket } = client;
  client.send(`CONNECT localhost:${port} HTTP/1.1\r\nHost: a\r\n\r\n`);
  await client.until(/\r\n\r\n$/);
  socket.removeAllListeners('data');
  const secured = connect({ socket, servername: 'localhost', ca: test.engine.authority.certificate });
  // A test that kills connections expects their errors.
  secured.on('error', () => secured.destroy());
  await once(secured, 'secureConnect');
  return secured;
}

describe.runIf(curlThere)('HTTPS through the proxy', () => {
  it('is intercepted with a certificate for the host, and answered by the origin', async () => {
    const origin = await startHttpsOrigin((request, response) => response.end(`hello ${request.url}`));
    const test = await startEngine();
    const { stdout, stderr } = await curl(test, '-v', `${origin.url}/page`);
    expect(stdout).toBe('hello /page');
    expect(stderr).toMatch(/issuer: CN=Hopscope CA [0-9A-F]{6}; O=Hopscope/);
    expect(stderr).toMatch(/SSL certificate verify ok/);
    const opening = await test.finished();
    expect(opening).toMatchObject({ kind: 'tunnel', nth: 1, outcome: { kind: 'completed' } });
    expect(opening.notes).toMatchObject([{ code: 'INTERCEPTED' }]);
    expect(opening.spans.find(({ lane, name }) => lane === 'client' && name === 'tls')?.detail).toMatch(
      /^TLSv1\.3 · TLS_\w+ · ALPN h2 · SNI localhost$/,
    );
    const page = await test.finished();
    expect(page).toMatchObject({ kind: 'http', nth: 2, url: `${origin.url}/page`, status: 200 });
    expect(page.clientTls).toMatchObject({ version: 'TLSv1.3', alpn: 'h2', serverName: 'localhost', resumed: false });
    expect(opening.clientTls).toBeUndefined();
  });

  it('is intercepted for a client that speaks HTTP/1.0 alone, with an origin that does not (RFC 7301 §6)', async () => {
    const origin = await startHttpsOrigin((_request, response) => response.end('whole'));
    const test = await startEngine();
    expect((await curl(test, '--http1.0', `${origin.url}/old`)).stdout).toBe('whole');
    await test.finished();
    const page = await test.finished();
    expect(page).toMatchObject({ url: `${origin.url}/old`, version: 'HTTP/1.0', clientTls: { alpn: 'http/1.0' } });
  });

  it('ends when what an HTTP/1.0 client is told by closing breaks off', async () => {
    const origin = await startHttpsOrigin((_request, response) => {
      response.write('half');
      setImmediate(() => response.destroy());
    });
    const test = await startEngine();
    const client = await tunnelClient(test, Number(new URL(origin.url).port));
    client.resume().write('GET / HTTP/1.0\r\nHost: localhost\r\n\r\n');
    await test.finished();
    expect((await test.finished()).outcome).toMatchObject({ kind: 'failed', phase: 'receive' });
  });

  it('is cached: the second answer is a hit', async () => {
    let asked = 0;
    const origin = await startHttpsOrigin((_request, response) => {
      response.setHeader('Cache-Control', 'max-age=60');
      response.end(`answer ${String(++asked)}`);
    });
    const test = await startEngine({ settings: { cache: { mode: 'shared' } } });
    expect((await curl(test, `${origin.url}/`)).stdout).toBe('answer 1');
    const { stdout } = await curl(test, '-i', `${origin.url}/`);
    expect(stdout).toMatch(/Cache-Status: Hopscope; hit[^]*answer 1$/i);
  });

  it('is answered from what is stored while offline, whether or not the host is there', async () => {
    const origin = await startHttpsOrigin((_request, response) => {
      response.setHeader('Cache-Control', 'max-age=60');
      response.end('stored');
    });
    const test = await startEngine({ settings: { cache: { mode: 'shared' } } });
    await curl(test, origin.url);
    test.engine.updateSettings({ cache: { mode: 'offline' } });
    const before = origin.accepted();
    expect((await curl(test, origin.url)).stdout).toBe('stored');
    expect((await curl(test, '-w', '%{http_code}', `${origin.url}/else`)).stdout).toMatch(/504$/);
    expect(origin.accepted()).toBe(before);
  });

  it('takes one connection to the origin, made for the tunnel', async () => {
    const origin = await startHttpsOrigin((_request, response) => response.end('once'));
    const test = await startEngine();
    expect((await curl(test, origin.url)).stdout).toBe('once');
    expect(origin.accepted()).toBe(1);
    const namesOf = ({ spans }: ExchangeView): string[] =>
      spans.filter(({ lane }) => lane === 'upstream').map(({ name }) => name);
    expect(namesOf(await test.finished())).toContain('connect');
    expect(namesOf(await test.finished())).toEqual(['connection', 'tls', 'send', 'wait', 'receive']);
  });

  it('begins anew when the origin closed that connection before anybody asked', async () => {
    const origin = await startHttpsOrigin((_request, response) => response.end('again'));
    const test = await startEngine();
    const client = await tunnelClient(test, origin.port);
    const [unused] = origin.sockets;
    unused?.destroy();
    client.write('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
    let answer = '';
    client.on('data', (chunk: Buffer) => (answer += chunk.toString()));
    await once(client, 'end');
    expect(answer).toMatch(/ 200 [^]*again$/);
  });

  it('is answered by a stale response when the origin is gone, as in the clear', async () => {
    const origin = await startHttpsOrigin((_request, response) => {
      response.setHeader('Cache-Control', 'max-age=0, stale-if-error=600');
      response.end('stale');
    });
    const test = await startEngine({ settings: { cache: { mode: 'shared' } } });
    expect((await curl(test, origin.url)).stdout).toBe('stale');
    await origin.close();
    expect((await curl(test, '-i', origin.url)).stdout).toMatch(/HTTP\/[\d.]+ 200 [^]*stale$/);
    const tunnel = await test.finished(({ notes }) => notes.some(({ code }) => code === 'STORED_TUNNEL'));
    expect(tunnel).toMatchObject({ kind: 'tunnel', status: 200 });
  });

  it('goes to the address that the client took for the host, and is recorded by its name', async () => {
    const { signer } = await testAuthority();
    const { certificate } = signer.sign('there.example');
    const seen: unknown[] = [];
    const origin = await startHttpsOrigin(
      (request, response) => {
        seen.push(request.headers.host, (request.socket as TLSSocket & { servername?: string }).servername);
        response.end('here');
      },
      { cert: certificate },
    );
    const test = await startEngine();
    const client = await rawClient(test.port);
    client.send(`CONNECT 127.0.0.1:${origin.port} HTTP/1.1\r\nHost: a\r\n\r\n`);
    await client.until(/\r\n\r\n$/);
    client.socket.removeAllListeners('data');
    const ca = test.engine.authority.certificate;
    const secured = connect({ socket: client.socket, servername: 'there.example', ca });
    await once(secured, 'secureConnect');
    secured.end('GET / HTTP/1.1\r\nHost: there.example\r\nConnection: close\r\n\r\n');
    await once(secured.resume(), 'end');
    const authority = `there.example:${origin.port}`;
    expect(seen).toEqual([authority, 'there.example']);
    const view = await test.finished(({ kind }) => kind === 'http');
    expect(view).toMatchObject({ url: `https://${authority}/`, status: 200 });
    const detail = view.spans.find(({ name }) => name === 'connection')?.detail;
    expect(detail).toMatch(/^connection 1 to 127\.0\.0\.1:\d+, opened for the tunnel$/);
  });

  it.each([
    ['the origin', { kind: 'failed' }],
    ['the client', { kind: 'aborted', by: 'client' }],
  ])(
    'ends with one outcome and without a socket left when %s dies in the middle of a response',
    async (who, outcome) => {
      const origin = await startHttpsOrigin((_request, response) => {
        response.writeHead(200, { 'Content-Length': '1000000' });
        response.write('x'.repeat(1_000));
        if (who === 'the origin') response.socket?.destroy();
      });
      const test = await startEngine();
      const client = await tunnelClient(test, origin.port);
      client.write(`GET / HTTP/1.1\r\nHost: localhost\r\n\r\n`);
      if (who === 'the client') {
        await once(client, 'data');
        client.destroy();
      }
      const view = await test.finished(({ kind }) => kind === 'http');
      expect(view.outcome).toMatchObject(outcome);
      client.destroy();
      while (origin.sockets.size > 0) await once([...origin.sockets][0] as Socket, 'close');
    },
  );

  it('passes as it is when interception is off, or the host is on the passthrough list', async () => {
    const origin = await startHttpsOrigin((_request, response) => response.end('the origin itself'));
    const issuer = new X509Certificate((await testAuthority()).certificate).subject.replace('\n', '; ');
    for (const tls of [{ intercept: false }, { passthrough: ['*.local', `localhost:${origin.port}`] }]) {
      const test = await startEngine({ settings: { tls } });
      const { stdout, stderr } = await curl(test, '-v', '-k', origin.url);
      expect(stdout).toBe('the origin itself');
      expect(stderr).toContain(`issuer: ${issuer}`);
      const row = await test.finished();
      expect(row).toMatchObject({ kind: 'tunnel', outcome: { kind: 'completed' } });
      expect(row.notes[0]?.text).toMatch(/switched off|on the passthrough list/);
      expect(row.requestBytes).toBeGreaterThan(500);
    }
  });

  it('fails in one row when the client does not trust the authority, and says what its alert was', async () => {
    const origin = await startHttpsOrigin((_request, response) => response.end());
    const test = await startEngine();
    const { code } = await runCommand('curl', ['-sS', '--proxy', test.url, '--noproxy', '', origin.url]);
    expect(code).toBe(60);
    const row = await test.finished();
    expect(row).toMatchObject({
      kind: 'tunnel',
      url: `localhost:${origin.port}`,
      outcome: {
        ...{ kind: 'failed', code: 'CERTIFICATE_REFUSED', phase: 'tls' },
        message: expect.stringMatching(/unknown_ca/) as string,
      },
    });
  });
});

describe.runIf(curlThere)('TLS to the proxy itself', () => {
  it('is an HTTPS proxy, for plain and for encrypted requests', async () => {
    const origin = await startHttpsOrigin((request, response) => response.end(`tls in tls ${request.url}`));
    const test = await startEngine();
    const { file } = test.engine.authority;
    const proxy = ['--proxy', `https://127.0.0.1:${test.port}`, '--proxy-cacert', file, '--noproxy', ''];
    const { stdout, stderr } = await runCommand('curl', ['-sS', ...proxy, '--cacert', file, `${origin.url}/x`]);
    expect([stdout, stderr]).toEqual(['tls in tls /x', '']);
  });

  it('is a server with TLS in front of the active upstream', async () => {
    const origin = await startHttpsOrigin((request, response) => response.end(`reverse ${request.url}`));
    const test = await startEngine({ upstream: origin.url });
    const args = ['-sS', '--noproxy', '*', '--cacert', test.engine.authority.file];
    const { stdout } = await runCommand('curl', [...args, `https://localhost:${test.port}/y`]);
    expect(stdout).toBe('reverse /y');
    const view = await test.finished();
    const handshake = view.spans.find(({ lane, name }) => lane === 'client' && name === 'tls');
    expect(handshake).toMatchObject({ start: view.clientTls?.start, at: view.clientTls?.end });
    expect(handshake?.at).toBeLessThanOrEqual(view.start);
  });
});

describe.runIf(opensslThere)('openssl s_client', () => {
  it.each([
    ['-tls1_2', 'TLSv1.2'],
    ['-tls1_3', 'TLSv1.3'],
  ])('speaks with %s', async (flag, version) => {
    const test = await startEngine();
    const args = ['s_client', '-connect', `127.0.0.1:${test.port}`, '-servername', 'any.example', flag];
    const { stdout } = await runCommand('openssl', [...args, '-CAfile', test.engine.authority.file], 'Q\n');
    expect(stdout).toMatch(new RegExp(`${version}[^]*Verify return code: 0`));
    expect(stdout).toMatch(/subject=CN = any\.example/);
  });

  it.each(['-tls1_2', '-tls1_3'])('resumes its session with %s', async (flag) => {
    const test = await startEngine({ upstream: 'http://127.0.0.1:9' });
    const session = join(await temporaryDirectory(), 'session');
    const args = ['s_client', '-connect', `127.0.0.1:${test.port}`, '-servername', 'any.example', flag, '-ign_eof'];
    // With TLS 1.3 the tickets come behind the handshake, so that it has to be in use for a moment.
    const request = 'HEAD / HTTP/1.1\r\nHost: any.example\r\nConnection: close\r\n\r\n';
    expect((await runCommand('openssl', [...args, '-sess_out', session], request)).stdout).toMatch(/^New, TLS/m);
    expect((await runCommand('openssl', [...args, '-sess_in', session], request)).stdout).toMatch(/^Reused, TLS/m);
  });

  it('gets a certificate for the address when it names no host', async () => {
    const test = await startEngine();
    const args = ['s_client', '-connect', `127.0.0.1:${test.port}`, '-noservername', '-verify_ip', '127.0.0.1'];
    const { stdout } = await runCommand('openssl', [...args, '-CAfile', test.engine.authority.file], 'Q\n');
    expect(stdout).toMatch(/Verify return code: 0/);
  });
});
