import type { ExchangeView } from '../../../shared/exchange-view.ts';
import type { SpanEnded, SpanLane } from '../../../shared/trace-event.ts';
import { subtract, totalLength, union } from './intervals.ts';
import type { Interval } from './intervals.ts';
import type { Translate } from '../../i18n/translate.ts';
import { phaseLabel } from './phases.ts';
import { runningPhases } from './running-phases.ts';

/** One bar of the timeline. */
export interface Bar extends Interval {
  readonly key: string;
  readonly phase: string;
  /** What the bar is, in full: `cache · handle`, `DNS lookup`. */
  readonly label: string;
  readonly lane: SpanLane;
  readonly handler?: string;
  /** The parts in which this bar's own code ran, not something it waited for; only for handlers' `handle`. */
  readonly own?: readonly Interval[];
  readonly detail?: string;
  readonly error?: string;
  /** Still running. */
  readonly open?: true;
}

/** A line of the timeline. */
export interface Track {
  readonly key: string;
  readonly label: string;
  /** How deep in the chain, for handlers. */
  readonly depth: number;
  readonly bars: readonly Bar[];
}

export interface Lane {
  readonly id: SpanLane;
  readonly label: string;
  readonly tracks: readonly Track[];
}

/** Where the time went. The kinds are disjoint and add up to the total. */
export interface Breakdown {
  readonly total: number;
  /** Something was under way with the upstream. */
  readonly upstream: readonly Interval[];
  /** The response was on its way to the client, with nothing under way upstream. */
  readonly delivery: readonly Interval[];
  /** A rule held it, for a person or for a while. */
  readonly rules: readonly Interval[];
  /** None of them: what the proxy itself cost. */
  readonly overhead: readonly Interval[];
}

export interface TimelineModel extends Interval {
  readonly running: boolean;
  readonly lanes: readonly Lane[];
  readonly breakdown: Breakdown;
}

/** A span, or a phase that runs until now. */
type Timed = Omit<SpanEnded, 'type' | 'id' | 'seq'> & { readonly seq?: number; readonly open?: true };

/** Client phases in which bytes move, or could. What else happens on the client's side is the proxy's own work. */
const TRANSFER_PHASES: ReadonlySet<string> = new Set(['deliver', 'tunnel', 'websocket', 'receive', 'upload']);

/**
 * An exchange as lanes, tracks and bars on one axis.
 * @param now engine time, the end of whatever still runs
 */
export function buildTimeline(t: Translate, view: ExchangeView, now: number): TimelineModel {
  const running = view.end === undefined;
  const spanEnds = view.spans.map((span) => span.at);
  const start = Math.min(view.start, ...view.spans.map((span) => span.start));
  const end = Math.max(view.end ?? now, view.start, ...spanEnds);
  const spans = [...view.spans, ...runningPhases(view).map((phase): Timed => ({ ...phase, at: end, open: true }))];
  return {
    ...{ start, end, running },
    lanes: [
      lane('client', t('timeline.client'), tracksByPhase(t, spans, 'client')),
      lane('handler', t('timeline.handlers'), handlerTracks(t, view, spans, end)),
      lane('upstream', t('timeline.upstream'), tracksByPhase(t, spans, 'upstream')),
      lane('application', t('timeline.application'), tracksByPhase(t, spans, 'application')),
    ].filter(({ tracks }) => tracks.length > 0),
    breakdown: breakDown(spans, { start, end }),
  };
}

function lane(id: SpanLane, label: string, tracks: Track[]): Lane {
  return { id, label, tracks };
}

/** What handlers wait for that is not in the chain: a person, or a delay that was asked for. */
const WAITS: ReadonlySet<string> = new Set(['paused', 'delayed']);

function isWait({ lane: id, name }: Timed): boolean {
  return id === 'handler' && WAITS.has(name);
}

/** Total minus all that was waited for is the proxy's overhead: the number that says what the proxy costs. */
function breakDown(spans: readonly Timed[], whole: Interval): Breakdown {
  const upstream = union(spans.filter(isBeyond).map(toInterval));
  const transfers = spans.filter((span) => span.lane === 'client' && TRANSFER_PHASES.has(span.name));
  const delivery = subtract(transfers.map(toInterval), upstream);
  const rules = subtract(spans.filter(isWait).map(toInterval), [...upstream, ...delivery]);
  const overhead = subtract([whole], [...upstream, ...delivery, ...rules]);
  return { total: whole.end - whole.start, upstream, delivery, rules, overhead };
}

