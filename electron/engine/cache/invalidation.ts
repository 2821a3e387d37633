import type { DecisionStep, FieldEvidence } from '../../../shared/decision.ts';
import { getHeader } from '../../../shared/headers.ts';
import { invalidatedGroups } from './cache-groups.ts';
import { originOf } from './cache-key.ts';
import type { CacheRequest } from './cache-request.ts';
import { ofResponse, ofStored } from './field-evidence.ts';
import { ownUris } from './own-uri.ts';
import type { ReceivedHead, StoredResponse } from './stored-response.ts';

/** What a response to an unsafe request makes invalid (RFC 9111 §4.4). */
export interface Invalidation {
  /** Absolute URIs whose stored responses go. */
  readonly uris: readonly string[];
  /** The origin that `groups` belong to. */
  readonly origin: string;
  /** Groups whose members go (RFC 9875 §3). */
  readonly groups: readonly string[];
  /** What makes each of the URIs invalid, in their order, and then the groups, if there are any. */
  readonly causes: readonly InvalidationCause[];
}

/** A field or status that makes something invalid. */
interface InvalidationCause {
  readonly evidence: string;
  readonly source: string;
  /** What it makes invalid: a URI, or groups in words. */
  readonly what: string;
  readonly fields: readonly FieldEvidence[];
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
  const evidence = `\`${method}\` answered ${received.status}`;
  const causes: InvalidationCause[] = [{ evidence, source: 'RFC 9111 §4.4', what: uri, fields: [] }];
  for (const field of ['location', 'content-location']) {
    const value = getHeader(received.headers, field);
    // Another origin's resources are none of this one's business (RFC 9111 §4.4).
    for (const named of value === undefined ? [] : ownUris(value, request)) {
      if (uris.includes(named)) continue;
      uris.push(named);
      causes.push({
        evidence: `\`${field === 'location' ? 'Location' : 'Content-Location'}: ${value ?? ''}\``,
        ...{ source: 'RFC 9111 §4.4', what: named, fields: [ofResponse(field)] },
      });
    }
  }
  const groups = invalidatedGroups(received.headers);
  if (groups.length > 0) {
    causes.push({
      evidence: `\`Cache-Group-Invalidation: ${quoted(groups)}\``,
      source: 'RFC 9875 §3',
      what: `its groups at ${origin}`,
      fields: [ofResponse('cache-group-invalidation')],
    });
  }
  return { uris, origin, groups, causes };
}

/**
 * The further invalidation of the groups of what the first one removes: those that share one go, too (RFC 9875 §2.2.1), and
 * take no further groups with them.
 *
 * @param gone the stored responses that the URIs stood for
 */
export function sharedGroups({ groups, origin }: Invalidation, gone: readonly StoredResponse[]): Invalidation {
  const shared = new Set(gone.flatMap(({ head }) => head.groups ?? []).filter((group) => !groups.includes(group)));
  const evidence = `\`Cache-Groups: ${quoted([...shared])}\` of what went`;
  const what = `what shares a group with it at ${origin}`;
  const cause = { evidence, source: 'RFC 9875 §2.2.1', what, fields: [ofStored('cache-groups')] };
  return { uris: [], origin, groups: [...shared], causes: shared.size === 0 ? [] : [cause] };
}

/**
 * The steps that say what an invalidation came to.
 *
 * @param removed how many stored responses went for each of its causes
 */
export function invalidationSteps({ causes }: Invalidation, removed: readonly number[]): DecisionStep[] {
  return causes.map(({ evidence, source, what, fields }, place) => {
    const effect = removedText(removed[place] ?? 0, what);
    return { rule: 'invalidation', source, evidence, effect, say: `${evidence}\n${effect}`, fields };
  });
}

function removedText(count: number, what: string): string {
  if (count === 0) return `nothing was stored for ${what}`;
  return count === 1 ? `removed 1 stored response for ${what}` : `removed ${count} stored responses for ${what}`;
}

/** The step that says why what is stored stays although the method is unsafe; undefined when it does not, or is safe. */
export function sparedStep({ method }: CacheRequest, { status }: ReceivedHead): DecisionStep | undefined {
  if (isSafe(method) || status < 400) return undefined;
  const effect = 'an error invalidates nothing';
  const evidence = `\`${method}\` answered ${status}`;
  return { rule: 'invalidation.spared', source: 'RFC 9111 §4.4', evidence, effect, say: effect };
}

function quoted(groups: readonly string[]): string {
  return groups.map((group) => `"${group}"`).join(', ');
}
