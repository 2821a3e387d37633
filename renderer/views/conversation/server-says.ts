import type { ExchangeView } from '../../../shared/exchange-view.ts';
import { getHeader } from '../../../shared/headers.ts';
import { formatBytes, formatCount } from '../../format/units.ts';
import { closeCodeMeaning } from '../../../shared/websocket.ts';
import type { Fact, LaneId, Said } from './conversation.ts';
import type { Cast } from './conversation-cast.ts';
import { handleSpan } from './conversation-cast.ts';
import { fieldFacts, requestFacts, requestSentence, statusWords } from './request-words.ts';

/** What passes between client and server: the request, the answer, its end. */
export function withClient(view: ExchangeView): Said[] {
  const said: Said[] = [
    {
      ...{ from: 'client', to: 'server', at: view.start, text: requestSentence(view), facts: requestFacts(view) },
      ...(view.parent === undefined ? {} : { exchange: view.parent }),
    },
  ];
  for (const { at, status, headers } of view.informational) {
    const text = status === 103 ? '103: you may fetch these already.' : `${status}: wait, there is more to come.`;
    said.push({ from: 'server', to: 'client', at, text, answer: true, facts: fieldFacts(headers) });
  }
  if (view.responseAt !== undefined && view.parent === undefined) said.push(answer(view, view.responseAt));
  return [...said, ...delivered(view), ...carried(view)];
}

function answer(view: ExchangeView, at: number): Said {
  const { status = 0, response } = view;
  const facts: Fact[] = [
    ['Status', statusWords(status, response?.reason)],
    ...(view.from === undefined ? [] : [['Made by', view.from] satisfies Fact]),
    ...fieldFacts(response?.headers ?? []),
  ];
  const tone = status >= 500 ? 'bad' : status >= 400 ? 'warn' : 'plain';
  return { from: 'server', to: 'client', at, text: answerSentence(view), answer: true, facts, tone };
}

function answerSentence(view: ExchangeView): string {
  const { status, response, contentType = '' } = view;
  const words = statusWords(status, response?.reason);
  if (view.kind === 'tunnel' && status === 200) return '200: the tunnel is open.';
  if (status === 101) return '101: yes, let us.';
  if (status === 304) return '304: what you have is still right.';
  const location = getHeader(response?.headers ?? [], 'location');
  if (status !== undefined && status >= 300 && status < 400 && location !== undefined)
    return `${words}: look elsewhere.`;
  if (view.from === 'hopscope' && status !== undefined && status >= 400) return `${words}: I have to say so myself.`;
  return contentType === '' ? `${words}.` : `${words}: ${contentType}.`;
}

/** The end of the response, when it has a body that arrived. */
function delivered(view: ExchangeView): Said[] {
  const span = view.spans.find(({ lane, name }) => lane === 'client' && name === 'deliver');
  if (span === undefined || view.responseBytes === 0 || view.outcome?.kind !== 'completed') return [];
  const events = view.messages === undefined ? '' : ` in ${formatCount(view.messages.received)} events`;
  const text = `That was all: ${formatBytes(view.responseBytes)}${events}.`;
  return [{ from: 'server', to: 'client', at: span.at, text, answer: true }];
}

/** What passed both ways through a tunnel or on a WebSocket, summed up at its end. */
function carried(view: ExchangeView): Said[] {
  const span = view.spans.find(({ lane, name }) => lane === 'client' && (name === 'tunnel' || name === 'websocket'));
  if (span === undefined) return [];
  const { messages, close } = view;
  const up = messages === undefined ? 'unread' : `in ${formatCount(messages.sent)} frames`;
  const down = messages === undefined ? 'unread' : `in ${formatCount(messages.received)} frames`;
  const facts: Fact[] = span.detail === undefined ? [] : [['Detail', span.detail]];
  const said: Said[] = [
    { from: 'client', to: 'origin', at: span.at, text: `${formatBytes(view.requestBytes)}, ${up}.`, facts },
    { from: 'origin', to: 'client', at: span.at, text: `${formatBytes(view.responseBytes)}, ${down}.`, facts },
  ];
  if (close !== undefined) {
    const from = close.by === 'client' ? 'client' : close.by === 'upstream' ? 'origin' : 'server';
    const reason = close.reason === '' ? '' : `, “${close.reason}”`;
    const text = `Goodbye: ${close.code}, ${closeCodeMeaning(close.code)}${reason}.`;
    said.push({ from, to: from === 'client' ? 'origin' : 'client', at: span.at, text });
  }
  return said;
}

