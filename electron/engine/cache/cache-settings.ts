import type { CacheMode } from '../../../shared/decision.ts';

/**
 * What a user may change about the rules, for the URLs that a pattern matches. Everything but `sortQuery` departs from the
 * RFC, and every use of it is marked as a departure in the decision.
 */
export interface OverlayRule {
  /** Shown in explanations. */
  readonly name: string;
  /** A URL pattern: `*` stands for any run of characters; without one the pattern is a prefix of the URL. */
  readonly pattern: string;
  /** Seconds of freshness instead of whatever the response says. */
  readonly fixedLifetime?: number;
  /** Seconds of freshness at least. */
  readonly minLifetime?: number;
  readonly ignoreNoStore?: boolean;
  readonly ignorePrivate?: boolean;
  readonly ignoreVary?: boolean;
  /** Leaves Cookie out of Vary and Set-Cookie out of what is stored. */
  readonly ignoreCookies?: boolean;
  readonly ignoreAuthorization?: boolean;
  /** Query parameters that are left out of the cache key; `true` for the whole query. */
  readonly dropQuery?: true | readonly string[];
  /** Orders the query's parameters in the cache key. */
  readonly sortQuery?: boolean;
  readonly neverCache?: boolean;
  readonly alwaysRevalidate?: boolean;
}

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

/** An overlay whose pattern has been compiled. */
export interface CompiledOverlay extends OverlayRule {
  readonly matches: (uri: string) => boolean;
}

/** RFC 9111 in shared mode, with no overlays. */
export const DEFAULT_CACHE_SETTINGS: CacheSettings = {
  mode: 'shared',
  heuristicFraction: 0.1,
  heuristicCap: 86_400,
  targetedFields: ['cdn-cache-control'],
  staleWhenUnreachable: true,
  snapshotKey: 'url',
  overlays: [],
};

/** The rules for a URL without overlays. */
const NO_OVERLAY: OverlayRule = { name: '', pattern: '' };

/** Compiles a rule's pattern once, when settings change. */
export function compileOverlay(rule: OverlayRule): CompiledOverlay {
  const { pattern } = rule;
  if (!pattern.includes('*')) return { ...rule, matches: (uri) => uri.startsWith(pattern) };
  const source = pattern
    .split('*')
    .map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'))
    .join('.*');
  const expression = new RegExp(`^${source}$`);
  return { ...rule, matches: (uri) => expression.test(uri) };
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
