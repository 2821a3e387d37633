import type { CertificateFacts } from '../../../../shared/tls-facts.ts';
import type { ErrorCode } from '../../errors.ts';
import { ExchangeError } from '../../errors.ts';

/** OpenSSL's reasons to distrust a certificate, as Node names them. */
const VERIFICATION: Readonly<Record<string, ErrorCode>> = {
  CERT_HAS_EXPIRED: 'CERTIFICATE_EXPIRED',
  CERT_NOT_YET_VALID: 'CERTIFICATE_NOT_YET_VALID',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'CERTIFICATE_SELF_SIGNED',
  SELF_SIGNED_CERT_IN_CHAIN: 'CERTIFICATE_UNKNOWN_ISSUER',
  UNABLE_TO_GET_ISSUER_CERT: 'CERTIFICATE_UNKNOWN_ISSUER',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'CERTIFICATE_UNKNOWN_ISSUER',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'CERTIFICATE_UNKNOWN_ISSUER',
  ERR_TLS_CERT_ALTNAME_INVALID: 'CERTIFICATE_WRONG_HOST',
  CERT_REVOKED: 'CERTIFICATE_REVOKED',
};

/**
 * Why a server's certificate is not accepted.
 *
 * @param reason Node's code for what verification found.
 * @param leaf the certificate, if the server showed one.
 */
export function certificateError(reason: string, hostname: string, leaf: CertificateFacts | undefined): ExchangeError {
  const code = VERIFICATION[reason] ?? 'CERTIFICATE_INVALID';
  return new ExchangeError(code, 'tls', `${problemWith(code, reason, hostname, leaf)} ${describe(leaf)}`.trim());
}

function problemWith(code: ErrorCode, reason: string, hostname: string, leaf: CertificateFacts | undefined): string {
  switch (code) {
    case 'CERTIFICATE_EXPIRED':
      return `${hostname}: since ${day(leaf?.validTo)}.`;
    case 'CERTIFICATE_NOT_YET_VALID':
      return `${hostname}: from ${day(leaf?.validFrom)} on.`;
    case 'CERTIFICATE_WRONG_HOST':
      return `${hostname} is not among its names: ${leaf === undefined || leaf.names.length === 0 ? 'none' : leaf.names.join(', ')}.`;
    default:
      return `${hostname}: ${reason}.`;
  }
}

function describe(leaf: CertificateFacts | undefined): string {
  if (leaf === undefined) return '';
  const { subject, issuer, validFrom, validTo } = leaf;
  return `Subject ${subject}; issuer ${issuer}; valid from ${day(validFrom)} to ${day(validTo)}.`;
}

function day(time: number | undefined): string {
  return time === undefined || Number.isNaN(time) ? 'an unknown day' : new Date(time).toISOString().slice(0, 10);
}

/** Alerts (RFC 8446 §6) by which a server says that it wants another, or any, certificate from us. */
const ABOUT_OUR_CERTIFICATE =
  /ALERT_(BAD_CERTIFICATE|UNSUPPORTED_CERTIFICATE|CERTIFICATE_(REQUIRED|REVOKED|EXPIRED|UNKNOWN)|UNKNOWN_CA)|CERTIFICATE_REQUIRED/;
const NO_COMMON_VERSION = /UNSUPPORTED_PROTOCOL|ALERT_PROTOCOL_VERSION|NO_PROTOCOLS_AVAILABLE|VERSION_TOO_LOW/;
/** OpenSSL names alerts of extensions (RFC 6066 §9) without saying what they are. */
const ALERT = /ALERT|UNRECOGNIZED_NAME|UNSUPPORTED_EXTENSION|CERTIFICATE_UNOBTAINABLE|STATUS_RESPONSE/;
const NOT_TLS =
  /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST|UNKNOWN_PROTOCOL|RECORD_LAYER|BAD_RECORD_TYPE/;

/**
 * What OpenSSL's error on a connection that was secured before means; undefined when it is none of them. In TLS 1.3 the
 * handshake is over for us before the server has looked at our certificate (RFC 8446 §4.4.2.4, App. A).
 *
 * @param stage how far the exchange had come.
 */
export function securedError(error: unknown, stage: string): ExchangeError | undefined {
  const { code = '', reason, message } = error as NodeJS.ErrnoException & { reason?: string };
  if (!code.startsWith('ERR_SSL_')) return undefined;
  const about = ABOUT_OUR_CERTIFICATE.test(code) ? 'CLIENT_CERTIFICATE' : 'TLS_FAILED';
  return new ExchangeError(about, stage, `${reason ?? message}.`, error);
}

/** What a failed handshake means; undefined when it is not about TLS. */
export function handshakeError(error: unknown, hostname: string): ExchangeError | undefined {
  if (!(error instanceof Error) || error instanceof ExchangeError) return undefined;
  const { code = '', reason, message } = error as NodeJS.ErrnoException & { reason?: string };
  const detail = `${hostname}: ${reason ?? message}.`;
  if (ABOUT_OUR_CERTIFICATE.test(code)) return new ExchangeError('CLIENT_CERTIFICATE', 'tls', detail, error);
  if (NO_COMMON_VERSION.test(code)) return new ExchangeError('TLS_VERSION', 'tls', detail, error);
  if (NOT_TLS.test(code)) return new ExchangeError('NOT_TLS', 'tls', detail, error);
  if (ALERT.test(code)) return new ExchangeError('TLS_ALERT', 'tls', detail, error);
  if (/^(ERR_SSL|ERR_TLS|ERR_OSSL|EPROTO)/.test(code)) return new ExchangeError('TLS_FAILED', 'tls', detail, error);
  if (code === 'ECONNRESET' || code === 'EPIPE') {
    return new ExchangeError('TLS_FAILED', 'tls', `${hostname} closed the connection during the handshake.`, error);
  }
  return undefined;
}