/** One track for each phase, in order of beginning; a phase that occurs again stays on its track. */
function tracksByPhase(t: Translate, spans: readonly Timed[], id: SpanLane): Track[] {
  const tracks = new Map<string, Bar[]>();
  const ordered = spans.filter((span) => span.lane === id).sort((a, b) => a.start - b.start || a.at - b.at);
  for (const span of ordered) {
    const bars = tracks.get(span.name) ?? [];
    bars.push(toBar(t, span, phaseLabel(t, span.name)));
    tracks.set(span.name, bars);
  }
  return [...tracks].map(([phase, bars]) => ({ key: `${id}.${phase}`, label: phaseLabel(t, phase), depth: 0, bars }));
}

/** One track for each handler, outermost first, indented by its place in the chain. */
function handlerTracks(t: Translate, view: ExchangeView, all: readonly Timed[], end: number): Track[] {
  const spans = all.filter((span) => span.lane === 'handler');
  const ended = spans.map((span) => toBar(t, span, handlerLabel(t, span.handler, span.name)));
  const bars = [...ended, ...openBars(t, view, end)];
  const byHandler = new Map<string, Bar[]>();
  for (const bar of bars.sort((a, b) => a.start - b.start || b.end - a.end)) {
    const name = bar.handler ?? '';
    byHandler.set(name, [...(byHandler.get(name) ?? []), bar]);
  }
  const upstream = all.filter(isBeyond).map(toInterval);
  const waits = spans.filter(isWait).map(toInterval);
  const chain = [...byHandler];
  return chain.map(([handler, own], depth) => {
    // The innermost handler waits for the upstream; every other one waits for the handlers inside it.
    const inner = depth === chain.length - 1 ? upstream : chain.slice(depth + 1).flatMap(([, deeper]) => deeper);
    return {
      ...{ key: `handler.${handler}`, label: handler, depth },
      bars: own.map((bar) => (bar.phase === 'handle' ? { ...bar, own: subtract([bar], [...inner, ...waits]) } : bar)),
    };
  });
}

/** Handler phases that run now. Only their names are told; each began no earlier than when its handler's setup ended. */
function openBars(t: Translate, view: ExchangeView, end: number): Bar[] {
  return view.open.flatMap((name, index) => {
    const dot = name.lastIndexOf('.');
    if (dot < 0) return [];
    const handler = name.slice(0, dot);
    const phase = name.slice(dot + 1);
    const earlier = view.spans.filter((span) => span.handler === handler).map((span) => span.at);
    const start = Math.min(end, Math.max(view.start, ...earlier));
    const label = handlerLabel(t, handler, phase);
    return [
      { key: `open.${index}`, ...{ phase, label, handler, start, end }, lane: 'handler', open: true } satisfies Bar,
    ];
  });
}

function handlerLabel(t: Translate, handler: string | undefined, phase: string): string {
  const name = WAITS.has(phase) ? phaseLabel(t, phase) : phase;
  return handler === undefined ? name : `${handler} · ${name}`;
}

/** Whether a span is the work of whoever was asked: a server, or an application. */
function isBeyond({ lane: id }: Timed): boolean {
  return id === 'upstream' || id === 'application';
}

function toInterval(span: Timed): Interval {
  return { start: span.start, end: span.at };
}

function toBar(t: Translate, span: Timed, label: string): Bar {
  return {
    ...{
      key: `span.${span.seq ?? `${span.lane}.${span.name}`}`,
      phase: span.name,
      label,
      lane: span.lane,
      start: span.start,
      end: span.at,
    },
    ...(span.handler === undefined ? {} : { handler: span.handler }),
    ...(span.detail === undefined ? {} : { detail: t.said(span.detail) }),
    ...(span.error === undefined ? {} : { error: t.said(span.error) }),
    ...(span.open === undefined ? {} : { open: span.open }),
  };
}

/** How long a bar's own code ran, if that is known. */
export function ownTime(bar: Bar): number | undefined {
  return bar.own === undefined ? undefined : totalLength(bar.own);
}
