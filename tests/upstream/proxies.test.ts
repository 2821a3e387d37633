import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { connect } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { SettingsPatch } from '../../shared/settings.ts';
import { makeCertificate } from '../support/certificates.ts';
import { startEngine } from '../support/engine.ts';
import { closedPort, startOrigin, startRawOrigin } from '../support/origin.ts';
import { rawClient } from '../support/raw-client.ts';
import { temporaryDirectory } from '../support/recorder.ts';
import { startSocks } from '../support/socks-server.ts';

const through = (url: string, more: SettingsPatch = {}, credentials?: { username: string; password: string }) => ({
  settings: {
    upstreams: [{ type: 'proxy', id: 'p', label: 'P', url, ...(credentials === undefined ? {} : { credentials }) }],
    forwardTo: 'p',
    ...more,
  } satisfies SettingsPatch,
});

/** Sends an absolute-form GET on a connection of its own and gives what comes back. */
async function get(port: number, url: string): Promise<string> {
  const client = await rawClient(port);
  client.send(`GET ${url} HTTP/1.1\r\nHost: ${new URL(url).host}\r\nConnection: close\r\n\r\n`);
  return client.ended();
}

/** A server that speaks no protocol that we know, so that a tunnel to it stays one. */
function startEcho() {
  return startRawOrigin(
    (socket) => void socket.once('data', (chunk) => socket.end(`echo ${chunk.toString('latin1')}`)),
  );
}

