import type { DecisionStep, FieldEvidence } from '../../../shared/decision.ts';
import { joinedHeader } from '../../../shared/headers.ts';
import type { CacheRequest } from './cache-request.ts';
import { fieldsOf, ofRequest, ofStored } from './field-evidence.ts';
import type { Lifetime } from './freshness.ts';
import type { Answer } from './representation.ts';
import { isEquivalentUri } from './no-vary-search.ts';
import type { ResponsePolicy, StoredHead, StoredResponse } from './stored-response.ts';
import { currentAge } from './stored-response.ts';
import type { SelectingField } from './vary.ts';

/** Texts of decision steps that more than one rule needs. */

/** Age and lifetime of a stored response at one moment, in milliseconds; `left` is negative when it is stale. */
export interface Freshness {
  readonly age: number;
  readonly left: number;
}

/** How fresh a stored response is now (RFC 9111 §4.2): fresh while its lifetime exceeds its age. */
export function freshnessNow(stored: Pick<StoredResponse, 'head'>, policy: ResponsePolicy, now: number): Freshness {
  const age = currentAge(stored.head, policy, now);
  return { age, left: policy.lifetime.seconds * 1000 - age };
}

/** Whole seconds of an age, as the Age field counts them. */
export function ageSeconds(freshness: Freshness): number {
  return Math.floor(freshness.age / 1000);
}

/** Whole seconds of freshness left, as the `ttl` parameter counts them; negative when stale (RFC 9211 §2.4). */
export function ttlSeconds(policy: ResponsePolicy, freshness: Freshness): number {
  return policy.lifetime.seconds - ageSeconds(freshness);
}

/** The same step, as the one that settled whether the store answers. */
export function deciding(step: DecisionStep): DecisionStep {
  return { ...step, decides: 'answer' };
}

/** The same steps, of which the last one settled whether the store answers. */
export function decidedByLast(steps: readonly DecisionStep[]): DecisionStep[] {
  return steps.map((step, place) => (place === steps.length - 1 ? deciding(step) : step));
}

/** Steps of a plan that came to nothing, when something else has settled the matter since. */
export function overtaken(steps: readonly DecisionStep[]): DecisionStep[] {
  return steps.map(({ decides: _decides, ...step }) => step);
}

/** `` `max-age=60` received 71 s ago → stale for 11 s ``, as a step. */
export function freshnessStep(policy: ResponsePolicy, freshness: Freshness): DecisionStep {
  const { lifetime } = policy;
  const resident = Math.max(0, ageSeconds(freshness) - Math.floor(policy.initialAge.milliseconds / 1000));
  const arrival = policy.initialAge.evidence === '' ? '' : `, ${policy.initialAge.evidence}`;
  const evidence = receivedText(lifetime, resident, arrival);
  const effect = policy.noCache ? 'needs a validation before each use' : freshnessText(policy, freshness);
  let source = lifetime.kind === 'heuristic' ? 'RFC 9111 §4.2.2' : 'RFC 9111 §4.2.1';
  if (lifetime.kind === 'overlay') source = `Hopscope: overlay "${policy.overlay.name}"`;
  let noCache = evidence;
  if (policy.governing.directives.noCache) {
    source = 'RFC 9111 §5.2.2.4';
    noCache = `\`no-cache\`, ${evidence}`;
  } else if (policy.noCache) {
    source = `Hopscope: overlay "${policy.overlay.name}"`;
    noCache = `always revalidate; ${evidence}`;
  }
  const fields = [...fieldsOf('stored', lifetime.fields), ...fieldsOf('stored', policy.initialAge.fields)];
  if (policy.governing.directives.noCache) fields.unshift(ofStored(policy.governing.field.toLowerCase(), 'no-cache'));
  const rule = policy.noCache ? 'freshness.no-cache' : 'freshness';
  const step = { rule, source, evidence: noCache, effect, say: `${noCache}\n${effect}`, fields };
  return lifetime.kind === 'overlay' ? { ...step, departure: true } : step;
}

/** @param arrival how old it was on arrival, after a comma, or nothing */
function receivedText({ kind, evidence }: Lifetime, resident: number, arrival: string): string {
  if (kind === 'none') return `received ${resident} s ago without freshness information${arrival}`;
  // Only of a directive can it be said that it was received.
  const told = kind === 'max-age' || kind === 's-maxage';
  return told
    ? `${evidence} received ${resident} s ago${arrival}`
    : `received ${resident} s ago${arrival}; ${evidence}`;
}

/** `fresh for 48 s more`, or since when it is not. */
function freshnessText(policy: ResponsePolicy, freshness: Freshness): string {
  const ttl = ttlSeconds(policy, freshness);
  if (freshness.left > 0) return `fresh for ${ttl} s more`;
  if (policy.lifetime.kind === 'none') return 'stale from the start';
  return ttl < 0 ? `stale for ${-ttl} s` : 'just gone stale';
}

