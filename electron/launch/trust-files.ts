import { X509Certificate } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { rootCertificates } from 'node:tls';
import { JAVA_STORE_PASSWORD } from './client-environment.ts';
import { javaKeyStore } from './java-key-store.ts';

/** Where systems keep all that they trust in one file. */
const SYSTEM_BUNDLES: readonly string[] = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
];
const PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** Files by which programs trust the authority as well as everything they trusted before. */
export interface TrustFiles {
  readonly bundle: string;
  readonly javaStore: string;
}

/**
 * Writes the files that programs are told to trust into `directory`, unless they are there already.
 * @param authority the authority's certificate, PEM
 */
export async function writeTrustFiles(directory: string, authority: string): Promise<TrustFiles> {
  const roots = await systemRoots();
  const all = [authority.trim(), ...roots];
  const bundle = resolve(directory, 'trust.pem');
  const javaStore = resolve(directory, 'trust.jks');
  await mkdir(directory, { recursive: true });
  const ders = all.map((pem) => new X509Certificate(pem).raw);
  await writeIfOther(bundle, Buffer.from(`${all.join('\n')}\n`));
  await writeIfOther(javaStore, javaKeyStore(ders, JAVA_STORE_PASSWORD));
  return { bundle, javaStore };
}

/** The certificates that the system trusts, or Node's own list where they are not in a file. */
async function systemRoots(): Promise<readonly string[]> {
  for (const file of SYSTEM_BUNDLES) {
    const text = await readIfThere(file);
    const found = text?.toString('latin1').match(PEM);
    if (found) return found;
  }
  return rootCertificates;
}

/** Programs may have the file open: it is replaced whole, and only when it says something else. */
async function writeIfOther(file: string, content: Uint8Array): Promise<void> {
  const before = await readIfThere(file);
  if (before?.equals(content) === true) return;
  const temporary = join(file, `../.${process.pid}.tmp`);
  await writeFile(temporary, content);
  await rename(temporary, file);
}

async function readIfThere(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
