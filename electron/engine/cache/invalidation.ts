import type { DecisionStep, FieldEvidence } from '../../../shared/decision.ts';
import { getHeader } from '../../../shared/headers.ts';
import { invalidatedGroups } from './cache-groups.ts';
import { originOf } from './cache-key.ts';
import type { CacheRequest } from './cache-request.ts';
import { ofResponse, ofStored } from './field-evidence.ts';
import { ownUri } from './own-uri.ts';
import type { ReceivedHead, StoredResponse } from './stored-response.ts';

/** What a response to an unsafe request makes invalid (RFC 9111 §4.4). */
export interface Invalidation {
  /** Absolute URIs whose stored responses go. */
  readonly uris: readonly string[];
  /** The origin that `groups` belong to. */
  readonly origin: string;
  /** Groups whose members go (RFC 9875 §3). */
  readonly groups: readonly string[];
  readonly steps: readonly DecisionStep[];
}

/** Methods registered as safe (RFC 9110 §9.2.1 and the method registry); every other one may change state. */
const SAFE: ReadonlySet<string> = new Set([
  ...['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PROPFIND', 'REPORT', 'SEARCH', 'QUERY', 'PRI', 'CONNECT'],
]);

/** Says whether a method is known to be safe. Unknown methods are not (RFC 9111 §4.4). */
export function isSafe(method: string): boolean {
  return SAFE.has(method);
}

/**
 * Works out what a response invalidates.
 *
 * @returns undefined when nothing: the method is safe, or the status is an error (RFC 9111 §4.4)
 */
export function invalidatedBy(request: CacheRequest, received: ReceivedHead): Invalidation | undefined {
  const { method, uri } = request;
  if (isSafe(method) || received.status < 200 || received.status > 399) return undefined;
  const origin = originOf(uri);
  const uris = [uri];
  const steps = [invalidationStep(`\`${method}\` answered ${received.status}`, 'RFC 9111 §4.4', uri)];
  for (const field of ['location', 'content-location']) {
    const value = getHeader(received.headers, field);
    // Another origin's resources are none of this one's business (RFC 9111 §4.4).
    const named = value === undefined ? undefined : ownUri(value, request);
    if (named === undefined || uris.includes(named)) continue;
    uris.push(named);
    const evidence = `\`${field === 'location' ? 'Location' : 'Content-Location'}: ${value ?? ''}\``;
    steps.push(invalidationStep(evidence, 'RFC 9111 §4.4', named, [ofResponse(field)]));
  }
  const groups = invalidatedGroups(received.headers);
  if (groups.length > 0) {
    const evidence = `\`Cache-Group-Invalidation: ${quoted(groups)}\``;
    const fields = [ofResponse('cache-group-invalidation')];
    steps.push(invalidationStep(evidence, 'RFC 9875 §3', `its groups at ${origin}`, fields));
  }
  return { uris, origin, groups, steps };
}

/**
 * The same invalidation with the groups of what it removes: those that share one go, too (RFC 9875 §2.2.1), and take no
 * further groups with them.
 *
 * @param gone the stored responses that the URIs stand for
 */
export function withSharedGroups(invalidation: Invalidation, gone: readonly StoredResponse[]): Invalidation {
  const { groups, origin, steps } = invalidation;
  const shared = new Set(gone.flatMap(({ head }) => head.groups ?? []).filter((group) => !groups.includes(group)));
  if (shared.size === 0) return invalidation;
  const evidence = `\`Cache-Groups: ${quoted([...shared])}\` of what went`;
  const what = `what shares a group with it at ${origin}`;
  const step = invalidationStep(evidence, 'RFC 9875 §2.2.1', what, [ofStored('cache-groups')]);
  return { ...invalidation, groups: [...groups, ...shared], steps: [...steps, step] };
}

function quoted(groups: readonly string[]): string {
  return groups.map((group) => `"${group}"`).join(', ');
}

function invalidationStep(
  evidence: string,
  source: string,
  what: string,
  fields: readonly FieldEvidence[] = [],
): DecisionStep {
  const effect = `what is stored for ${what} is invalid`;
  return { rule: 'invalidation', source, evidence, effect, say: `${evidence}\n${effect}`, fields };
}
