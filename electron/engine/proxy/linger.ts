import type { Duplex } from 'node:stream';

/** How long (ms) a client may be silent, and how long it may go on sending in all, before it closes its side. */
const QUIET_MS = 1_000;
const LINGER_MS = 30_000;

/**
 * Closes `socket`, to which everything has been written, in two steps (RFC 9112 §9.6): ends our side, and goes on reading for
 * a while what nobody wants any more, so that a reset caused by unread bytes does not destroy the answer on its way. A client
 * that is still sending reads the answer late.
 */
export function linger(socket: Duplex): void {
  const giveUp = (): void => void socket.destroy();
  const quiet = setTimeout(giveUp, QUIET_MS).unref();
  const last = setTimeout(giveUp, LINGER_MS).unref();
  socket.once('close', () => {
    clearTimeout(quiet);
    clearTimeout(last);
  });
  if (socket.readableEnded) {
    socket.end(giveUp);
    return;
  }
  socket.on('data', () => quiet.refresh());
  socket.resume();
  socket.end();
  socket.once('end', giveUp);
}
