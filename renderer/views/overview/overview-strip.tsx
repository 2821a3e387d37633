import { X } from 'lucide-react';
import { useEffect, useMemo, useRef } from 'react';
import type { KeyboardEvent, PointerEvent, ReactElement } from 'react';
import { useStore } from 'zustand';
import { formatDuration } from '../../format/units.ts';
import type { Overview } from '../../store/query/query-messages.ts';
import { useInspector, useSession, useT, useUi } from '../inspector-context.tsx';
import { OverviewClock, PARTS } from './overview-clock.ts';
import {
  barsPath,
  rangeOf,
  shifted,
  spanBetween,
  spanOf,
  timeAt,
  timeTeller,
  WHOLE,
  withEdge,
} from './overview-model.ts';
import type { Edge, Span } from './overview-model.ts';
import './overview.css';

/** Pixels that the pointer has to move before it chooses a time: a click may tremble. */
const DRAG_BEYOND = 4;

/** The whole recording on one time axis. A part of it, chosen by dragging or with the keyboard, narrows the list. */
export function OverviewStrip(): ReactElement | null {
  const { search, trace } = useInspector();
  const clock = useMemo(() => new OverviewClock(search, trace), [search, trace]);
  const overview = useStore(clock.store, (state) => state.overview);
  useEffect(() => clock.start(), [clock]);
  if (overview === undefined) return <div className="overview" aria-hidden="true" />;
  return <Strip overview={overview} />;
}

interface Drag {
  readonly x: number;
  readonly at: number;
  readonly grip: Edge | 'inside' | 'outside';
  readonly span: Span;
  moved: boolean;
}

function Strip({ overview }: { readonly overview: Overview }): ReactElement {
  const { ui } = useInspector();
  const t = useT();
  const range = useUi((state) => state.timeRange);
  const track = useRef<HTMLDivElement>(null);
  const drag = useRef<Drag | undefined>(undefined);
  const span = spanOf(overview, range);

  const choose = (next: Span): void => ui.setState({ timeRange: rangeOf(overview, next) });
  const shareAt = (x: number): number => {
    const { left = 0, width = 1 } = track.current?.getBoundingClientRect() ?? {};
    return Math.min(1, Math.max(0, (x - left) / width));
  };

  const begin = (event: PointerEvent<HTMLElement>): void => {
    if (event.button !== 0) return;
    const edge = (event.target as HTMLElement).dataset['edge'];
    const at = shareAt(event.clientX);
    const inside = range !== null && at >= span.from && at <= span.to;
    const grip = edge === 'from' || edge === 'to' ? edge : inside ? 'inside' : 'outside';
    drag.current = { x: event.clientX, at, grip, span, moved: false };
    event.currentTarget.setPointerCapture(event.pointerId);
  };
  const move = (event: PointerEvent): void => {
    const begun = drag.current;
    if (begun === undefined || (!begun.moved && Math.abs(event.clientX - begun.x) < DRAG_BEYOND)) return;
    begun.moved = true;
    const at = shareAt(event.clientX);
    if (begun.grip === 'outside') choose(spanBetween(begun.at, at));
    else if (begun.grip === 'inside') choose(shifted(begun.span, at - begun.at));
    else choose(withEdge(begun.span, begun.grip, at));
  };
  /** A click beside what is chosen lets go of it. */
  const end = (): void => {
    if (drag.current?.moved === false && drag.current.grip === 'outside') choose(WHOLE);
    drag.current = undefined;
  };

  return (
    <div className="overview" role="group" aria-label={t('overview.range')} data-chosen={range !== null}>
      <div
        ref={track}
        className="overview-track"
        onPointerDown={begin}
        onPointerMove={move}
        onPointerUp={end}
        onPointerCancel={() => (drag.current = undefined)}
      >
        <Bars overview={overview} />
        <span className="overview-veil" style={{ left: 0, width: percent(span.from) }} />
        <span className="overview-veil" style={{ left: percent(span.to), right: 0 }} />
        <Handle edge="from" overview={overview} span={span} onChoose={choose} />
        <Handle edge="to" overview={overview} span={span} onChoose={choose} />
      </div>
      <Times overview={overview} span={span} />
    </div>
  );
}

