import { X509Certificate } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CertificateAuthority, isCertifiable } from '../../electron/engine/tls/certificate-authority.ts';
import { makeAuthority } from '../../electron/engine/tls/make-authority.ts';
import { makeLeafSigner } from '../../electron/engine/tls/make-leaf-signer.ts';
import { temporaryDirectory } from '../support/recorder.ts';
import { hasCommand, runCommand } from '../support/run-command.ts';

const DAY = 86_400_000;

/** An authority whose key's identifier is not the usual hash. */
const SOMEBODY = `[req]
prompt = no
distinguished_name = name
x509_extensions = extensions
[name]
CN = Somebody
[extensions]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
subjectKeyIdentifier = 01:02:03:04
`;

describe('a leaf certificate', () => {
  it.each([
    ['example.com', 'DNS:example.com'],
    ['127.0.0.1', 'IP Address:127.0.0.1'],
    ['::1', 'IP Address:0:0:0:0:0:0:0:1'],
    [`${'a'.repeat(60)}.${'b'.repeat(60)}.example`, `DNS:${'a'.repeat(60)}.${'b'.repeat(60)}.example`],
  ])('is one for %s, for a time that every client accepts', async (host, alternative) => {
    const authority = await makeAuthority();
    const issuer = new X509Certificate(authority.certificate);
    const leaf = new X509Certificate(makeLeafSigner(authority).sign(host).certificate);
    expect([leaf.subjectAltName, leaf.ca]).toEqual([alternative, false]);
    expect([leaf.verify(issuer.publicKey), leaf.checkIssued(issuer)]).toEqual([true, true]);
    expect(leaf.validFromDate.getTime()).toBeLessThan(Date.now() - DAY);
    expect(leaf.validToDate.getTime() - leaf.validFromDate.getTime()).toBeLessThan(398 * DAY);
  });

  it.runIf(hasCommand('openssl', 'version'))(
    'is one that OpenSSL takes strictly, also below an authority of somebody else with a key of another kind',
    async () => {
      const directory = await temporaryDirectory();
      const [own, foreign] = [join(directory, 'own.pem'), join(directory, 'foreign.pem')];
      const key = join(directory, 'key.pem');
      const config = join(directory, 'openssl.cnf');
      await writeFile(config, SOMEBODY);
      const output = ['-config', config, '-keyout', key, '-out', foreign];
      await runCommand('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...output]);
      const theirs = { certificate: await readFile(foreign, 'utf8'), key: await readFile(key, 'utf8') };
      const ours = await makeAuthority();
      await writeFile(own, ours.certificate);
      for (const [file, authority] of [
        [own, ours],
        [foreign, theirs],
      ] as const) {
        const leaf = join(directory, 'leaf.pem');
        await writeFile(leaf, makeLeafSigner(authority).sign('strict.example').certificate);
        const args = [
          'verify',
          '-x509_strict',
          '-purpose',
          'sslserver',
          '-verify_hostname',
          'strict.example',
          '-CAfile',
          file,
        ];
        expect(await runCommand('openssl', [...args, leaf])).toMatchObject({ code: 0, stderr: '' });
      }
    },
  );

  it('is made once for a host, and again after others pushed it out', async () => {
    const authority = new CertificateAuthority(await makeAuthority(), 'nowhere', 2);
    const first = authority.contextFor('a.example');
    expect(authority.contextFor('A.example')).toBe(first);
    authority.contextFor('b.example');
    expect(authority.contextFor('a.example')).toBe(first);
    authority.contextFor('c.example');
    expect(authority.contextFor('a.example')).toBe(first);
    for (const host of ['b.example', 'c.example']) authority.contextFor(host);
    expect(authority.contextFor('a.example')).not.toBe(first);
  });
});

describe('names', () => {
  it.each(['example.com', 'a_b.example', 'xn--bcher-kva.example', '10.0.0.1', '::1', 'localhost'])(
    '%s can be certified',
    (name) => expect(isCertifiable(name)).toBe(true),
  );
  it.each(['', 'a b', 'a..b', '-a.example', `${'a'.repeat(64)}.example`, 'a/b', '*.example.com'])('%j cannot', (name) =>
    expect(isCertifiable(name)).toBe(false),
  );
});
