import { createHash } from 'node:crypto';

const MAGIC = 0xfeedfeed;
const VERSION = 2;
const TRUSTED_CERTIFICATE = 2;

/**
 * Certificates as a Java key store (JKS, version 2), which every Java reads: magic, version, count, then for each its tag,
 * alias, time, type and DER; last a SHA-1 over the password, a constant of Sun's and all before it.
 *
 * @param certificates DER
 */
export function javaKeyStore(certificates: readonly Uint8Array[], password: string): Uint8Array {
  const entries = certificates.flatMap((der, index) => [
    uint32(TRUSTED_CERTIFICATE),
    text(index === 0 ? 'hopscope' : `root-${index}`),
    // The time of creation, which nothing reads: without it the same certificates are the same bytes.
    Buffer.alloc(8),
    text('X.509'),
    uint32(der.length),
    der,
  ]);
  const store = Buffer.concat([uint32(MAGIC), uint32(VERSION), uint32(certificates.length), ...entries]);
  const digest = createHash('sha1')
    .update(Buffer.from(password, 'utf16le').swap16())
    .update('Mighty Aphrodite')
    .update(store);
  return Buffer.concat([store, digest.digest()]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** DataOutput.writeUTF, for ASCII. */
function text(value: string): Buffer {
  const bytes = Buffer.alloc(2 + value.length);
  bytes.writeUInt16BE(value.length);
  bytes.write(value, 2, 'latin1');
  return bytes;
}
