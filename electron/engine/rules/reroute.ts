import type { Exchange } from '../chain/exchange.ts';
import type { TargetUrl } from '../http/request-target.ts';
import type { Routed } from '../upstream/routing/router.ts';
import { movedTo } from './edited-message.ts';

/** Where a request for another URL goes, as the settings of its exchange say. */
export type Reroute = (x: Exchange, url: TargetUrl) => Routed;

/** Makes the request one for another URL, on the way that this takes. */
export function moveTo(x: Exchange, wanted: TargetUrl, reroute: Reroute): void {
  const { url, route } = reroute(x, wanted);
  x.replaceRequest({ request: movedTo(x.request, url), body: x.body, route });
}
