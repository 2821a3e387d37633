import type { Decision } from '../../../shared/decision.ts';
import type { ExchangeView } from '../../../shared/exchange-view.ts';
import { formatSeconds } from '../../format/units.ts';
import type { Fact, LaneId, Said, Tone } from './conversation.ts';
import { handleSpan } from './conversation-cast.ts';
import type { Cast } from './conversation-cast.ts';
import type { RelatedExchanges } from './related-exchanges.ts';
import { thought } from './server-says.ts';

/** What the cache is asked, finds, keeps and answers. Empty when it took no part. */
export function withCache(view: ExchangeView, cast: Cast, related: RelatedExchanges): Said[] {
  const { decision } = view;
  if (decision === undefined || !cast.path.includes('cache')) return [];
  const before: LaneId = cast.path.at(-2) ?? 'server';
  const span = handleSpan(view, 'cache');
  const asked =
    span?.start ?? Math.min(view.decidedAt ?? view.start, ...view.spans.filter(isAsking).map((it) => it.start));
  const decided = view.decidedAt ?? asked;
  const facts = decisionFacts(decision);
  const said: Said[] = [
    { from: before, to: 'cache', at: asked, text: 'Do you have this?', facts: factsOf('Key', decision.key) },
  ];
  const finding = findingOf(decision, view.spans.some(isAsking));
  if (finding !== undefined) said.push({ ...thought('cache', asked, finding), facts });
  said.push(...waiting(view, decision, related));
  const kept = keptWords(decision);
  if (kept !== undefined) said.push({ ...thought('cache', decided, kept), facts });
  const answered = decision.hit
    ? decided
    : Math.max(decided, Math.min(span?.at ?? decided, view.responseAt ?? Infinity));
  if (span?.error === undefined) {
    said.push({
      ...{ from: 'cache', to: before, at: answered, text: answerOf(view, decision), answer: true },
      tone: toneOf(decision),
      facts,
    });
  }
  return [...said, ...besides(view, related)];
}

function isAsking({ lane }: { readonly lane: string }): boolean {
  return lane === 'upstream' || lane === 'application';
}

/** What a look into the store found, when that was not the answer. */
function findingOf({ verdict, hit, fwd }: Decision, askedFurther: boolean): string | undefined {
  if (verdict === 'STALE') return askedFurther ? 'I have it, but it is no longer fresh.' : undefined;
  if (hit || fwd === undefined) return undefined;
  switch (fwd) {
    case 'uri-miss':
      return 'I have nothing for this address.';
    case 'vary-miss':
      return 'What I have is for other request headers.';
    case 'stale':
      return 'I have it, but it is no longer fresh.';
    case 'request':
      return 'I have it, but this request wants it checked.';
    case 'partial':
      return 'I have only a part of it.';
    case 'method':
      return 'That method is not for me to answer.';
    case 'bypass':
      return 'I stand aside for this one.';
    case 'miss':
      return 'Nothing that I have will do.';
  }
}

function waiting(view: ExchangeView, { collapsed }: Decision, { leader }: RelatedExchanges): Said[] {
  const span = view.spans.find(({ lane, name }) => lane === 'handler' && name === 'collapsed');
  if (collapsed !== true && span === undefined) return [];
  const who = leader === undefined ? 'Another request' : `Request ${leader.id}`;
  const link = leader === undefined ? {} : { exchange: leader.id };
  const start = span?.start ?? view.start;
  const begun: Said = {
    ...thought('cache', start, `${who} is already asking for this. I wait for its answer.`),
    ...link,
  };
  if (span === undefined) return [begun];
  const end =
    collapsed === true ? `${who} has its answer, and it will do here, too.` : `${who} cannot help. I ask myself.`;
  return [begun, { ...thought('cache', span.at, end, collapsed === true ? 'good' : 'plain'), ...link }];
}

function keptWords({ hit, stored, ttl, verdict, collapsed }: Decision): string | undefined {
  if (hit || collapsed === true) return undefined;
  const good = ttl !== undefined && ttl > 0 ? `good for ${formatSeconds(ttl)}` : 'to be checked before each use';
  if (verdict === 'REVALIDATED') return ttl !== undefined && ttl > 0 ? `So it is fresh again, ${good}.` : undefined;
  if (stored === true) return `I keep a copy, ${good}.`;
  return stored === false && verdict !== 'ERROR' ? 'I do not keep a copy.' : undefined;
}

