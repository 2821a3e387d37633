import type { Settings } from '../../../shared/settings.ts';
import type { CacheSettings } from '../cache/cache-settings.ts';
import { compileOverlay } from '../cache/cache-settings.ts';

const known = new WeakMap<Settings['cache'], CacheSettings>();

/** The policy's settings for the user's; made once per change, so that their identity tells whether anything changed. */
export function cacheSettingsOf({ cache }: Settings): CacheSettings {
  let settings = known.get(cache);
  if (settings === undefined) {
    const { mode, heuristicFraction, heuristicCap, targetedFields, staleWhenUnreachable, snapshotKey } = cache;
    settings = {
      ...{ mode, heuristicFraction, heuristicCap, targetedFields, staleWhenUnreachable, snapshotKey },
      overlays: cache.overlays.map(compileOverlay),
    };
    known.set(cache, settings);
  }
  return settings;
}
