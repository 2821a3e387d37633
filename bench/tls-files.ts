import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeAuthority } from '../electron/engine/tls/make-authority.ts';
import { makeLeafSigner } from '../electron/engine/tls/make-leaf-signer.ts';

/** Files in PEM: a server's certificate with its key, and the authority to trust for it. */
export interface TlsFiles {
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
}

/** Makes an authority and a certificate for `host`, a name or a pattern such as `*.bench.test`, of the same kind as Hopscope's own. */
export async function makeTlsFiles(folder: string, host: string): Promise<TlsFiles> {
  const authority = await makeAuthority();
  const signer = makeLeafSigner(authority);
  const { certificate } = signer.sign(host);
  const files = { ca: join(folder, 'ca.pem'), certificate: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
  writeFileSync(files.ca, authority.certificate);
  writeFileSync(files.certificate, certificate);
  writeFileSync(files.key, signer.key);
  return files;
}
