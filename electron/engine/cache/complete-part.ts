import type { DecisionStep } from '../../../shared/decision.ts';
import type { HeaderList } from '../../../shared/headers.ts';
import { FieldNames, withoutHeaders } from '../../../shared/headers.ts';
import type { CacheRequest } from './cache-request.ts';
import type { CacheSettings } from './cache-settings.ts';
import { isStandardMode } from './cache-settings.ts';
import { ofRequest } from './field-evidence.ts';
import { strongValidator } from './representation.ts';
import type { ResponsePolicy, StoredHead, StoredResponse } from './stored-response.ts';
import { policyOf } from './stored-response.ts';

/** A stored part that a request for the whole can be answered with, once the origin has sent the rest. */
export interface Completion {
  readonly stored: StoredResponse;
  /** The request's fields, asking for the rest of the very same representation. */
  readonly headers: HeaderList;
  readonly step: DecisionStep;
}

const IF_RANGE = new FieldNames(['if-range']);

/**
 * Finds a stored part to be completed by a range request (RFC 9111 §3.3): the beginning of a representation with a strong
 * validator, which If-Range makes sure that the rest belongs to.
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
    const validator = strongValidator(policyOf(stored, settings));
    if (part?.range.first !== 0 || validator === undefined) continue;
    const rest = `bytes=${part.range.last + 1}-`;
    const evidence = `\`Range: ${rest}\` and \`If-Range: ${validator}\``;
    const effect = `asked the origin for the rest with ${evidence}`;
    const step = { rule: 'part.complete', source: 'RFC 9111 §3.3', evidence, effect, say: effect };
    // Without a Range, an If-Range of the client's means nothing (RFC 9110 §13.1.5).
    const asked = withoutHeaders(request.headers, IF_RANGE);
    return { stored, headers: [...asked, 'Range', rest, 'If-Range', validator], step };
  }
  return undefined;
}

/** The step that tells of stored parts which lack bytes that the request needs (RFC 9111 §3.3). */
export function partialStep({ method, range }: CacheRequest, matching: readonly StoredResponse[]): DecisionStep {
  const parts = matching.map(({ head }) => head.part).filter((part) => part !== undefined);
  const bytes = parts.map((part) => `${part.range.first}–${part.range.last}`).join(', ');
  const length = parts.find((part) => part.length !== undefined)?.length;
  const stored = length === undefined ? bytes : `${bytes} of ${length}`;
  // HEAD has no ranges (RFC 9110 §14.2), and is about the head of the whole.
  const others = range !== undefined && method !== 'HEAD';
  let asked = others ? 'others are asked for' : 'the whole is asked for';
  if (method === 'HEAD') asked = 'the head of the whole is asked for';
  const effect = `only bytes ${stored} are stored, and ${asked}`;
  const evidence = others ? `\`Range: ${range}\`` : asked;
  const fields = others ? [ofRequest('range')] : [];
  return { rule: 'lookup.partial', source: 'RFC 9111 §3.3', evidence, effect, say: effect, fields };
}

/**
 * Says how many bytes of a stored beginning go before what has come, when both together are the whole (RFC 9111 §3.4).
 *
 * @param head of the 206 that has come, as it would be stored
 * @returns undefined when it is not the rest of the same representation
 */
export function bytesBefore(
  stored: StoredResponse,
  head: StoredHead,
  policy: ResponsePolicy,
  settings: CacheSettings,
): number | undefined {
  const known = stored.head.part;
  const rest = head.part;
  if (known === undefined || rest?.length === undefined) return undefined;
  if (known.length !== undefined && known.length !== rest.length) return undefined;
  const validator = strongValidator(policyOf(stored, settings));
  if (validator === undefined || strongValidator(policy) !== validator) return undefined;
  const fits = rest.range.first > 0 && rest.range.first <= known.range.last + 1 && rest.range.last === rest.length - 1;
  return fits ? rest.range.first : undefined;
}
