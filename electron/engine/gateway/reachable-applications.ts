import type { ApplicationUpstream } from '../../../shared/settings-routes.ts';
import type { Settings } from '../../../shared/settings.ts';

/** Applications that requests can get to: mounted at a path of their own, active, or named by a route. */
export function reachableApplications({ upstreams, activeUpstream, routes }: Settings): ApplicationUpstream[] {
  return upstreams.filter(
    (upstream): upstream is ApplicationUpstream =>
      upstream.type === 'application' &&
      (upstream.mount !== '/' ||
        upstream.id === activeUpstream ||
        routes.some(({ targets }) => targets.includes(upstream.id))),
  );
}
