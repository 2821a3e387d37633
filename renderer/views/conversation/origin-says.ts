import type { ExchangeView } from '../../../shared/exchange-view.ts';
import type { SpanEnded } from '../../../shared/trace-event.ts';
import { splitUrl } from '../../../shared/url-parts.ts';
import type { Fact, LaneId, Said } from './conversation.ts';
import type { Cast } from './conversation-cast.ts';
import { isWithProxy } from './conversation-cast.ts';
import { givenUp } from './given-up.ts';
import { requestSentence, statusWords } from './request-words.ts';
import { thought } from './server-says.ts';
import type { Translate } from '../../i18n/translate.ts';

/** What is said on the way to an origin: connecting, asking, its answer; a message for each time it was tried. */
export function withOrigin(t: Translate, view: ExchangeView, { asker }: Cast): Said[] {
  const spans = view.spans.filter(({ lane }) => lane === 'upstream').sort((a, b) => a.start - b.start || a.seq - b.seq);
  const waits = spans.filter(({ name }) => name === 'wait');
  const last = waits.at(-1);
  const unwanted = givenUp(view);
  const said: Said[] = [];
  // Who is at the other end: a proxy until it has made way, and for good where it passes requests on itself.
  let peer: LaneId = 'origin';
  for (const span of spans) {
    if (span.name === 'connect' || span.name === 'connection') peer = firstPeer(view, span);
    const to = span.name === 'tls' ? (isWithProxy(span) ? 'proxy' : 'origin') : span.name === 'proxy' ? 'proxy' : peer;
    said.push(...asking(t, view, asker, to, span));
    if (span === unwanted) continue;
    if (span.error !== undefined) said.push(refused(t, asker, to, span));
    else if (span.name === 'wait') said.push(answered(t, view, asker, to, span, span === last));
    else if (span.name === 'proxy') peer = 'origin';
  }
  return said;
}

function firstPeer({ outcome }: ExchangeView, span: SpanEnded): LaneId {
  if (/ through proxy /.test(span.detail ?? '')) return 'origin';
  // A connection that was not made has no address to tell of.
  const unreached = span.error !== undefined && outcome?.kind === 'failed' && outcome.code === 'PROXY_UNREACHABLE';
  return unreached || isWithProxy(span) ? 'proxy' : 'origin';
}

function asking(t: Translate, view: ExchangeView, asker: LaneId, to: LaneId, span: SpanEnded): Said[] {
  const facts: Fact[] = span.detail === undefined ? [] : [[t('conversation.factDetail'), t.said(span.detail)]];
  const ask = (text: string): Said[] => [{ from: asker, to, at: span.start, text, facts }];
  switch (span.name) {
    case 'connect':
      return ask(t('conversation.mayConnect'));
    case 'tls':
      return ask(t('conversation.private'));
    case 'proxy':
      return ask(t('conversation.goOn', { host: splitUrl(view.url).host }));
    case 'send':
      return ask(questionOf(t, view));
    case 'pac':
      return [{ ...thought(asker, span.at, t('conversation.lookUpProxy')), facts }];
    default:
      return [];
  }
}

/** The cache's question about what it has, or the client's request as it is. */
function questionOf(t: Translate, view: ExchangeView): string {
  const evidence = validationOf(view);
  if (evidence === undefined) return requestSentence(t, view);
  const tag = /If-None-Match: ([^`]+)/i.exec(evidence)?.[1];
  if (tag !== undefined) return t('conversation.tagRight', { tag });
  const since = /If-Modified-Since: ([^`]+)/i.exec(evidence)?.[1];
  return since === undefined ? t('conversation.mineRight') : t('conversation.changedSince', { since });
}

/** With which of its own validators the cache asked, if it did. */
function validationOf({ decision }: ExchangeView): string | undefined {
  return decision?.steps.find(({ rule }) => rule === 'validation.sent' || rule === 'validation.variants')?.evidence;
}

function answered(
  t: Translate,
  view: ExchangeView,
  asker: LaneId,
  from: LaneId,
  span: SpanEnded,
  isLast: boolean,
): Said {
  return {
    from,
    to: asker,
    at: span.at,
    text: isLast ? answerOf(t, view) : t('conversation.useless'),
    answer: true,
  };
}

function answerOf(t: Translate, view: ExchangeView): string {
  const { decision, response } = view;
  const status = decision?.fwdStatus ?? view.status;
  const reason = status === view.status ? response?.reason : undefined;
  const validated = validationOf(view) !== undefined;
  if (status === 304) return t(validated ? 'conversation.yes304' : 'conversation.nothingNew');
  if (status === 101) return t('conversation.yes101');
  // Hopscope's own page came instead of what the origin said, and its status is not known.
  if (decision?.fwdStatus === undefined && view.from === 'hopscope') return t('conversation.cannotPass');
  if (status === undefined) return t('conversation.begins');
  return validated && status === 200
    ? t('conversation.another200')
    : t('conversation.sentence', { text: statusWords(t, status, reason) });
}

const REFUSALS = ['dns', 'connect', 'tls', 'proxy', 'send', 'wait', 'receive'] as const;

function refused(t: Translate, asker: LaneId, from: LaneId, { name, at, error = '' }: SpanEnded): Said {
  const facts: Fact[] = [[t('conversation.factHappened'), t.said(error)]];
  const refusal = REFUSALS.find((one) => one === name);
  const text = refusal === undefined ? t.said(error) : t(`conversation.refused-${refusal}`);
  if (name === 'dns' || name === 'pac') return { ...thought(asker, at, text, 'bad'), facts };
  return { from, to: asker, at, text, answer: true, tone: 'bad', facts };
}
