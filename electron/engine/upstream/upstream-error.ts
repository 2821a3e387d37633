import { messageOf } from '../../../shared/message-of.ts';
import type { ErrorCode } from '../errors.ts';
import { ExchangeError } from '../errors.ts';
import { securedError } from './connect/tls-failure.ts';

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
};

/**
 * What a failure of a socket means.
 *
 * @param stage how far the exchange with the upstream had come: `connect`, `send`, `wait` or `receive`.
 */
export function upstreamError(error: unknown, stage: string): ExchangeError {
  if (error instanceof ExchangeError) return error;
  const code = codeOf(error);
  const message = messageOf(error);
  const known = code === undefined ? undefined : CODES[code];
  if (known !== undefined) return new ExchangeError(known[0], known[1], message, error);
  if (code === 'ECONNRESET' || code === 'EPIPE') {
    return new ExchangeError('CONNECTION_RESET', stage, message, error);
  }
  return securedError(error, stage) ?? new ExchangeError('UPSTREAM_FAILED', stage, message, error);
}

/** The error's own code or, for a failed attempt at several addresses, that of the last one. */
function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code } = error as NodeJS.ErrnoException;
  if (error instanceof AggregateError) return codeOf(error.errors.at(-1)) ?? code;
  return code;
}
