import type { NearMiss } from '../../../shared/decision.ts';
import type { CacheRequest } from './cache-request.ts';
import type { CacheSettings } from './cache-settings.ts';
import { upgradeNearMiss } from './near-miss.ts';
import { planRequest } from './reuse.ts';
import { hasToPass } from './stand-aside.ts';
import type { StoredResponse } from './stored-response.ts';

/**
 * Finds the entry that the wish to switch protocols alone keeps from answering (RFC 9110 §7.8).
 *
 * @param upgrade the protocols asked for
 * @param hasContent a body came with the request
 * @param now epoch milliseconds
 */
export function withoutUpgrade(
  request: CacheRequest,
  upgrade: string,
  hasContent: boolean,
  key: string,
  entries: readonly StoredResponse[],
  settings: CacheSettings,
  now: number,
): NearMiss | undefined {
  if (hasToPass(request.method, hasContent)) return undefined;
  const plan = planRequest(request, key, entries, settings, now);
  return plan.action === 'serve' ? upgradeNearMiss(plan.stored, upgrade) : undefined;
}
