import type { DecisionStep } from '../../../shared/decision.ts';
import type { CacheRequest } from './cache-request.ts';
import type { CacheSettings } from './cache-settings.ts';
import type { Freshness } from './explain.ts';
import { freshnessNow, ttlSeconds } from './explain.ts';
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
  readonly steps: readonly DecisionStep[];
}

const NO: StaleVerdict = { serve: false, revalidate: false, steps: [] };

/** Decides about a stale response for which neither request nor response demands a validation outright. */
export function staleVerdict(request: CacheRequest, policy: ResponsePolicy, freshness: Freshness): StaleVerdict {
  const { maxStale } = request.directives;
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
    return { serve: false, revalidate: false, steps: [step] };
  }
  const tooStale = maxStale !== undefined && -freshness.left > maxStale * 1000;
  if (maxStale !== undefined) {
    const asked = Number.isFinite(maxStale) ? `max-stale=${maxStale}` : 'max-stale';
    const evidence = `\`${asked}\` in the request`;
    const effect = tooStale ? 'stale for longer than that' : 'the client takes it stale';
    const step = {
      rule: 'request.max-stale',
      source: 'RFC 9111 §5.2.1.2',
      evidence,
      effect,
      say: `${evidence}\n${effect}`,
      fields: [ofRequest('cache-control', asked)],
    };
    // Whoever says how stale a response may be is not served a staler one, though it could be revalidated meanwhile.
    return { serve: !tooStale, revalidate: false, steps: [step] };
  }
  if (window === undefined) return NO;
  const { serve, step } = whileRevalidate(request, policy, freshness, window);
  return { serve, revalidate: serve, steps: [step] };
}

/** Whether a stale response is served while it is validated in the background (RFC 5861 §3). */
function whileRevalidate(
  { directives: { maxAge, minFresh } }: CacheRequest,
  policy: ResponsePolicy,
  freshness: Freshness,
  window: number,
): FallbackVerdict {
  const directive = `stale-while-revalidate=${window}`;
  const fields = [ofStored(policy.governing.field.toLowerCase(), directive)];
  const names = { rule: 'stale.while-revalidate', source: 'RFC 5861 §3', evidence: `\`${directive}\`` };
  if (-freshness.left > window * 1000) {
    const closed = -ttlSeconds(policy, freshness) - window;
    const effect = closed > 0 ? `the window closed ${closed} s ago` : 'the window has just closed';
    return { serve: false, step: { ...names, effect, fields } };
  }
  // A request with an age or freshness of its own in mind does not wish for a stale response (RFC 9111 §5.2.1.1).
  if (maxAge !== undefined || minFresh !== undefined) {
    const limit = maxAge === undefined ? `min-fresh=${minFresh ?? 0}` : `max-age=${maxAge}`;
    const evidence = `${names.evidence}, and \`${limit}\` in the request`;
    const effect = 'the request wants none that is stale';
    const source = maxAge === undefined ? 'RFC 9111 §5.2.1.3' : 'RFC 9111 §5.2.1.1';
    const both = [...fields, ofRequest('cache-control', limit)];
    return { serve: false, step: { ...names, source, evidence, effect, say: `${evidence}\n${effect}`, fields: both } };
  }
  const effect = 'served stale while it is validated in the background';
  return { serve: true, step: { ...names, effect, say: `${names.evidence}\n${effect}`, fields } };
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
  if (fallback.forbidden !== undefined) {
    const { evidence, fields } = fallback.forbidden;
    const effect = 'what is stored may not stand in';
    return verdict(false, { rule: 'stale.forbidden', source: fallback.source, fields }, failure, effect, evidence);
  }
  const asked = request.directives.staleIfError;
  const window = asked ?? policy.governing.directives.staleIfError;
  if (window !== undefined) {
    const directive = `stale-if-error=${window}`;
    const governing = policy.governing.field.toLowerCase();
    const fields = [asked === undefined ? ofStored(governing, directive) : ofRequest('cache-control', directive)];
    const names = { rule: 'stale.if-error', source: 'RFC 5861 §4', fields };
    if (-left <= window * 1000) return verdict(true, names, failure, STANDS_IN, `\`${directive}\``);
    const effect = 'stale for longer than that, it may not stand in';
    return verdict(false, names, failure, effect, `\`${directive}\``);
  }
  if (failure.kind === 'error') {
    const names = { rule: 'stale.if-error', source: 'RFC 9111 §4.3.3', fields: [] };
    return verdict(false, names, failure, "the origin's answer is passed on", 'no `stale-if-error`');
  }
  const disconnected = { rule: 'stale.disconnected', source: 'RFC 9111 §4', fields: [] };
  if (left > 0) return verdict(true, disconnected, failure, STANDS_IN);
  if (!settings.staleWhenUnreachable) {
    const names = { ...disconnected, source: 'Hopscope: setting' };
    return verdict(false, names, failure, 'not served', 'stale responses are switched off');
  }
  return verdict(true, { ...disconnected, source: 'RFC 9111 §4.2.4' }, failure, STANDS_IN);
}

const STANDS_IN = 'what is stored stands in';

/** @param cause what counts besides the failure */
function verdict(
  serve: boolean,
  names: Pick<DecisionStep, 'rule' | 'source' | 'fields'>,
  failure: OriginFailure,
  effect: string,
  cause?: string,
): FallbackVerdict {
  const what = failureText(failure);
  if (cause === undefined) {
    return { serve, step: { ...names, evidence: what, effect, say: `${what}\n${effect}` } };
  }
  // The failure's own words are a sentence, so they come last in one, and first where each part stands for itself.
  const evidence =
    failure.kind === 'error'
      ? `${cause}; the origin answered ${failure.status}`
      : `${cause}; the origin failed: ${failure.message}`;
  // An error that is passed on has a step of its own.
  const failed = failure.kind === 'error' && !serve ? '' : `${what}\n`;
  return { serve, step: { ...names, evidence, effect, say: `${failed}${cause}\n${effect}` } };
}

function failureText(failure: OriginFailure): string {
  return failure.kind === 'error' ? `the origin answered ${failure.status}` : `the origin failed: ${failure.message}`;
}
