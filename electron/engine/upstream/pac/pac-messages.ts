import type { PacRun } from './pac-sandbox.ts';

/** What a PAC thread is asked: to evaluate its script, which comes first, or to run FindProxyForURL once. */
export type PacQuestion =
  | { readonly kind: 'load'; readonly script: string; readonly myAddresses: readonly string[] }
  | {
      readonly kind: 'run';
      readonly url: string;
      readonly host: string;
      /** Addresses of the names that earlier runs asked for; none for a name that has none. */
      readonly names: ReadonlyMap<string, readonly string[]>;
    };

/** What it answers, in order: that it has started, that its script is loaded, what a run came to, what went wrong. */
export type PacReport =
  | { readonly kind: 'started' }
  | { readonly kind: 'loaded' }
  | { readonly kind: 'ran'; readonly run: PacRun }
  | { readonly kind: 'failed'; readonly message: string };
