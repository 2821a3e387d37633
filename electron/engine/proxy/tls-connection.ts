import type { TLSSocket } from 'node:tls';
import { ExchangeError, toExchangeError } from '../errors.ts';
import type { ClientHello } from '../tls/client-hello.ts';
import { parseClientHello } from '../tls/client-hello.ts';
import { isCertifiable } from '../tls/certificate-authority.ts';
import { clientTls, secureClient } from '../tls/secure-client.ts';
import type { ClientConnection, ClientTransport, ConnectionHost } from './client-connection.ts';

/** A fatal alert, in the clear: the message could not be decoded (RFC 8446 §6). */
const DECODE_ERROR = Buffer.from([21, 3, 3, 0, 2, 2, 50]);

/**
 * A client that speaks TLS to the proxy's own port: to an HTTPS proxy, or to the server that it stands in front of.
 * What is inside is received like any connection.
 */
export class TlsConnection implements ClientConnection {
  readonly id: number;
  readonly #transport: ClientTransport;
  readonly #host: ConnectionHost;
  readonly #start: number;
  #bytes: Buffer;
  #serverName: string | undefined;

  /** @param first what the client has said already. */
  constructor(transport: ClientTransport, host: ConnectionHost, first: Buffer) {
    this.id = transport.peer.id;
    this.#transport = transport;
    this.#host = host;
    this.#start = host.now();
    this.#bytes = first;
    const { socket } = transport;
    socket.on('data', this.#onData);
    socket.on('end', this.#onEnd);
    socket.on('error', this.#onEnd);
    socket.on('close', this.#onEnd);
    // It may be over with what came first, but not before whoever made it knows it.
    queueMicrotask(() => this.#look());
  }

  check(now: number): void {
    if (now - this.#start > this.#host.limits.headTimeout) this.#fail(new ExchangeError('REQUEST_TIMEOUT', 'tls'));
  }

  stop(): void {
    this.kill();
  }

  kill(): void {
    this.#transport.socket.destroy();
  }

  readonly #onData = (chunk: Buffer): void => {
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
    this.#look();
  };

  readonly #onEnd = (): void =>
    this.#fail(new ExchangeError('CLIENT_GONE', 'tls', 'It left in the middle of its TLS handshake.'));

  #look(): void {
    const hello = parseClientHello(this.#bytes);
    if (hello === 'incomplete') return;
    if (hello === 'invalid') {
      this.#transport.socket.write(DECODE_ERROR);
      this.#fail(new ExchangeError('CLIENT_TLS_FAILED', 'tls', 'It does not begin with a ClientHello.'));
      return;
    }
    const { socket } = this.#transport;
    socket.off('data', this.#onData);
    socket.pause();
    this.#secure(hello).then(
      (secured) => {
        const tls = clientTls(secured, hello.serverName, this.#start, this.#host.now());
        this.#host.receive({ ...this.#transport, socket: secured, tls });
        this.#host.closed(this);
      },
      (thrown: unknown) => this.#fail(toExchangeError(thrown, 'tls')),
    );
  }

  async #secure(hello: ClientHello): Promise<TLSSocket> {
    const { socket } = this.#transport;
    const { serverName } = hello;
    this.#serverName = serverName;
    const name =
      serverName !== undefined && isCertifiable(serverName) ? serverName : (socket.localAddress ?? 'localhost');
    const context = this.#host.interception.contextFor(name.replace(/^::ffff:/, ''));
    this.#forget();
    return secureClient(socket, { context, first: this.#bytes, timeout: this.#host.limits.headTimeout });
  }

  #forget(): void {
    const { socket } = this.#transport;
    socket.off('data', this.#onData);
    socket.off('end', this.#onEnd);
    socket.off('error', this.#onEnd);
    socket.off('close', this.#onEnd);
  }

  #fail(error: ExchangeError): void {
    this.#forget();
    const { socket } = this.#transport;
    socket.end(() => socket.destroy());
    this.#host.tlsFailed({ transport: this.#transport, serverName: this.#serverName, start: this.#start }, error);
    this.#host.closed(this);
  }
}
