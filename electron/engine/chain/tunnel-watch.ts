import type { Outcome } from '../../../shared/trace-event.ts';

/** Sees the bytes of a tunnel as they pass; it neither delays nor changes them. None of this throws. */
export interface TunnelWatch {
  /** The name of the tunnel's span in the timeline. */
  readonly name: string;
  /** A chunk from the client to the upstream. */
  sent(chunk: Uint8Array): void;
  /** A chunk from the upstream to the client. */
  received(chunk: Uint8Array): void;
  /**
   * The tunnel is over.
   *
   * @param first who ended its connection first.
   * @param outcome how it ended as far as the connections tell.
   * @returns how it ended as far as the bytes tell.
   */
  ended(first: 'client' | 'upstream', outcome: Outcome): Outcome;
}
