import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { CertificateAuthority, isCertifiable } from '../../electron/engine/tls/certificate-authority.ts';
import { makeAuthority, makeLeafSigner } from '../../electron/engine/tls/make-certificate.ts';

const DAY = 86_400_000;

describe('a leaf certificate', () => {
  it.each([
    ['example.com', 'DNS:example.com'],
    ['127.0.0.1', 'IP Address:127.0.0.1'],
    ['::1', 'IP Address:0:0:0:0:0:0:0:1'],
    [`${'a'.repeat(60)}.${'b'.repeat(60)}.example`, `DNS:${'a'.repeat(60)}.${'b'.repeat(60)}.example`],
  ])('is one for %s, for a time that every client accepts', async (host, alternative) => {
    const authority = await makeAuthority();
    const issuer = new X509Certificate(authority.certificate);
    const leaf = new X509Certificate((await (await makeLeafSigner(authority)).sign(host)).certificate);
    expect([leaf.subjectAltName, leaf.ca]).toEqual([alternative, false]);
    expect([leaf.verify(issuer.publicKey), leaf.checkIssued(issuer)]).toEqual([true, true]);
    expect(leaf.validFromDate.getTime()).toBeLessThan(Date.now() - DAY);
    expect(leaf.validToDate.getTime() - leaf.validFromDate.getTime()).toBeLessThan(398 * DAY);
  });

  it('is made once for clients that come at the same time, and again after others pushed it out', async () => {
    const authority = new CertificateAuthority(await makeAuthority(), 'nowhere', 2);
    const [first, second] = await Promise.all([authority.contextFor('a.example'), authority.contextFor('A.example')]);
    expect(second).toBe(first);
    await authority.contextFor('b.example');
    expect(await authority.contextFor('a.example')).toBe(first);
    await authority.contextFor('c.example');
    expect(await authority.contextFor('a.example')).toBe(first);
    for (const host of ['b.example', 'c.example']) await authority.contextFor(host);
    expect(await authority.contextFor('a.example')).not.toBe(first);
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
