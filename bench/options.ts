import { parseArgs } from 'node:util';
import { hasCommand } from './launch.ts';
import type { Generator } from './load/run-load.ts';
import { scenarios, subjects } from './scenarios.ts';
import type { ScenarioName, Subject } from './subject.ts';

export interface BenchOptions {
  readonly scenarios: readonly ScenarioName[];
  readonly subjects: readonly Subject[];
  /** Rounds; in each, every subject is measured once, one after the other. */
  readonly repeats: number;
  /** Seconds of load for one measurement, and for warming up; generators that take whole seconds take one at least. */
  readonly seconds: number;
  readonly warmUp: number;
  readonly connections: number;
  /** Exchanges in each half of the memory scenario. */
  readonly exchanges: number;
  readonly generator: Generator;
  readonly short: boolean;
  readonly strict: boolean;
}

export const usage = `Usage: npm run bench -- [options]

  --scenario NAMES    comma-separated: ${scenarios.map(({ name }) => name).join(', ')} (default: all)
  --subjects NAMES    comma-separated: ${subjects.map(({ name }) => name).join(', ')} (default: all that are installed)
  --repeats N         interleaved rounds (default 5)
  --seconds N         seconds of load for one measurement (default 6)
  --connections N     connections at once (default 32)
  --exchanges N       exchanges in each half of the memory scenario (default 50000)
  --load NAME         wrk or autocannon (default: wrk when installed)
  --short             one short round of Hopscope and the floors: shows that it works, measures nothing
  --strict            exit with 1 when a target is missed, not only when a response was wrong
`;

/** Reads the command line. Throws an Error with one clear line when it makes no sense. */
export function readOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      scenario: { type: 'string' },
      subjects: { type: 'string' },
      repeats: { type: 'string' },
      seconds: { type: 'string' },
      connections: { type: 'string' },
      exchanges: { type: 'string' },
      load: { type: 'string' },
      short: { type: 'boolean', default: false },
      strict: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    process.exit(0);
  }
  const { short, strict } = values;
  const generator = values.load ?? (hasCommand('wrk') ? 'wrk' : 'autocannon');
  if (generator !== 'wrk' && generator !== 'autocannon')
    throw new Error(`--load must be wrk or autocannon, not ${generator}`);
  const local = subjects.filter(({ kind }) => kind !== 'peer');
  return {
    scenarios: choose(
      '--scenario',
      values.scenario,
      scenarios.map(({ name }) => ({ name })),
    ).map(({ name }) => name),
    subjects: values.subjects === undefined && short ? local : choose('--subjects', values.subjects, subjects),
    repeats: count('--repeats', values.repeats, short ? 1 : 5),
    seconds: values.seconds === undefined && short ? 0.3 : count('--seconds', values.seconds, 6),
    warmUp: short ? 0 : 2,
    connections: count('--connections', values.connections, short ? 8 : 32),
    exchanges: count('--exchanges', values.exchanges, short ? 500 : 50_000),
    generator,
    short,
    strict,
  };
}

function choose<T extends { readonly name: string }>(
  flag: string,
  text: string | undefined,
  from: readonly T[],
): readonly T[] {
  if (text === undefined) return from;
  return text.split(',').map((name) => {
    const found = from.find((candidate) => candidate.name === name.trim());
    if (!found) throw new Error(`${flag}: there is no ${name}; there are ${from.map((one) => one.name).join(', ')}`);
    return found;
  });
}

function count(flag: string, text: string | undefined, otherwise: number): number {
  const value = text === undefined ? otherwise : Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`${flag} must be a whole number from 1, not ${text}`);
  return value;
}