/** How the request went inwards through the user's handlers, and how the answer came back. */
export function withHandlers(view: ExchangeView, { handlers, path }: Cast): Said[] {
  if (handlers.length === 0) return [];
  const spans = handlers.flatMap((name) => handleSpan(view, name) ?? []);
  const [outermost] = spans;
  const list = handlers.join(', ');
  const at = outermost?.start ?? view.start;
  const said: Said[] = [{ from: 'server', to: 'handlers', at, text: `Over to you, ${list}.` }];
  for (const { at: when, error, handler = '' } of spans) {
    if (error !== undefined) said.push(thought('handlers', when, `${handler} failed: ${error}`, 'bad'));
  }
  if (outermost === undefined || outermost.error !== undefined) return said;
  const own =
    path.at(-1) === 'handlers' && !view.spans.some(({ lane }) => lane === 'upstream' || lane === 'application');
  const text = own ? `I answer this myself: ${statusWords(view.status, view.response?.reason)}.` : 'Done, here it is.';
  return [...said, { from: 'handlers', to: 'server', at: outermost.at, text, answer: true }];
}

/** Something noted, said to nobody. */
export function thought(lane: LaneId, at: number, text: string, tone: Said['tone'] = 'plain'): Said {
  return { from: lane, to: lane, at, text, tone };
}

/** How it ended, when not well. */
export function badEnd(view: ExchangeView, { path, asker }: Cast): Said[] {
  const { outcome, end } = view;
  if (outcome === undefined || end === undefined || outcome.kind === 'completed') return [];
  const facts: Fact[] = [
    ['Phase', outcome.phase],
    ['What happened', outcome.message],
  ];
  if (outcome.kind === 'failed') {
    if (view.spans.some(({ lane, error }) => lane === 'upstream' && error === outcome.message))
      return missing(view, end);
    const lane = outcome.phase === 'cache' && path.includes('cache') ? 'cache' : 'server';
    // The answer that tells the client of it comes after it.
    const at = Math.min(end, view.from === 'hopscope' ? (view.responseAt ?? end) : end);
    return [
      { ...thought(lane, at, outcome.message, 'bad'), facts: [['Code', outcome.code], ...facts] },
      ...missing(view, end),
    ];
  }
  switch (outcome.by) {
    case 'client':
      return [{ from: 'client', to: 'server', at: end, text: 'Never mind, I am leaving.', tone: 'warn', facts }];
    case 'upstream': {
      const lost: Said = {
        from: 'origin',
        to: asker,
        at: end,
        text: 'I break off here.',
        tone: 'bad',
        answer: true,
        facts,
      };
      return [lost, ...missing(view, end)];
    }
    case 'hopscope':
      return [{ ...thought('server', end, outcome.message, 'warn'), facts }];
  }
}

/** The client is told, by a closed connection, that a response which had begun will not become whole. */
function missing(view: ExchangeView, at: number): Said[] {
  if (view.responseAt === undefined || view.from === 'hopscope' || view.kind !== 'http') return [];
  const text = `The rest is missing: you have ${formatBytes(view.responseBytes)}.`;
  return [{ from: 'server', to: 'client', at, text, answer: true, tone: 'bad' }];
}

/** Notes that a traceback says already. */
const TOLD_BY_TRACEBACK: ReadonlySet<string> = new Set([
  'APPLICATION_NOT_LOADED',
  'APPLICATION_FAILED',
  'CLOSE_FAILED',
]);

/** Notes that other messages do not say already. */
export function notes(view: ExchangeView, { path, asker }: Cast): Said[] {
  const hasTraceback = view.gateway?.some((event) => event.type === 'gateway.output' && event.stream === 'traceback');
  return view.notes
    .filter(({ code }) => code !== 'WEBSOCKET_CLOSED' && !(hasTraceback && TOLD_BY_TRACEBACK.has(code)))
    .map(({ code, at, text, level }) => {
      const facts: Fact[] = [['Note', code]];
      return { ...thought(noteLane(code, path, asker), at, text, NOTE_TONES[level]), facts };
    });
}

const NOTE_TONES = { info: 'plain', warning: 'warn', error: 'bad' } as const;

function noteLane(code: string, path: readonly LaneId[], asker: LaneId): LaneId {
  if (code === 'FAILOVER' || code === 'PAC_FAILED') return asker;
  if ((code === 'NOT_STORED' || code === 'CONTINUED') && path.includes('cache')) return 'cache';
  return code.startsWith('APPLICATION_') || code === 'CLOSE_FAILED' ? 'gateway' : 'server';
}
