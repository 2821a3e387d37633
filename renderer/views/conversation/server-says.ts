import type { ExchangeView } from '../../../shared/exchange-view.ts';
import { getHeader } from '../../../shared/headers.ts';
import { formatBytes, formatCount } from '../../format/units.ts';
import { closeWords } from '../messages/close-words.ts';
import type { Fact, LaneId, Said } from './conversation.ts';
import type { Cast } from './conversation-cast.ts';
import { handleSpan, isWithProxy } from './conversation-cast.ts';
import { givenUp } from './given-up.ts';
import { fieldFacts, requestFacts, requestSentence, statusWords } from './request-words.ts';
import type { Translate } from '../../i18n/translate.ts';

/** What passes between client and server: the request, the answer, its end. */
export function withClient(t: Translate, view: ExchangeView): Said[] {
  const said: Said[] = [
    {
      ...{ from: 'client', to: 'server', at: view.start, text: requestSentence(t, view), facts: requestFacts(t, view) },
      ...(view.parent === undefined ? {} : { exchange: view.parent }),
    },
  ];
  for (const { at, status, headers } of view.informational) {
    const text = status === 103 ? t('conversation.said103') : t('conversation.said1xx', { status });
    said.push({ from: 'server', to: 'client', at, text, answer: true, facts: fieldFacts(headers) });
  }
  if (view.responseAt !== undefined && view.parent === undefined) said.push(answer(t, view, view.responseAt));
  return [...said, ...delivered(t, view), ...carried(t, view)];
}

function answer(t: Translate, view: ExchangeView, at: number): Said {
  const { status = 0, response } = view;
  const facts: Fact[] = [
    [t('conversation.factStatus'), statusWords(t, status, response?.reason)],
    ...(view.from === undefined ? [] : [[t('conversation.factMadeBy'), view.from] satisfies Fact]),
    ...fieldFacts(response?.headers ?? []),
  ];
  const tone = status >= 500 ? 'bad' : status >= 400 ? 'warn' : 'plain';
  return { from: 'server', to: 'client', at, text: answerSentence(t, view), answer: true, facts, tone };
}

function answerSentence(t: Translate, view: ExchangeView): string {
  const { status, response, contentType = '' } = view;
  const words = statusWords(t, status, response?.reason);
  if (view.kind === 'tunnel' && status === 200) return t('conversation.tunnelOpen');
  if (status === 101) return t('conversation.switched');
  if (status === 304) return t('conversation.notModified');
  const location = getHeader(response?.headers ?? [], 'location');
  if (status !== undefined && status >= 300 && status < 400 && location !== undefined)
    return t('conversation.lookElsewhere', { status: words });
  if (view.from === 'hopscope' && status !== undefined && status >= 400)
    return t('conversation.ownError', { status: words });
  return contentType === ''
    ? t('conversation.sentence', { text: words })
    : t('conversation.answerType', { status: words, type: contentType });
}

/** The end of the response, when it has a body that arrived. */
function delivered(t: Translate, view: ExchangeView): Said[] {
  const span = view.spans.find(({ lane, name }) => lane === 'client' && name === 'deliver');
  if (span === undefined || view.responseBytes === 0 || view.outcome?.kind !== 'completed') return [];
  const size = formatBytes(view.responseBytes);
  const text =
    view.messages === undefined
      ? t('conversation.all', { size })
      : t('conversation.allEvents', { size, number: formatCount(view.messages.received) });
  return [{ from: 'server', to: 'client', at: span.at, text, answer: true }];
}

/** What passed both ways through a tunnel or on a WebSocket, summed up at its end. */
function carried(t: Translate, view: ExchangeView): Said[] {
  const span = view.spans.find(({ lane, name }) => lane === 'client' && (name === 'tunnel' || name === 'websocket'));
  if (span === undefined) return [];
  const { messages, close } = view;
  const words = (bytes: number, frames: number | undefined): string => {
    const size = formatBytes(bytes);
    if (frames === undefined) return t('conversation.carriedUnread', { size });
    return t('conversation.carriedFrames', { size, number: formatCount(frames) });
  };
  const up = words(view.requestBytes, messages?.sent);
  const down = words(view.responseBytes, messages?.received);
  const facts: Fact[] = span.detail === undefined ? [] : [[t('conversation.factDetail'), t.said(span.detail)]];
  const said: Said[] = [
    { from: 'client', to: 'origin', at: span.at, text: up, facts },
    { from: 'origin', to: 'client', at: span.at, text: down, facts },
  ];
  if (close !== undefined) {
    const from = close.by === 'client' ? 'client' : close.by === 'upstream' ? 'origin' : 'server';
    const { code, reason } = close;
    const meaning = closeWords(t, code);
    const text =
      reason === ''
        ? t('conversation.goodbye', { code, meaning })
        : t('conversation.goodbyeReason', { code, meaning, reason });
    said.push({ from, to: from === 'client' ? 'origin' : 'client', at: span.at, text });
  }
  return said;
}

