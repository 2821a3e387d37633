import type { Settings, SettingsPatch } from '../../../shared/settings.ts';

/** The change that removes an upstream and everything that leads to it; a route that led nowhere else goes with it. */
export function withoutUpstream(settings: Settings, id: string): SettingsPatch {
  const { upstreams, activeUpstream, forwardTo, routes } = settings;
  const kept = routes
    .map((route) => ({ ...route, targets: route.targets.filter((target) => target !== id) }))
    .filter(({ targets }) => targets.length > 0);
  return {
    upstreams: upstreams.filter((upstream) => upstream.id !== id),
    ...(activeUpstream === id ? { activeUpstream: 'none' } : {}),
    ...(forwardTo === id ? { forwardTo: 'direct' } : {}),
    ...(routes.some(({ targets }) => targets.includes(id)) ? { routes: kept } : {}),
  };
}
