import { messageOf } from '../../shared/message-of.ts';

/**
 * Everything that can go wrong with an exchange, in one table: the code that traces and programs use, the status a
 * client gets while nothing has been sent yet, and the sentence people read.
 */
const table = {
  // The client's message (RFC 9112)
  MALFORMED_REQUEST_LINE: [400, 'The request line is not "method target HTTP/1.x".'],
  MALFORMED_HEADER: [400, 'A header line is not "name: value".'],
  BAD_TARGET: [400, 'The request target is not valid for this method.'],
  BAD_HOST: [400, 'The Host field is missing, repeated or not a host.'],
  BAD_FRAMING: [400, 'The message length is ambiguous or invalid.'],
  BAD_CHUNK: [400, 'The chunked body is malformed.'],
  UNKNOWN_TRANSFER_CODING: [501, 'The request uses a transfer coding other than chunked.'],
  BAD_FRAMES: [400, 'The HTTP/2 connection broke its rules or its limits.'],
  REQUEST_REFUSED: [400, 'The request on an HTTP/2 stream was reset before it could be read.'],
  TARGET_TOO_LONG: [414, 'The request target is longer than the limit.'],
  HEAD_TOO_LARGE: [431, 'The request head is larger than the limit.'],
  VERSION_NOT_SUPPORTED: [505, 'Only HTTP/1.0, HTTP/1.1 and HTTP/2 are supported here.'],
  UNSUPPORTED_SCHEME: [400, 'Only http and https URLs can be forwarded.'],
  REQUEST_TIMEOUT: [408, 'The request did not arrive in time.'],
  CERTIFICATE_REFUSED: [
    400,
    "The client refuses Hopscope's certificate: have its authority trusted (http://hopscope.local/ says how) or, if the client pins certificates, pass the host through.",
  ],
  CLIENT_TLS_FAILED: [400, 'The TLS handshake with the client failed.'],
  CLIENT_GONE: [499, 'The client closed the connection before the exchange was complete.'],
  // SOCKS (RFC 1928)
  MALFORMED_SOCKS: [400, 'The SOCKS handshake is malformed.'],
  SOCKS_METHOD: [400, 'The SOCKS client offers no way to log in that is known here.'],
  SOCKS_COMMAND: [501, 'Of the commands of SOCKS only CONNECT is served.'],
  SOCKS_ADDRESS_TYPE: [400, 'The SOCKS address is of an unknown type.'],
  // Access
  ADDRESS_NOT_ALLOWED: [403, "The client's address is not among those that may use Hopscope."],
  CREDENTIALS_REQUIRED: [407, 'Hopscope wants a user name and a password.'],
  LOGIN_REQUIRED: [401, 'Hopscope wants a user name and a password.'],
  TOO_MANY_FAILURES: [429, 'Too many wrong passwords came from this address.'],
  FOREIGN_HOST: [421, 'A browser asks Hopscope by a host name that it does not know.'],
  // Routing
  LOOP: [508, 'The request leads back to Hopscope itself.'],
  NO_UPSTREAM: [404, 'No upstream is active for requests to Hopscope itself.'],
  NOT_FORWARDABLE: [501, 'This request cannot be forwarded.'],
  // The upstream
  DNS_FAILED: [502, "The upstream's name could not be resolved."],
  CONNECTION_REFUSED: [502, 'The upstream refused the connection.'],
  HOST_UNREACHABLE: [502, 'The upstream cannot be reached from here.'],
  CONNECT_TIMEOUT: [504, 'The upstream did not accept a connection in time.'],
  TLS_FAILED: [502, 'The secure connection to the upstream failed.'],
  NOT_TLS: [502, 'The upstream does not speak TLS on this port.'],
  TLS_VERSION: [502, 'The upstream and Hopscope have no version of TLS in common.'],
  TLS_ALERT: [502, 'The upstream broke off the TLS handshake.'],
  TLS_SETUP: [502, 'The settings for TLS with upstreams cannot be used.'],
  CLIENT_CERTIFICATE: [502, 'The upstream wants a client certificate, or refused the one it was given.'],
  CERTIFICATE_EXPIRED: [502, "The upstream's certificate has expired."],
  CERTIFICATE_NOT_YET_VALID: [502, "The upstream's certificate is not valid yet."],
  CERTIFICATE_SELF_SIGNED: [502, "The upstream's certificate is self-signed."],
  CERTIFICATE_UNKNOWN_ISSUER: [502, "The upstream's certificate comes from an issuer that is not trusted."],
  CERTIFICATE_WRONG_HOST: [502, "The upstream's certificate is for another host."],
  CERTIFICATE_REVOKED: [502, "The upstream's certificate was revoked."],
  CERTIFICATE_INVALID: [502, "The upstream's certificate cannot be verified."],
  PROXY_UNREACHABLE: [502, 'The upstream proxy cannot be reached.'],
  PROXY_AUTH: [502, 'The upstream proxy wants credentials, or refused those it was given.'],
  PROXY_REFUSED: [502, 'The upstream proxy refused to connect.'],
  PROXY_ORIGIN_FAILED: [502, 'The upstream proxy could not reach the origin.'],
  PROXY_PROTOCOL: [502, "The upstream proxy's answer makes no sense."],
  PAC_FAILED: [502, 'The proxy auto-configuration could not be used.'],
  CONNECTION_RESET: [502, 'The upstream reset the connection.'],
  STREAM_RESET: [502, 'The upstream reset the HTTP/2 stream of the request.'],
  STREAM_REFUSED: [502, 'The upstream did not take the request.'],
  CLOSED_EARLY: [502, 'The upstream closed the connection before its answer was complete.'],
  HEAD_TIMEOUT: [504, 'The upstream did not answer in time.'],
  BODY_TIMEOUT: [504, "The upstream's body stopped arriving."],
  MALFORMED_RESPONSE: [502, "The upstream's answer is not valid HTTP."],
  TRANSFER_CODING: [502, "The upstream's answer is in a transfer coding that cannot be undone."],
  UPSTREAM_FAILED: [502, 'The exchange with the upstream failed.'],
  // The gateway
  APPLICATION_FAILED: [500, 'The application raised an exception.'],
  APPLICATION_NOT_LOADED: [500, 'The application could not be loaded.'],
  APPLICATION_BUSY: [503, 'No worker of the application was free in time.'],
  APPLICATION_HANGS: [504, 'The application did not answer in time; its worker is replaced.'],
  WORKER_LOST: [502, "The application's worker ended before its answer was complete."],
  // Rules
  BLOCKED: [403, 'A rule of Hopscope blocks this request.'],
  RULE_FILE_MISSING: [404, 'A rule answers this request from a file that does not exist.'],
  RULE_FILE_UNREADABLE: [500, 'A rule answers this request from a file that cannot be read.'],
  // The cache
  ONLY_IF_CACHED: [504, 'Nothing stored may answer this only-if-cached request.'],
  STALE_FORBIDDEN: [504, 'What is stored may not be served without the upstream, which failed.'],
  OFFLINE: [504, 'Hopscope is offline and has nothing stored for this request.'],
  WRONG_NOT_MODIFIED: [502, "The upstream's 304 is about nothing that is stored."],
  STORE_FAILED: [500, 'A stored response could not be read.'],
  // Hopscope
  HANDLER_FAILED: [500, 'A handler failed.'],
  HANDLER_STUCK: [504, 'A handler did not stop in time.'],
  NEXT_TWICE: [500, 'A handler called next twice.'],
  STOPPING: [503, 'Hopscope is stopping.'],
} as const satisfies Record<string, readonly [number, string]>;

