import { once } from 'node:events';
import { connect as connectTls } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { startEngine } from '../support/engine.ts';
import { startHttpsOrigin } from '../support/https-origin.ts';
import { closedPort } from '../support/origin.ts';
import { rawClient } from '../support/raw-client.ts';
import { hasCommand, runCommand } from '../support/run-command.ts';

const python = `
import sys, ssl, urllib.request as u
proxy, ca, url = sys.argv[1:]
opener = u.build_opener(u.ProxyHandler({'https': proxy}), u.HTTPSHandler(context=ssl.create_default_context(cafile=ca)))
print(opener.open(url).read().decode(), end='')
`;

describe('clients of HTTPS', () => {
  it.runIf(hasCommand('python3', '--version'))("Python's urllib", async () => {
    const origin = await startHttpsOrigin((request, response) => response.end(`for ${request.url}`));
    const test = await startEngine();
    const args = ['-c', python, test.url, test.engine.authority.file, `${origin.url}/python`];
    expect(await runCommand('python3', args)).toMatchObject({ stdout: 'for /python', stderr: '' });
  });

  it("Node's TLS in a tunnel, kept for several requests, which are rows of the same connection", async () => {
    const origin = await startHttpsOrigin((request, response) => response.end(request.url));
    const test = await startEngine();
    const client = await rawClient(test.port);
    client.send(`CONNECT localhost:${origin.port} HTTP/1.1\r\nHost: a\r\n\r\n`);
    await client.until(/\r\n\r\n$/);
    client.socket.removeAllListeners('data');
    const ca = test.engine.authority.certificate;
    const secured = connectTls({ socket: client.socket, servername: 'localhost', ca });
    await once(secured, 'secureConnect');
    for (const path of ['/a', '/b']) {
      secured.write(`GET ${path} HTTP/1.1\r\nHost: localhost:${origin.port}\r\n\r\n`);
      const [answer] = (await once(secured, 'data')) as [Buffer];
      expect(answer.toString()).toMatch(/^HTTP\/1\.1 200 OK/);
      const view = await test.finished((row) => row.kind === 'http');
      expect(view).toMatchObject({ connection: 1, url: `${origin.url}${path}`, outcome: { kind: 'completed' } });
    }
    secured.destroy();
  });

  it('sees the failure of the origin as a page, when its certificate is not trusted', async () => {
    const origin = await startHttpsOrigin((_request, response) => response.end());
    const test = await startEngine();
    // The certificate is one for localhost, not for the address.
    const url = `https://127.0.0.1:${origin.port}/`;
    const args = ['-sS', '-i', '--proxy', test.url, '--noproxy', '', '--cacert', test.engine.authority.file, url];
    const { stdout } = await runCommand('curl', args);
    expect(stdout).toMatch(/HTTP\/[\d.]+ 502 [^]*Phase: tls/);
    expect(await test.finished((row) => row.kind === 'http')).toMatchObject({ status: 502, outcome: { phase: 'tls' } });
  });

  it('sees that the origin cannot be reached by the answer to its CONNECT', async () => {
    const test = await startEngine();
    const url = `https://localhost:${await closedPort()}/`;
    const args = ['-sS', '-i', '--proxy', test.url, '--noproxy', '', '--cacert', test.engine.authority.file, url];
    const { stdout, stderr } = await runCommand('curl', args);
    expect(stdout).toMatch(/^HTTP\/1\.1 502 [^]*X-Hopscope-Error: CONNECTION_REFUSED/);
    expect(stderr).toMatch(/CONNECT tunnel failed, response 502/);
    const outcome = { kind: 'failed', code: 'CONNECTION_REFUSED', phase: 'connect' };
    expect(await test.finished()).toMatchObject({ kind: 'tunnel', status: 502, outcome });
  });

  it('is answered by another server that the host is routed to, whether or not the host is there', async () => {
    const origin = await startHttpsOrigin((request, response) => response.end(`other ${request.url}`));
    const upstreams = [{ id: 'other', label: 'Other', url: origin.url }];
    const routes = [{ pattern: 'nowhere.invalid', targets: ['other'] }];
    const test = await startEngine({ settings: { upstreams, routes } });
    const trust = ['--noproxy', '', '--cacert', test.engine.authority.file];
    const args = ['-sS', '--proxy', test.url, ...trust, 'https://nowhere.invalid/x'];
    expect((await runCommand('curl', args)).stdout).toBe('other /x');
  });
});

describe('a handshake with the client that fails', () => {
  it.runIf(hasCommand('openssl', 'version'))(
    'is a row with the alert, when it wants a version that is too old',
    async () => {
      const test = await startEngine();
      const args = ['s_client', '-connect', `127.0.0.1:${test.port}`, '-tls1_1', '-cipher', 'ALL:@SECLEVEL=0'];
      await runCommand('openssl', args, 'Q\n');
      expect(await test.finished()).toMatchObject({
        kind: 'malformed',
        outcome: { kind: 'failed', code: 'CLIENT_TLS_FAILED', phase: 'tls' },
      });
    },
  );

  it('is answered with an alert and told in a row, when it is no ClientHello', async () => {
    const test = await startEngine();
    const client = await rawClient(test.port);
    client.send('\x16\x03\x01\x00\x05hello');
    expect(await client.ended()).toBe('\x15\x03\x03\x00\x02\x02\x32');
    expect((await test.finished()).outcome).toMatchObject({ code: 'CLIENT_TLS_FAILED', phase: 'tls' });
  });

  it('ends when the client goes away in the middle of it, inside of a tunnel and outside', async () => {
    const origin = await startHttpsOrigin((_request, response) => response.end());
    const test = await startEngine();
    const outside = await rawClient(test.port);
    outside.send('\x16\x03\x01\x02\x00\x01');
    outside.socket.end();
    expect((await test.finished()).outcome).toMatchObject({ kind: 'failed', code: 'CLIENT_GONE', phase: 'tls' });
    const inside = await rawClient(test.port);
    inside.send(`CONNECT localhost:${origin.port} HTTP/1.1\r\nHost: a\r\n\r\n`);
    await inside.until(/\r\n\r\n$/);
    const secured = connectTls({ socket: inside.socket, servername: 'localhost', ca: [] });
    secured.on('error', () => inside.socket.destroy());
    expect((await test.finished()).outcome).toMatchObject({ code: 'CERTIFICATE_REFUSED', phase: 'tls' });
  });
});
