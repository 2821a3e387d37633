import { useRef } from 'react';
import type { CSSProperties, KeyboardEvent, ReactElement } from 'react';
import { formatDuration, formatShare, formatTick } from '../../format/units.ts';
import { Hint } from '../common/hint.tsx';
import { RawText } from '../common/raw-text.tsx';
import type { Interval } from './intervals.ts';
import { phaseColour, phaseMeaning } from './phases.ts';
import { axisTicks, ownTime } from './timeline-model.ts';
import type { Bar, TimelineModel, Track } from './timeline-model.ts';

const TICKS = 4;
const PARTS = ['upstream', 'delivery', 'overhead'] as const;

/** Every phase on one axis, lane by lane. The arrow keys travel from bar to bar; hover and focus tell exact values. */
export function TimelineChart({ model }: { readonly model: TimelineModel }): ReactElement {
  const chart = useRef<HTMLDivElement>(null);
  const length = model.end - model.start;
  const ticks = axisTicks(length, TICKS);

  const travel = (event: KeyboardEvent): void => {
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
    <div ref={chart} className="timeline" role="group" aria-label="Timeline" onKeyDown={travel}>
      <div className="timeline-grid" aria-hidden="true">
        {ticks.map((tick) => (
          <span key={tick} className="timeline-tick" style={{ left: share(tick, length) }}>
            <span>{formatTick(tick)}</span>
          </span>
        ))}
      </div>
      <div className="timeline-track timeline-overview">
        <span className="timeline-label">Where the time went</span>
        <span className="timeline-plot">
          {PARTS.flatMap((part) =>
            model.breakdown[part].map((interval) => (
              <span
                key={`${part}.${interval.start}`}
                className="overview-part"
                data-part={part}
                style={place(interval, model)}
              />
            )),
          )}
        </span>
        <span className="timeline-value">{formatDuration(length)}</span>
      </div>
      {model.lanes.map((lane, laneIndex) => (
        <div key={lane.id} className="timeline-lane" role="group" aria-label={lane.label}>
          <div className="timeline-lane-name">{lane.label}</div>
          {lane.tracks.map((track, trackIndex) => (
            <TrackLine key={track.key} track={track} model={model} first={laneIndex === 0 && trackIndex === 0} />
          ))}
        </div>
      ))}
      {model.lanes.length === 0 && <p className="timeline-none">No phases were recorded.</p>}
    </div>
  );
}

interface TrackLineProps {
  readonly track: Track;
  readonly model: TimelineModel;
  /** Holds the bar that the Tab key reaches. */
  readonly first: boolean;
}

function TrackLine({ track, model, first }: TrackLineProps): ReactElement {
  const sum = track.bars.reduce((total, bar) => total + bar.end - bar.start, 0);
  return (
    <div className="timeline-track">
      <span className="timeline-label" style={{ paddingInlineStart: 12 + track.depth * 10 }} title={track.label}>
        <RawText text={track.label} limit={60} />
      </span>
      <span className="timeline-plot">
        {track.bars.map((bar, index) => (
          <BarMark key={bar.key} bar={bar} model={model} reachable={first && index === 0} />
        ))}
      </span>
      <span className="timeline-value">{formatDuration(sum)}</span>
    </div>
  );
}

function BarMark({ bar, model, reachable }: { bar: Bar; model: TimelineModel; reachable: boolean }): ReactElement {
  const length = model.end - model.start;
  const own = ownTime(bar);
  const words = barWords(bar, model.start, length, own);
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
          {phaseMeaning(bar.phase) !== '' && <span className="bar-meaning">{phaseMeaning(bar.phase)}</span>}
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
        tabIndex={reachable ? 0 : -1}
        aria-label={`${bar.label}: ${words.join(', ')}${bar.error === undefined ? '' : `, failed: ${bar.error}`}`}
        style={place(bar, model)}
      >
        {bar.own?.map((part) => (
          <span key={part.start} className="bar-own" style={placeWithin(part, bar)} />
        ))}
      </button>
    </Hint>
  );
}

/** The exact values of a bar, a line each. */
function barWords(bar: Bar, start: number, length: number, own: number | undefined): string[] {
  const time = bar.end - bar.start;
  const soFar = bar.open === true ? ' so far' : '';
  return [
    `${formatDuration(time)}${soFar}, ${formatShare(time, length)} of the total`,
    `from ${formatDuration(bar.start - start)} to ${formatDuration(bar.end - start)}`,
    ...(own === undefined ? [] : [`${formatDuration(own)} in its own code`]),
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
