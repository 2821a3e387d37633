import { subtract } from './intervals.ts';
import type { Interval } from './intervals.ts';
import type { Translate } from '../../i18n/translate.ts';
import { phaseLabel } from './phases.ts';
import type { Bar, TimelineModel } from './timeline-model.ts';

/** A stretch of the way that led to the end; without a bar where nothing was recorded. */
export interface PathStep extends Interval {
  readonly bar?: Bar;
  readonly name: string;
}

/** Stretches shorter than this (ms) are not told apart: clocks are read one after the other. */
const NOTICEABLE = 0.02;

/**
 * What the exchange waited for, from its end back to its start: always the phase that ended last. Had one of these been
 * shorter, the exchange had been; shortening any other changes nothing. Phases that only wait for what is inside of them
 * count with their own code alone.
 */
export function criticalPath(t: Translate, model: TimelineModel): PathStep[] {
  const stretches = leafStretches(model);
  const steps: PathStep[] = [];
  let until = model.end;
  while (until - model.start > NOTICEABLE) {
    let best: (Interval & { readonly bar: Bar }) | undefined;
    for (const stretch of stretches) {
      if (stretch.start >= until - NOTICEABLE) continue;
      const [end, bestEnd] = [Math.min(stretch.end, until), Math.min(best?.end ?? -Infinity, until)];
      if (best === undefined || end > bestEnd || (end === bestEnd && stretch.start > best.start)) best = stretch;
    }
    if (best === undefined || until - best.end > NOTICEABLE) {
      const start = best?.end ?? model.start;
      steps.push({ start, end: until, name: t('timeline.betweenPhases') });
      until = start;
      if (best === undefined) break;
    }
    steps.push({ start: best.start, end: until, bar: best.bar, name: stepName(t, best.bar) });
    until = best.start;
  }
  return steps.toReversed();
}

/** The times in which something happened that is not told of by something inside it. */
function leafStretches({ lanes }: TimelineModel): (Interval & { readonly bar: Bar })[] {
  return lanes.flatMap(({ tracks }) =>
    tracks.flatMap(({ bars }) =>
      bars.flatMap((bar) => (bar.own ?? [bar]).map(({ start, end }) => ({ start, end, bar }))),
    ),
  );
}

function stepName(t: Translate, { phase, handler }: Bar): string {
  return handler === undefined ? phaseLabel(t, phase) : `${handler} ${phase}`;
}

/** A time in which no phase ran, and what it lies between. */
export interface Gap extends Interval {
  readonly name: string;
}

/** The times that no phase tells of, named by what came before and after. */
export function gapsOf(t: Translate, model: TimelineModel): Gap[] {
  const bars = model.lanes.flatMap(({ tracks }) => tracks.flatMap((track) => track.bars));
  return subtract([model], bars)
    .filter(({ start, end }) => end - start > NOTICEABLE)
    .map((gap) => {
      const before = latest(bars.filter((bar) => bar.end <= gap.start + NOTICEABLE));
      const after = earliest(bars.filter((bar) => bar.start >= gap.end - NOTICEABLE));
      return { ...gap, name: gapName(t, before, after) };
    });
}

function gapName(t: Translate, before: Bar | undefined, after: Bar | undefined): string {
  if (before === undefined)
    return after === undefined ? t('timeline.nothingRecorded') : t('timeline.before', { next: after.label });
  return after === undefined
    ? t('timeline.after', { last: before.label })
    : t('timeline.between', { last: before.label, next: after.label });
}

function latest(bars: readonly Bar[]): Bar | undefined {
  return bars.reduce<Bar | undefined>(
    (best, bar) => (best === undefined || bar.end > best.end ? bar : best),
    undefined,
  );
}

function earliest(bars: readonly Bar[]): Bar | undefined {
  return bars.reduce<Bar | undefined>(
    (best, bar) => (best === undefined || bar.start < best.start ? bar : best),
    undefined,
  );
}
