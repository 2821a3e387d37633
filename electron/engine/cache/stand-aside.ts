import type { Decision, DecisionStep, NearMiss } from '../../../shared/decision.ts';
import type { CacheRequest } from './cache-request.ts';
import type { CacheSettings } from './cache-settings.ts';
import { overtaken } from './explain.ts';
import { ofRequest } from './field-evidence.ts';
import { OFFLINE_STEP, ONLY_IF_CACHED_STEP, refuse } from './make-plan.ts';
import type { ForwardPlan, RefusePlan } from './plan.ts';

/** Requests that the cache has no answer to, whatever is stored. */

/** The decision about every request while the cache is off. */
export const OFF_DECISION: Decision = {
  verdict: 'BYPASS',
  hit: false,
  fwd: 'bypass',
  mode: 'off',
  steps: [
    {
      rule: 'mode.off',
      source: 'Hopscope: cache off',
      evidence: 'the cache is switched off',
      effect: 'passed on',
      say: 'the cache is switched off',
      decides: 'answer',
    },
  ],
};

/** Says whether nothing stored can answer a request because of its method or its content. */
export function hasToPass(method: string, hasContent: boolean): boolean {
  return (method !== 'GET' && method !== 'HEAD') || hasContent;
}

/**
 * The plan for a request that {@link hasToPass}, or that asks to switch protocols.
 *
 * @param nearMiss the stored response that would answer a GET for the same URL
 * @param upgrade the protocols it asks for
 */
export function passPlan(request: CacheRequest, key: string, nearMiss?: NearMiss, upgrade?: string): ForwardPlan {
  const hasContent = request.method === 'GET' || request.method === 'HEAD';
  return {
    action: 'forward',
    fwd: hasContent || upgrade !== undefined ? 'bypass' : 'method',
    key,
    conditional: undefined,
    validating: [],
    variants: [],
    completing: undefined,
    matching: [],
    fallback: undefined,
    mayStore: false,
    collapsible: false,
    steps: [upgrade === undefined ? passStep(request.method, hasContent) : upgradeStep(upgrade)],
    nearMiss,
    selecting: [],
  };
}

function upgradeStep(upgrade: string): DecisionStep {
  const evidence = `\`Upgrade: ${upgrade}\``;
  return {
    rule: 'bypass.upgrade',
    source: 'RFC 9110 §7.8',
    evidence,
    effect: 'only the origin can switch protocols, so the cache stands aside',
    say: `${evidence}\nthe cache stands aside`,
    fields: [ofRequest('upgrade')],
    decides: 'answer',
  };
}

function passStep(method: string, hasContent: boolean): DecisionStep {
  return hasContent
    ? {
        rule: 'bypass.content',
        source: 'RFC 9110 §9.3.1',
        evidence: `\`${method}\` with content`,
        effect: 'the content has no meaning to a cache, so it stands aside',
        say: `\`${method}\` with content\nthe cache stands aside`,
        decides: 'answer',
      }
    : {
        rule: 'forward.method',
        source: 'RFC 9111 §4',
        evidence: `\`${method}\``,
        effect: 'the method needs the origin',
        say: `\`${method}\` needs the origin`,
        decides: 'answer',
      };
}

/** The plan for such a request when it must not go on; undefined when it may. */
export function passRefusal(
  request: CacheRequest,
  key: string,
  settings: CacheSettings,
  nearMiss?: NearMiss,
  upgrade?: string,
): RefusePlan | undefined {
  const offline = settings.mode === 'offline';
  if (!offline && !request.directives.onlyIfCached) return undefined;
  // No freshness is involved, so neither is the clock.
  const situation = { request, key, settings, now: 0 };
  const { steps } = passPlan(request, key, nearMiss, upgrade);
  return offline
    ? refuse(situation, overtaken(steps), OFFLINE_STEP, 'offline', nearMiss)
    : refuse(situation, overtaken(steps), ONLY_IF_CACHED_STEP, 'only-if-cached', nearMiss);
}
