import { describe, expect, it } from 'vitest';
import type { TrustTarget } from '../../electron/host/ca-trust.ts';
import { formatStep, installSteps, uninstallSteps } from '../../electron/host/ca-trust.ts';

const target: TrustTarget = {
  ...{ platform: 'linux', stores: ['system', 'nss'], file: '/data/ca/hopscope-ca.pem', name: 'Hopscope CA 1A2B3C' },
  ...{ sha1: 'AB12', home: '/home/ann', nssDir: '/home/ann/.pki/nssdb', nssThere: true, layout: 'debian', root: false },
};
const words = (steps: ReturnType<typeof installSteps>): string[][] =>
  steps.map(({ command, args }) => [command, ...args]);

describe('the commands that have the authority trusted', () => {
  it('are these on Debian and its kin', () => {
    const nss = ['certutil', '-d', 'sql:/home/ann/.pki/nssdb'];
    const installed = '/usr/local/share/ca-certificates/hopscope-ca.crt';
    expect(words(installSteps(target))).toEqual([
      ['sudo', 'install', '-m', '0644', '/data/ca/hopscope-ca.pem', installed],
      ['sudo', 'update-ca-certificates'],
      [...nss, '-A', '-t', 'C,,', '-n', 'Hopscope CA 1A2B3C', '-i', '/data/ca/hopscope-ca.pem'],
    ]);
    expect(words(uninstallSteps(target))).toEqual([
      ['sudo', 'rm', '-f', installed],
      ['sudo', 'update-ca-certificates', '--fresh'],
      [...nss, '-D', '-n', 'Hopscope CA 1A2B3C'],
    ]);
  });

  it('need no sudo as root, and make the NSS database where there is none', () => {
    const bare = { ...target, root: true, nssThere: false };
    expect(words(installSteps(bare)).slice(1, 4)).toEqual([
      ['update-ca-certificates'],
      ['mkdir', '-p', '/home/ann/.pki/nssdb'],
      ['certutil', '-d', 'sql:/home/ann/.pki/nssdb', '-N', '--empty-password'],
    ]);
    expect(uninstallSteps({ ...bare, stores: ['nss'] })).toEqual([]);
  });

  it('are these on Fedora and its kin', () => {
    const fedora: TrustTarget = { ...target, layout: 'fedora', stores: ['system'] };
    const installed = '/etc/pki/ca-trust/source/anchors/hopscope-ca.pem';
    expect(words(installSteps(fedora))).toEqual([
      ['sudo', 'install', '-m', '0644', '/data/ca/hopscope-ca.pem', installed],
      ['sudo', 'update-ca-trust', 'extract'],
    ]);
    expect(words(uninstallSteps(fedora))).toEqual([
      ['sudo', 'rm', '-f', installed],
      ['sudo', 'update-ca-trust', 'extract'],
    ]);
  });

  it('are these on macOS', () => {
    const mac: TrustTarget = { ...target, platform: 'darwin', home: '/Users/ann' };
    const keychain = '/Users/ann/Library/Keychains/login.keychain-db';
    expect(words(installSteps(mac))).toEqual([
      ['security', 'add-trusted-cert', '-r', 'trustRoot', '-k', keychain, '/data/ca/hopscope-ca.pem'],
    ]);
    expect(words(uninstallSteps(mac))).toEqual([['security', 'delete-certificate', '-Z', 'AB12', '-t', keychain]]);
  });

  it('are these on Windows', () => {
    const windows: TrustTarget = { ...target, platform: 'win32', file: 'C:\\Users\\Ann Lee\\ca.pem' };
    const [install] = installSteps(windows);
    expect(install).toEqual({
      command: 'certutil',
      args: ['-user', '-f', '-addstore', 'Root', 'C:\\Users\\Ann Lee\\ca.pem'],
    });
    expect(formatStep(install as NonNullable<typeof install>, 'win32')).toBe(
      'certutil -user -f -addstore Root "C:\\Users\\Ann Lee\\ca.pem"',
    );
    expect(words(uninstallSteps(windows))).toEqual([['certutil', '-user', '-delstore', 'Root', 'AB12']]);
  });

  it('can be pasted into a shell', () => {
    const step = { command: 'install', args: ["/it's here/ca.pem", '-n', 'Hopscope CA 1A2B3C', 'C,,'] };
    expect(formatStep(step, 'linux')).toBe(`install '/it'\\''s here/ca.pem' -n 'Hopscope CA 1A2B3C' C,,`);
  });
});
