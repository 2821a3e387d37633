import type { Decision, DecisionStep } from '../../../shared/decision.ts';
import type { StoredPart, StoredResponse } from './stored-response.ts';

/** What kept a body from being stored as its head promised. */
export type StoringFailure = 'broken' | 'damaged' | 'left' | 'length' | 'refused' | 'outdated' | 'overtaken';

const INCOMPLETE = 'RFC 9111 §3.3';

const CAUSES: Readonly<Record<StoringFailure, Pick<DecisionStep, 'rule' | 'source' | 'evidence'>>> = {
  broken: { rule: 'store.broken', source: INCOMPLETE, evidence: 'the body broke off' },
  damaged: { rule: 'store.damaged', source: 'RFC 9112 §7.2', evidence: 'the transfer coding of the body is damaged' },
  left: { rule: 'store.left', source: INCOMPLETE, evidence: 'the client left before the end of the body' },
  length: { rule: 'store.length', source: INCOMPLETE, evidence: 'the body does not have the announced length' },
  refused: {
    rule: 'store.refused',
    source: 'Hopscope: store limit',
    evidence: 'the body is larger than what the store takes, or came faster than the disk writes',
  },
  outdated: {
    rule: 'store.outdated',
    source: 'RFC 9111 §4.4',
    evidence: 'the URL was invalidated while its response was on its way',
  },
  overtaken: {
    rule: 'store.overtaken',
    source: 'RFC 9111 §4',
    evidence: 'a newer response was stored while this one was on its way',
  },
};

/**
 * The decision again, when the body that was to be stored has ended otherwise: the head had promised more.
 *
 * @param part whether what has come of the body is stored as a part
 */
export function afterBody(decision: Decision, failure: StoringFailure, part: boolean): Decision {
  const effect = part ? 'what has come of it is stored as a part' : 'not stored after all';
  const cause = CAUSES[failure];
  const settling: DecisionStep = { ...cause, effect, say: `${cause.evidence}\n${effect}`, decides: 'storing' };
  const steps = [...decision.steps.map(withoutStoring), settling];
  if (part) return { ...decision, steps };
  const { ttl: _ttl, lifetime: _lifetime, ...rest } = decision;
  return { ...rest, stored: false, steps };
}

/**
 * The decision again, when a part that has come has been combined with what was stored (RFC 9111 §3.4).
 *
 * @param part the bytes that have come
 * @param whole whether those were stored already, in the whole that they have freshened
 * @param combined what is stored now
 */
export function afterJoin(decision: Decision, part: StoredPart, whole: boolean, combined: StoredResponse): Decision {
  const evidence = `bytes ${inWords(part)}`;
  const effect = whole ? 'the stored whole is as fresh as this part' : joinedText(combined);
  const step = { rule: 'part.joined', source: 'RFC 9111 §3.4', evidence, effect, say: `${evidence}\n${effect}` };
  return { ...decision, steps: [...decision.steps, step] };
}

function joinedText({ head, bodyLength }: StoredResponse): string {
  return head.part === undefined
    ? `joined with what was stored to a whole of ${bodyLength ?? 0} bytes`
    : `joined with what was stored to bytes ${inWords(head.part)}`;
}

function inWords({ range, length }: StoredPart): string {
  return `${range.first}–${range.last} of ${length ?? '*'}`;
}

function withoutStoring(step: DecisionStep): DecisionStep {
  if (step.decides !== 'storing') return step;
  const { decides: _decides, ...rest } = step;
  return rest;
}
