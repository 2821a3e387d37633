import { X509Certificate } from 'node:crypto';
import { chmod, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { KeyProtector } from '../../electron/engine/tls/authority-files.ts';
import { loadAuthority } from '../../electron/engine/tls/authority-files.ts';
import { makeAuthority } from '../../electron/engine/tls/make-authority.ts';
import { hopscope } from '../support/hopscope-process.ts';
import { temporaryDirectory } from '../support/recorder.ts';
import { hasCommand, runCommand } from '../support/run-command.ts';

async function ca(...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return hopscope('ca', ...args).ended;
}

describe('hopscope ca', () => {
  it('makes an authority once, readable only by its owner, and tells where it lies', async () => {
    const directory = join(await temporaryDirectory(), 'new', 'ca');
    const first = await ca('path', '--ca-dir', directory);
    expect(first).toMatchObject({ code: 0, stdout: `${join(directory, 'hopscope-ca.pem')}\n` });
    const pem = await readFile(first.stdout.trim(), 'utf8');
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
    expect((await stat(join(directory, 'hopscope-ca-key.pem'))).mode & 0o777).toBe(0o600);
    expect((await ca('export', '--ca-dir', directory)).stdout).toBe(pem);
    const certificate = new X509Certificate(pem);
    expect([certificate.ca, certificate.checkIssued(certificate)]).toEqual([true, true]);
  });

  it('says which directory it cannot make one in', async () => {
    const file = import.meta.filename;
    const sentence = `hopscope: nothing can be kept in ${file}: it is no directory; change that, or choose another directory with --ca-dir\n`;
    expect(await ca('path', '--ca-dir', file)).toEqual({ code: 2, stdout: '', stderr: sentence });
  });

  it('makes one authority when two first runs meet', async () => {
    const directory = join(await temporaryDirectory(), 'ca');
    const made = await Promise.all(
      Array.from({ length: 8 }, async () => {
        // Each is as slow as making keys is, so that all of them find nothing.
        const authority = await makeAuthority();
        return loadAuthority(directory, () => Promise.resolve(authority));
      }),
    );
    expect(new Set(made.map(({ certificate, key }) => certificate + key)).size).toBe(1);
    expect((await readdir(directory)).sort()).toEqual(['hopscope-ca-key.pem', 'hopscope-ca.pem']);
  });

  it('needs no key that only the desktop app can read', async () => {
    const directory = await temporaryDirectory();
    const protector: KeyProtector = {
      protect: (pem) => Promise.resolve(Buffer.from(pem).reverse()),
      unprotect: (bytes) => Promise.resolve(String(bytes)),
    };
    const { certificate } = await loadAuthority(directory, makeAuthority, protector);
    expect((await ca('export', '--ca-dir', directory)).stdout).toBe(certificate);
    await expect(loadAuthority(directory, makeAuthority)).rejects.toThrow(/desktop app[^]*with --ca-dir/);
  });

  it('exports DER and a profile with the same certificate', async () => {
    const directory = await temporaryDirectory();
    const pem = (await ca('export', '--ca-dir', directory)).stdout;
    const file = join(directory, 'exported');
    await ca('export', '--ca-dir', directory, '--format', 'der', '--output', file);
    expect(new X509Certificate(await readFile(file)).toString()).toBe(pem);
    const profile = (await ca('export', '--ca-dir', directory, '--format', 'mobileconfig')).stdout;
    const content = /<data>([^<]+)<\/data>/.exec(profile)?.[1] ?? '';
    expect(new X509Certificate(Buffer.from(content, 'base64')).toString()).toBe(pem);
  });

  it.each([
    ['a key without its certificate', (d: string) => rm(join(d, 'hopscope-ca.pem')), /pem is missing beside the key/],
    ['a certificate without its key', (d: string) => rm(join(d, 'hopscope-ca-key.pem')), /missing beside the cert/],
    ['a key that is none', (d: string) => writeFile(join(d, 'hopscope-ca-key.pem'), 'x'), /is not a private key/],
    ['a certificate that is none', (d: string) => writeFile(join(d, 'hopscope-ca.pem'), 'x'), /is not a certificate/],
    ['a key of another certificate', otherKey, /does not belong/],
  ])('says what is wrong with %s, and replaces nothing', async (_name, damage, sentence) => {
    const directory = await temporaryDirectory();
    await ca('path', '--ca-dir', directory);
    await damage(directory);
    const { code, stderr } = await ca('path', '--ca-dir', directory);
    expect([code, stderr.trim().split('\n').length]).toEqual([1, 1]);
    expect(stderr).toMatch(sentence);
    expect(stderr).toMatch(/choose another directory with --ca-dir/);
  });

  it.runIf(process.getuid?.() !== 0)('says that a file cannot be read', async () => {
    const directory = await temporaryDirectory();
    await ca('path', '--ca-dir', directory);
    await chmod(join(directory, 'hopscope-ca-key.pem'), 0);
    expect((await ca('path', '--ca-dir', directory)).stderr).toMatch(/cannot be read: EACCES/);
  });

  it('prints the commands of any system, and runs none of another', async () => {
    const directory = await temporaryDirectory();
    const printed = await ca('install', '--ca-dir', directory, '--print', '--platform', 'darwin');
    expect(printed.stdout).toMatch(/^security add-trusted-cert -r trustRoot -k \S+ \S+hopscope-ca\.pem\n$/);
    const other = process.platform === 'win32' ? 'linux' : 'win32';
    expect(await ca('install', '--ca-dir', directory, '--platform', other)).toMatchObject({ code: 2 });
  });

  it.runIf(process.platform === 'linux' && hasCommand('certutil', '-d', 'sql:/nonexistent', '-H'))(
    'has Chromium trust it on Linux, and ends that again',
    async () => {
      const directory = await temporaryDirectory();
      const nss = join(directory, 'nss');
      const flags = ['--ca-dir', directory, '--store', 'nss', '--nssdb', nss];
      const list = async (): Promise<string> => (await runCommand('certutil', ['-d', `sql:${nss}`, '-L'])).stdout;
      expect(await ca('install', ...flags)).toMatchObject({ code: 0 });
      expect(await list()).toMatch(/Hopscope CA [0-9A-F]{6} +C,,/);
      expect(await ca('install', ...flags)).toMatchObject({ code: 0 });
      expect(await ca('uninstall', ...flags)).toMatchObject({ code: 0 });
      expect(await list()).not.toMatch(/Hopscope/);
      expect(await ca('uninstall', ...flags)).toMatchObject({ code: 0 });
    },
  );
});

async function otherKey(directory: string): Promise<void> {
  const other = await temporaryDirectory();
  await ca('path', '--ca-dir', other);
  await writeFile(join(directory, 'hopscope-ca-key.pem'), await readFile(join(other, 'hopscope-ca-key.pem')));
}
