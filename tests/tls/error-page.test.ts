import { describe, expect, it } from 'vitest';
import { makeCertificate } from '../support/certificates.ts';
import { startEngine } from '../support/engine.ts';
import { startHttpsOrigin } from '../support/https-origin.ts';
import { temporaryDirectory } from '../support/recorder.ts';
import { rawClient } from '../support/raw-client.ts';
import { hasCommand, runCommand } from '../support/run-command.ts';

const BROWSER = ['-H', 'Accept: text/html,application/xhtml+xml;q=0.9,*/*;q=0.8'];

describe.runIf(hasCommand('curl', '--version'))('what a client inside of TLS is told of its origin', () => {
  it('is what is wrong with the certificate, and the flag and page that help', async () => {
    const directory = await temporaryDirectory();
    const ca = makeCertificate(directory, 'ca', { isCa: true });
    const faults = [
      [
        makeCertificate(directory, 'old', { issuer: ca, to: '20210101000000Z' }),
        /expired[^]*since 2021-01-01/,
        'EXPIRED',
      ],
      [makeCertificate(directory, 'self'), /self-signed[^]*--upstream-ca FILE/, 'SELF_SIGNED'],
      [makeCertificate(directory, 'other', { issuer: ca, names: 'DNS:other.test' }), /DNS:other\.test/, 'WRONG_HOST'],
    ] as const;
    const test = await startEngine({ settings: { originTls: { extraCaFiles: [ca.certFile] } } });
    for (const [{ cert, key }, words, code] of faults) {
      const { url } = await startHttpsOrigin((_request, response) => response.end(), { cert, key });
      const args = ['-sS', '-i', '--proxy', test.url, '--noproxy', '', '--cacert', test.engine.authority.file, url];
      const { stdout: text } = await runCommand('curl', args);
      expect(text).toMatch(/content-type: text\/plain/i);
      expect(text).toMatch(words);
      expect(text).toContain(`Code: CERTIFICATE_${code}`);
      expect(text).toMatch(/--insecure-upstream localhost, [^]*Routing page/);
      const { stdout: page } = await runCommand('curl', [...args, ...BROWSER]);
      expect(page).toMatch(/content-type: text\/html/i);
      expect(page).toMatch(words);
      expect(page).toMatch(/content-security-policy: default-src 'none'; style-src 'sha256-[\w+/]+='/i);
    }
  });
});

it('shows what a client sent as text, whatever it is', async () => {
  const test = await startEngine();
  const client = await rawClient(test.port);
  client.send(
    'GET /<script>alert(1)</script>"\' HTTP/1.1\r\nHost: a\r\nAccept: text/html\r\nConnection: close\r\n\r\n',
  );
  const page = await client.ended();
  expect(page).toMatch(/^HTTP\/1\.1 404 [^]*Content-Type: text\/html/);
  expect(page).toContain('/&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;');
  expect(page).not.toContain('<script');
});

it.each([
  ['text/html', 'html'],
  ['application/xhtml+xml, Text/HTML;level=1;q=0.4, */*', 'html'],
  ['text/html;q=0', 'plain'],
  ['text/html ; q=0.000, text/plain', 'plain'],
  ['text/html;q=0.01', 'html'],
  ['application/x-text/html', 'plain'],
])('tells of an error to a client that accepts %j as text/%s (RFC 9110 §12.4.2)', async (accept, type) => {
  const test = await startEngine();
  const client = await rawClient(test.port);
  client.send(`GET / HTTP/1.1\r\nHost: a\r\nAccept: ${accept}\r\nConnection: close\r\n\r\n`);
  expect(await client.ended()).toContain(`\r\nContent-Type: text/${type}; charset=utf-8\r\n`);
});