function answerOf(view: ExchangeView, decision: Decision): string {
  const { age, ttl, lifetime } = decision;
  const old = age === undefined ? '' : `, ${formatSeconds(age)} old`;
  switch (decision.verdict) {
    case 'HIT':
      if (ttl !== undefined && ttl > 0) return `I have it${old}, good for ${formatSeconds(ttl)} more.`;
      return `I have it${old}.`;
    case 'STALE': {
      const past = ttl ?? (lifetime !== undefined && age !== undefined ? lifetime - age : undefined);
      const over = past === undefined || past >= 0 ? '' : `, ${formatSeconds(-past)} past its time`;
      return `I have it${old}${over}. ${permission(decision)}`;
    }
    case 'REVALIDATED':
      return 'Here is mine: it is still right.';
    case 'ERROR':
      return decision.fwd === undefined ? 'I do not have it, and must not ask.' : 'Nothing came that I could give you.';
    case 'MISS':
    case 'BYPASS':
      if (decision.collapsed === true) return 'Here is what the other request was given.';
      if (view.from === 'hopscope') return "Here is Hopscope's own page.";
      return view.gateway === undefined ? "Here is the origin's answer." : "Here is the application's answer.";
  }
}

/** Why an answer may be used past its time. */
function permission({ mode, steps }: Decision): string {
  if (mode === 'snapshot' || mode === 'offline') return `In ${mode} mode that does not matter.`;
  switch (steps.findLast(({ rule }) => STALE_RULE.test(rule))?.rule) {
    case 'stale.while-revalidate':
      return 'It will do while I check it in the background.';
    case 'request.max-stale':
      return 'You said that will do.';
    case 'stale.if-error':
      return 'The origin failed, so it has to do.';
    case 'stale.disconnected':
      return 'The origin cannot be reached, so it has to do.';
    default:
      return 'It may still be used.';
  }
}

const STALE_RULE = /^(?:stale\.(?:while-revalidate|if-error|disconnected)|request\.max-stale)$/;

function toneOf({ verdict }: Decision): Tone {
  if (verdict === 'HIT' || verdict === 'REVALIDATED') return 'good';
  return verdict === 'STALE' ? 'warn' : verdict === 'ERROR' ? 'bad' : 'plain';
}

/** Side conversations: what goes on in the background, and who else waits for this answer. */
function besides(view: ExchangeView, { children, followers }: RelatedExchanges): Said[] {
  const said: Said[] = [];
  for (const child of children) {
    const aside = { exchange: child.id } as const;
    said.push({
      ...aside,
      from: 'cache',
      to: 'origin',
      at: child.start,
      text: 'In the background: is it still right?',
    });
    const at = child.responseAt ?? child.end;
    if (at === undefined) continue;
    const failed = child.outcome !== undefined && child.outcome.kind !== 'completed';
    const text = failed ? 'No answer.' : child.verdict === 'REVALIDATED' ? 'Yes (304).' : 'No, here is another.';
    said.push({ ...aside, from: 'origin', to: 'cache', at, text, answer: true, tone: failed ? 'bad' : 'plain' });
  }
  for (const { id, start } of followers) {
    const text = `Request ${id} wants the same: it waits for this answer.`;
    said.push({ ...thought('cache', Math.max(start, view.start), text), exchange: id });
  }
  return said;
}

/** The decision in numbers and steps. */
function decisionFacts(decision: Decision): Fact[] {
  const { verdict, fwd, age, lifetime, ttl, steps } = decision;
  return [
    ['Verdict', fwd === undefined ? verdict : `${verdict} (fwd=${fwd})`],
    ...factsOf('Age', age, formatSeconds),
    ...factsOf('Lifetime', lifetime, formatSeconds),
    ...factsOf('Fresh for', ttl, formatSeconds),
    ...steps.map((step): Fact => [step.source, `${step.evidence}: ${step.effect}`.replaceAll('`', '')]),
  ];
}

function factsOf<T extends string | number>(
  name: string,
  value: T | undefined,
  format: (value: T) => string = String,
): Fact[] {
  return value === undefined ? [] : [[name, format(value)]];
}
