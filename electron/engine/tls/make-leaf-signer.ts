import type { KeyObject } from 'node:crypto';
import { X509Certificate, createHash, createPrivateKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { isIP } from 'node:net';
import { addressBytes } from '../http/address-bytes.ts';
import { contextTag, der, oid, readDer, TAG } from './der.ts';
import type { CertificateWithKey } from './make-authority.ts';

const DAY = 86_400_000;
/** Short enough for every client: browsers refuse server certificates that are valid for more than 398 days. */
const LEAF_DAYS = 90;
/** Clocks of phones and virtual machines are off by hours, and sometimes by a day. */
const BACKDATE = 2 * DAY;
/** RFC 5280 App. A.1: the most characters that a common name may have. */
const MAX_COMMON_NAME = 64;

const COMMON_NAME = '2.5.4.3';
const ORGANIZATION = '2.5.4.10';
const SUBJECT_KEY_IDENTIFIER = oid('2.5.29.14');
const KEY_USAGE = oid('2.5.29.15');
const SUBJECT_ALTERNATIVE_NAME = oid('2.5.29.17');
const BASIC_CONSTRAINTS = oid('2.5.29.19');
const AUTHORITY_KEY_IDENTIFIER = oid('2.5.29.35');
const EXTENDED_KEY_USAGE = oid('2.5.29.37');
const SERVER_AUTHENTICATION = oid('1.3.6.1.5.5.7.3.1');
const ECDSA_WITH_SHA256 = der(TAG.sequence, oid('1.2.840.10045.4.3.2'));
const RSA_WITH_SHA256 = der(TAG.sequence, oid('1.2.840.113549.1.1.11'), Buffer.from([5, 0]));

/** A certificate, PEM, and when it ends, in epoch milliseconds. */
export interface LeafCertificate {
  readonly certificate: string;
  readonly notAfter: number;
}

/** Signs certificates for servers; all of them have the same key. */
export interface LeafSigner {
  /** PEM of the key that all leaf certificates share. */
  readonly key: string;
  /** Makes a certificate for a DNS name or an IP address. */
  sign(host: string): LeafCertificate;
}

/**
 * Prepares the signing of leaf certificates (RFC 5280 §4.1) with an authority. They are put together here, because what
 * differs between them is four fields, and because clients wait for them: a certificate library takes many times as long
 * as the signature itself.
 */
export function makeLeafSigner(authority: CertificateWithKey): LeafSigner {
  const issuer = new X509Certificate(authority.certificate);
  const signingKey = createPrivateKey(authority.key);
  const algorithm = signingKey.asymmetricKeyType === 'rsa' ? RSA_WITH_SHA256 : ECDSA_WITH_SHA256;
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const keyInfo = publicKey.export({ type: 'spki', format: 'der' });
  const { subject: issuerName, keyIdentifier } = readIssuer(issuer);
  const common = [
    extension(BASIC_CONSTRAINTS, der(TAG.sequence), true),
    // The first bit, of a byte of which seven are unused: digitalSignature.
    extension(KEY_USAGE, der(TAG.bitString, Buffer.from([7, 0x80])), true),
    extension(EXTENDED_KEY_USAGE, der(TAG.sequence, SERVER_AUTHENTICATION)),
    extension(AUTHORITY_KEY_IDENTIFIER, der(TAG.sequence, der(contextTag(0, false), keyIdentifier))),
    extension(SUBJECT_KEY_IDENTIFIER, der(TAG.octetString, identifierOf(keyInfo))),
  ];
  const version3 = der(contextTag(0, true), der(TAG.integer, Buffer.from([2])));
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    sign(host) {
      const now = Date.now();
      const notAfter = Math.min(now + LEAF_DAYS * DAY, issuer.validToDate.getTime());
      const body = der(
        TAG.sequence,
        ...[version3, der(TAG.integer, serialNumber()), algorithm, issuerName],
        der(TAG.sequence, time(now - BACKDATE), time(notAfter)),
        ...[nameOf(host), keyInfo],
        der(contextTag(3, true), der(TAG.sequence, alternativeName(host), ...common)),
      );
      return { certificate: signed(body, algorithm, signingKey), notAfter };
    },
  };
}

