import type { ExchangeView } from '../../../shared/exchange-view.ts';
import type { Translate } from '../../i18n/translate.ts';
import type { Interval } from '../timeline/intervals.ts';
import { buildTimeline } from '../timeline/timeline-model.ts';
import type { Bar } from '../timeline/timeline-model.ts';

/** One exchange's part of a phase: its bars, in milliseconds since the exchange began, and how long they take. */
export interface PhaseSide {
  readonly bars: readonly (Interval & Pick<Bar, 'phase' | 'error'>)[];
  readonly time: number;
}

/** A phase that at least one of two exchanges has. */
export interface ComparedPhase {
  /** The lane and the track, as in `Upstream · Waiting`; undefined for the whole exchange. */
  readonly name: string | undefined;
  readonly left: PhaseSide | undefined;
  readonly right: PhaseSide | undefined;
  readonly differs: boolean;
}

/**
 * The phases of two exchanges, both from the beginning of each: first the whole, then each in the order in which it begins.
 * Times are never the same, so only what is more than twice as long and noticeable is a difference.
 *
 * @param now engine time, the end of what still runs
 */
export function comparedPhases(t: Translate, left: ExchangeView, right: ExchangeView, now: number): ComparedPhase[] {
  const [first, second] = [phasesOf(t, left, now), phasesOf(t, right, now)];
  const names = [...new Set([...first.keys(), ...second.keys()])];
  return names.map((name) => {
    const [a, b] = [first.get(name), second.get(name)];
    return { name: name === '' ? undefined : name, left: a, right: b, differs: differ(a?.time, b?.time) };
  });
}

function differ(a: number | undefined, b: number | undefined): boolean {
  return a === undefined || b === undefined || (Math.abs(a - b) > 1 && Math.max(a, b) > 2 * Math.min(a, b));
}

function phasesOf(t: Translate, view: ExchangeView, now: number): Map<string, PhaseSide> {
  const model = buildTimeline(t, view, now);
  const whole = { start: 0, end: model.end - model.start, phase: 'total' };
  const phases = new Map<string, PhaseSide>([['', { bars: [whole], time: whole.end }]]);
  for (const { label, tracks } of model.lanes) {
    for (const track of tracks) {
      const bars = track.bars.map(({ start, end, phase, error }) => ({
        ...{ start: start - model.start, end: end - model.start, phase },
        ...(error === undefined ? {} : { error }),
      }));
      const time = bars.reduce((sum, bar) => sum + bar.end - bar.start, 0);
      phases.set(`${label} · ${track.label}`, { bars, time });
    }
  }
  return phases;
}

/** How long the axis is on which all of them have a place, in milliseconds. */
export function comparedLength(phases: readonly ComparedPhase[]): number {
  return Math.max(
    0.001,
    ...phases.flatMap(({ left, right }) => [...(left?.bars ?? []), ...(right?.bars ?? [])].map(({ end }) => end)),
  );
}
