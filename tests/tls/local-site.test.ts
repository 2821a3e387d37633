import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { startEngine } from '../support/engine.ts';
import { hasCommand, runCommand } from '../support/run-command.ts';

describe.runIf(hasCommand('curl', '--version'))('hopscope.local', () => {
  it('offers the certificate to every client that uses the proxy, also where nothing else is reached', async () => {
    const test = await startEngine({ settings: { cache: { mode: 'offline' }, tls: { intercept: false } } });
    const { certificate, file } = test.engine.authority;
    const get = async (...args: string[]): Promise<string> =>
      (await runCommand('curl', ['-sS', '--proxy', test.url, '--noproxy', '', ...args])).stdout;
    const page = await get('-i', 'http://hopscope.local/');
    expect(page).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(page).toMatch(/Content-Security-Policy: default-src 'none'/);
    for (const [, link = ''] of page.matchAll(/href="(\/[^"]+)"/g)) {
      expect(await get('-o', '/dev/null', '-w', '%{http_code}', `http://hopscope.local${link}`)).toBe('200');
    }
    expect(await get('http://hopscope.local/hopscope-ca.pem')).toBe(certificate);
    const der = Buffer.from(await get('http://hopscope.local/hopscope-ca.cer'), 'latin1');
    expect(new X509Certificate(der).toString()).toBe(certificate);
    expect(await get('--cacert', file, 'https://hopscope.local/hopscope-ca.pem')).toBe(certificate);
    expect(await get('-w', '%{http_code}', 'http://hopscope.local/x')).toMatch(/404$/);
    expect(await get('-w', '%{http_code}', '-d', 'x', 'http://hopscope.local/')).toMatch(/405$/);
    expect(await test.finished()).toMatchObject({ url: 'http://hopscope.local/', from: 'hopscope', status: 200 });
  });
});
