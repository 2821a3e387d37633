import type { Duplex } from 'node:stream';
import type { Outcome } from '../../../shared/trace-event.ts';
import type { Exchange } from '../chain/exchange.ts';
import type { TunnelWatch } from '../chain/tunnel-watch.ts';
import { isHttp2, resetEnd, wasReset } from './reset-end.ts';

/** What each end of a tunnel said before its bytes began to be carried. */
export interface SaidBefore {
  readonly client: Uint8Array;
  readonly other: Uint8Array;
}

/** How bytes are carried. */
export interface Carrying {
  readonly before: SaidBefore;
  /** When the tunnel opened. */
  readonly start: number;
  /** How long (ms) one end may still be silent after the other has said all it wanted. */
  readonly patience: number;
  /** Sees the bytes once they have been passed on, and may know better how it ended. */
  readonly watch?: TunnelWatch | undefined;
}

type End = 'client' | 'upstream';

const COMPLETED: Outcome = { kind: 'completed' };

/**
 * Carries bytes both ways between a client and the other end of its tunnel until both are done (RFC 9110 §9.3.6), at the
 * pace that they are taken.
 */
export function carryBytes(
  x: Exchange,
  client: Duplex,
  other: Duplex,
  { before, start, patience, watch }: Carrying,
): Promise<Outcome> {
  return new Promise((resolve) => {
    let settled = false;
    let first: End | undefined;
    let timer: NodeJS.Timeout | undefined;
    let waiting = 0;
    let forgetAbort = (): void => undefined;
    const settle = (by: End, ending: Outcome): void => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      forgetAbort();
      client.destroy();
      other.destroy();
      const outcome = watch?.ended(first ?? by, ending) ?? ending;
      const failed = outcome.kind === 'completed' ? undefined : { error: outcome.message };
      x.trace.span('client', watch?.name ?? 'tunnel', start, failed);
      resolve(outcome);
    };
    /** Both ends are let go when the one that may still speak neither does nor takes what waits for it. */
    const ended = (by: End): void => {
      first ??= by;
      timer ??= setTimeout(() => {
        const waits = client.writableLength + other.writableLength;
        if (waits === waiting || waits === 0) settle(by, COMPLETED);
        else timer?.refresh();
        waiting = waits;
      }, patience);
    };
    const failed = (by: End, side: Duplex, { message }: Error): void => {
      // Who has said all it wanted may reset the connection over what still comes for it, as TLS clients do that leave.
      if (side.readableEnded) return settle(by, COMPLETED);
      // With TCP on both sides it is a close: what is on its way still arrives (RFC 9110 §9.3.6).
      if (isHttp2(client)) resetEnd(side === client ? other : client);
      settle(by, { kind: 'aborted', by, phase: 'tunnel', message });
    };
    forgetAbort = x.onAbort(({ by, message }) => settle('client', { kind: 'aborted', by, phase: 'tunnel', message }));
    forward(client, other, before.client, {
      passed: (chunk) => {
        timer?.refresh();
        x.trace.tunnelled(chunk.length, 0);
        watch?.sent(chunk);
      },
      ended: () => ended('client'),
    });
    forward(other, client, before.other, {
      passed: (chunk) => {
        timer?.refresh();
        x.trace.tunnelled(0, chunk.length);
        watch?.received(chunk);
      },
      ended: () => ended('upstream'),
    });
    other.on('error', (error) => failed('upstream', other, error));
    client.on('error', (error) => failed('client', client, error));
    // Either side's close means that both directions have ended or will never move again.
    other.on('close', () => {
      first ??= 'upstream';
      if (client.writableLength > 0) client.end(() => settle('upstream', COMPLETED));
      else settle('upstream', COMPLETED);
    });
    client.on('close', () => {
      if (wasReset(client)) resetEnd(other);
      settle('client', COMPLETED);
    });
    if (other.errored !== null) failed('upstream', other, other.errored);
    else if (other.destroyed) settle('upstream', COMPLETED);
    else if (client.destroyed) settle('client', COMPLETED);
    client.resume();
    other.resume();
  });
}

interface Direction {
  passed(chunk: Uint8Array): void;
  ended(): void;
}

/** Writes what `from` says to `to`, beginning with what it said before, at the pace that `to` takes it. */
function forward(from: Duplex, to: Duplex, before: Uint8Array, direction: Direction): void {
  if (before.length > 0) {
    to.write(before);
    direction.passed(before);
  }
  if (from.readableEnded) {
    direction.ended();
    to.end();
    return;
  }
  from.on('data', (chunk: Buffer) => {
    if (!to.write(chunk)) from.pause();
    direction.passed(chunk);
  });
  to.on('drain', () => from.resume());
  from.on('end', () => {
    direction.ended();
    // Its close follows, and says so.
    if (wasReset(from)) return;
    to.end();
  });
}
