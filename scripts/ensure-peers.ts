// Brings the real servers and clients that tests talk to. A test whose peer is missing is skipped and says so, thus this never
// fails: it installs what it can, as root on Debian, and leaves every other machine as it is.
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { canInstallPackages, installPackages } from './debian-packages.ts';

interface Peer {
  readonly debianPackage: string;
  /** A program on PATH, or a file, that is there when the package is. */
  readonly evidence: string;
}

const peers: readonly Peer[] = [
  { debianPackage: 'curl', evidence: 'curl' },
  { debianPackage: 'openssl', evidence: 'openssl' },
  { debianPackage: 'nginx', evidence: 'nginx' },
  { debianPackage: 'squid', evidence: 'squid' },
  { debianPackage: 'nghttp2-client', evidence: 'nghttp' },
  { debianPackage: 'nghttp2-server', evidence: 'nghttpd' },
  { debianPackage: 'appstream', evidence: 'appstreamcli' },
  { debianPackage: 'libnss3-tools', evidence: 'certutil' },
  { debianPackage: 'dbus-daemon', evidence: 'dbus-daemon' },
  { debianPackage: 'libglib2.0-bin', evidence: 'gsettings' },
  {
    debianPackage: 'gsettings-desktop-schemas',
    evidence: '/usr/share/glib-2.0/schemas/org.gnome.system.proxy.gschema.xml',
  },
  { debianPackage: 'dconf-gsettings-backend', evidence: '/usr/libexec/dconf-service' },
  { debianPackage: 'python3', evidence: 'python3' },
  { debianPackage: 'python3-flask', evidence: '/usr/lib/python3/dist-packages/flask' },
  { debianPackage: 'python3-django', evidence: '/usr/lib/python3/dist-packages/django' },
];

const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin'];

function isThere({ evidence }: Peer): boolean {
  if (evidence.includes('/')) return existsSync(evidence);
  return folders.some((folder) => existsSync(join(folder, evidence)));
}

const missing = peers.filter((peer) => !isThere(peer)).map(({ debianPackage }) => debianPackage);
if (missing.length > 0) {
  if (canInstallPackages()) installPackages(missing, 'as peers of the tests');
  else
    process.stderr.write(`Tests that talk to these will be skipped, they are not installed: ${missing.join(', ')}\n`);
}
