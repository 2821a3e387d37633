import { Maximize2, ZoomIn, ZoomOut } from 'lucide-react';
import { useMemo, useRef, useState } from 'react';
import type { CSSProperties, KeyboardEvent, PointerEvent, ReactElement } from 'react';
import { formatDuration, formatShare } from '../../format/units.ts';
import { Hint } from '../common/hint.tsx';
import type { Translate } from '../../i18n/translate.ts';
import { RawText } from '../common/raw-text.tsx';
import { useT } from '../inspector-context.tsx';
import { AxisGrid } from './axis-grid.tsx';
import { criticalPath } from './critical-path.ts';
import { totalLength } from './intervals.ts';
import type { Interval } from './intervals.ts';
import { phaseColour, phaseMeaning } from './phases.ts';
import { ownTime } from './timeline-model.ts';
import type { Bar, TimelineModel, Track } from './timeline-model.ts';
import { selected, zoomed } from './timeline-zoom.ts';

const PARTS = ['upstream', 'delivery', 'rules', 'overhead'] as const;

/**
 * Every phase on one axis, lane by lane. The arrow keys travel from bar to bar; hover and focus tell exact values; + and −
 * zoom, and so does a drag over the first line.
 */
export function TimelineChart({ model }: { readonly model: TimelineModel }): ReactElement {
  const t = useT();
  const chart = useRef<HTMLDivElement>(null);
  const [zoom, setZoom] = useState<Interval>();
  const shown = zoom ?? model;
  const length = shown.end - shown.start;
  const critical = useMemo(() => new Set(criticalPath(t, model).map(({ bar }) => bar?.key)), [t, model]);
  const change = (factor: number): void => {
    const next = zoomed(model, shown, factor);
    setZoom(next.end - next.start >= model.end - model.start ? undefined : next);
  };

  const travel = (event: KeyboardEvent): void => {
    const factor = { '+': 0.5, '=': 0.5, '-': 2, '0': Infinity }[event.key];
    if (factor !== undefined && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      event.stopPropagation();
      change(factor);
      return;
    }
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    const bars = [...(chart.current?.querySelectorAll<HTMLElement>('.bar') ?? [])];
    const next = bars[bars.findIndex((bar) => bar === document.activeElement) + step];
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    next.focus();
  };

  return (
    <div ref={chart} className="timeline" role="group" aria-label={t('timeline.timeline')} onKeyDown={travel}>
      <ZoomButtons zoomed={zoom !== undefined} onZoom={change} />
      <AxisGrid range={{ start: shown.start - model.start, end: shown.end - model.start }} />
      <div className="timeline-track timeline-overview">
        <span className="timeline-label">{t('timeline.whereTimeWent')}</span>
        <ZoomPlot shown={shown} onSelect={setZoom}>
          {PARTS.flatMap((part) =>
            model.breakdown[part].map((interval) => (
              <span
                key={`${part}.${interval.start}`}
                className="overview-part"
                data-part={part}
                style={place(interval, shown)}
              />
            )),
          )}
        </ZoomPlot>
        <span className="timeline-value">{formatDuration(length)}</span>
      </div>
      {model.lanes.map((lane, laneIndex) => (
        <div key={lane.id} className="timeline-lane" role="group" aria-label={lane.label}>
          <div className="timeline-lane-name">{lane.label}</div>
          {lane.tracks.map((track, trackIndex) => (
            <TrackLine
              key={track.key}
              {...{ track, model, shown, critical }}
              first={laneIndex === 0 && trackIndex === 0}
            />
          ))}
        </div>
      ))}
      {model.lanes.length === 0 && <p className="timeline-none">{t('timeline.noPhases')}</p>}
    </div>
  );
}

interface ZoomButtonsProps {
  readonly zoomed: boolean;
  readonly onZoom: (factor: number) => void;
}

function ZoomButtons({ zoomed: isZoomed, onZoom }: ZoomButtonsProps): ReactElement {
  const t = useT();
  const buttons = [
    [t('timeline.closer'), '+', ZoomIn, 0.5, false],
    [t('timeline.further'), '-', ZoomOut, 2, !isZoomed],
    [t('timeline.showAll'), '0', Maximize2, Infinity, !isZoomed],
  ] as const;
  return (
    <div className="timeline-zoom">
      {buttons.map(([label, key, Icon, factor, disabled]) => (
        <Hint key={key} text={label} keys={key}>
          <button
            type="button"
            className="icon-button"
            data-size="small"
            aria-label={label}
            disabled={disabled}
            onClick={() => onZoom(factor)}
          >
            <Icon className="icon icon-small" />
          </button>
        </Hint>
      ))}
    </div>
  );
}

interface ZoomPlotProps {
  readonly shown: Interval;
  readonly onSelect: (part: Interval) => void;
  readonly children: ReactElement[];
}

