import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import { connect } from 'node:tls';
import { fc } from '../support/property.ts';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parseClientHello } from '../../electron/engine/tls/client-hello.ts';

/** The first bytes that Node's TLS client sends. */
async function clientHello(options: ConnectionOptions): Promise<Buffer> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = connect({ ...options, port: (server.address() as AddressInfo).port, host: '127.0.0.1' });
  // Nobody answers it.
  client.on('error', () => client.destroy());
  const [socket] = (await once(server, 'connection')) as [NodeJS.ReadableStream & { destroy(): void }];
  onTestFinished(() => {
    client.destroy();
    socket.destroy();
    server.close();
  });
  const [bytes] = (await once(socket, 'data')) as [Buffer];
  return bytes;
}

describe('a ClientHello', () => {
  it('tells the host and the protocols that a client wants', async () => {
    const bytes = await clientHello({ servername: 'Example.COM', ALPNProtocols: ['h2', 'http/1.1'] });
    expect(parseClientHello(bytes)).toEqual({ serverName: 'example.com', alpn: ['h2', 'http/1.1'] });
    expect(parseClientHello(await clientHello({ maxVersion: 'TLSv1.2' }))).toEqual({ serverName: undefined, alpn: [] });
  });

  it('is read over as many pieces and records as it comes in', async () => {
    const whole = await clientHello({ servername: 'example.com' });
    for (let end = 0; end < whole.length; end++) expect(parseClientHello(whole.subarray(0, end))).toBe('incomplete');
    const message = whole.subarray(5);
    const records: Buffer[] = [];
    for (let at = 0; at < message.length; at += 3) {
      const part = message.subarray(at, at + 3);
      records.push(Buffer.from([22, 3, 1, 0, part.length]), part);
    }
    expect(parseClientHello(Buffer.concat(records))).toEqual(parseClientHello(whole));
  });

  it('is invalid, and nothing worse, when its lengths lie', async () => {
    const whole = await clientHello({ servername: 'example.com', ALPNProtocols: ['h2'] });
    const change = fc.record({ at: fc.nat(whole.length - 1), to: fc.nat(255) });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 5 }), (changes) => {
        const bytes = Buffer.from(whole);
        for (const { at, to } of changes) bytes[at] = to;
        const hello = parseClientHello(bytes);
        return hello === 'invalid' || hello === 'incomplete' || Array.isArray(hello.alpn);
      }),
    );
    expect(parseClientHello(Buffer.from('\x16\x03\x01\x00\x05hello', 'latin1'))).toBe('invalid');
    expect(parseClientHello(Buffer.from('\x17\x03\x03\x00\x05hello', 'latin1'))).toBe('invalid');
  });
});
