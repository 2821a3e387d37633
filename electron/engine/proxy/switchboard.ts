import type {
  ClientConnection,
  ClientTransport,
  ConnectionHost,
  ExchangeHost,
  PendingTunnel,
  TunnelRequest,
} from './client-connection.ts';
import { FirstBytes, WaitingRoom } from './first-bytes.ts';
import { Http1Connection } from './http1-connection.ts';
import { Http2Connection } from './http2-connection.ts';
import { Outbox } from './outbox.ts';
import type { Protocol } from './sniff.ts';
import { SocksConnection } from './socks-connection.ts';
import { SwitchedConnection } from './switched-connection.ts';
import { TlsConnection } from './tls-connection.ts';
import { Tunnel } from './tunnel.ts';

/** Told of every connection that begins and ends. */
export interface ConnectionRegistry {
  opened(connection: ClientConnection): void;
  closed(connection: ClientConnection): void;
}

/**
 * Knows every protocol that clients may speak, and puts each client through to the connection that speaks it: on the
 * proxy's own port, inside of tunnels, and inside of TLS.
 */
export class Switchboard {
  readonly #host: ConnectionHost;
  readonly #registry: ConnectionRegistry;
  readonly #waitingRoom = new WaitingRoom();

  constructor(host: ExchangeHost, registry: ConnectionRegistry) {
    this.#registry = registry;
    this.#host = {
      ...host,
      outbox: new Outbox(),
      receive: (transport) => this.receive(transport),
      tunnel: (request) => this.#tunnel(request),
      closed: (connection) => registry.closed(connection),
    };
  }

  /** Takes what a client says over `transport`, in whatever protocol. */
  receive(transport: ClientTransport): void {
    this.#registry.opened(new FirstBytes(transport, this.#host, this.#speak, this.#waitingRoom));
  }

  #tunnel(asked: TunnelRequest): PendingTunnel {
    const { x, other } = asked;
    // Whoever may open a tunnel may use it.
    const request = { ...asked, transport: { ...asked.transport, admitted: true } };
    const tunnel =
      x.request.upgrade !== undefined && typeof other === 'object'
        ? new SwitchedConnection({ ...request, other }, this.#host)
        : new Tunnel(request, this.#host, this.#speak);
    this.#registry.opened(tunnel);
    return tunnel;
  }

  readonly #speak = (protocol: Protocol, transport: ClientTransport, first: Buffer): void => {
    switch (protocol) {
      case 'tls':
        this.#registry.opened(new TlsConnection(transport, this.#host, first));
        return;
      case 'h2':
        this.#registry.opened(new Http2Connection(transport, this.#host, first));
        return;
      case 'socks4':
      case 'socks5':
        this.#registry.opened(new SocksConnection(protocol === 'socks5' ? 5 : 4, transport, this.#host, first));
        return;
      // HTTP/1 also tells clients of what is not served here.
      case 'other':
      case 'http1':
        this.#registry.opened(new Http1Connection(transport, this.#host, first));
    }
  };
}
