import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Outcome } from '../../../shared/trace-event.ts';
import type { Exchange } from '../chain/exchange.ts';

/** What each end of a tunnel said before its bytes began to be carried. */
export interface SaidBefore {
  readonly client: Uint8Array;
  readonly other: Uint8Array;
}

/**
 * Carries bytes both ways between a client and the other end of its tunnel until both are done (RFC 9110 §9.3.6).
 *
 * @param start when the tunnel opened.
 */
export function carryBytes(
  x: Exchange,
  client: Socket,
  other: Duplex,
  before: SaidBefore,
  start: number,
): Promise<Outcome> {
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
    x.onAbort(({ by, message }) => settle({ kind: 'aborted', by, phase: 'tunnel', message }));
    forward(client, other, before.client, (bytes) => (sent += bytes));
    forward(other, client, before.other, (bytes) => (received += bytes));
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

/** Writes what `from` says to `to`, beginning with what it said before, at the pace that `to` takes it. */
function forward(from: Duplex, to: Duplex, before: Uint8Array, count: (bytes: number) => void): void {
  if (before.length > 0) {
    count(before.length);
    to.write(before);
  }
  if (from.readableEnded) {
    to.end();
    return;
  }
  from.on('data', (chunk: Buffer) => {
    count(chunk.length);
    if (!to.write(chunk)) from.pause();
  });
  to.on('drain', () => from.resume());
  from.on('end', () => to.end());
}
