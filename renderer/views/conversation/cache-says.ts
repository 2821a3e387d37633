import type { Decision } from '../../../shared/decision.ts';
import type { ExchangeView } from '../../../shared/exchange-view.ts';
import { formatSeconds } from '../../format/units.ts';
import type { Fact, LaneId, Said, Tone } from './conversation.ts';
import { handleSpan } from './conversation-cast.ts';
import type { Cast } from './conversation-cast.ts';
import type { RelatedExchanges } from './related-exchanges.ts';
import { thought } from './server-says.ts';
import { asksEachTime } from '../decision/verdict-words.ts';
import type { Translate } from '../../i18n/translate.ts';

/** What the cache is asked, finds, keeps and answers. Empty when it took no part. */
export function withCache(t: Translate, view: ExchangeView, cast: Cast, related: RelatedExchanges): Said[] {
  const { decision } = view;
  if (decision === undefined || !cast.path.includes('cache')) return [];
  const before: LaneId = cast.path.at(-2) ?? 'server';
  const span = handleSpan(view, 'cache');
  const asked =
    span?.start ?? Math.min(view.decidedAt ?? view.start, ...view.spans.filter(isAsking).map((it) => it.start));
  const decided = view.decidedAt ?? asked;
  const facts = decisionFacts(t, decision);
  const said: Said[] = [
    {
      from: before,
      to: 'cache',
      at: asked,
      text: t('conversation.haveThis'),
      facts: factsOf(t('conversation.factKey'), decision.key),
    },
  ];
  const finding = findingOf(t, decision, view.spans.some(isAsking));
  if (finding !== undefined) said.push({ ...thought('cache', asked, finding), facts });
  said.push(...waiting(t, view, decision, related));
  const kept = keptWords(t, decision);
  if (kept !== undefined) said.push({ ...thought('cache', decided, kept), facts });
  const answered = decision.hit
    ? decided
    : Math.max(decided, Math.min(span?.at ?? decided, view.responseAt ?? Infinity));
  if (span?.error === undefined) {
    said.push({
      ...{ from: 'cache', to: before, at: answered, text: answerOf(t, view, decision), answer: true },
      tone: toneOf(decision),
      facts,
    });
  }
  return [...said, ...besides(t, view, related)];
}

function isAsking({ lane }: { readonly lane: string }): boolean {
  return lane === 'upstream' || lane === 'application';
}

/** What a look into the store found, when that was not the answer. */
function findingOf(t: Translate, decision: Decision, askedFurther: boolean): string | undefined {
  const { verdict, hit, fwd } = decision;
  if (verdict === 'STALE') return askedFurther ? t('conversation.notFresh') : undefined;
  if (hit || fwd === undefined) return undefined;
  const checked = fwd === 'stale' && asksEachTime(decision, 'freshness.no-cache');
  return t(checked ? 'conversation.find-no-cache' : `conversation.find-${fwd}`);
}

function waiting(t: Translate, view: ExchangeView, { collapsed }: Decision, { leader }: RelatedExchanges): Said[] {
  const span = view.spans.find(({ lane, name }) => lane === 'handler' && name === 'collapsed');
  if (collapsed !== true && span === undefined) return [];
  const link = leader === undefined ? {} : { exchange: leader.id };
  const words = (what: 'Asking' | 'Answered' | 'Cannot'): string =>
    leader === undefined ? t(`conversation.other${what}`) : t(`conversation.request${what}`, { id: leader.id });
  const begun: Said = { ...thought('cache', span?.start ?? view.start, words('Asking')), ...link };
  if (span === undefined) return [begun];
  const helped = collapsed === true;
  const end = thought('cache', span.at, words(helped ? 'Answered' : 'Cannot'), helped ? 'good' : 'plain');
  return [begun, { ...end, ...link }];
}

function keptWords(t: Translate, decision: Decision): string | undefined {
  const { hit, stored, ttl, verdict, collapsed } = decision;
  if (hit || collapsed === true) return undefined;
  const time = ttl !== undefined && ttl > 0 ? formatSeconds(ttl) : undefined;
  if (verdict === 'REVALIDATED')
    return time === undefined || asksEachTime(decision, 'freshness.no-cache')
      ? undefined
      : t('conversation.freshAgain', { time });
  const checked = time === undefined || asksEachTime(decision, 'store.no-cache');
  if (stored === true) return checked ? t('conversation.keepCheck') : t('conversation.keepGood', { time });
  return stored === false && verdict !== 'ERROR' ? t('conversation.notKept') : undefined;
}