export type ErrorCode = keyof typeof table;

/** A failure of an exchange with its code, the phase it happened in and, if another error caused it, that error. */
export class ExchangeError extends Error {
  readonly code: ErrorCode;
  /** Where it happened: accept, guard, cache, dns, connect, tls, send, wait, receive, deliver … */
  readonly phase: string;

  /** @param detail what exactly was wrong, added to the table's sentence. */
  constructor(code: ErrorCode, phase: string, detail?: string, cause?: unknown) {
    super(detail === undefined ? table[code][1] : `${table[code][1]} ${detail}`, cause === undefined ? {} : { cause });
    this.name = 'ExchangeError';
    this.code = code;
    this.phase = phase;
  }

  /** What went wrong in one sentence, the same for all errors of this code; {@link detail} says what exactly. */
  get summary(): string {
    return table[this.code][1];
  }

  get detail(): string {
    return this.message.slice(this.summary.length + 1);
  }

  /** The status that tells a client of this error. */
  get status(): number {
    return table[this.code][0];
  }
}

/** Any thrown value as an {@link ExchangeError}; unknown ones become HANDLER_FAILED in `phase`. */
export function toExchangeError(error: unknown, phase: string): ExchangeError {
  if (error instanceof ExchangeError) return error;
  return new ExchangeError('HANDLER_FAILED', phase, messageOf(error), error);
}
