import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { createServer as createHttp } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { expect, onTestFinished, test } from 'vitest';
import { ask, startHttp2Origin } from '../support/http2-origin.ts';
import { connect as connectHttp2 } from 'node:http2';
import { startEngine } from '../support/engine.ts';
import { startHttpsOrigin, testAuthority } from '../support/https-origin.ts';
import { startSocks } from '../support/socks-server.ts';
import { askThrough, tlsThrough } from '../support/tls-client.ts';

/** An HTTP or HTTPS proxy that opens tunnels to this machine; it notes what it was asked for. */
async function startProxy(secure: boolean): Promise<{ readonly url: string; readonly asked: string[] }> {
  const asked: string[] = [];
  const { signer } = await testAuthority();
  const { certificate } = signer.sign('localhost');
  const server = secure ? createHttps({ cert: certificate, key: signer.key }) : createHttp();
  const sockets = new Set<Duplex>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
  });
  server.on('connect', (request: IncomingMessage, near: Duplex) => {
    asked.push(`${request.url} ${request.headers['proxy-authorization']}`);
    const far = connect(Number(new URL(`http://${request.url}`).port), '127.0.0.1', () => {
      near.write('HTTP/1.1 200 OK\r\n\r\n');
      near.pipe(far).pipe(near);
    });
    sockets.add(far);
    near.on('error', () => far.destroy());
    far.on('error', () => near.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });
  return { url: `${secure ? 'https' : 'http'}://localhost:${(server.address() as AddressInfo).port}`, asked };
}

test.each(['http', 'https', 'socks5', 'socks4'])(
  'HTTPS goes through an upstream proxy of %s, in either version of HTTP, and is inspected',
  async (protocol) => {
    const origin = await startHttpsOrigin((request, response) => response.end(`one ${request.url}`));
    const second = await startHttp2Origin((stream, headers) => {
      stream.respond({ ':status': 200 });
      stream.end(`two ${headers[':path']}`);
    });
    const socks = protocol.startsWith('socks') ? await startSocks() : undefined;
    const proxy = socks === undefined ? await startProxy(protocol === 'https') : undefined;
    const url = proxy?.url ?? `${protocol}://127.0.0.1:${socks?.port ?? 0}`;
    const test = await startEngine({
      settings: { upstreams: [{ type: 'proxy', id: 'p', label: 'P', url }], forwardTo: 'p' },
    });
    expect(await askThrough(test, `${origin.url}/page`)).toMatch(/^HTTP\/1\.1 200 [^]*one \/page$/);
    const page = await test.finished(({ kind }) => kind === 'http');
    expect(page).toMatchObject({ url: `${origin.url}/page`, status: 200, upstreamTls: { tls: { verified: true } } });
    const { host } = new URL(second.url);
    const { secured } = await tlsThrough(test, host, { ALPNProtocols: ['h2'] });
    const session = connectHttp2(second.url, { createConnection: () => secured });
    onTestFinished(() => session.destroy());
    expect((await ask(session, { ':path': '/stream' })).body.toString()).toBe('two /stream');
    const asked = proxy?.asked ?? socks?.asked ?? [];
    expect(asked.map((one) => one.split(' ')[0])).toEqual([new URL(origin.url).host, host]);
  },
);
