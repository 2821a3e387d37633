import type { DecisionStep } from '../../../shared/decision.ts';
import type { CacheRequest } from './cache-request.ts';
import type { ResponsePolicy, StoredResponse } from './stored-response.ts';

/** The steps in which it departs from the RFC to answer a request with a stored response, because an overlay says so. */
export function departuresFor(
  request: CacheRequest,
  { head }: StoredResponse,
  { overlay, departures }: ResponsePolicy,
): readonly DecisionStep[] {
  const rewritten = overlay.dropQuery !== undefined || overlay.sortQuery === true;
  if (!rewritten || head.uri === request.uri) return departures;
  const evidence = `stored for \`${head.uri}\``;
  const effect = 'the query is not compared as it is';
  const source = `Hopscope: overlay "${overlay.name}"`;
  return [...departures, { rule: 'lookup.key', source, evidence, effect, say: evidence, departure: true }];
}
