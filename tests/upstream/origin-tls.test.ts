import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:https';
import type { ServerOptions } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { fold } from '../../shared/exchange-view.ts';
import type { SettingsPatch } from '../../shared/settings.ts';
import { makeCertificate } from '../support/certificates.ts';
import { startEngine } from '../support/engine.ts';
import { rawClient } from '../support/raw-client.ts';
import { temporaryDirectory } from '../support/recorder.ts';

async function startSecure(options: ServerOptions): Promise<number> {
  const server = createServer(options, (_request, response) => response.end('secured'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  onTestFinished(() => server.closeAllConnections());
  return (server.address() as AddressInfo).port;
}

/** What a reverse engine answers for an origin at `url`, and why. */
async function ask(url: string, originTls: SettingsPatch['originTls'] = {}, more: SettingsPatch = {}) {
  const engine = await startEngine({ upstream: url, settings: { originTls, ...more } });
  const client = await rawClient(engine.port);
  client.send('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  const reply = await client.ended();
  return { reply, view: await engine.finished() };
}

test('each fault of a certificate has its own code, and an exception lets it pass', async () => {
  const directory = await temporaryDirectory();
  const ca = makeCertificate(directory, 'ca', { isCa: true });
  const faults = {
    CERTIFICATE_EXPIRED: makeCertificate(directory, 'old', { issuer: ca, to: '20210101000000Z' }),
    CERTIFICATE_NOT_YET_VALID: makeCertificate(directory, 'young', { issuer: ca, from: '20390101000000Z' }),
    CERTIFICATE_SELF_SIGNED: makeCertificate(directory, 'self'),
    CERTIFICATE_WRONG_HOST: makeCertificate(directory, 'other', { issuer: ca, names: 'DNS:other.test' }),
  };
  for (const [code, { cert, key }] of Object.entries(faults)) {
    const url = `https://localhost:${await startSecure({ cert, key })}`;
    const { view } = await ask(url, { extraCaFiles: [ca.certFile] });
    expect(view.outcome).toMatchObject({ kind: 'failed', code, phase: 'tls' });
    expect((await ask(url, { insecureHosts: ['localhost'] })).reply).toMatch(/secured$/);
  }
});

test("a name with a final dot is the server's name without it (RFC 6066 §3)", async () => {
  const directory = await temporaryDirectory();
  const ca = makeCertificate(directory, 'ca', { isCa: true });
  const { cert, key } = makeCertificate(directory, 'good', { issuer: ca });
  const url = `https://localhost.:${await startSecure({ cert, key })}`;
  const { reply, view } = await ask(
    url,
    { extraCaFiles: [ca.certFile] },
    { dns: [{ host: 'localhost.', address: '127.0.0.1' }] },
  );
  expect(reply).toMatch(/secured$/);
  expect(view.upstreamTls?.tls.serverName).toBe('localhost');
});

test('an issuer that nobody knows is refused, and trusted when its file is given', async () => {
  const directory = await temporaryDirectory();
  const ca = makeCertificate(directory, 'ca', { isCa: true });
  const { cert, key } = makeCertificate(directory, 'good', { issuer: ca });
  const url = `https://localhost:${await startSecure({ cert, key })}`;
  expect((await ask(url)).view.outcome).toMatchObject({ code: 'CERTIFICATE_UNKNOWN_ISSUER', phase: 'tls' });
  const { reply, view } = await ask(url, { extraCaFiles: [ca.certFile] });
  expect(reply).toMatch(/secured$/);
  expect(view.spans.find(({ name }) => name === 'tls')?.detail).toMatch(/^TLSv1\.3 TLS_\w+, http\/1\.1$/);
});

test('the certificates of a connection are recorded with the exchange that opened it, and referred to by the others', async () => {
  const directory = await temporaryDirectory();
  const ca = makeCertificate(directory, 'ca', { isCa: true });
  const { cert, key } = makeCertificate(directory, 'good', { issuer: ca });
  const port = await startSecure({ cert: cert + ca.cert, key });
  const { engine, ...trace } = await startEngine({
    upstream: `https://localhost:${port}`,
    settings: { originTls: { extraCaFiles: [ca.certFile] } },
  });
  for (let n = 0; n < 2; n++) {
    const client = await rawClient(trace.port);
    client.send('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    expect(await client.ended()).toMatch(/secured$/);
    await trace.finished();
  }
  const [opened, reused] = await Promise.all(
    [1, 2].map(async (id) => fold((await engine.recorder.read(id)) ?? [])?.upstreamTls),
  );
  const agreed = { version: 'TLSv1.3', alpn: 'http/1.1', serverName: 'localhost', resumed: false, verified: true };
  expect(opened).toMatchObject({ openedBy: 1, tls: agreed });
  expect(opened?.tls.chain.map(({ issuer }) => issuer)).toHaveLength(2);
  expect(opened?.tls.chain[0]).toMatchObject({ issuer: opened?.tls.chain[1]?.subject });
  expect(opened?.tls.chain[0]?.names).toContain('DNS:localhost');
  expect(reused).toMatchObject({ connection: opened?.connection, openedBy: 1, tls: { ...agreed, chain: [] } });
});

test('a client certificate is shown to the host that it is for', async () => {
  const directory = await temporaryDirectory();
  const ca = makeCertificate(directory, 'ca', { isCa: true });
  const { cert, key } = makeCertificate(directory, 'good', { issuer: ca });
  const mine = makeCertificate(directory, 'mine', { issuer: ca });
  const file = join(directory, 'mine.pem');
  writeFileSync(file, mine.cert + mine.key);
  const options = { cert, key, ca: ca.cert, requestCert: true, rejectUnauthorized: true };
  const url = `https://localhost:${await startSecure(options)}`;
  const trusted = { extraCaFiles: [ca.certFile] };
  expect((await ask(url, trusted)).reply).toMatch(/^HTTP\/1\.1 502 /);
  expect((await ask(url, { ...trusted, clientCertificates: [{ host: 'localhost', file }] })).reply).toMatch(/secured$/);
});

test.each([
  // In TLS 1.3 the server looks at the certificate when our handshake is over (RFC 8446 App. A).
  ['TLSv1.3' as const, 'http/1.1', 'CLIENT_CERTIFICATE'],
  ['TLSv1.3' as const, 'h2', 'CLIENT_CERTIFICATE'],
  // RFC 5246 §7.4.6: before, a handshake failure is all that it may say.
  ['TLSv1.2' as const, 'http/1.1', 'TLS_ALERT'],
])(
  'a server over %s and %s that misses a client certificate is told how to be shown one',
  async (version, alpn, code) => {
    const directory = await temporaryDirectory();
    const ca = makeCertificate(directory, 'ca', { isCa: true });
    const { cert, key } = makeCertificate(directory, 'good', { issuer: ca });
    const options = { cert, key, ca: ca.cert, requestCert: true, maxVersion: version, ALPNProtocols: [alpn] };
    const sockets = new Set<Socket>();
    const server = createTlsServer(options).on('connection', (socket: Socket) => sockets.add(socket));
    onTestFinished(() => sockets.forEach((socket) => void socket.destroy()));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const { reply, view } = await ask(`https://localhost:${port}`, { extraCaFiles: [ca.certFile] });
    expect(view.outcome).toMatchObject({ kind: 'failed', code });
    expect(reply).toMatch(
      /client certificate: --client-cert localhost=FILE|a certificate: --client-cert localhost=FILE/,
    );
    expect(reply).not.toMatch(/SSL routines/);
  },
);

test('a client certificate may be in PKCS #12, and it is told what is wrong with a file', async () => {
  const directory = await temporaryDirectory();
  const ca = makeCertificate(directory, 'ca', { isCa: true });
  const { cert, key } = makeCertificate(directory, 'good', { issuer: ca });
  const mine = makeCertificate(directory, 'mine', { issuer: ca });
  const pack = (name: string, ...options: string[]): string => {
    const file = join(directory, name);
    const pair = ['-in', mine.certFile, '-inkey', mine.keyFile, '-passout', 'pass:sesame'];
    execFileSync('openssl', ['pkcs12', '-export', ...pair, '-out', file, ...options], { stdio: 'pipe' });
    return file;
  };
  const options = { cert, key, ca: ca.cert, requestCert: true, rejectUnauthorized: true };
  const engine = await startEngine({
    upstream: `https://localhost:${await startSecure(options)}`,
    settings: { originTls: { extraCaFiles: [ca.certFile] } },
  });
  const shown = async (file: string, passphrase?: string): Promise<string> => {
    const certificate = { host: 'localhost', file, ...(passphrase === undefined ? {} : { passphrase }) };
    engine.engine.updateSettings({ originTls: { clientCertificates: [certificate] } });
    const client = await rawClient(engine.port);
    client.send('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    return client.ended();
  };
  expect(await shown(pack('mine.p12'), 'sesame')).toMatch(/^HTTP\/1\.1 200 [^]*secured$/);
  const garbage = join(directory, 'garbage');
  writeFileSync(garbage, 'no certificate');
  for (const [file, passphrase, words] of [
    [pack('mine.p12'), 'wrong', /502 [^]*TLS_SETUP[^]*mine\.p12: its passphrase is wrong or missing/],
    [pack('mine.p12'), undefined, /its passphrase is wrong or missing/],
    [pack('old.p12', '-legacy'), 'sesame', /outdated algorithm; `openssl pkcs12 -legacy/],
    [garbage, 'sesame', /it is neither PEM nor PKCS #12/],
    [mine.certFile, undefined, /it holds no private key/],
    [mine.keyFile, undefined, /it holds no certificate/],
    [join(directory, 'gone'), undefined, /gone cannot be read: ENOENT/],
  ] as const) {
    expect(await shown(file, passphrase)).toMatch(words);
    const { outcome } = await engine.finished(({ status }) => status === 502);
    expect(outcome).toMatchObject({ kind: 'failed', code: 'TLS_SETUP', phase: 'tls' });
  }
});