/** The line over which a drag chooses the part of the axis to look at. */
function ZoomPlot({ shown, onSelect, children }: ZoomPlotProps): ReactElement {
  const [drag, setDrag] = useState<{ readonly from: number; readonly to: number }>();
  const share = ({ currentTarget, clientX }: PointerEvent): number => {
    const { left, width } = currentTarget.getBoundingClientRect();
    return Math.min(1, Math.max(0, (clientX - left) / Math.max(1, width)));
  };
  return (
    <span
      className="timeline-plot timeline-drag"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        setDrag({ from: share(event), to: share(event) });
      }}
      onPointerMove={(event) => {
        if (drag !== undefined) setDrag({ from: drag.from, to: share(event) });
      }}
      onPointerUp={() => {
        const part = drag === undefined ? undefined : selected(shown, drag.from, drag.to);
        setDrag(undefined);
        if (part !== undefined) onSelect(part);
      }}
    >
      {children}
      {drag !== undefined && (
        <span
          className="timeline-selection"
          style={{
            left: `${Math.min(drag.from, drag.to) * 100}%`,
            width: `${Math.abs(drag.to - drag.from) * 100}%`,
          }}
        />
      )}
    </span>
  );
}

interface TrackLineProps {
  readonly track: Track;
  readonly model: TimelineModel;
  /** The part of the axis that is looked at. */
  readonly shown: Interval;
  /** Keys of the bars that made the exchange as long as it is. */
  readonly critical: ReadonlySet<string | undefined>;
  /** Holds the bar that the Tab key reaches. */
  readonly first: boolean;
}

function TrackLine({ track, model, shown, critical, first }: TrackLineProps): ReactElement {
  const sum = totalLength(track.bars);
  return (
    <div className="timeline-track">
      <span className="timeline-label" style={{ paddingInlineStart: 12 + track.depth * 10 }} title={track.label}>
        <RawText text={track.label} limit={60} />
      </span>
      <span className="timeline-plot">
        {track.bars.map((bar, index) => (
          <BarMark
            key={bar.key}
            {...{ bar, model, shown }}
            critical={critical.has(bar.key)}
            reachable={first && index === 0}
          />
        ))}
      </span>
      <span className="timeline-value">{formatDuration(sum)}</span>
    </div>
  );
}

interface BarMarkProps {
  readonly bar: Bar;
  readonly model: TimelineModel;
  readonly shown: Interval;
  readonly critical: boolean;
  readonly reachable: boolean;
}

function BarMark({ bar, model, shown, critical, reachable }: BarMarkProps): ReactElement {
  const t = useT();
  const words = [...barWords(t, bar, model), ...(critical ? [t('timeline.onCriticalPath')] : [])];
  const meaning = phaseMeaning(t, bar.phase);
  return (
    <Hint
      side="top"
      text={
        <>
          <strong>{bar.label}</strong>
          {words.map((line) => (
            <span key={line} className="bar-line">
              {line}
            </span>
          ))}
          {meaning !== '' && <span className="bar-meaning">{meaning}</span>}
          {bar.detail !== undefined && (
            <span className="bar-meaning">
              <RawText text={bar.detail} limit={300} />
            </span>
          )}
          {bar.error !== undefined && (
            <span className="bar-meaning bar-error">
              <RawText text={bar.error} limit={300} />
            </span>
          )}
        </>
      }
    >
      <button
        type="button"
        className="bar"
        data-phase={phaseColour(bar.phase)}
        data-failed={bar.error !== undefined}
        data-open={bar.open}
        data-critical={critical}
        tabIndex={reachable ? 0 : -1}
        aria-label={`${bar.label}: ${[...words, ...(bar.error === undefined ? [] : [t('timeline.failedWith', { error: bar.error })])].join(', ')}`}
        style={place(bar, shown)}
      >
        {bar.own?.map((part) => (
          <span key={part.start} className="bar-own" style={placeWithin(part, bar)} />
        ))}
      </button>
    </Hint>
  );
}

/** The exact values of a bar, a line each. */
function barWords(t: Translate, bar: Bar, model: TimelineModel): string[] {
  const [time, own] = [bar.end - bar.start, ownTime(bar)];
  const values = { time: formatDuration(time), share: formatShare(time, model.end - model.start) };
  return [
    bar.open === true ? t('timeline.barSoFar', values) : t('timeline.barTime', values),
    t('timeline.relatedTimes', {
      from: formatDuration(bar.start - model.start),
      to: formatDuration(bar.end - model.start),
    }),
    ...(own === undefined ? [] : [t('timeline.ownCode', { time: formatDuration(own) })]),
  ];
}

function place(interval: Interval, whole: Interval): CSSProperties {
  const length = whole.end - whole.start;
  return { left: share(interval.start - whole.start, length), width: share(interval.end - interval.start, length) };
}

function placeWithin(interval: Interval, whole: Interval): CSSProperties {
  return place(interval, whole);
}

function share(part: number, whole: number): string {
  return whole <= 0 ? '0%' : `${((part / whole) * 100).toFixed(3)}%`;
}
