import { X509Certificate, createPrivateKey } from 'node:crypto';
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CertificateWithKey } from './make-certificate.ts';

/** Encrypts the authority's key with something that only this user of this machine has. */
export interface KeyProtector {
  protect(pem: string): Uint8Array;
  /** @throws when the bytes were protected by another user or on another machine. */
  unprotect(bytes: Uint8Array): string;
}

const CERTIFICATE = 'hopscope-ca.pem';
const KEY = 'hopscope-ca-key.pem';
const PROTECTED_KEY = 'hopscope-ca-key.protected';

/** Where the authority is kept unless told otherwise. */
export function authorityDirectory(dataDir: string): string {
  return join(dataDir, 'ca');
}

/** Where the authority's certificate lies in `directory`. */
export function authorityFile(directory: string): string {
  return join(directory, CERTIFICATE);
}

/**
 * The authority kept in `directory`, or a new one from `make` when the directory holds none.
 *
 * @throws {Error} with one sentence when files are missing, unreadable or do not belong together. What is there is never
 * replaced: somebody may have told a device to trust it.
 */
export async function loadAuthority(
  directory: string,
  make: () => Promise<CertificateWithKey>,
  protector?: KeyProtector,
): Promise<CertificateWithKey> {
  const [certificate, plainKey, protectedKey] = await Promise.all(
    [CERTIFICATE, KEY, PROTECTED_KEY].map((name) => readIfThere(join(directory, name))),
  );
  if (certificate === undefined && plainKey === undefined && protectedKey === undefined) {
    const authority = await make();
    await save(directory, authority, protector);
    return authority;
  }
  const key = protectedKey === undefined ? plainKey?.toString() : unprotect(protectedKey, directory, protector);
  if (certificate === undefined) throw broken(directory, `${CERTIFICATE} is missing beside the key`);
  if (key === undefined) throw broken(directory, `${KEY} is missing beside the certificate`);
  const authority = { certificate: certificate.toString(), key };
  check(directory, authority);
  return authority;
}

async function save(directory: string, authority: CertificateWithKey, protector?: KeyProtector): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  // An existing directory keeps the mode it had.
  await chmod(directory, 0o700);
  if (protector === undefined) await writePrivate(join(directory, KEY), authority.key);
  else await writePrivate(join(directory, PROTECTED_KEY), protector.protect(authority.key));
  const path = join(directory, CERTIFICATE);
  await writeFile(`${path}.tmp`, authority.certificate, { mode: 0o644 });
  await rename(`${path}.tmp`, path);
}

async function writePrivate(path: string, content: string | Uint8Array): Promise<void> {
  await writeFile(`${path}.tmp`, content, { mode: 0o600 });
  await rename(`${path}.tmp`, path);
}

function unprotect(bytes: Buffer, directory: string, protector: KeyProtector | undefined): string {
  if (protector === undefined) {
    throw broken(directory, 'its key is protected by the desktop app and cannot be read outside of it');
  }
  try {
    return protector.unprotect(bytes);
  } catch (error) {
    throw broken(directory, `its key cannot be unprotected: ${messageOf(error)}`, error);
  }
}

function check(directory: string, { certificate, key }: CertificateWithKey): void {
  let parsed: X509Certificate;
  try {
    parsed = new X509Certificate(certificate);
  } catch (error) {
    throw broken(directory, `${CERTIFICATE} is not a certificate in PEM`, error);
  }
  let belongs: boolean;
  try {
    belongs = parsed.checkPrivateKey(createPrivateKey(key));
  } catch (error) {
    throw broken(directory, `${KEY} is not a private key in PEM`, error);
  }
  if (!belongs) throw broken(directory, 'the key does not belong to the certificate');
  if (!parsed.ca) throw broken(directory, 'the certificate is not one of an authority');
  if (parsed.validToDate.getTime() < Date.now()) throw broken(directory, `the certificate ended on ${parsed.validTo}`);
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Error(`the certificate authority cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

function broken(directory: string, problem: string, cause?: unknown): Error {
  const remedy = 'mend or move the files, or choose another directory with --ca-dir';
  return new Error(`the certificate authority in ${directory} cannot be used: ${problem}; ${remedy}`, { cause });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
