import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates } from 'node:tls';
import { authorityFacts } from '../engine/tls/authority-formats.ts';
import type { CertificateAuthority } from '../engine/tls/certificate-authority.ts';
import type { Step, TrustPlatform, TrustStore, TrustTarget } from './ca-trust.ts';
import { installSteps, TRUST_PLATFORMS } from './ca-trust.ts';

type Authority = Pick<CertificateAuthority, 'certificate' | 'file'>;

/** What the commands about an authority's trust are made for on this machine. @param nssDir of Chromium's store on Linux. */
export function trustTarget(
  { certificate, file }: Authority,
  platform: TrustPlatform,
  stores: readonly TrustStore[],
  nssDir = join(homedir(), '.pki', 'nssdb'),
): TrustTarget {
  const { name, sha1 } = authorityFacts(certificate);
  return {
    ...{ platform, file, name, sha1, home: homedir(), nssDir, root: process.getuid?.() === 0, stores },
    nssThere: existsSync(join(nssDir, 'cert9.db')),
    layout: existsSync('/etc/pki/ca-trust/source/anchors') ? 'fedora' : 'debian',
  };
}

/** Whether this system trusts the authority, as it did when this process first asked; undefined where Node cannot tell. */
export function isTrustedHere({ certificate }: Authority): boolean | undefined {
  // Node has the function since 22.15, and older ones run the headless host, too.
  const ask = getCACertificates as typeof getCACertificates | undefined;
  return ask?.('system').some((trusted) => trusted.trim() === certificate.trim());
}

/** The commands that have the system trust the authority without a terminal: rights are asked for in a window. */
export function trustSteps(authority: Authority): Step[] {
  const platform = TRUST_PLATFORMS.find((known) => known === process.platform);
  if (platform === undefined) throw new Error(`The trust store of ${process.platform} is not known here.`);
  return installSteps(trustTarget(authority, platform, ['system'])).map((step) =>
    step.command === 'sudo' ? { ...step, command: 'pkexec' } : step,
  );
}
