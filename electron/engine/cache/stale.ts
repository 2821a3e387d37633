import type { DecisionStep, FieldEvidence } from '../../../shared/decision.ts';
import type { CacheRequest } from './cache-request.ts';
import type { CacheSettings } from './cache-settings.ts';
import type { Freshness } from './explain.ts';
import { freshnessNow } from './explain.ts';
import { ofRequest, ofStored } from './field-evidence.ts';
import type { Fallback, Forbidden } from './plan.ts';
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
  const governing = policy.governing.field.toLowerCase();
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
      fields: [ofStored(governing, policy.staleForbiddenBy)],
    };
    return { serve: false, revalidate: false, step };
  }
  if (maxStale !== undefined && -freshness.left <= maxStale * 1000) {
    const asked = Number.isFinite(maxStale) ? `max-stale=${maxStale}` : 'max-stale';
    const evidence = `\`${asked}\` in the request`;
    const effect = 'the client takes it stale';
    const step = {
      rule: 'request.max-stale',
      source: 'RFC 9111 §5.2.1.2',
      evidence,
      effect,
      say: `${evidence}\n${effect}`,
      fields: [ofRequest('cache-control', asked)],
    };
    return { serve: true, revalidate: false, step };
  }
  // A request with an age or freshness of its own in mind does not wish for a stale response (RFC 9111 §5.2.1.1).
  if (window === undefined || maxAge !== undefined || minFresh !== undefined) return NO;
  const directive = `stale-while-revalidate=${window}`;
  const evidence = `\`${directive}\``;
  const fields = [ofStored(governing, directive)];
  if (-freshness.left > window * 1000) {
    const effect = `the window closed ${staleFor - window} s ago`;
    return {
      serve: false,
      revalidate: false,
      step: { rule: 'stale.while-revalidate', source: 'RFC 5861 §3', evidence, effect, fields },
    };
  }
  const effect = 'served stale while it is validated in the background';
  const step = {
    rule: 'stale.while-revalidate',
    source: 'RFC 5861 §3',
    evidence,
    effect,
    say: `${evidence}\n${effect}`,
    fields,
  };
  return { serve: true, revalidate: true, step };
}

/** What forbids serving this response should the origin be out of reach (RFC 9111 §4.2.4). */
export function staleForbidden(
  request: CacheRequest,
  policy: ResponsePolicy,
  freshness: Freshness,
): Forbidden | undefined {
  const governing = policy.governing.field.toLowerCase();
  if (policy.noCache) {
    return policy.governing.directives.noCache
      ? { evidence: '`no-cache`', fields: [ofStored(governing, 'no-cache')] }
      : { evidence: `overlay "${policy.overlay.name}"`, fields: [] };
  }
  if (freshness.left > 0) return undefined;
  const { staleForbiddenBy } = policy;
  if (staleForbiddenBy !== undefined) {
    return { evidence: `\`${staleForbiddenBy}\``, fields: [ofStored(governing, staleForbiddenBy)] };
  }
  return unwanted(request, freshness);
}

/** What in the request speaks against this stale response (RFC 9111 §5.2.1.1, §5.2.1.2, §5.2.1.3). */
function unwanted({ directives }: CacheRequest, { age, left }: Freshness): Forbidden | undefined {
  const { maxAge, minFresh, maxStale, staleIfError } = directives;
  // It says itself how stale the answer may be when the origin fails (RFC 5861 §4).
  if (staleIfError !== undefined) return undefined;
  if (maxAge !== undefined && (maxStale === undefined || age > maxAge * 1000)) return asked(`max-age=${maxAge}`);
  if (minFresh !== undefined && maxStale === undefined) return asked(`min-fresh=${minFresh}`);
  return maxStale !== undefined && -left > maxStale * 1000 ? asked(`max-stale=${maxStale}`) : undefined;
}

function asked(directive: string): Forbidden {
  return { evidence: `\`${directive}\` in the request`, fields: [ofRequest('cache-control', directive)] };
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
  if (fallback.forbidden !== undefined) {
    const { evidence, fields } = fallback.forbidden;
    return no('stale.forbidden', fallback.source, `${what}; ${evidence}`, 'what is stored may not stand in', fields);
  }
  const asked = request.directives.staleIfError;
  const window = asked ?? policy.governing.directives.staleIfError;
  if (window !== undefined) {
    const directive = `stale-if-error=${window}`;
    const evidence = `${what}; \`${directive}\``;
    const governing = policy.governing.field.toLowerCase();
    const fields = [asked === undefined ? ofStored(governing, directive) : ofRequest('cache-control', directive)];
    if (-left <= window * 1000) return yes('stale.if-error', 'RFC 5861 §4', evidence, fields);
    return no('stale.if-error', 'RFC 5861 §4', evidence, 'stale for longer than that, it may not stand in', fields);
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

function yes(rule: string, source: string, evidence: string, fields: readonly FieldEvidence[] = []): FallbackVerdict {
  return { ...no(rule, source, evidence, 'what is stored stands in', fields), serve: true };
}

function no(
  rule: string,
  source: string,
  evidence: string,
  effect: string,
  fields: readonly FieldEvidence[] = [],
): FallbackVerdict {
  return { serve: false, step: { rule, source, evidence, effect, say: `${evidence}\n${effect}`, fields } };
}
