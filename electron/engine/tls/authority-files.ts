import { X509Certificate, createPrivateKey, randomBytes } from 'node:crypto';
import { chmod, link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../../shared/message-of.ts';
import { makeDirectory } from '../make-directory.ts';
import type { CertificateWithKey } from './make-authority.ts';

/** Encrypts the authority's key with something that only this user of this machine has. */
export interface KeyProtector {
  protect(pem: string): Promise<Uint8Array>;
  /** Rejects when the bytes were protected by another user or on another machine. */
  unprotect(bytes: Uint8Array): Promise<string>;
}

const CERTIFICATE = 'hopscope-ca.pem';
const KEY = 'hopscope-ca-key.pem';
const PROTECTED_KEY = 'hopscope-ca-key.protected';
/** How often, and after how long each, a missing key is looked for again. */
const KEY_TRIES = 20;
const KEY_WAIT_MS = 50;

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
  let { certificate, plainKey, protectedKey } = await readFiles(directory);
  if (certificate === undefined && plainKey === undefined && protectedKey === undefined) {
    const authority = await make();
    if (await save(directory, authority, protector)) return authority;
    // Another first run was faster; its authority is the one.
    ({ certificate, plainKey, protectedKey } = await readFiles(directory));
  }
  for (let tries = 0; tries < KEY_TRIES && plainKey === undefined && protectedKey === undefined; tries++) {
    // Who makes an authority at this moment writes its key after its certificate.
    await sleep(KEY_WAIT_MS);
    ({ certificate, plainKey, protectedKey } = await readFiles(directory));
  }
  const key = protectedKey === undefined ? plainKey?.toString() : await unprotect(protectedKey, directory, protector);
  if (certificate === undefined) throw broken(directory, `${CERTIFICATE} is missing beside the key`);
  if (key === undefined) throw broken(directory, `${KEY} is missing beside the certificate`);
  const authority = { certificate: certificate.toString(), key };
  check(directory, authority);
  return authority;
}

/** The certificate of an authority whose key is protected; undefined where no key is, and {@link loadAuthority} is to be used. */
export async function protectedCertificate(directory: string): Promise<string | undefined> {
  const { certificate, protectedKey } = await readFiles(directory);
  return protectedKey === undefined ? undefined : certificate?.toString();
}

async function readFiles(
  directory: string,
): Promise<Partial<Record<'certificate' | 'plainKey' | 'protectedKey', Buffer>>> {
  const names = { certificate: CERTIFICATE, plainKey: KEY, protectedKey: PROTECTED_KEY };
  const files = Object.entries(names).map(async ([role, name]) => {
    const content = await readIfThere(join(directory, name));
    return content === undefined ? [] : [[role, content] as const];
  });
  return Object.fromEntries((await Promise.all(files)).flat());
}

/** Writes a new authority, unless another one is there: the certificate's place is taken by one process alone. */
async function save(directory: string, authority: CertificateWithKey, protector?: KeyProtector): Promise<boolean> {
  makeDirectory(directory, 0o700);
  // An existing directory keeps the mode it had.
  await chmod(directory, 0o700);
  const key = join(directory, protector === undefined ? KEY : PROTECTED_KEY);
  const certificate = join(directory, CERTIFICATE);
  const own = `.${process.pid}-${randomBytes(4).toString('hex')}.tmp`;
  try {
    // Both are whole on the disk before anybody can see either.
    await writeFile(key + own, (await protector?.protect(authority.key)) ?? authority.key, { mode: 0o600 });
    await writeFile(certificate + own, authority.certificate, { mode: 0o644 });
    await link(certificate + own, certificate);
    await rename(key + own, key);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  } finally {
    await Promise.all([certificate, key].map((path) => rm(path + own, { force: true })));
  }
}

async function unprotect(bytes: Buffer, directory: string, protector: KeyProtector | undefined): Promise<string> {
  if (protector === undefined) {
    const problem = 'its key is protected by the desktop app, which alone can read it';
    throw broken(
      directory,
      problem,
      undefined,
      'start the desktop app, or make another authority with --ca-dir DIRECTORY',
    );
  }
  try {
    return await protector.unprotect(bytes);
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

function broken(
  directory: string,
  problem: string,
  cause?: unknown,
  remedy = 'mend or move the files, or choose another directory with --ca-dir',
): Error {
  return new Error(`the certificate authority in ${directory} cannot be used: ${problem}; ${remedy}`, { cause });
}
