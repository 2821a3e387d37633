import { Socket } from 'node:net';

/** How long (ms) the answer may take to arrive that a server has sent before it closed. */
const PATIENCE = 1_000;

type Callback = (error?: Error | null) => void;

/**
 * A socket that goes on reading when it cannot be written to any more. A server may answer a request before it has read its
 * body, and close (RFC 9112 §9.5): the answer is there to be read, though node:net would destroy the socket for the write
 * that failed. TLS writes past this.
 */
export class PatientSocket extends Socket {
  override _write(chunk: unknown, encoding: BufferEncoding, callback: Callback): void {
    super._write(chunk, encoding, this.#tellLate(callback));
  }

  override _writev(chunks: { chunk: unknown; encoding: BufferEncoding }[], callback: Callback): void {
    super._writev?.(chunks, this.#tellLate(callback));
  }

  /** Calls `callback`; with an error only once everything has been read, or after a while in which it could have been. */
  #tellLate(callback: Callback): Callback {
    return (error) => {
      if (error === undefined || error === null || this.destroyed || this.readableEnded) {
        callback(error);
        return;
      }
      const tell = (): void => {
        clearTimeout(timer);
        this.off('end', tell);
        this.off('close', tell);
        callback(error);
      };
      const look = (): void => {
        if (this.isPaused()) timer.refresh();
        else tell();
      };
      const timer = setTimeout(look, PATIENCE);
      this.on('end', tell);
      this.on('close', tell);
    };
  }
}