/** Opens a tunnel and sends bytes through it that are no HTTP. */
async function tunnel(port: number, authority: string): Promise<string> {
  const client = await rawClient(port);
  client.send(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n\r\n`);
  const head = await client.until(/\r\n\r\n/);
  if (!head.startsWith('HTTP/1.1 200')) return head;
  client.send('\x01\x02in');
  return client.ended();
}

/** An HTTP proxy that notes what it is asked and tunnels to this machine. */
async function startProxy(answer?: string) {
  const heads: string[] = [];
  const proxy = await startRawOrigin((socket) => {
    socket.once('data', (chunk) => {
      const head = chunk.toString('latin1');
      heads.push(head);
      if (answer !== undefined) return void socket.end(answer);
      const [, port = '0'] = /^CONNECT [^ ]*:(\d+) /.exec(head) ?? [];
      if (port === '0') {
        socket.end('HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nproxied');
        return;
      }
      const target = connect(Number(port), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        socket.pipe(target).pipe(socket);
      });
      target.on('error', () => socket.destroy());
    });
  });
  return { ...proxy, heads };
}

describe('an HTTP proxy', () => {
  test('is asked for whole URLs, with its credentials and without those of the client', async () => {
    const proxy = await startProxy();
    const engine = await startEngine(through(proxy.url, {}, { username: 'ann', password: 'sesame' }));
    const client = await rawClient(engine.port);
    client.send(
      'GET http://a.test/x?y HTTP/1.1\r\nHost: a.test\r\nProxy-Authorization: Basic no\r\nConnection: close\r\n\r\n',
    );
    expect(await client.ended()).toMatch(/200 OK[^]*proxied$/);
    expect(proxy.heads[0]).toMatch(/^GET http:\/\/a\.test\/x\?y HTTP\/1\.1\r\nhost: a\.test\r\n/i);
    expect(proxy.heads[0]?.match(/proxy-authorization: .*/gi)).toEqual(['Proxy-Authorization: Basic YW5uOnNlc2FtZQ==']);
    const { spans, upstream, remote } = await engine.finished();
    expect([upstream, remote]).toEqual([proxy.url, proxy.url.replace('http://', '')]);
    expect(spans.find(({ name }) => name === 'connect')?.detail).toMatch(/^proxy 127\.0\.0\.1:\d+, connection \d+$/);
  });

  test('is asked for a tunnel by CONNECT', async () => {
    const origin = await startEcho();
    const proxy = await startProxy();
    const engine = await startEngine(through(proxy.url));
    expect(await tunnel(engine.port, `127.0.0.1:${origin.port}`)).toContain('echo \x01\x02in');
    expect(proxy.heads[0]).toMatch(/^CONNECT 127\.0\.0\.1:\d+ HTTP\/1\.1\r\n/);
  });

  test.each([
    ['HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm="x"\r\nContent-Length: 0\r\n\r\n', 'PROXY_AUTH'],
    ['HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n', 'PROXY_REFUSED'],
    ['HTTP/1.1 503 Down\r\nContent-Length: 0\r\n\r\n', 'PROXY_ORIGIN_FAILED'],
    ['SSH-2.0-OpenSSH\r\n\r\n', 'PROXY_PROTOCOL'],
    ['', 'PROXY_PROTOCOL'],
  ])('that answers CONNECT with %j is told of as %s', async (answer, code) => {
    const proxy = await startProxy(answer);
    const engine = await startEngine(through(proxy.url, { tls: { intercept: false } }));
    expect(await tunnel(engine.port, 'a.test:443')).toMatch(/^HTTP\/1\.1 502 /);
    expect((await engine.finished()).outcome).toMatchObject({ kind: 'failed', code, phase: 'proxy' });
  });

  test('that wants credentials for a plain request does not make the client believe that we do', async () => {
    const proxy = await startProxy('HTTP/1.1 407 No\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n');
    const engine = await startEngine(through(proxy.url));
    expect(await get(engine.port, 'http://a.test/')).toMatch(/^HTTP\/1\.1 502 [^]*PROXY_AUTH/);
  });

  test('that is not there is told apart from an origin that is not there', async () => {
    const engine = await startEngine(through(`http://127.0.0.1:${await closedPort()}`));
    expect(await get(engine.port, 'http://a.test/')).toMatch(/^HTTP\/1\.1 502 [^]*PROXY_UNREACHABLE/);
    expect((await engine.finished()).outcome).toMatchObject({ code: 'PROXY_UNREACHABLE', phase: 'proxy' });
  });

  test('that is this proxy is a loop', async () => {
    const engine = await startEngine();
    engine.engine.updateSettings(through(engine.url).settings);
    expect(await get(engine.port, 'http://a.test/')).toMatch(/^HTTP\/1\.1 508 /);
  });

  test('that leads back here tells so of tunnels as well, by the Via field', async () => {
    const [engine, other] = [await startEngine(), await startEngine()];
    engine.engine.updateSettings(through(other.url).settings);
    other.engine.updateSettings(through(engine.url).settings);
    expect(await tunnel(engine.port, 'a.test:443')).toMatch(/^HTTP\/1\.1 502 /);
    expect((await engine.finished()).outcome).toMatchObject({ code: 'LOOP', phase: 'guard' });
    const via = /^Via: (.*)\r$/m;
    const proxy = await startProxy('HTTP/1.1 403 No\r\n\r\n');
    other.engine.updateSettings(through(proxy.url).settings);
    await tunnel(engine.port, 'a.test:443');
    expect(via.exec(proxy.heads[0] ?? '')?.[1]).toMatch(/^1\.1 hopscope-\w+, 1\.1 hopscope-\w+$/);
  });

  test.each([
    ['ends its lines with a lone LF', 'HTTP/1.0 403 No\nX: y\n\nbody', 'PROXY_REFUSED', /with 403 No\.$/],
    ['answers in TLS', '\x15\x03\x03\x00\x02\x02\x46', 'PROXY_PROTOCOL', /does not speak HTTP\.$/],
  ])('that %s is understood without waiting for more', async (_does, answer, code, message) => {
    const proxy = await startRawOrigin((socket) => void socket.once('data', () => socket.write(answer, 'latin1')));
    const engine = await startEngine(through(proxy.url, { timeouts: { connect: 0 } }));
    expect(await tunnel(engine.port, 'a.test:443')).toMatch(/^HTTP\/1\.1 502 /);
    const { outcome } = await engine.finished();
    expect(outcome).toMatchObject({ code, message: expect.stringMatching(message) as string });
  });

  test('is used from the next request on, and requests in flight are not dropped', async () => {
    let finish = (): void => undefined;
    const origin = await startOrigin((_request, response) => {
      response.write('direct ');
      finish = () => response.end('whole');
    });
    const proxy = await startProxy();
    const engine = await startEngine();
    const slow = await rawClient(engine.port);
    slow.send(`GET ${origin.url}/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    await slow.until(/direct /);
    engine.engine.updateSettings(through(proxy.url).settings);
    expect(await get(engine.port, `${origin.url}/`)).toMatch(/proxied$/);
    finish();
    expect(await slow.ended()).toMatch(/whole/);
    engine.engine.updateSettings({ forwardTo: 'direct' });
    const back = rawClient(engine.port).then((client) => {
      client.send(`GET ${origin.url}/ HTTP/1.1\r\nHost: x\r\n\r\n`);
      return client.until(/direct /);
    });
    expect(await back).toMatch(/200 OK/);
  });
});

test('an HTTPS proxy is spoken to in TLS, and verified', async () => {
  const directory = await temporaryDirectory();
  const ca = makeCertificate(directory, 'ca', { isCa: true });
  const { cert, key } = makeCertificate(directory, 'proxy', { issuer: ca });
  const proxy = createServer({ cert, key }, (request, response) => response.end(`for ${request.url}`));
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  onTestFinished(() => void proxy.close());
  onTestFinished(() => proxy.closeAllConnections());
  const { port } = proxy.address() as AddressInfo;
  const engine = await startEngine(through(`https://localhost:${port}`));
  expect(await get(engine.port, 'http://a.test/x')).toMatch(/^HTTP\/1\.1 502 [^]*PROXY_UNREACHABLE[^]*issuer/);
  engine.engine.updateSettings({ originTls: { extraCaFiles: [ca.certFile] } });
  expect(await get(engine.port, 'http://a.test/x')).toMatch(/for http:\/\/a\.test\/x$/);
});

describe('a SOCKS proxy', () => {
  test.each(['socks5', 'socks4'])('of %s resolves names itself, for requests and for tunnels', async (protocol) => {
    const origin = await startOrigin((request, response) => response.end(`${request.headers.host}${request.url}`));
    const socks = await startSocks();
    const engine = await startEngine(through(`${protocol}://127.0.0.1:${socks.port}`));
    expect(await get(engine.port, `http://a.test:${origin.port}/x`)).toMatch(new RegExp(`a\\.test:${origin.port}/x$`));
    const echo = await startEcho();
    expect(await tunnel(engine.port, `b.test:${echo.port}`)).toContain('echo \x01\x02in');
    expect(socks.asked).toEqual([`a.test:${origin.port}`, `b.test:${echo.port}`]);
  });

  test('takes a user and a password, and says so when they are wrong or missing', async () => {
    const origin = await startOrigin((_request, response) => response.end('in'));
    const socks = await startSocks({ user: 'ann:sesame' });
    const url = `socks5://127.0.0.1:${socks.port}`;
    const engine = await startEngine(through(url, {}, { username: 'ann', password: 'sesame' }));
    expect(await get(engine.port, `http://a.test:${origin.port}/`)).toMatch(/in$/);
    for (const credentials of [{ username: 'ann', password: 'wrong' }, undefined]) {
      engine.engine.updateSettings(through(url, {}, credentials).settings);
      expect(await get(engine.port, `http://a.test:${origin.port}/`)).toMatch(/^HTTP\/1\.1 502 [^]*PROXY_AUTH/);
    }
    expect(socks.asked).toEqual([`ann@a.test:${origin.port}`]);
  });

  test.each([
    [2, 'PROXY_REFUSED', /not allowed by ruleset/],
    [4, 'PROXY_ORIGIN_FAILED', /host unreachable/],
    [5, 'PROXY_ORIGIN_FAILED', /connection refused/],
  ])('that answers with %d is told of as %s', async (reply, code, words) => {
    const socks = await startSocks({ reply });
    const engine = await startEngine(through(`socks5://127.0.0.1:${socks.port}`));
    expect(await get(engine.port, 'http://a.test/')).toMatch(words);
    expect((await engine.finished()).outcome).toMatchObject({ code, phase: 'proxy' });
  });

  test.each([
    ['at once', (socket: Socket) => socket.destroy()],
    ['after the greeting', (socket: Socket) => void socket.once('data', () => socket.destroy())],
    [
      'instead of a reply',
      (socket: Socket) =>
        void socket.once('data', () =>
          socket.write(Buffer.of(5, 0), () => socket.once('data', () => socket.destroy())),
        ),
    ],
  ])('that goes away %s leaves one outcome', async (_when, leave) => {
    const socks = await startRawOrigin((socket) => void leave(socket));
    const engine = await startEngine(through(`socks5://127.0.0.1:${socks.port}`));
    expect(await get(engine.port, 'http://a.test/')).toMatch(/^HTTP\/1\.1 502 /);
    expect((await engine.finished()).outcome).toMatchObject({ kind: 'failed', phase: 'proxy' });
  });
});

test('the next way is taken when one cannot be connected to, and that shows', async () => {
  const origin = await startOrigin((_request, response) => response.end('there'));
  const dead = await closedPort();
  const engine = await startEngine({
    settings: {
      upstreams: [{ type: 'proxy', id: 'dead', label: 'Dead', url: `http://127.0.0.1:${dead}` }],
      routes: [{ pattern: '*', targets: ['dead', 'direct'] }],
    },
  });
  expect(await get(engine.port, `${origin.url}/`)).toMatch(/there$/);
  const { notes, spans } = await engine.finished();
  expect(notes).toMatchObject([{ code: 'FAILOVER', level: 'warning' }]);
  expect(spans.filter(({ name }) => name === 'connect').map(({ error }) => error !== undefined)).toEqual([true, false]);
});

test('a DNS override changes the address and nothing else', async () => {
  const origin = await startOrigin((request, response) => response.end(request.headers.host));
  const engine = await startEngine({ settings: { dns: [{ host: '*.invalid', address: '127.0.0.1' }] } });
  expect(await get(engine.port, `http://a.invalid:${origin.port}/`)).toMatch(new RegExp(`a\\.invalid:${origin.port}$`));
});

test('a silent proxy is given up after the time for connecting', async () => {
  const proxy = await startRawOrigin((socket) => void socket.resume());
  const engine = await startEngine(through(`socks5://127.0.0.1:${proxy.port}`, { timeouts: { connect: 200 } }));
  expect(await get(engine.port, 'http://a.test/')).toMatch(/PROXY_UNREACHABLE/);
});
