// The certificate library's parts find each other through metadata on their classes.
import 'reflect-metadata';
import {
  BasicConstraintsExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { createPrivateKey, randomBytes } from 'node:crypto';

/** Whatever the global `crypto` gives: Node's typings and the browser's name it differently. */
type SubtleKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const DAY = 86_400_000;
const CA_YEARS = 10;
/** Clocks of phones and virtual machines are off by hours, and sometimes by a day. */
const BACKDATE = 2 * DAY;

/** A certificate and its private key, both PEM. */
export interface CertificateWithKey {
  readonly certificate: string;
  readonly key: string;
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
