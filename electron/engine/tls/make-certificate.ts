// The certificate library's parts find each other through metadata on their classes.
import 'reflect-metadata';
import type { Extension } from '@peculiar/x509';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PublicKey,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { createPrivateKey, randomBytes } from 'node:crypto';
import { isIP } from 'node:net';

/** Whatever the global `crypto` gives: Node's typings and the browser's name it differently. */
type SubtleKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const DAY = 86_400_000;
const CA_YEARS = 10;
/** Short enough for every client: browsers refuse server certificates that are valid for more than 398 days. */
const LEAF_DAYS = 90;
/** Clocks of phones and virtual machines are off by hours, and sometimes by a day. */
const BACKDATE = 2 * DAY;
/** RFC 5280 App. A.1: the most characters that a common name may have. */
const MAX_COMMON_NAME = 64;

/** A certificate and its private key, both PEM. */
export interface CertificateWithKey {
  readonly certificate: string;
  readonly key: string;
}

/** Signs certificates for servers; all of them have the same key. */
export interface LeafSigner {
  /** PEM of the key that all leaf certificates share. */
  readonly key: string;
  /** A certificate, PEM, for a DNS name or an IP address; when it ends, in epoch milliseconds. */
  sign(host: string): Promise<{ certificate: string; notAfter: number }>;
}

/** Makes a certificate authority of its own, whose name no other one has. */
export async function makeAuthority(): Promise<CertificateWithKey> {
  const keys = await makeKeys();
  const now = new Date();
  const end = new Date(now);
  end.setUTCFullYear(now.getUTCFullYear() + CA_YEARS);
  // Systems tell authorities apart by name, and people must be able to.
  const id = randomBytes(3).toString('hex').toUpperCase();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: [{ CN: [`Hopscope CA ${id}`] }, { O: ['Hopscope'] }],
    serialNumber: serialNumber(),
    notBefore: new Date(now.getTime() - BACKDATE),
    notAfter: end,
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      // RFC 5280 §4.2.1.9: no further authorities below this one.
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificate: `${certificate.toString('pem')}\n`, key: await exportKey(keys.privateKey) };
}

/** Prepares the signing of leaf certificates with an authority: what they have in common is made once. */
export async function makeLeafSigner(authority: CertificateWithKey): Promise<LeafSigner> {
  const issuer = new X509Certificate(authority.certificate);
  const signingKey = await importKey(authority.key);
  const keys = await makeKeys();
  const publicKey = new PublicKey(await crypto.subtle.exportKey('spki', keys.publicKey));
  const common: readonly Extension[] = [
    new BasicConstraintsExtension(false, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
    new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
    await AuthorityKeyIdentifierExtension.create(issuer.publicKey),
    await SubjectKeyIdentifierExtension.create(keys.publicKey),
  ];
  return {
    key: await exportKey(keys.privateKey),
    sign: async (host) => {
      const now = Date.now();
      const notAfter = Math.min(now + LEAF_DAYS * DAY, issuer.notAfter.getTime());
      const certificate = await X509CertificateGenerator.create({
        serialNumber: serialNumber(),
        issuer: issuer.subjectName,
        subject: [{ CN: [host.length > MAX_COMMON_NAME ? 'Hopscope' : host] }, { O: ['Hopscope'] }],
        notBefore: new Date(now - BACKDATE),
        notAfter: new Date(notAfter),
        signingAlgorithm: ALGORITHM,
        publicKey,
        signingKey,
        extensions: [alternativeName(host), ...common],
      });
      return { certificate: `${certificate.toString('pem')}\n`, notAfter };
    },
  };
}

function alternativeName(host: string): SubjectAlternativeNameExtension {
  return new SubjectAlternativeNameExtension([{ type: isIP(host) === 0 ? 'dns' : 'ip', value: host }]);
}

/** RFC 5280 §4.1.2.2: positive, unique, at most 20 bytes. */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] as number) & 0x7f) | 0x40;
  return bytes.toString('hex');
}

function makeKeys(): Promise<{ publicKey: SubtleKey; privateKey: SubtleKey }> {
  return crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}

async function exportKey(key: SubtleKey): Promise<string> {
  const der = Buffer.from(await crypto.subtle.exportKey('pkcs8', key));
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }).export({
    type: 'pkcs8',
    format: 'pem',
  }) as string;
}

function importKey(pem: string): Promise<SubtleKey> {
  const der = createPrivateKey(pem).export({ type: 'pkcs8', format: 'der' });
  return crypto.subtle.importKey('pkcs8', der, ALGORITHM, false, ['sign']);
}
