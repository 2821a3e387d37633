import { once } from 'node:events';
import type { Socket } from 'node:net';
import type { ConnectionOptions, TLSSocket } from 'node:tls';
import { connect } from 'node:tls';
import type { TestEngine } from './engine.ts';
import { rawClient } from './raw-client.ts';

/** A tunnel through the proxy in which nothing has been said yet; destroyed when the test ends. */
export async function openTunnel(test: TestEngine, authority: string): ReturnType<typeof rawClient> {
  const client = await rawClient(test.port);
  client.send(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n\r\n`);
  const head = await client.until(/\r\n\r\n/);
  if (!head.startsWith('HTTP/1.1 200')) throw new Error(`No tunnel: ${head}`);
  return client;
}

/** A TLS client inside of a tunnel, which trusts the proxy's authority and speaks HTTP/1.1 unless `options` say otherwise. */
export async function tlsThrough(
  test: TestEngine,
  authority: string,
  options: ConnectionOptions = {},
): Promise<{ readonly secured: TLSSocket; readonly tcp: Socket }> {
  const { socket } = await openTunnel(test, authority);
  socket.removeAllListeners('data');
  const servername = authority.replace(/:\d+$/, '');
  const ca = test.engine.authority.certificate;
  const secured = connect({ socket, servername, ca, ALPNProtocols: ['http/1.1'], ...options });
  // A test that kills connections expects their errors.
  secured.on('error', () => secured.destroy());
  await once(secured, 'secureConnect');
  return { secured, tcp: socket };
}

/** Asks for `url` by HTTP/1.1 in TLS through the proxy; everything that comes back until the connection ends, as latin1. */
export async function askThrough(test: TestEngine, url: string): Promise<string> {
  const { host, pathname } = new URL(url);
  const { secured } = await tlsThrough(test, host);
  secured.write(`GET ${pathname} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
  let text = '';
  secured.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
  await once(secured, 'end');
  secured.destroy();
  return text;
}
