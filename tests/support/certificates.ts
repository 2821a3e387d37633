import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A certificate and its key as PEM files. */
export interface TestCertificate {
  readonly certFile: string;
  readonly keyFile: string;
  readonly cert: string;
  readonly key: string;
}

/** How a certificate is to be: its names as openssl writes them, its issuer, its days. */
export interface CertificateWish {
  readonly names?: string;
  readonly issuer?: TestCertificate;
  readonly isCa?: boolean;
  /** As openssl takes them: `YYYYMMDDHHMMSSZ`. */
  readonly from?: string;
  readonly to?: string;
}

/** Makes a certificate with the openssl command in `directory`. */
export function makeCertificate(directory: string, name: string, wish: CertificateWish = {}): TestCertificate {
  const { names = 'DNS:localhost,IP:127.0.0.1', issuer, isCa = false, from, to } = wish;
  const file = (suffix: string): string => join(directory, `${name}.${suffix}`);
  const run = (...args: string[]): void => void execFileSync('openssl', args, { stdio: 'pipe', cwd: directory });
  run('ecparam', '-genkey', '-name', 'prime256v1', '-noout', '-out', file('key'));
  run('req', '-new', '-key', file('key'), '-subj', `/CN=${name}`, '-out', file('csr'));
  const lines = [
    `basicConstraints=critical,CA:${isCa ? 'TRUE' : 'FALSE'}`,
    ...(isCa ? [] : [`subjectAltName=${names}`]),
  ];
  writeFileSync(file('ext'), `${lines.join('\n')}\n`);
  writeFileSync(file('db'), '');
  writeFileSync(file('srl'), `${Math.floor(Math.random() * 1e9) + 1e9}\n`);
  writeFileSync(
    file('conf'),
    `[ca]\ndefault_ca=d\n[d]\ndatabase=${file('db')}\nserial=${file('srl')}\nnew_certs_dir=${directory}\ndefault_md=sha256\npolicy=p\nunique_subject=no\n[p]\ncommonName=supplied\n`,
  );
  const signer =
    issuer === undefined
      ? ['-selfsign', '-keyfile', file('key')]
      : ['-cert', issuer.certFile, '-keyfile', issuer.keyFile];
  const dates = ['-startdate', from ?? '20200101000000Z', '-enddate', to ?? '20400101000000Z'];
  run(
    'ca',
    '-batch',
    '-notext',
    '-config',
    file('conf'),
    '-in',
    file('csr'),
    '-out',
    file('crt'),
    '-extfile',
    file('ext'),
    ...signer,
    ...dates,
  );
  const [cert, key] = [readFileSync(file('crt'), 'utf8'), readFileSync(file('key'), 'utf8')];
  return { certFile: file('crt'), keyFile: file('key'), cert, key };
}