/** How the request went inwards through the user's handlers, and how the answer came back. */
export function withHandlers(t: Translate, view: ExchangeView, { handlers, path }: Cast): Said[] {
  if (handlers.length === 0) return [];
  const spans = handlers.flatMap((name) => handleSpan(view, name) ?? []);
  const [outermost] = spans;
  const list = handlers.join(', ');
  const at = outermost?.start ?? view.start;
  const said: Said[] = [{ from: 'server', to: 'handlers', at, text: t('conversation.overToYou', { handlers: list }) }];
  for (const { at: when, error, handler = '' } of spans) {
    if (error !== undefined)
      said.push(thought('handlers', when, t('conversation.handlerFailed', { handler, error: t.said(error) }), 'bad'));
  }
  if (outermost === undefined || outermost.error !== undefined) return said;
  const own =
    path.at(-1) === 'handlers' && !view.spans.some(({ lane }) => lane === 'upstream' || lane === 'application');
  const text = own
    ? t('conversation.answerMyself', { status: statusWords(t, view.status, view.response?.reason) })
    : t('conversation.done');
  return [...said, { from: 'handlers', to: 'server', at: outermost.at, text, answer: true }];
}

/** Something noted, said to nobody. */
export function thought(lane: LaneId, at: number, text: string, tone: Said['tone'] = 'plain'): Said {
  return { from: lane, to: lane, at, text, tone };
}

/** How it ended, when not well. */
export function badEnd(t: Translate, view: ExchangeView, { path, asker }: Cast): Said[] {
  const { outcome, end } = view;
  if (outcome === undefined || end === undefined || outcome.kind === 'completed') return [];
  const facts: Fact[] = [
    [t('conversation.factPhase'), outcome.phase],
    [t('conversation.factHappened'), t.said(outcome.message)],
  ];
  if (outcome.kind === 'failed') {
    if (view.spans.some(({ lane, error }) => lane === 'upstream' && error === outcome.message))
      return missing(t, view, end);
    const lane = outcome.phase === 'cache' && path.includes('cache') ? 'cache' : 'server';
    // The answer that tells the client of it comes after it.
    const at = Math.min(end, view.from === 'hopscope' ? (view.responseAt ?? end) : end);
    return [
      {
        ...thought(lane, at, t.said(outcome.message), 'bad'),
        facts: [[t('conversation.factCode'), outcome.code], ...facts],
      },
      ...missing(t, view, end),
    ];
  }
  switch (outcome.by) {
    case 'client':
      return [
        {
          // What it waited for is given up right after.
          ...{ from: 'client', to: 'server', at: Math.min(end, givenUp(view)?.at ?? end) },
          ...{ text: t('conversation.leaving'), tone: 'warn', facts },
        },
        ...neverMind(t, view, asker),
      ];
    case 'upstream': {
      const lost: Said = {
        from: 'origin',
        to: asker,
        at: end,
        text: t('conversation.breakOff'),
        tone: 'bad',
        answer: true,
        facts,
      };
      return [lost, ...missing(t, view, end)];
    }
    case 'hopscope':
      return [
        { ...thought('server', Math.min(end, givenUp(view)?.at ?? end), t.said(outcome.message), 'warn'), facts },
        ...neverMind(t, view, asker),
      ];
  }
}

/** What is told to the origin when what it was asked for is not wanted any more. */
function neverMind(t: Translate, view: ExchangeView, asker: LaneId): Said[] {
  const span = givenUp(view);
  if (span === undefined) return [];
  const to = isWithProxy(span) ? 'proxy' : 'origin';
  return [{ from: asker, to, at: span.at, text: t('conversation.neverMind'), tone: 'warn' }];
}

/** The client is told, by a closed connection, that a response which had begun will not become whole. */
function missing(t: Translate, view: ExchangeView, at: number): Said[] {
  if (view.responseAt === undefined || view.from === 'hopscope' || view.kind !== 'http') return [];
  const text = t('conversation.restMissing', { size: formatBytes(view.responseBytes) });
  return [{ from: 'server', to: 'client', at, text, answer: true, tone: 'bad' }];
}

/** Notes that a traceback says already. */
const TOLD_BY_TRACEBACK: ReadonlySet<string> = new Set([
  'APPLICATION_NOT_LOADED',
  'APPLICATION_FAILED',
  'CLOSE_FAILED',
]);

/** Notes that other messages do not say already. */
export function notes(t: Translate, view: ExchangeView, { path, asker }: Cast): Said[] {
  const hasTraceback = view.gateway?.some((event) => event.type === 'gateway.output' && event.stream === 'traceback');
  return view.notes
    .filter(({ code }) => code !== 'WEBSOCKET_CLOSED' && !(hasTraceback && TOLD_BY_TRACEBACK.has(code)))
    .map(({ code, at, text, level }) => {
      const facts: Fact[] = [[t('conversation.factNote'), code]];
      return { ...thought(noteLane(code, path, asker), at, t.said(text), NOTE_TONES[level]), facts };
    });
}

const NOTE_TONES = { info: 'plain', warning: 'warn', error: 'bad' } as const;

function noteLane(code: string, path: readonly LaneId[], asker: LaneId): LaneId {
  if (code === 'FAILOVER' || code === 'PAC_FAILED') return asker;
  if (code === 'CONTINUED' && path.includes('cache')) return 'cache';
  return code.startsWith('APPLICATION_') || code === 'CLOSE_FAILED' ? 'gateway' : 'server';
}
