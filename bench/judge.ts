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
  if (target.kind === 'delay') return judgeDelay(target, ours, measured);
  if (target.kind === 'time') return judgeTime(target, ours, measured);
  const words = `${target.atLeast === 1 ? 'at least the' : `${target.atLeast} of the`} rate of ${target.than}`;
  const other = measured.find(({ subject }) => subject.name === target.than);
  if (!ours || !other) return { target: words, measured: '-', verdict: 'NOT MEASURED' };
  const reached = ratio(ours, other);
  const missed = target.aim ? 'AIM NOT MET' : 'MISS';
  return { target: words, measured: reached.toFixed(2), verdict: reached >= target.atLeast ? 'PASS' : missed };
}

function judgeDelay(
  { than, below }: Target & { kind: 'delay' },
  ours: Measured | undefined,
  measured: readonly Measured[],
): Judgement {
  const words = `less than ${below} ms more than ${than}, at the median`;
  const other = measured.find(({ subject }) => subject.name === than);
  if (!ours || !other) return { target: words, measured: '-', verdict: 'NOT MEASURED' };
  const delay = median(ours.rounds.map(({ p50 }, round) => p50 - (other.rounds[round]?.p50 ?? Number.NaN)));
  return { target: words, measured: `${delay.toFixed(1)} ms`, verdict: delay < below ? 'PASS' : 'MISS' };
}

function judgeTime(
  { than, atMost }: Target & { kind: 'time' },
  ours: Measured | undefined,
  measured: readonly Measured[],
): Judgement {
  const words = `at most ${atMost} of the time of ${than}, at the median`;
  const other = measured.find(({ subject }) => subject.name === than);
  if (!ours || !other) return { target: words, measured: '-', verdict: 'NOT MEASURED' };
  const times = median(ours.rounds.map(({ p50 }, round) => p50 / (other.rounds[round]?.p50 ?? Number.NaN)));
  return { target: words, measured: times.toFixed(2), verdict: times <= atMost ? 'PASS' : 'MISS' };
}

export function mebibytes(bytes: number): string {
  return `${(bytes / 1_048_576).toFixed(1)} MiB`;
}
