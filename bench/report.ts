import { judge, mebibytes, median, rates, ratio } from './judge.ts';
import type { Judgement } from './judge.ts';
import type { Measured } from './measure.ts';
import type { Scenario } from './scenarios.ts';

/** A scenario with what was measured and why some subjects were not. */
export interface ScenarioReport {
  readonly scenario: Scenario;
  readonly measured: readonly Measured[];
  readonly left: readonly { readonly name: string; readonly reason: string }[];
}

/** The scenario's table and targets as text for a terminal. */
export function formatReport({ scenario, measured, left }: ScenarioReport, short: boolean): string {
  const floor = measured.find(({ subject }) => subject.kind === 'floor');
  const header = [
    '',
    'req/s',
    'of floor',
    'p50 ms',
    'p99 ms',
    'CPU µs/req',
    'peak RSS',
    'growth',
    'to origin',
    'wrong',
  ];
  const rows = measured.map((one) => row(one, floor));
  // A short run's numbers mean nothing, so they are not held against the targets.
  const targets = short ? [] : judge(scenario, measured).map((one) => [one.verdict, one.target, one.measured]);
  const absent = left.map(({ name, reason }) => `${name} was left out: ${reason}`);
  return [`\n${scenario.title}`, ...columns([header, ...rows]), '', ...columns(targets, 3), ...absent, ''].join('\n');
}

function row(one: Measured, floor: Measured | undefined): string[] {
  const of = (pick: (round: Measured['rounds'][number]) => number | undefined): number | undefined => {
    const values = one.rounds.map(pick).filter((value) => value !== undefined);
    return values.length === 0 ? undefined : median(values);
  };
  const cpu = of((round) => round.cpuPerRequest);
  const peak = of((round) => round.peak);
  const growth = Object.values(one.growth).map(mebibytes).join(', then ');
  return [
    one.subject.name,
    decimals(median(rates(one))),
    floor ? ratio(one, floor).toFixed(2) : '-',
    decimals(of((round) => round.p50)),
    decimals(of((round) => round.p99)),
    decimals(cpu === undefined ? undefined : cpu * 1000),
    peak === undefined ? '-' : mebibytes(peak),
    growth || '-',
    `${(one.reachedOrigin * 100).toFixed(0)} %`,
    String(faults(one)),
  ];
}

/** Why a subject's numbers cannot be believed; undefined when they can. */
export function flaw(scenario: Scenario, one: Measured): string | undefined {
  if (faults(one) > 0) return `${faults(one)} responses were wrong or connections broke`;
  if (one.rounds.some(({ requests }) => requests === 0)) return 'a round had no response at all';
  // Requests that are under way when the time is up are counted by the origin alone, so the share may exceed one.
  if (scenario.reaches === 'all' && one.reachedOrigin < 0.99) return 'not every request reached the origin';
  if (scenario.reaches === 'hardly any' && one.reachedOrigin > 0.05) return 'too many requests reached the origin';
  return undefined;
}

/** Responses that were wrong and connections that broke, in all rounds. */
function faults({ rounds }: Measured): number {
  return rounds.reduce((sum, { wrong, broken }) => sum + wrong + broken, 0);
}

function decimals(value: number | undefined): string {
  return value === undefined ? '-' : value.toFixed(value < 1 ? 3 : value < 10 ? 2 : value < 100 ? 1 : 0);
}

/** Lines with padded columns; the first `words` columns are words and start at the left, the others are numbers. */
function columns(table: readonly (readonly string[])[], words = 1): string[] {
  const widths = (table[0] ?? []).map((_, i) => Math.max(...table.map((cells) => cells[i]?.length ?? 0)));
  return table.map((cells) =>
    cells
      .map((cell, i) => (i < words ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}

/** The scenario's numbers as plain data, for bench/results. */
export function toJson({ scenario, measured, left }: ScenarioReport): Record<string, unknown> {
  const targets: Judgement[] = judge(scenario, measured);
  return {
    scenario: scenario.name,
    subjects: measured.map(({ subject, ...rest }) => ({ name: subject.name, kind: subject.kind, ...rest })),
    left,
    targets,
  };
}