function signed(body: Buffer, algorithm: Buffer, key: KeyObject): string {
  const signature = der(TAG.bitString, Buffer.from([0]), sign('sha256', body, key));
  const text = der(TAG.sequence, body, algorithm, signature).toString('base64');
  const lines = text.match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

/** What certificates say of their issuer: its name, and its key's identifier (RFC 5280 §4.2.1.1). */
function readIssuer(certificate: X509Certificate): { subject: Buffer; keyIdentifier: Buffer } {
  const [body] = readDer(readDer(certificate.raw)[0]?.content ?? Buffer.alloc(0));
  const fields = readDer(body?.content ?? Buffer.alloc(0));
  // version, serialNumber, signature, issuer, validity, subject
  const subject = fields[5];
  if (fields[0]?.tag !== contextTag(0, true) || subject === undefined)
    throw new Error('The authority is not X.509 v3.');
  const extensions = fields.find(({ tag }) => tag === contextTag(3, true));
  const list = readDer(readDer(extensions?.content ?? Buffer.alloc(0))[0]?.content ?? Buffer.alloc(0));
  const identifier = list
    .map(({ content }) => readDer(content))
    .find(([id]) => id?.whole.equals(SUBJECT_KEY_IDENTIFIER))
    ?.at(-1);
  const keyInfo = certificate.publicKey.export({ type: 'spki', format: 'der' });
  const known = identifier === undefined ? undefined : readDer(identifier.content)[0]?.content;
  return { subject: subject.whole, keyIdentifier: known ?? identifierOf(keyInfo) };
}

/** RFC 5280 §4.2.1.2, the first method: the SHA-1 of the key itself. */
function identifierOf(keyInfo: Buffer): Buffer {
  const [, key] = readDer(readDer(keyInfo)[0]?.content ?? Buffer.alloc(0));
  // The first byte says how many bits of the last are unused.
  return createHash('sha1')
    .update(key?.content.subarray(1) ?? Buffer.alloc(0))
    .digest();
}

function extension(id: Buffer, value: Buffer, critical = false): Buffer {
  const flag = critical ? [Buffer.from([1, 1, 0xff])] : [];
  return der(TAG.sequence, id, ...flag, der(TAG.octetString, value));
}

function nameOf(host: string): Buffer {
  const attribute = (id: string, value: string): Buffer =>
    der(TAG.set, der(TAG.sequence, oid(id), der(TAG.utf8String, Buffer.from(value))));
  const name = host.length > MAX_COMMON_NAME ? 'Hopscope' : host;
  return der(TAG.sequence, attribute(COMMON_NAME, name), attribute(ORGANIZATION, 'Hopscope'));
}

/** RFC 5280 §4.2.1.6: a dNSName or an iPAddress. */
function alternativeName(host: string): Buffer {
  const name =
    isIP(host) === 0 ? der(contextTag(2, false), Buffer.from(host)) : der(contextTag(7, false), addressBytes(host));
  return extension(SUBJECT_ALTERNATIVE_NAME, der(TAG.sequence, name));
}

/** RFC 5280 §4.1.2.5: years from 2050 on have four digits. */
function time(milliseconds: number): Buffer {
  const digits = new Date(milliseconds).toISOString().replace(/\.\d+|[-:T]/g, '');
  return digits < '2050'
    ? der(TAG.utcTime, Buffer.from(digits.slice(2)))
    : der(TAG.generalizedTime, Buffer.from(digits));
}

/** RFC 5280 §4.1.2.2: positive, unique, at most 20 bytes. */
function serialNumber(): Buffer {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] as number) & 0x7f) | 0x40;
  return bytes;
}
