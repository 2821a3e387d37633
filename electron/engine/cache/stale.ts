import type { DecisionStep } from '../../../shared/decision.ts';
import type { CacheRequest } from './cache-request.ts';
import type { CacheSettings } from './cache-settings.ts';
import type { Freshness } from './explain.ts';
import { freshnessNow } from './explain.ts';
import type { Fallback } from './plan.ts';
import type { ResponsePolicy } from './stored-response.ts';
import { policyOf } from './stored-response.ts';

/** Serving stale responses (RFC 9111 §4.2.4, RFC 5861). */

/** Whether a stale response may be served while the origin could be asked. */
export interface StaleVerdict {
  readonly serve: boolean;
  /** Validate in the background (RFC 5861 §3). */
  readonly revalidate: boolean;
  readonly step: DecisionStep | undefined;
}

const NO: StaleVerdict = { serve: false, revalidate: false, step: undefined };

/** Decides about a stale response for which neither request nor response demands a validation outright. */
export function staleVerdict(request: CacheRequest, policy: ResponsePolicy, freshness: Freshness): StaleVerdict {
  const { maxAge, minFresh, maxStale } = request.directives;
  const staleFor = Math.ceil(-freshness.left / 1000);
  const window = policy.governing.directives.staleWhileRevalidate;
  if (policy.staleForbiddenBy !== undefined) {
    if (maxStale === undefined && window === undefined) return NO;
    const evidence = `\`${policy.staleForbiddenBy}\``;
    const effect = 'may not be served stale';
    const step = {
      rule: 'stale.forbidden',
      source: 'RFC 9111 §4.2.4',
      evidence,
      effect,
      say: `${evidence}\n${effect}`,
    };
    return { serve: false, revalidate: false, step };
  }
  if (maxStale !== undefined && -freshness.left <= maxStale * 1000) {
    const evidence = Number.isFinite(maxStale)
      ? `\`max-stale=${maxStale}\` in the request`
      : '`max-stale` in the request';
    const effect = 'the client takes it stale';
    const step = {
      rule: 'request.max-stale',
      source: 'RFC 9111 §5.2.1.2',
      evidence,
      effect,
      say: `${evidence}\n${effect}`,
    };
    return { serve: true, revalidate: false, step };
  }
  // A request with an age or freshness of its own in mind does not wish for a stale response (RFC 9111 §5.2.1.1).
  if (window === undefined || maxAge !== undefined || minFresh !== undefined) return NO;
  const evidence = `\`stale-while-revalidate=${window}\``;
  if (-freshness.left > window * 1000) {
    const effect = `the window closed ${staleFor - window} s ago`;
    return {
      serve: false,
      revalidate: false,
      step: { rule: 'stale.while-revalidate', source: 'RFC 5861 §3', evidence, effect },
    };
  }
  const effect = 'served stale while it is validated in the background';
  const step = {
    rule: 'stale.while-revalidate',
    source: 'RFC 5861 §3',
    evidence,
    effect,
    say: `${evidence}\n${effect}`,
  };
  return { serve: true, revalidate: true, step };
}

/** How the origin failed: it could not be reached or gave no answer, or it answered with a server error. */
export type OriginFailure =
  | { readonly kind: 'unreachable'; readonly code: string; readonly message: string }
  | { readonly kind: 'error'; readonly status: number };

/** Whether a fallback may stand in for a failing origin, and why. */
export interface FallbackVerdict {
  readonly serve: boolean;
  readonly step: DecisionStep;
}

/**
 * Decides whether a stored response stands in. Unreachable origins allow it unless something forbids it (RFC 9111 §4.2.4);
 * server errors only with stale-if-error (RFC 5861 §4, RFC 9111 §4.3.3).
 */
export function fallbackVerdict(
  request: CacheRequest,
  fallback: Fallback,
  failure: OriginFailure,
  settings: CacheSettings,
  now: number,
): FallbackVerdict {
  const policy = policyOf(fallback.stored, settings);
  const { left } = freshnessNow(fallback.stored, policy, now);
  const what =
    failure.kind === 'error' ? `the origin answered ${failure.status}` : `the origin failed (${failure.code})`;
  if (fallback.forbiddenBy !== undefined) {
    const evidence = `${what}; ${fallback.forbiddenBy}`;
    return no('stale.forbidden', fallback.source, evidence, 'what is stored may not stand in');
  }
  const window = request.directives.staleIfError ?? policy.governing.directives.staleIfError;
  if (window !== undefined) {
    const evidence = `${what}; \`stale-if-error=${window}\``;
    if (-left <= window * 1000) return yes('stale.if-error', 'RFC 5861 §4', evidence);
    return no('stale.if-error', 'RFC 5861 §4', evidence, 'stale for longer than that, it may not stand in');
  }
  if (failure.kind === 'error') {
    return no(
      'stale.if-error',
      'RFC 9111 §4.3.3',
      `${what}, no \`stale-if-error\``,
      "the origin's answer is passed on",
    );
  }
  if (left > 0) return yes('stale.disconnected', 'RFC 9111 §4', what);
  if (!settings.staleWhenUnreachable) {
    return no('stale.disconnected', 'Hopscope: setting', `${what}; stale responses are switched off`, 'not served');
  }
  return yes('stale.disconnected', 'RFC 9111 §4.2.4', what);
}

function yes(rule: string, source: string, evidence: string): FallbackVerdict {
  const effect = 'what is stored stands in';
  return { serve: true, step: { rule, source, evidence, effect, say: `${evidence}\n${effect}` } };
}

function no(rule: string, source: string, evidence: string, effect: string): FallbackVerdict {
  return { serve: false, step: { rule, source, evidence, effect, say: `${evidence}\n${effect}` } };
}
