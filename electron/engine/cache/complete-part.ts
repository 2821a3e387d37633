import type { DecisionStep } from '../../../shared/decision.ts';
import type { HeaderList } from '../../../shared/headers.ts';
import { formatEntityTag } from '../http/etag.ts';
import type { CacheRequest } from './cache-request.ts';
import type { CacheSettings } from './cache-settings.ts';
import { isStandardMode } from './cache-settings.ts';
import { hasStrongTag } from './storing.ts';
import type { StoredResponse } from './stored-response.ts';
import { policyOf } from './stored-response.ts';

/** A stored part that a request for the whole can be answered with, once the origin has sent the rest. */
export interface Completion {
  readonly stored: StoredResponse;
  /** The request's fields, asking for the rest of the very same representation. */
  readonly headers: HeaderList;
  readonly step: DecisionStep;
}

/**
 * Finds a stored part to be completed by a range request (RFC 9111 §3.3): the beginning of a representation with a strong
 * entity tag, which If-Range makes sure that the rest belongs to.
 */
export function findCompletion(
  request: CacheRequest,
  matching: readonly StoredResponse[],
  settings: CacheSettings,
): Completion | undefined {
  const { directives, range, ifNoneMatch, ifModifiedSince } = request;
  const plain = range === undefined && ifNoneMatch === undefined && ifModifiedSince === undefined;
  if (request.method !== 'GET' || !plain || directives.noCache || directives.noStore) return undefined;
  if (!isStandardMode(settings.mode)) return undefined;
  for (const stored of matching) {
    const { part } = stored.head;
    const policy = policyOf(stored, settings);
    if (part?.range.first !== 0 || policy.etag === undefined || !hasStrongTag(policy)) continue;
    if (!(stored.body instanceof Uint8Array)) continue;
    const rest = `bytes=${part.range.last + 1}-`;
    const tag = formatEntityTag(policy.etag);
    const evidence = `\`Range: ${rest}\` and \`If-Range: ${tag}\``;
    const effect = `asked the origin for the rest with ${evidence}`;
    const step = { rule: 'part.complete', source: 'RFC 9111 §3.3', evidence, effect, say: effect };
    return { stored, headers: [...request.headers, 'Range', rest, 'If-Range', tag], step };
  }
  return undefined;
}
