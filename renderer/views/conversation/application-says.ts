import type { ExchangeView } from '../../../shared/exchange-view.ts';
import type { GatewayEvent, SpanEnded } from '../../../shared/trace-event.ts';
import { formatBytes, formatCount } from '../../format/units.ts';
import type { Fact, Said } from './conversation.ts';
import type { Cast } from './conversation-cast.ts';
import { handleSpan } from './conversation-cast.ts';
import { fieldFacts, requestSentence, statusWords } from './request-words.ts';
import { thought } from './server-says.ts';
import type { Translate } from '../../i18n/translate.ts';

/** Pieces of a body that are told one by one; more are summed up. */
const CHUNKS_TOLD = 3;

/** What passes between the gateway and an application: the call, start_response, pieces of the body, close. */
export function withApplication(t: Translate, view: ExchangeView, { asker }: Cast): Said[] {
  const { gateway } = view;
  if (gateway === undefined) return [];
  const spans = view.spans.filter(({ lane }) => lane === 'application');
  const called = gateway.find((event) => event.type === 'gateway.called');
  const handled = handleSpan(view, 'gateway');
  const first =
    handled?.start ??
    Math.min(called?.at ?? Infinity, gateway[0]?.at ?? view.start, ...spans.map(({ start }) => start));
  const said: Said[] = [{ from: asker, to: 'gateway', at: first, text: requestSentence(t, view) }];
  const queue = spans.find(({ name }) => name === 'queue');
  if (queue !== undefined) said.push(thought('gateway', queue.start, t('conversation.busy'), 'warn'));
  if (called !== undefined) {
    const at = spans.find(({ name }) => name === 'call')?.start ?? called.at;
    const facts: Fact[] = [[t('conversation.factWorker'), called.worker], ...fieldFacts(called.environ)];
    said.push({ from: 'gateway', to: 'application', at, text: t('conversation.call'), facts });
  }
  const started = spans.find(({ name }) => name === 'start_response');
  for (const event of gateway) said.push(...told(t, event, view, started?.at));
  const answered = gateway.findLast((event) => event.type === 'gateway.answered');
  if (answered !== undefined) {
    const facts = fieldFacts(answered.headers);
    const at = Math.max(answered.at, started?.at ?? answered.at);
    said.push({
      from: 'gateway',
      to: asker,
      at,
      text: t('conversation.applicationSays', { status: answered.status }),
      answer: true,
      facts,
    });
  } else if (view.from === 'hopscope' && view.responseAt !== undefined) {
    const text = t('conversation.pageTells', { status: statusWords(t, view.status, view.response?.reason) });
    const at = handled?.at ?? Math.min(view.responseAt, view.decidedAt ?? Infinity);
    said.push({ from: 'gateway', to: asker, at, text, answer: true, tone: 'bad' });
  }
  return [...said, ...pieces(t, spans), ...closing(t, spans)];
}

function told(t: Translate, event: GatewayEvent, view: ExchangeView, startedAt: number | undefined): Said[] {
  const { at } = event;
  switch (event.type) {
    case 'gateway.called':
      return [];
    case 'gateway.answered': {
      const facts = fieldFacts(event.headers);
      const text = t('conversation.startResponse', { status: event.status });
      return [{ from: 'application', to: 'gateway', at: Math.min(startedAt ?? at, at), text, answer: true, facts }];
    }
    case 'gateway.output': {
      const lines = event.text.trimEnd().split('\n');
      const facts: Fact[] = [[t('conversation.factText'), event.text.trimEnd()]];
      if (event.stream !== 'traceback') {
        const stream = event.stream === 'errors' ? 'wsgi.errors' : event.stream;
        return [{ ...thought('application', at, t('conversation.write', { stream, line: lines[0] ?? '' })), facts }];
      }
      return [{ ...thought('gateway', at, raised(t, view, lines.at(-1) ?? ''), 'bad'), facts }];
    }
    case 'gateway.framework': {
      const facts = fieldFacts(event.facts);
      const text = facts.map(([name, value]) => `${name} ${value.split('\n')[0] ?? ''}`).join(', ');
      return [{ ...thought('application', at, text), facts }];
    }
  }
}

/** What a traceback is about: it is the gateway that sees the exception. */
function raised(t: Translate, { notes }: ExchangeView, error: string): string {
  const notLoaded = notes.find(({ code }) => code === 'APPLICATION_NOT_LOADED');
  if (notLoaded !== undefined) return t('conversation.twoSentences', { first: t.said(notLoaded.text), second: error });
  const inClose = notes.some(({ code, text }) => code === 'CLOSE_FAILED' && text === error);
  return t(inClose ? 'conversation.closeRaised' : 'conversation.raised', { error });
}

function pieces(t: Translate, spans: readonly SpanEnded[]): Said[] {
  const chunks = spans.filter(({ name }) => name === 'chunk');
  const said = chunks.slice(0, CHUNKS_TOLD).map((chunk): Said => {
    const text = t('conversation.piece', { size: formatBytes(bytesOf(chunk)) });
    return { from: 'application', to: 'gateway', at: chunk.at, text, answer: true };
  });
  const rest = chunks.slice(CHUNKS_TOLD);
  const last = rest.at(-1);
  if (last === undefined) return said;
  const bytes = rest.reduce((sum, chunk) => sum + bytesOf(chunk), 0);
  const text = t('conversation.pieces', { number: formatCount(rest.length), size: formatBytes(bytes) });
  return [...said, { from: 'application', to: 'gateway', at: last.at, text, answer: true }];
}

/** The detail of a chunk's span is its size, as in `4096 bytes`. */
function bytesOf({ detail = '' }: SpanEnded): number {
  const bytes = Number.parseInt(detail, 10);
  return Number.isNaN(bytes) ? 0 : bytes;
}

function closing(t: Translate, spans: readonly SpanEnded[]): Said[] {
  return spans
    .filter(({ name }) => name === 'close')
    .map(({ start }) => ({ from: 'gateway', to: 'application', at: start, text: t('conversation.closePlease') }));
}
