import type { Measured } from './measure.ts';
import type { Scenario, Target } from './scenarios.ts';

export interface Judgement {
  /** What was wanted, in words. */
  readonly target: string;
  /** What was measured, in words. */
  readonly measured: string;
  /** An aim that is not met is no miss: it is what we would like, not what we promise. */
  readonly verdict: 'PASS' | 'MISS' | 'AIM NOT MET' | 'NOT MEASURED';
}

/** The middle value; of an even number, the mean of the two in the middle. NaN for none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  if (sorted.length === 0) return Number.NaN;
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

/** Requests per second of each round. */
export function rates({ rounds }: Pick<Measured, 'rounds'>): number[] {
  return rounds.map(({ requests, seconds }) => requests / seconds);
}

/**
 * The median of the rounds' own ratios. Subjects of one round run within seconds of each other, so a machine that is slower in
 * one round than in another distorts this less than a ratio of two medians.
 */
export function ratio(one: Measured, other: Measured): number {
  const others = rates(other);
  return median(rates(one).map((rate, round) => rate / (others[round] ?? Number.NaN)));
}

/** Compares Hopscope's numbers with the scenario's targets. */
export function judge(scenario: Scenario, measured: readonly Measured[]): Judgement[] {
  const ours = measured.find(({ subject }) => subject.kind === 'ours');
  return scenario.targets.map((target) => judgeOne(target, ours, measured));
}

function judgeOne(target: Target, ours: Measured | undefined, measured: readonly Measured[]): Judgement {
  if (target.kind === 'growth') {
    const growth = ours?.growth[target.measure];
    const words = `memory growth (${target.measure}) below ${mebibytes(target.below)}`;
    if (growth === undefined) return { target: words, measured: '-', verdict: 'NOT MEASURED' };
    return { target: words, measured: mebibytes(growth), verdict: growth < target.below ? 'PASS' : 'MISS' };
  }
  if (target.kind === 'delay' || target.kind === 'time') return judgeTimes(target, ours, measured);
  const words = `${target.atLeast === 1 ? 'at least the' : `${target.atLeast} of the`} rate of ${target.than}`;
  const other = measured.find(({ subject }) => subject.name === target.than);
  if (!ours || !other) return { target: words, measured: '-', verdict: 'NOT MEASURED' };
  const reached = ratio(ours, other);
  const missed = target.aim ? 'AIM NOT MET' : 'MISS';
  return { target: words, measured: reached.toFixed(2), verdict: reached >= target.atLeast ? 'PASS' : missed };
}

/** Compares how long the median response took, round by round. */
function judgeTimes(
  target: Target & { kind: 'delay' | 'time' },
  ours: Measured | undefined,
  measured: readonly Measured[],
): Judgement {
  const isDelay = target.kind === 'delay';
  const words = isDelay
    ? `less than ${target.below} ms more than ${target.than}, at the median`
    : `at most ${target.atMost} of the time of ${target.than}, at the median`;
  const other = measured.find(({ subject }) => subject.name === target.than);
  if (!ours || !other) return { target: words, measured: '-', verdict: 'NOT MEASURED' };
  const compared = median(
    ours.rounds.map(({ p50 }, round) => {
      const theirs = other.rounds[round]?.p50 ?? Number.NaN;
      return isDelay ? p50 - theirs : p50 / theirs;
    }),
  );
  const reached = isDelay ? compared < target.below : compared <= target.atMost;
  const figure = isDelay ? `${compared.toFixed(1)} ms` : compared.toFixed(2);
  return { target: words, measured: figure, verdict: reached ? 'PASS' : 'MISS' };
}

export function mebibytes(bytes: number): string {
  return `${(bytes / 1_048_576).toFixed(1)} MiB`;
}
