import type { ErrorCode } from '../errors.ts';
import { ExchangeError } from '../errors.ts';

const CODES: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  ENOTFOUND: ['DNS_FAILED', 'dns'],
  EAI_AGAIN: ['DNS_FAILED', 'dns'],
  EAI_FAIL: ['DNS_FAILED', 'dns'],
  ENODATA: ['DNS_FAILED', 'dns'],
  ECONNREFUSED: ['CONNECTION_REFUSED', 'connect'],
  EHOSTUNREACH: ['HOST_UNREACHABLE', 'connect'],
  ENETUNREACH: ['HOST_UNREACHABLE', 'connect'],
  EADDRNOTAVAIL: ['HOST_UNREACHABLE', 'connect'],
  ETIMEDOUT: ['CONNECT_TIMEOUT', 'connect'],
  UND_ERR_CONNECT_TIMEOUT: ['CONNECT_TIMEOUT', 'connect'],
  UND_ERR_HEADERS_TIMEOUT: ['HEAD_TIMEOUT', 'wait'],
  UND_ERR_BODY_TIMEOUT: ['BODY_TIMEOUT', 'receive'],
  UND_ERR_HEADERS_OVERFLOW: ['MALFORMED_RESPONSE', 'wait'],
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: ['CLOSED_EARLY', 'receive'],
};

/**
 * What a failure of undici or of a socket means.
 *
 * @param stage how far the exchange with the upstream had come: `connect`, `send`, `wait` or `receive`.
 */
export function upstreamError(error: unknown, stage: string): ExchangeError {
  if (error instanceof ExchangeError) return error;
  const code = codeOf(error);
  const message = error instanceof Error ? error.message : String(error);
  // Before there is a head, undici takes a parser's error for a body that is too short.
  const misread = code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH' && stage !== 'receive';
  if (misread) return new ExchangeError('MALFORMED_RESPONSE', stage, 'Its head is no valid HTTP/1 head.', error);
  const known = code === undefined ? undefined : CODES[code];
  if (known !== undefined) return new ExchangeError(known[0], known[1], message, error);
  if (code === 'ECONNRESET' || code === 'EPIPE') {
    return new ExchangeError('CONNECTION_RESET', stage, message, error);
  }
  if (code === 'UND_ERR_SOCKET') {
    const bad = message.startsWith('bad ');
    return new ExchangeError(bad ? 'MALFORMED_RESPONSE' : 'CLOSED_EARLY', stage, message, error);
  }
  if (error instanceof Error && error.name === 'HTTPParserError') {
    return new ExchangeError('MALFORMED_RESPONSE', stage, message, error);
  }
  if (code === 'UND_ERR_INVALID_ARG' || code === 'UND_ERR_NOT_SUPPORTED') {
    return new ExchangeError('NOT_FORWARDABLE', 'send', message, error);
  }
  return new ExchangeError('UPSTREAM_FAILED', stage, message, error);
}

/** The error's own code or, for a failed attempt at several addresses, that of the last one. */
function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code } = error as NodeJS.ErrnoException;
  if (error instanceof AggregateError) return codeOf(error.errors.at(-1)) ?? code;
  return code;
}
