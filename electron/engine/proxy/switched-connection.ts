import type { Outcome } from '../../../shared/trace-event.ts';
import type { FarEnd } from '../chain/reply.ts';
import { carryBytes } from './carry-bytes.ts';
import type { ConnectionHost, PendingTunnel, TunnelRequest } from './client-connection.ts';

const EMPTY = Buffer.alloc(0);

/** The origin has switched on a connection that is there. */
type SwitchRequest = TunnelRequest & { readonly other: FarEnd };

/**
 * A client's connection after the origin has switched protocols on it (RFC 9110 §7.8): bytes pass both ways as they are.
 * What is known to be spoken, such as WebSocket, is read along the way by the request's watch.
 */
export class SwitchedConnection implements PendingTunnel {
  readonly id: number;
  readonly #request: SwitchRequest;
  readonly #host: ConnectionHost;

  constructor(request: SwitchRequest, host: ConnectionHost) {
    this.id = request.transport.peer.id;
    this.#request = request;
    this.#host = host;
  }

  async open(early: Uint8Array): Promise<Outcome> {
    const { x, transport, other, watch } = this.#request;
    if (watch === undefined) {
      x.trace.note('info', 'TUNNELLED', 'Tunnelled: not inspectable, not cacheable. Only its bytes are counted.');
    }
    const { idleTimeout, halfCloseGrace } = this.#host.limits;
    const outcome = await carryBytes(x, transport.socket, other.socket, {
      ...{ before: { client: early, other: EMPTY }, start: this.#host.now(), watch },
      // No end of a WebSocket says anything once the other has closed (RFC 6455 §7.1.1).
      patience: watch === undefined ? idleTimeout : halfCloseGrace,
      stall: idleTimeout,
    });
    this.#host.closed(this);
    return outcome;
  }

  check(): void {
    // It may be silent for as long as its ends like.
  }

  stop(): void {
    // Only the ends know when they are done.
  }

  kill(): void {
    const { x, transport, other } = this.#request;
    x.abort({ by: 'hopscope', message: 'Hopscope is stopping.' });
    transport.socket.destroy();
    other.socket.destroy();
    this.#host.closed(this);
  }
}
