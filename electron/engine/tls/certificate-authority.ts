import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import type { SecureContext } from 'node:tls';
import { createSecureContext } from 'node:tls';
import type { KeyProtector } from './authority-files.ts';
import { authorityFile, loadAuthority } from './authority-files.ts';
import type { CertificateWithKey } from './make-authority.ts';
import type { LeafSigner } from './make-leaf-signer.ts';
import { makeLeafSigner } from './make-leaf-signer.ts';

/** Hosts whose certificates are kept; a page with many third parties needs about a hundred. */
const CAPACITY = 1_000;
/** A certificate that ends within this many milliseconds is made anew: connections may stay for long. */
const RENEW_BEFORE = 7 * 86_400_000;

interface Leaf {
  readonly context: SecureContext;
  readonly notAfter: number;
}

/** Signs the certificates that clients get when their TLS is intercepted. Use {@link openAuthority}. */
export class CertificateAuthority {
  /** The authority's certificate, PEM. */
  readonly certificate: string;
  /** Where the certificate lies, for programs that want a file. */
  readonly file: string;
  readonly #key: string;
  readonly #capacity: number;
  readonly #leaves = new Map<string, Leaf>();
  #signer: LeafSigner | undefined;

  /** @param capacity how many hosts' certificates are kept. */
  constructor(authority: CertificateWithKey, file: string, capacity = CAPACITY) {
    this.#capacity = capacity;
    this.certificate = authority.certificate;
    this.#key = authority.key;
    this.file = file;
  }

  /** The certificate's facts. */
  get facts(): X509Certificate {
    return new X509Certificate(this.certificate);
  }

  /** Makes what all certificates share. @throws {Error} when the authority cannot sign. */
  prepare(): void {
    this.#signer ??= makeLeafSigner({ certificate: this.certificate, key: this.#key });
  }

  /**
   * What a TLS server needs to answer as `host`, a name or an address. Kept for the next connection to that host, so that
   * clients can resume their sessions.
   */
  contextFor(host: string): SecureContext {
    const name = host.toLowerCase();
    const kept = this.#leaves.get(name);
    // The order of a Map is that of insertion: the first is the one not used for longest.
    this.#leaves.delete(name);
    const leaf = kept !== undefined && kept.notAfter - Date.now() > RENEW_BEFORE ? kept : this.#make(name);
    this.#leaves.set(name, leaf);
    if (this.#leaves.size > this.#capacity) this.#leaves.delete(this.#leaves.keys().next().value as string);
    return leaf.context;
  }

  #make(host: string): Leaf {
    const signer = (this.#signer ??= makeLeafSigner({ certificate: this.certificate, key: this.#key }));
    const { certificate, notAfter } = signer.sign(host);
    // Some clients complete the chain only from what the server sends.
    const context = createSecureContext({ cert: certificate + this.certificate, key: signer.key });
    return { context, notAfter };
  }
}

/**
 * Opens the authority kept in `directory`, or makes one there.
 * @throws {Error} with one sentence when the files there cannot be used.
 */
export async function openAuthority(directory: string, protector?: KeyProtector): Promise<CertificateAuthority> {
  const make = async (): Promise<CertificateWithKey> => (await import('./make-authority.ts')).makeAuthority();
  const authority = await loadAuthority(directory, make, protector);
  return new CertificateAuthority(authority, authorityFile(directory));
}

/** Says whether `name` can stand in a certificate: a DNS name, with underscores as they are seen in the wild, or an address. */
export function isCertifiable(name: string): boolean {
  return isIP(name) !== 0 || (name.length <= 253 && /^(?!-)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*$/i.test(name));
}
