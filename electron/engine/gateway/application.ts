import type { Lane, LaneTaker } from './lane.ts';

/** An application that requests can be handed to, as its handler sees it. */
export interface Application {
  /** For people, as in `shop.wsgi:application`. */
  readonly name: string;
  /** Where it is mounted: a path without a slash at its end, empty for the root. */
  readonly mount: string;
  /** Asks for a lane for one request, which `taker` is given at once, or when one is free. */
  take(taker: LaneTaker): void;
  /** `taker` waits no longer. False: its request was sent ahead, and it will be given the lane, or told that it came back. */
  leave(taker: LaneTaker): boolean;
  /** The lane's request is over. */
  release(lane: Lane): void;
  /** The lane's request hangs. */
  abandon(lane: Lane): void;
  /** What the application wrote, for the host's own log. */
  onOutput(text: string): void;
}
