import type { PacUpstream } from '../../../../shared/settings-routes.ts';
import type { TargetUrl } from '../../http/request-target.ts';

/** Another proxy on the way to a server. */
export interface ProxyServer {
  readonly protocol: 'http' | 'https' | 'socks5' | 'socks4';
  readonly hostname: string;
  readonly port: number;
  readonly credentials?: { readonly username: string; readonly password: string };
  /** As people write it, without credentials: `socks5://proxy:1080`. */
  readonly label: string;
}

/** How to get to a server: at once, through a known proxy, or as a script or the system says for each URL. */
export type Via =
  | { readonly type: 'direct' }
  | { readonly type: 'proxy'; readonly proxy: ProxyServer }
  | { readonly type: 'pac'; readonly pac: PacUpstream }
  | { readonly type: 'system' };

/** A server that requests are addressed to, whatever they asked for. */
export interface OriginServer {
  readonly scheme: 'http' | 'https';
  readonly hostname: string;
  readonly port: number;
  readonly authority: string;
  readonly origin: string;
  /** Goes before the path that was asked for; without a slash at its end. */
  readonly prefix: string;
  readonly hostPolicy: 'origin' | 'client';
}

/** An application that Hopscope runs, and where it is mounted. */
export interface MountedApplication {
  /** The upstream's id. */
  readonly id: string;
  /** A path without a slash at its end, empty for the root. */
  readonly mount: string;
  /** How long (ms) it may take to begin its answer; 0 for ever. */
  readonly timeout: number;
}

/** One way to send a request. */
export interface Choice {
  /** `direct`, `system`, `demo` or an upstream's id. */
  readonly upstream: string;
  /** The server to ask instead of the one that the request's URL names. */
  readonly server?: OriginServer;
  /** The application to ask instead of a server; such a choice has no alternatives. */
  readonly application?: MountedApplication;
  /** What tells its stored responses from those of others that answer for the same URL; see {@link cachePlace}. */
  readonly place?: string;
  readonly via: Via;
}

/** Where a request is sent. Made once per change of the settings and shared by requests. */
export interface Route {
  /** `forward`: to where its target points; `reverse`: to a server or application of ours; `none`: nowhere, for want of an upstream. */
  readonly kind: 'forward' | 'reverse' | 'none';
  /** What decided, for people: `direct`, `forwardTo`, `bypass`, `activeUpstream` `mount` or a route's pattern. */
  readonly reason: string;
  /** For a tunnel: requests that come out of it may be sent to servers or applications of ours, which need no far end. */
  readonly diverted?: true;
  /** Tried in order until one can be connected to. */
  readonly choices: readonly Choice[];
}

export const VIA_DIRECT: Via = { type: 'direct' };

/** Straight to where the URL points. */
export const DIRECT_ROUTE: Route = {
  kind: 'forward',
  reason: 'direct',
  choices: [{ upstream: 'direct', via: VIA_DIRECT }],
};

/** Nowhere. */
export const NO_ROUTE: Route = { kind: 'none', reason: 'activeUpstream', choices: [] };

/**
 * What answers for `url` on this route, in the cache's keys: empty where that is the origin that the URL names, and else
 * the server or application that stands in for it, so that none is answered with what another one gave.
 */
export function cachePlace({ choices }: Route, { origin }: TargetUrl): string {
  const first = choices[0];
  return first?.place === undefined || first.server?.origin === origin ? '' : first.place;
}