function answerOf(t: Translate, view: ExchangeView, decision: Decision): string {
  switch (decision.verdict) {
    case 'HIT':
      return possession(t, decision);
    case 'STALE':
      return t('conversation.twoSentences', { first: possession(t, decision), second: permission(t, decision) });
    case 'REVALIDATED':
      return t('conversation.mineIsRight');
    case 'ERROR':
      return t(decision.fwd === undefined ? 'conversation.mustNotAsk' : 'conversation.nothingCame');
    case 'MISS':
    case 'BYPASS':
      if (decision.collapsed === true) return t('conversation.othersAnswer');
      if (view.from === 'hopscope') return t('conversation.ownPage');
      return t(view.gateway === undefined ? 'conversation.originsAnswer' : 'conversation.applicationsAnswer');
  }
}

/** That it has a response, how old that is, and how long it is or was good. */
function possession(t: Translate, { verdict, age: seconds, ttl, lifetime }: Decision): string {
  const age = seconds === undefined ? undefined : formatSeconds(seconds);
  if (verdict === 'HIT' && ttl !== undefined && ttl > 0) {
    const left = formatSeconds(ttl);
    return age === undefined
      ? t('conversation.haveTtl', { ttl: left })
      : t('conversation.haveAgeTtl', { age, ttl: left });
  }
  const past = ttl ?? (lifetime !== undefined && seconds !== undefined ? lifetime - seconds : undefined);
  if (verdict === 'STALE' && past !== undefined && past < 0) {
    const over = formatSeconds(-past);
    return age === undefined ? t('conversation.haveOver', { over }) : t('conversation.haveAgeOver', { age, over });
  }
  return age === undefined ? t('conversation.have') : t('conversation.haveAge', { age });
}

/** Why an answer may be used past its time. */
function permission(t: Translate, { mode, steps }: Decision): string {
  if (mode === 'snapshot' || mode === 'offline') return t(`conversation.allowed-${mode}`);
  switch (steps.findLast(({ rule }) => STALE_RULE.test(rule))?.rule) {
    case 'stale.while-revalidate':
      return t('conversation.whileRevalidate');
    case 'request.max-stale':
      return t('conversation.maxStale');
    case 'stale.if-error':
      return t('conversation.ifError');
    case 'stale.disconnected':
      return t('conversation.disconnected');
    default:
      return t('conversation.stillUsable');
  }
}

const STALE_RULE = /^(?:stale\.(?:while-revalidate|if-error|disconnected)|request\.max-stale)$/;

function toneOf({ verdict }: Decision): Tone {
  if (verdict === 'HIT' || verdict === 'REVALIDATED') return 'good';
  return verdict === 'STALE' ? 'warn' : verdict === 'ERROR' ? 'bad' : 'plain';
}

/** Side conversations: what goes on in the background, and who else waits for this answer. */
function besides(t: Translate, view: ExchangeView, { children, followers }: RelatedExchanges): Said[] {
  const said: Said[] = [];
  for (const child of children) {
    const aside = { exchange: child.id } as const;
    said.push({
      ...aside,
      from: 'cache',
      to: 'origin',
      at: child.start,
      text: t('conversation.inBackground'),
    });
    const at = child.responseAt ?? child.end;
    if (at === undefined) continue;
    const failed = child.outcome !== undefined && child.outcome.kind !== 'completed';
    const text = failed
      ? t('conversation.noAnswer')
      : t(child.verdict === 'REVALIDATED' ? 'conversation.yes304' : 'conversation.another');
    said.push({ ...aside, from: 'origin', to: 'cache', at, text, answer: true, tone: failed ? 'bad' : 'plain' });
  }
  for (const { id, start } of followers) {
    const text = t('conversation.wantsSame', { id });
    said.push({ ...thought('cache', Math.max(start, view.start), text), exchange: id });
  }
  return said;
}

/** The decision in numbers and steps. */
function decisionFacts(t: Translate, decision: Decision): Fact[] {
  const { verdict, fwd, age, lifetime, ttl, steps } = decision;
  return [
    [t('conversation.factVerdict'), fwd === undefined ? verdict : t('conversation.verdictFwd', { verdict, fwd })],
    ...factsOf(t('conversation.factAge'), age, formatSeconds),
    ...factsOf(t('conversation.factLifetime'), lifetime, formatSeconds),
    ...factsOf(t('conversation.factFreshFor'), ttl, formatSeconds),
    ...steps.map((step): Fact => [
      t.said(step.source),
      t('conversation.step', { evidence: t.said(step.evidence), effect: t.said(step.effect) }).replaceAll('`', ''),
    ]),
  ];
}

function factsOf<T extends string | number>(
  name: string,
  value: T | undefined,
  format: (value: T) => string = String,
): Fact[] {
  return value === undefined ? [] : [[name, format(value)]];
}
