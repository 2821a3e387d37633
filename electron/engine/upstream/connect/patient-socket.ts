import type { Socket } from 'node:net';

/** How long (ms) the answer may take to arrive that a server has sent before it closed. */
const PATIENCE = 1_000;

type Callback = (error?: Error | null) => void;

/**
 * Has `socket`, of TCP or TLS, go on reading when it cannot be written to any more. A server may answer a request before it has
 * read its body, and close (RFC 9112 §9.5): the answer is there to be read, though node:net would destroy the socket for the
 * write that failed.
 */
export function makePatient(socket: Socket): void {
  const write = socket._write.bind(socket);
  const writev = socket._writev?.bind(socket);
  socket._write = (chunk, encoding, callback) => write(chunk, encoding, (error) => tellLate(socket, callback, error));
  socket._writev = (chunks, callback) => writev?.(chunks, (error) => tellLate(socket, callback, error));
}

/** Calls `callback`; with an error only once everything has been read, or after a while in which it could have been. */
function tellLate(socket: Socket, callback: Callback, error: Error | null | undefined): void {
  if (error === undefined || error === null || socket.destroyed || socket.readableEnded) {
    callback(error);
    return;
  }
  const tell = (): void => {
    clearTimeout(timer);
    socket.off('end', tell);
    socket.off('close', tell);
    callback(error);
  };
  const look = (): void => {
    if (socket.isPaused()) timer.refresh();
    else tell();
  };
  const timer = setTimeout(look, PATIENCE);
  socket.on('end', tell);
  socket.on('close', tell);
}
