import { readFileSync } from 'node:fs';
import type { SecureContext, SecureContextOptions } from 'node:tls';
import { createSecureContext, getCACertificates } from 'node:tls';
import type { Settings } from '../../../../shared/settings.ts';
import { messageOf } from '../../../../shared/message-of.ts';
import { ExchangeError } from '../../errors.ts';
import type { UrlMatcher } from '../routing/url-pattern.ts';
import { compileUrlPattern } from '../routing/url-pattern.ts';

type OriginTls = Settings['originTls'];
type ClientCertificate = OriginTls['clientCertificates'][number];

/** How one server is spoken to. */
export interface ServerTls {
  readonly context: SecureContext;
  /** Whether its certificate must be one to trust. */
  readonly verify: boolean;
}

const DEFAULT_CONTEXT = 'default';

/**
 * How servers prove who they are and how we do, by the settings. Files are read when a connection first needs them;
 * contexts are kept, because making one parses every root certificate.
 */
export class TlsPolicy {
  readonly #settings: OriginTls;
  readonly #insecure: readonly UrlMatcher[];
  readonly #certificates: readonly { readonly matches: UrlMatcher; readonly certificate: ClientCertificate }[];
  readonly #contexts = new Map<string, SecureContext>();

  constructor(settings: OriginTls) {
    this.#settings = settings;
    this.#insecure = settings.insecureHosts.map(compileUrlPattern);
    this.#certificates = settings.clientCertificates.map((certificate) => ({
      matches: compileUrlPattern(certificate.host),
      certificate,
    }));
  }

  /** Throws an ExchangeError that names the file when one of the settings' files cannot be used. */
  forServer(hostname: string, port: number): ServerTls {
    const found = this.#certificates.find(({ matches }) => matches(hostname, port, ''));
    return {
      context: this.#contextWith(found?.certificate),
      verify: !this.#insecure.some((matches) => matches(hostname, port, '')),
    };
  }

  #contextWith(certificate: ClientCertificate | undefined): SecureContext {
    const key = certificate === undefined ? DEFAULT_CONTEXT : `${certificate.file}\n${certificate.passphrase ?? ''}`;
    const known = this.#contexts.get(key);
    if (known !== undefined) return known;
    const { extraCaFiles } = this.#settings;
    const extra = extraCaFiles.map((file) => readCertificates(file));
    const trusted = extra.length === 0 ? {} : { ca: [...getCACertificates('default'), ...extra] };
    const context = make({ ...trusted, ...(certificate === undefined ? {} : readIdentity(certificate)) }, [
      ...extraCaFiles,
      ...(certificate === undefined ? [] : [certificate.file]),
    ]);
    this.#contexts.set(key, context);
    return context;
  }
}

/** The PEM certificates in `file`. Throws an ExchangeError that names it. */
export function readCertificates(file: string): string {
  const text = read(file).toString('latin1');
  if (text.includes('-----BEGIN CERTIFICATE-----')) return text;
  throw new ExchangeError('TLS_SETUP', 'tls', `${file} holds no certificate in PEM form.`);
}

/** A client certificate with its key, checked. Throws an ExchangeError that names the file. */
export function readIdentity(certificate: ClientCertificate): SecureContextOptions {
  const { file, passphrase } = certificate;
  const bytes = read(file);
  const secret = passphrase === undefined ? {} : { passphrase };
  const isPem = bytes.includes('-----BEGIN ');
  const options = isPem ? { cert: bytes, key: bytes, ...secret } : { pfx: bytes, ...secret };
  try {
    createSecureContext(options);
  } catch (error) {
    const lacking = isPem ? lackingIn(bytes) : undefined;
    throw new ExchangeError('TLS_SETUP', 'tls', `${file}: ${lacking ?? identityProblem(error)}.`, error);
  }
  return options;
}

function lackingIn(pem: Buffer): string | undefined {
  if (!pem.includes('-----BEGIN CERTIFICATE-----')) return 'it holds no certificate';
  return /-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(pem.toString('latin1')) ? undefined : 'it holds no private key';
}

/** OpenSSL's words for what is usually wrong with a certificate and its key, in others. */
function identityProblem(error: unknown): string {
  const message = messageOf(error);
  if (/mac verify failure|bad decrypt|empty password|bad password/.test(message))
    return 'its passphrase is wrong or missing';
  if (message.includes('Unsupported PKCS12'))
    return 'it is encrypted by an outdated algorithm; `openssl pkcs12 -legacy -nodes -in` turns it into PEM';
  if (/not enough data|wrong tag|too long|asn1/.test(message)) return 'it is neither PEM nor PKCS #12';
  if (message.includes('key values mismatch')) return 'its key is not that of its certificate';
  return message;
}

function read(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new ExchangeError('TLS_SETUP', 'tls', `${file} cannot be read: ${code ?? message}.`, error);
  }
}

function make(options: SecureContextOptions, files: readonly string[]): SecureContext {
  try {
    return createSecureContext(options);
  } catch (error) {
    const why = messageOf(error);
    throw new ExchangeError('TLS_SETUP', 'tls', `${files.join(', ')}: ${why}.`, error);
  }
}
