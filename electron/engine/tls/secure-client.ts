import type { Duplex } from 'node:stream';
import type { SecureContext } from 'node:tls';
import { TLSSocket } from 'node:tls';
import type { ClientTlsFacts } from '../../../shared/tls-facts.ts';
import { ExchangeError } from '../errors.ts';

/** What is agreed with clients inside of TLS, best first (RFC 7301). */
export const SERVED_PROTOCOLS: readonly string[] = ['h2', 'http/1.1', 'http/1.0'];

export interface Handshake {
  readonly context: SecureContext;
  /** What the client has said already. */
  readonly first: Uint8Array;
  /** Milliseconds. */
  readonly timeout: number;
}

/**
 * Answers a client's ClientHello on `socket`, which nobody else may listen to for data. Rejects with an
 * {@link ExchangeError} of the phase `tls`, the socket destroyed, when no session comes about.
 */
export function secureClient(
  socket: Duplex & { readonly bytesWritten?: number },
  { context, first, timeout }: Handshake,
): Promise<TLSSocket> {
  if (socket.destroyed) return Promise.reject(leftError(false));
  return new Promise((resolve, reject) => {
    const written = socket.bytesWritten ?? 0;
    socket.unshift(first);
    const secured = new TLSSocket(socket, {
      isServer: true,
      secureContext: context,
      minVersion: 'TLSv1.2',
      ALPNProtocols: [...SERVED_PROTOCOLS],
    });
    const fail = (error: ExchangeError): void => {
      clearTimeout(timer);
      secured.off('end', onEnd);
      secured.off('close', onEnd);
      // A handshake that fails can fail in more than one way; the first is the one to tell.
      secured.on('error', () => socket.destroy());
      secured.destroy();
      socket.destroy();
      reject(error);
    };
    const timer = setTimeout(() => fail(new ExchangeError('REQUEST_TIMEOUT', 'tls')), timeout);
    const onError = (error: Error): void => fail(handshakeError(error));
    const onEnd = (): void => fail(leftError((socket.bytesWritten ?? 0) > written));
    socket.once('error', onError);
    secured.once('error', onError);
    secured.once('end', onEnd);
    secured.once('close', onEnd);
    // Node tells servers of a finished handshake by this event; `secureConnect` is for clients.
    secured.once('secure', () => {
      clearTimeout(timer);
      // Node clears this for clients and for its own servers only, and HTTP/2 waits for it.
      Object.assign(secured, { secureConnecting: false });
      secured.off('error', onError);
      secured.off('end', onEnd);
      secured.off('close', onEnd);
      socket.off('error', onError);
      // What the TCP connection fails with is the TLS connection's failure.
      socket.on('error', (error) => secured.destroy(error));
      resolve(secured);
    });
  });
}

/** The facts of a session that {@link secureClient} brought about. */
export function clientTls(
  socket: TLSSocket,
  serverName: string | undefined,
  start: number,
  end: number,
): ClientTlsFacts {
  const alpn = socket.alpnProtocol;
  return {
    version: socket.getProtocol() ?? 'TLS',
    cipher: socket.getCipher().name,
    alpn: typeof alpn === 'string' ? alpn : '',
    serverName: serverName ?? '',
    resumed: socket.isSessionReused(),
    start,
    end,
  };
}

/** A session in one line, for people. */
export function describeTls({ version, cipher, alpn, serverName, resumed }: ClientTlsFacts): string {
  const parts = [version, cipher, ...(alpn === '' ? [] : [`ALPN ${alpn}`])];
  const more = resumed ? ['session resumed'] : [];
  return [...parts, serverName === '' ? 'no SNI' : `SNI ${serverName}`, ...more].join(' · ');
}

/** Alerts by which clients refuse a certificate (RFC 8446 §6.2). */
const REFUSALS = /ALERT_(UNKNOWN_CA|BAD_CERTIFICATE|UNSUPPORTED_CERTIFICATE|CERTIFICATE_(?:UNKNOWN|EXPIRED|REVOKED))/;

function handshakeError(error: Error): ExchangeError {
  const { code = '' } = error as NodeJS.ErrnoException;
  const refusal = REFUSALS.exec(code)?.[1];
  if (refusal !== undefined) {
    return new ExchangeError('CERTIFICATE_REFUSED', 'tls', `Its alert is ${refusal.toLowerCase()}.`, error);
  }
  const alert = /ALERT_([A-Z_]+)$/.exec(code)?.[1];
  if (alert !== undefined) {
    return new ExchangeError('CLIENT_TLS_FAILED', 'tls', `Its alert is ${alert.toLowerCase()}.`, error);
  }
  if (code === 'ECONNRESET' || code === 'EPIPE') return leftError(true);
  return new ExchangeError('CLIENT_TLS_FAILED', 'tls', `OpenSSL says: ${reasonOf(error)}.`, error);
}

/** The client went away; if it had seen our certificate, that is likely the reason. */
function leftError(answered: boolean): ExchangeError {
  if (answered) return new ExchangeError('CERTIFICATE_REFUSED', 'tls', 'It closed the connection without an alert.');
  return new ExchangeError('CLIENT_GONE', 'tls', 'It left in the middle of its TLS handshake.');
}

/** OpenSSL's words without its codes and places. */
function reasonOf(error: Error): string {
  const { reason = error.message } = error as { reason?: string };
  return reason.replace(/^.*SSL routines:[^:]*:/, '').replace(/:.*$/s, '');
}
