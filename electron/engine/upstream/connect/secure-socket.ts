import type { Socket } from 'node:net';
import { isIP } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { connect } from 'node:tls';
import type { TlsFacts } from '../../../../shared/tls-facts.ts';
import { makePatient } from './patient-socket.ts';
import { READ_AHEAD_BYTES } from './read-ahead.ts';
import { certificateError, handshakeError } from './tls-failure.ts';
import { tlsFacts } from './tls-facts.ts';
import type { TlsPolicy } from './tls-policy.ts';

/** Sessions that servers gave us to resume, by server and way of verification; the oldest go first. */
export class TlsSessions {
  readonly #sessions = new Map<string, Buffer>();
  readonly #max = 500;

  get(key: string): Buffer | undefined {
    return this.#sessions.get(key);
  }

  set(key: string, session: Buffer): void {
    this.#sessions.delete(key);
    this.#sessions.set(key, session);
    if (this.#sessions.size <= this.#max) return;
    const [oldest] = this.#sessions.keys();
    if (oldest !== undefined) this.#sessions.delete(oldest);
  }

  delete(key: string): void {
    this.#sessions.delete(key);
  }
}

/** What a handshake needs besides the socket. */
export interface SecureOptions {
  readonly hostname: string;
  readonly port: number;
  /** Protocols to offer (RFC 7301), best first; empty for none. */
  readonly alpn: readonly string[];
  readonly policy: TlsPolicy;
  readonly sessions: TlsSessions;
}

/**
 * Secures `socket` with TLS as the client of `hostname`. Verification is done here rather than by Node, so that the
 * certificate of a refused server can be told of. Rejects with an ExchangeError; the socket is destroyed then.
 */
export function secureSocket(
  socket: Socket,
  options: SecureOptions,
): Promise<{ readonly secured: TLSSocket; readonly facts: TlsFacts }> {
  const { hostname, port, alpn, policy, sessions } = options;
  return new Promise((resolve, reject) => {
    const { context, verify } = policy.forServer(hostname, port);
    const key = `${hostname}:${port}:${verify ? 'verified' : 'any'}`;
    const session = sessions.get(key);
    const secured = connect({
      socket,
      host: hostname,
      // RFC 6066 §3: addresses are no server names, and names have no final dot.
      ...(isIP(hostname) === 0 ? { servername: hostname.replace(/\.$/, '') } : {}),
      ...(alpn.length === 0 ? {} : { ALPNProtocols: [...alpn] }),
      ...(session === undefined ? {} : { session }),
      secureContext: context,
      rejectUnauthorized: false,
      // Node's typings leave it out.
      ...{ highWaterMark: READ_AHEAD_BYTES },
    });
    // TLS writes to the connection below past the methods of `socket`.
    makePatient(secured);
    const fail = (error: Error): void => {
      sessions.delete(key);
      secured.destroy();
      reject(handshakeError(error, hostname) ?? error);
    };
    const closed = (): void => fail(Object.assign(new Error('closed'), { code: 'ECONNRESET' }));
    secured.on('session', (fresh) => sessions.set(key, fresh));
    secured.once('error', fail);
    secured.once('close', closed);
    secured.once('secureConnect', () => {
      secured.off('error', fail);
      secured.off('close', closed);
      const problem = secured.authorized ? undefined : reasonOf(secured.authorizationError);
      const facts = tlsFacts(secured, problem);
      // Node leaves the connection below open when TLS breaks while HTTP/2 is spoken in it.
      secured.once('error', () => socket.destroy());
      if (problem === undefined || !verify) return resolve({ secured, facts });
      fail(certificateError(problem, hostname, facts.chain[0]));
    });
  });
}

/** Typed as an Error, but a code where OpenSSL found the problem. */
function reasonOf(found: unknown): string {
  if (typeof found === 'string') return found;
  const { code, message } = found as NodeJS.ErrnoException;
  return code ?? message;
}
