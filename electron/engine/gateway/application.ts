import type { Lane } from './lane.ts';

/** An application that requests can be handed to, as its handler sees it. */
export interface Application {
  /** For people, as in `shop.wsgi:application`. */
  readonly name: string;
  /** Where it is mounted: a path without a slash at its end, empty for the root. */
  readonly mount: string;
  /** A lane for one request: at once, or when one is free. @throws {LoadError} */
  take(): Lane | Promise<Lane>;
  /** Forgets about a lane that was waited for. */
  leave(waiting: Promise<Lane>): void;
  /** The lane's request is over. */
  release(lane: Lane): void;
  /** The lane's request hangs. */
  abandon(lane: Lane): void;
  /** What the application wrote, for the host's own log. */
  onOutput(text: string): void;
}
