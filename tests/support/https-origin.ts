import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import type { Server } from 'node:https';
import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { SecureContextOptions } from 'node:tls';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { onTestFinished } from 'vitest';
import type { LeafSigner } from '../../electron/engine/tls/make-leaf-signer.ts';
import { makeAuthority } from '../../electron/engine/tls/make-authority.ts';
import { makeLeafSigner } from '../../electron/engine/tls/make-leaf-signer.ts';

/** A certificate authority for test origins, which is not Hopscope's; made once per process. */
export interface TestAuthority {
  readonly certificate: string;
  readonly signer: LeafSigner;
}

let made: Promise<TestAuthority> | undefined;

/** The authority of test origins; this process, and so an engine in it, trusts it. */
export function testAuthority(): Promise<TestAuthority> {
  made ??= makeAuthority().then((authority) => {
    setDefaultCACertificates([...getCACertificates('default'), authority.certificate]);
    return { certificate: authority.certificate, signer: makeLeafSigner(authority) };
  });
  return made;
}

/** A TLS server to be proxied to. */
export interface HttpsOrigin {
  /** `https://localhost:port` */
  readonly url: string;
  readonly port: number;
  readonly server: Server;
  readonly sockets: ReadonlySet<Socket>;
  /** How many connections it has had. */
  accepted(): number;
  /** Goes away before the test ends. */
  close(): Promise<void>;
}

/** An HTTPS server for `localhost` on a free loopback port; closed when the test ends. */
export async function startHttpsOrigin(
  listener: RequestListener,
  options: SecureContextOptions = {},
): Promise<HttpsOrigin> {
  const { signer } = await testAuthority();
  const { certificate } = signer.sign('localhost');
  const server = createServer({ cert: certificate, key: signer.key, ...options }, listener);
  const sockets = new Set<Socket>();
  let accepted = 0;
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    accepted++;
    // A test that kills connections expects their errors.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const close = async (): Promise<void> => {
    if (!server.listening) return;
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  };
  onTestFinished(close);
  const { port } = server.address() as AddressInfo;
  return { url: `https://localhost:${port}`, port, server, sockets, accepted: () => accepted, close };
}
