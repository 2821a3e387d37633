import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Outcome } from '../../../shared/trace-event.ts';
import type { Exchange } from '../chain/exchange.ts';

/**
 * Passes bytes both ways between a client and the other end of its tunnel until both are done (RFC 9110 §9.3.6).
 *
 * @param early what the client sent right behind its CONNECT.
 */
export function runTunnel(x: Exchange, client: Socket, other: Duplex, early: Uint8Array): Promise<Outcome> {
  x.trace.note('info', 'TUNNELLED', 'Tunnelled: not inspectable, not cacheable. Only its bytes are counted.');
  const start = x.trace.now();
  let sent = 0;
  let received = 0;
  return new Promise((resolve) => {
    let settled = false;
    const settle = (outcome: Outcome): void => {
      if (settled) return;
      settled = true;
      client.destroy();
      other.destroy();
      x.trace.tunnelled(sent, received);
      x.trace.span('client', 'tunnel', start, outcome.kind === 'completed' ? undefined : { error: outcome.message });
      resolve(outcome);
    };
    const forward = (from: Duplex, to: Duplex, count: (bytes: number) => void): void => {
      from.on('data', (chunk: Buffer) => {
        count(chunk.length);
        if (!to.write(chunk)) from.pause();
      });
      to.on('drain', () => from.resume());
      from.on('end', () => to.end());
    };
    if (early.length > 0) {
      sent += early.length;
      other.write(early);
    }
    forward(client, other, (bytes) => (sent += bytes));
    forward(other, client, (bytes) => (received += bytes));
    other.on('error', (error) => {
      settle({ kind: 'aborted', by: 'upstream', phase: 'tunnel', message: error.message });
    });
    client.on('error', (error) => {
      settle({ kind: 'aborted', by: 'client', phase: 'tunnel', message: error.message });
    });
    // Either side's close means that both directions have ended or will never move again.
    other.on('close', () =>
      client.writableLength > 0 ? client.end(() => settle({ kind: 'completed' })) : settle({ kind: 'completed' }),
    );
    client.on('close', () => settle({ kind: 'completed' }));
    if (client.destroyed || other.destroyed) settle({ kind: 'completed' });
    client.resume();
  });
}
