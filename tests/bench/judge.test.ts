import { describe, expect, test } from 'vitest';
import { judge, median, ratio } from '../../bench/judge.ts';
import type { Measured } from '../../bench/measure.ts';
import { flaw, formatReport } from '../../bench/report.ts';
import type { Scenario } from '../../bench/scenarios.ts';

/** A subject with the given requests per second, one round for each. */
function measured(
  name: string,
  kind: 'ours' | 'floor' | 'peer',
  rates: readonly number[],
  but: Partial<Measured> = {},
): Measured {
  return {
    subject: {
      name,
      kind,
      scenarios: ['pass'],
      obstacle: () => undefined,
      start: () => Promise.reject(new Error('never')),
    },
    rounds: rates.map((rate) => ({
      requests: rate * 2,
      seconds: 2,
      p50: 1,
      p99: 2,
      wrong: 0,
      broken: 0,
      cpuPerRequest: 0.05,
      peak: 1_048_576,
    })),
    growth: {},
    reachedOrigin: 1,
    origin: 'a test',
    ...but,
  };
}

const scenario: Scenario = {
  name: 'pass',
  title: 'A test',
  reaches: 'all',
  targets: [
    { kind: 'rate', than: 'floor', atLeast: 0.8 },
    { kind: 'rate', than: 'peer', atLeast: 1, aim: true },
    { kind: 'growth', measure: 'peak', below: 1000 },
  ],
};

const verdicts = (all: readonly Measured[]): string[] => judge(scenario, all).map(({ verdict }) => verdict);

test.each([
  [[3, 1, 2], 2],
  [[4, 1, 2, 3], 2.5],
  [[], Number.NaN],
])('the median of %j is %d', (values, expected) => {
  expect(median(values)).toBe(expected);
});

test('compares within rounds, so that a machine that slows down distorts nothing', () => {
  const one = measured('one', 'ours', [90, 9, 45]);
  const other = measured('other', 'floor', [100, 10, 50]);
  expect(ratio(one, other)).toBeCloseTo(0.9);
});

describe('a target', () => {
  const ours = measured('hopscope', 'ours', [80], { growth: { peak: 999 } });

  test('is passed at its very value', () => {
    expect(verdicts([ours, measured('floor', 'floor', [100]), measured('peer', 'peer', [80])])).toEqual([
      'PASS',
      'PASS',
      'PASS',
    ]);
  });

  test('is missed below it, but an aim is only not met', () => {
    const grown = { ...ours, growth: { peak: 1000 } };
    expect(verdicts([grown, measured('floor', 'floor', [101]), measured('peer', 'peer', [81])])).toEqual([
      'MISS',
      'AIM NOT MET',
      'MISS',
    ]);
  });

  test('is not measured without both sides', () => {
    expect(verdicts([ours])).toEqual(['NOT MEASURED', 'NOT MEASURED', 'PASS']);
    expect(verdicts([])).toEqual(['NOT MEASURED', 'NOT MEASURED', 'NOT MEASURED']);
  });
});

describe('what is told by the median response', () => {
  const at = (name: string, kind: 'ours' | 'floor', times: readonly number[]): Measured => {
    const one = measured(name, kind, times);
    return { ...one, rounds: one.rounds.map((round, i) => ({ ...round, p50: times[i] ?? 0 })) };
  };
  const floor = at('floor', 'floor', [1, 2, 3]);

  test('a delay is the median of the differences within rounds', () => {
    const delay: Scenario = { ...scenario, targets: [{ kind: 'delay', than: 'floor', below: 15 }] };
    expect(judge(delay, [at('hopscope', 'ours', [15.5, 90, 17.5]), floor])).toMatchObject([
      { verdict: 'PASS', measured: '14.5 ms' },
    ]);
    expect(judge(delay, [at('hopscope', 'ours', [16, 17, 18]), floor])).toMatchObject([{ verdict: 'MISS' }]);
    expect(judge(delay, [floor])).toMatchObject([{ verdict: 'NOT MEASURED' }]);
  });

  test('a time is the median of the ratios within rounds', () => {
    const time: Scenario = { ...scenario, targets: [{ kind: 'time', than: 'floor', atMost: 1.1 }] };
    expect(judge(time, [at('hopscope', 'ours', [1.1, 20, 3]), floor])).toMatchObject([
      { verdict: 'PASS', measured: '1.10' },
    ]);
    expect(judge(time, [at('hopscope', 'ours', [1.2, 2.4, 3]), floor])).toMatchObject([{ verdict: 'MISS' }]);
    expect(judge(time, [floor])).toMatchObject([{ verdict: 'NOT MEASURED' }]);
  });
});

describe('numbers are not believed', () => {
  const good = measured('hopscope', 'ours', [80]);
  const [round] = good.rounds;

  test.each([
    ['a response was wrong', { rounds: [{ ...round!, wrong: 1 }] }],
    ['a connection broke', { rounds: [{ ...round!, broken: 1 }] }],
    ['nothing answered', { rounds: [{ ...round!, requests: 0 }] }],
    ['requests did not reach the origin', { reachedOrigin: 0.5 }],
  ])('when %s', (_why, but) => {
    expect(flaw(scenario, { ...good, ...but })).toBeTypeOf('string');
    expect(flaw(scenario, good)).toBeUndefined();
  });

  test('when a cache hit went to the origin', () => {
    expect(flaw({ ...scenario, reaches: 'hardly any' }, good)).toBeTypeOf('string');
  });
});

test('a short run is not held against the targets', () => {
  const report = {
    scenario,
    measured: [measured('hopscope', 'ours', [80]), measured('floor', 'floor', [100])],
    left: [],
  };
  expect(formatReport(report, false)).toContain('PASS');
  expect(formatReport(report, true)).not.toContain('PASS');
  expect(formatReport(report, true)).toMatch(/hopscope +80\.0 +0\.80/);
});
