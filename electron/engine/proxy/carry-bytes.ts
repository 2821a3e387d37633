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
  /** How long (ms) one end may leave what waits for it. */
  readonly stall: number;
  /** Sees the bytes once they have been passed on, and may know better how it ended. */
  readonly watch?: TunnelWatch | undefined;
}

type End = 'client' | 'upstream';

const COMPLETED: Outcome = { kind: 'completed' };
const EMPTY = new Uint8Array(0);

/**
 * Carries bytes both ways between a client and the other end of its tunnel until both are done (RFC 9110 §9.3.6), at the
 * pace that they are taken.
 */
export function carryBytes(
  x: Exchange,
  client: Duplex,
  other: Duplex,
  { before, start, patience, stall, watch }: Carrying,
): Promise<Outcome> {
  return new Promise((resolve) => {
    let settled = false;
    let first: End | undefined;
    /** The end that is gone, and how it ended thereby. */
    let gone: { readonly by: End; readonly ending: Outcome } | undefined;
    let timer: NodeJS.Timeout | undefined;
    let waiting = 0;
    let moved = 0;
    let forgetAbort = (): void => undefined;
    const settle = (by: End, how: Outcome): void => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      forgetAbort();
      client.destroy();
      other.destroy();
      const outcome = watch?.ended(first ?? by, how) ?? how;
      const failed = outcome.kind === 'completed' ? undefined : { error: outcome.message };
      x.trace.span('client', watch?.name ?? 'tunnel', start, failed);
      resolve(outcome);
    };
    /** Both ends are let go when the one that may still speak neither does nor takes what waits for it. */
    const ended = (by: End): void => {
      first ??= by;
      timer ??= setTimeout(() => {
        const waits = client.writableLength + other.writableLength;
        const now = x.trace.now();
        if (waits !== waiting) moved = now;
        waiting = waits;
        if (waits === 0 || now - moved >= stall) settle(gone?.by ?? by, gone?.ending ?? COMPLETED);
        else timer?.refresh();
      }, patience);
    };
    /** What an end said before it went is still delivered (RFC 9110 §9.3.6), as long as the other one takes it. */
    const left = (by: End, ending: Outcome, resets = false): void => {
      // An error is followed by a close.
      if (gone?.by === by) return;
      if (gone !== undefined) return settle(gone.by, gone.ending);
      gone = { by, ending };
      const rest = by === 'client' ? other : client;
      const finish = (): void => {
        if (resets && !settled) resetEnd(rest);
        settle(by, ending);
      };
      // A RST of TCP takes back what is on its way, whether or not it was waited for.
      if (rest.destroyed || rest.writableLength === 0 || (resets && !isHttp2(rest))) return finish();
      ended(by);
      // Within the sending of its last bytes, the end of a stream of HTTP/2 would be told before its reset.
      if (resets && !rest.writableEnded) rest.write(EMPTY, () => setImmediate(finish));
      else rest.end(finish);
    };
    const failed = (by: End, side: Duplex, { message }: Error): void => {
      // Who has said all it wanted may reset the connection over what still comes for it, as TLS clients do that leave.
      if (side.readableEnded) return left(by, COMPLETED);
      // With TCP on both sides it is a close like any other.
      left(by, { kind: 'aborted', by, phase: 'tunnel', message }, isHttp2(client));
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
    other.on('close', () => left('upstream', COMPLETED));
    client.on('close', () => left('client', COMPLETED, wasReset(client)));
    if (other.errored !== null) failed('upstream', other, other.errored);
    else if (other.destroyed) left('upstream', COMPLETED);
    else if (client.destroyed) left('client', COMPLETED);
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
