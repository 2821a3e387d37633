import { once } from 'node:events';
import { Duplex } from 'node:stream';
import type { ConnectionOptions } from 'node:tls';
import { connect } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { startEngine } from '../support/engine.ts';
import { startHttpsOrigin } from '../support/https-origin.ts';
import { askThrough, openTunnel, tlsThrough } from '../support/tls-client.ts';

const refused = { kind: 'failed', code: 'CERTIFICATE_REFUSED', phase: 'tls' };

describe('a client that pins certificates', () => {
  it.each<[string, ConnectionOptions]>([
    ['TLS 1.3', { minVersion: 'TLSv1.3' }],
    ['TLS 1.2', { maxVersion: 'TLSv1.2' }],
  ])('is recognised when it leaves after a handshake of %s that its TLS liked', async (_version, options) => {
    const origin = await startHttpsOrigin((_request, response) => response.end('secret'));
    const test = await startEngine();
    const { secured } = await tlsThrough(test, `localhost:${origin.port}`, options);
    secured.destroy();
    const row = await test.finished();
    expect(row).toMatchObject({ kind: 'tunnel', url: `localhost:${origin.port}`, outcome: refused });
    expect(row.outcome).toHaveProperty(
      'message',
      expect.stringMatching(/if the client pins certificates.*It closed the/),
    );
    // Passed through, it sees the certificate that it wants.
    test.engine.updateSettings({ tls: { passthrough: ['localhost'] } });
    const again = await tlsThrough(test, `localhost:${origin.port}`, { ...options, rejectUnauthorized: false });
    again.secured.destroy();
    const { notes } = await test.finished();
    expect(notes).toMatchObject([{ text: expect.stringMatching(/passthrough list/) as string }]);
  });

  it('is recognised when it leaves in the middle of the handshake, without an alert', async () => {
    const origin = await startHttpsOrigin((_request, response) => response.end('secret'));
    const test = await startEngine();
    const { socket } = await openTunnel(test, `localhost:${origin.port}`);
    socket.removeAllListeners('data');
    // Its connection ends with the certificate, before its TLS can say anything to it.
    const wire = new Duplex({
      read: () => undefined,
      write: (chunk: Buffer, _encoding, done) => socket.write(chunk, done),
    });
    const secured = connect({ socket: wire, servername: 'localhost' });
    secured.on('error', () => secured.destroy());
    await once(socket, 'data');
    socket.destroy();
    expect((await test.finished()).outcome).toMatchObject(refused);
    secured.destroy();
  });

  it('is told from one that asks', async () => {
    const origin = await startHttpsOrigin((_request, response) => response.end('secret'));
    const test = await startEngine();
    expect(await askThrough(test, origin.url)).toMatch(/secret$/);
    expect(await test.finished(({ kind }) => kind === 'tunnel')).toMatchObject({ outcome: { kind: 'completed' } });
    // Like browsers, it may open connections that it turns out not to need.
    const { secured } = await tlsThrough(test, `localhost:${origin.port}`, { maxVersion: 'TLSv1.2' });
    secured.destroy();
    expect(await test.finished(({ kind }) => kind === 'tunnel')).toMatchObject({ outcome: { kind: 'completed' } });
  });
});