/** The step that finds a stored response, with the fields it was selected by. */
export function foundStep(request: CacheRequest, stored: StoredResponse): DecisionStep {
  const { head } = stored;
  if (head.search !== undefined && head.uri !== request.uri) {
    // Under an overlay that drops parameters it may be the same key that has found it.
    if (isEquivalentUri(head.uri, request.uri, head.search)) return foundLooselyStep(request, head);
  }
  if (head.selecting.length === 0) {
    const evidence = `\`${request.method} ${request.uri}\``;
    return { rule: 'lookup.found', source: 'RFC 9111 §4', evidence, effect: 'a stored response matches' };
  }
  return {
    rule: 'lookup.found',
    source: 'RFC 9111 §4.1',
    evidence: `\`${request.method} ${request.uri}\` with ${describeSelecting(head.selecting).text}`,
    effect: 'a stored response matches, also in the fields that its `Vary` names',
    fields: describeSelecting(head.selecting).fields,
  };
}

/** The stored response is one for another query, which does not matter to it (No-Vary-Search). */
function foundLooselyStep(request: CacheRequest, { uri, headers, selecting }: StoredHead): DecisionStep {
  const asked = `\`${request.method} ${request.uri}\``;
  const { text, fields } = describeSelecting(selecting);
  const field = joinedHeader(headers, 'no-vary-search') ?? '';
  const effect = `what is stored for \`${uri}\` matches by its \`No-Vary-Search: ${field}\``;
  return {
    rule: 'lookup.found',
    source: 'IETF draft, No-Vary-Search',
    evidence: selecting.length === 0 ? asked : `${asked} with ${text}`,
    effect,
    say: effect,
    fields: [ofStored('no-vary-search'), ...(selecting.length === 0 ? [] : fields)],
  };
}

interface Described {
  readonly text: string;
  readonly fields: readonly FieldEvidence[];
}

const described = new WeakMap<readonly SelectingField[], Described>();

/** Selecting fields with their values, in words; put together once for each list, of which entries share a few. */
function describeSelecting(selecting: readonly SelectingField[]): Described {
  let known = described.get(selecting);
  if (known === undefined) {
    const text = selecting.map(({ field, value }) => `\`${field}: ${value ?? '(absent)'}\``).join(', ');
    known = { text, fields: [ofStored('vary'), ...selecting.map(({ field }) => ofRequest(field))] };
    described.set(selecting, known);
  }
  return known;
}

/** The step that says what of the stored response was sent. */
export function answerStep(answer: Answer, stored: StoredResponse): DecisionStep {
  switch (answer.kind) {
    case 'not-modified':
      return served('answer.304', answer.source, answer.evidence, "304, the client's copy is current", answer.fields);
    case 'range': {
      const bytes = `bytes ${answer.range.first}–${answer.range.last} from the store`;
      return served('answer.range', 'RFC 9110 §14.2', answer.evidence, `206, ${bytes}`, RANGE);
    }
    case 'ranges':
      return served(
        'answer.ranges',
        'RFC 9110 §14.6',
        answer.evidence,
        `206, ${answer.ranges.length} ranges from the store`,
        RANGE,
      );
    case 'unsatisfiable':
      return served('answer.range', 'RFC 9110 §15.5.17', answer.evidence, '416, no such bytes', RANGE);
    case 'head':
      return served(
        ...(['answer.head', 'RFC 9110 §9.3.2', '`HEAD`'] as const),
        stored.head.method === 'HEAD' ? 'the stored head' : 'the head of the stored `GET` response',
      );
    case 'unmeasured':
      return served('answer.range', 'RFC 9110 §14.2', answer.evidence, '206, as far as there are such bytes', RANGE);
    case 'whole':
    case 'insufficient': {
      const unranged = answer.kind === 'whole' ? answer.unranged : undefined;
      if (unranged !== undefined) {
        const { source, evidence, fields } = unranged;
        const step = served('answer.whole', source, evidence, '200, the whole from the store', fields);
        return { ...step, say: `${evidence}\n${step.effect}` };
      }
      const { head, bodyLength } = stored;
      const evidence = `status ${head.status}${bodyLength === undefined ? '' : `, ${bodyLength} bytes`}`;
      return served('answer.whole', 'RFC 9111 §4', evidence, 'served from the store');
    }
  }
}

const RANGE: readonly FieldEvidence[] = [ofRequest('range')];

function served(
  rule: string,
  source: string,
  evidence: string,
  effect: string,
  fields?: readonly FieldEvidence[],
): DecisionStep {
  const step = { rule, source, evidence, effect, say: effect };
  return fields === undefined ? step : { ...step, fields };
}
