import type { ExchangeView } from '../../../shared/exchange-view.ts';
import type { SpanEnded, SpanLane } from '../../../shared/trace-event.ts';

/** A phase that has begun and not ended. */
export interface RunningPhase {
  readonly lane: SpanLane;
  readonly name: string;
  readonly handler?: string;
  readonly start: number;
}

/**
 * What an exchange waits for now. Phases are told of when they end; what runs is known by what was told last: a request that
 * is out waits for its answer, and a response that has begun is on its way.
 */
export function runningPhases(view: ExchangeView): RunningPhase[] {
  if (view.end !== undefined) return [];
  const held = heldPhase(view);
  if (held !== undefined) return [held];
  const beyond = applicationPhase(view) ?? upstreamPhase(view);
  const delivery = deliveryPhase(view);
  return [...(delivery === undefined ? [] : [delivery]), ...(beyond === undefined ? [] : [beyond])];
}

/** A rule that pauses or delays is told of when it does. */
function heldPhase(view: ExchangeView): RunningPhase | undefined {
  const last = view.rules?.at(-1);
  if (view.held !== undefined) {
    const rule = view.rules?.findLast(({ action }) => action === 'pause');
    return { lane: 'handler', name: 'paused', handler: 'rules', start: rule?.at ?? view.start };
  }
  if (last?.action !== 'delay' || endedSince(view, 'handler', 'delayed', last.at)) return undefined;
  return { lane: 'handler', name: 'delayed', handler: 'rules', start: last.at };
}

function deliveryPhase({ kind, status, responseAt, messages }: ExchangeView): RunningPhase | undefined {
  if (responseAt === undefined) return undefined;
  const bytes = kind === 'tunnel' || status === 101;
  return {
    lane: 'client',
    name: !bytes ? 'deliver' : messages === undefined ? 'tunnel' : 'websocket',
    start: responseAt,
  };
}

function upstreamPhase(view: ExchangeView): RunningPhase | undefined {
  const { spans, open, upstreamRequest: request, upstreamResponse: response } = view;
  const told = spans.filter(({ lane, at }) => lane === 'upstream' && request !== undefined && at >= request.at);
  // One that ended badly is tried again perhaps, of which only its request tells.
  if (request === undefined || told.some(({ error }) => error !== undefined)) {
    if (!open.includes('upstream.handle')) return undefined;
    return { lane: 'upstream', name: 'connect', start: Math.max(view.start, ...spans.map(({ at }) => at)) };
  }
  const ended = (name: string): SpanEnded | undefined => told.find((span) => span.name === name);
  const sent = ended('send');
  if (sent === undefined) return { lane: 'upstream', name: 'send', start: request.at };
  const waited = ended('wait');
  if (waited === undefined) return { lane: 'upstream', name: 'wait', start: sent.at };
  // Who switches protocols answers with no body; what passes then is told of in the client's lane.
  if (response === undefined || response.at < request.at || ended('receive') !== undefined) return undefined;
  return { lane: 'upstream', name: 'receive', start: waited.at };
}

/** What a worker does inside a call is told when it has ended. */
function applicationPhase(view: ExchangeView): RunningPhase | undefined {
  const called = view.gateway?.findLast(({ type }) => type === 'gateway.called');
  if (called === undefined || endedSince(view, 'application', 'call', called.at)) return undefined;
  return { lane: 'application', name: 'call', start: called.at };
}

function endedSince({ spans }: ExchangeView, lane: SpanLane, name: string, start: number): boolean {
  return spans.some((span) => span.lane === lane && span.name === name && span.at >= start);
}