/** How many requests began when; of these, those from the cache and those that went wrong. */
function Bars({ overview }: { readonly overview: Overview }): ReactElement {
  const t = useT();
  const { counts, errors, hits } = overview;
  const paths = useMemo(() => {
    const most = counts.reduce((a, b) => Math.max(a, b), 1);
    return { all: barsPath(counts, most), hits: barsPath(hits, most), errors: barsPath(errors, most) };
  }, [counts, errors, hits]);
  const sum = (numbers: Uint32Array): number => numbers.reduce((a, b) => a + b, 0);
  return (
    <svg
      className="overview-bars"
      viewBox={`0 0 ${PARTS} 1`}
      preserveAspectRatio="none"
      role="img"
      aria-label={t('overview.bars', {
        count: sum(counts),
        time: formatDuration(overview.to - overview.from),
        hits: sum(hits),
        errors: sum(errors),
      })}
    >
      <path className="overview-all" d={paths.all} />
      <path className="overview-hits" d={paths.hits} />
      <path className="overview-errors" d={paths.errors} />
    </svg>
  );
}

interface HandleProps {
  readonly edge: Edge;
  readonly overview: Overview;
  readonly span: Span;
  readonly onChoose: (span: Span) => void;
}

const STEP = 0.01;
const LARGE_STEP = 0.1;

/** One end of the range, as a slider of its own. */
function Handle({ edge, overview, span, onChoose }: HandleProps): ReactElement {
  const epoch = useSession((state) => state.status?.epoch ?? 0);
  const t = useT();
  const share = span[edge];
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = shareAfter(event, share);
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    onChoose(event.key === 'Escape' ? WHOLE : withEdge(span, edge, next));
  };
  return (
    <span
      className="overview-handle"
      role="slider"
      tabIndex={0}
      data-edge={edge}
      aria-label={t(`overview.${edge}`)}
      aria-orientation="horizontal"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(share * 100)}
      aria-valuetext={timeTeller(overview, epoch)(timeAt(overview, share))}
      style={{ left: percent(share) }}
      onKeyDown={onKeyDown}
    />
  );
}

/** Where a key takes an edge to; undefined when it takes it nowhere. */
function shareAfter(event: KeyboardEvent, share: number): number | undefined {
  const step = event.shiftKey ? LARGE_STEP : STEP;
  switch (event.key) {
    case 'ArrowLeft':
    case 'ArrowDown':
      return share - step;
    case 'ArrowRight':
    case 'ArrowUp':
      return share + step;
    case 'PageDown':
      return share - LARGE_STEP;
    case 'PageUp':
      return share + LARGE_STEP;
    case 'Home':
      return 0;
    case 'End':
      return 1;
    case 'Escape':
      return share;
    default:
      return undefined;
  }
}

/** When the recording begins and ends, and what is chosen of it. */
function Times({ overview, span }: { readonly overview: Overview; readonly span: Span }): ReactElement {
  const { ui } = useInspector();
  const epoch = useSession((state) => state.status?.epoch ?? 0);
  const t = useT();
  const chosen = useUi((state) => state.timeRange !== null);
  const tell = timeTeller(overview, epoch);
  const clock = (share: number): string => tell(timeAt(overview, share));
  return (
    <div className="overview-times">
      <span aria-hidden="true">{clock(0)}</span>
      {chosen && (
        <span className="overview-chosen" role="status">
          {clock(span.from)} – {clock(span.to)}
          <span className="overview-length">
            {formatDuration((span.to - span.from) * (overview.to - overview.from))}
          </span>
          <button
            type="button"
            className="icon-button overview-clear"
            aria-label={t('overview.clear')}
            onClick={() => ui.setState({ timeRange: null })}
          >
            <X className="icon icon-small" />
          </button>
        </span>
      )}
      <span aria-hidden="true">{clock(1)}</span>
    </div>
  );
}

function percent(share: number): string {
  return `${(share * 100).toFixed(3)}%`;
}
