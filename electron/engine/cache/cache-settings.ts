import type { CacheMode } from '../../../shared/decision.ts';
import type { Settings } from '../../../shared/settings.ts';
import { urlPattern } from './url-pattern.ts';

/** A rule of the user's own, as the settings describe it. */
export type OverlayRule = Settings['cache']['overlays'][number];

/** The settings that the policy reads. One object per change of settings: its identity is what memos are kept under. */
export interface CacheSettings {
  readonly mode: CacheMode;
  /** Heuristic freshness as a fraction of the time since Last-Modified (RFC 9111 §4.2.2), and its cap in seconds. */
  readonly heuristicFraction: number;
  readonly heuristicCap: number;
  /** Targeted fields in order of priority, lower case (RFC 9213 §2.2). Only a shared cache reads them. */
  readonly targetedFields: readonly string[];
  /** Serve stale responses when the origin cannot be reached, unless forbidden (RFC 9111 §4.2.4). */
  readonly staleWhenUnreachable: boolean;
  /** What the snapshot mode keys by: the whole URL, or its path alone. */
  readonly snapshotKey: 'url' | 'path';
  readonly overlays: readonly CompiledOverlay[];
}

/** An overlay whose pattern is ready to be matched. */
export interface CompiledOverlay extends OverlayRule {
  readonly matches: (uri: string) => boolean;
}

/** The rules for a URL without overlays. */
export const NO_OVERLAY: OverlayRule = { name: '', pattern: '' };

/** Prepares a rule's pattern once, when settings change. */
export function compileOverlay(rule: OverlayRule): CompiledOverlay {
  return { ...rule, matches: urlPattern(rule.pattern) };
}

/** The first overlay that matches `uri`, or one that changes nothing. */
export function overlayFor(settings: CacheSettings, uri: string): OverlayRule {
  if (settings.overlays.length === 0) return NO_OVERLAY;
  return settings.overlays.find((overlay) => overlay.matches(uri)) ?? NO_OVERLAY;
}

/** Says whether the mode follows RFC 9111. */
export function isStandardMode(mode: CacheMode): boolean {
  return mode === 'shared' || mode === 'private';
}
