import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { runLoad } from './load/run-load.ts';
import type { LoadResult } from './load/run-load.ts';
import type { BenchOptions } from './options.ts';
import { startEchoOrigin, startOrigin } from './origin.ts';
import type { Origin } from './origin.ts';
import { processStats, watchPeakMemory } from './process-stats.ts';
import { resources } from './resources.ts';
import type { Scenario } from './scenarios.ts';
import type { Running, Subject } from './subject.ts';

/** One measurement of one subject. */
export interface Round extends LoadResult {
  /** Milliseconds of CPU time for one request; undefined where the system does not tell. */
  readonly cpuPerRequest: number | undefined;
  /** Highest resident memory during the round, in bytes. */
  readonly peak: number | undefined;
}

/** All measurements of one subject in one scenario. */
export interface Measured {
  readonly subject: Subject;
  readonly rounds: readonly Round[];
  /** Growth of resident memory by measure, in bytes. */
  readonly growth: Readonly<Record<string, number>>;
  /** Share of the measured requests that reached the origin, 0 to 1 (and a little more: the question itself counts). */
  readonly reachedOrigin: number;
  /** What the origin runs on. */
  readonly origin: string;
}

/** The measure that tells whether memory stays where the first round has brought it. */
const afterFirst = 'after the first round';

interface Station {
  readonly subject: Subject;
  readonly running: Running;
  readonly rounds: Round[];
  /** Resident memory when ready, before any load, in bytes. */
  readonly idle: number | undefined;
  readonly growth: Record<string, number>;
  sent: number;
  reached: number;
}

/** Measures the subjects in one scenario, interleaved, and stops everything that it started. */
export async function measure(
  scenario: Scenario,
  subjects: readonly Subject[],
  options: BenchOptions,
): Promise<Measured[]> {
  const folder = mkdtempSync(join(tmpdir(), 'hopscope-bench-'));
  const tidy = (): void => {
    // Repeated, because servers that have just been asked to end still remove files of their own here.
    for (let attempt = 0; attempt < 50 && existsSync(folder); attempt++)
      rmSync(folder, { recursive: true, force: true });
  };
  process.on('exit', tidy);
  const stops: (() => Promise<void>)[] = [];
  try {
    const origin = await (scenario.name === 'websocket'
      ? startEchoOrigin()
      : startOrigin(join(folder, 'origin'), scenario));
    stops.push(origin.stop);
    const starts = subjects.map(async (subject, i): Promise<Station> => {
      const own = join(folder, `subject-${i}`);
      mkdirSync(own);
      const running = await subject.start({ scenario: scenario.name, origin, folder: own });
      stops.push(running.stop);
      const idle = processStats(running.pid)?.rss;
      return { subject, running, rounds: [], idle, growth: {}, sent: 0, reached: 0 };
    });
    // When one does not start, the others are waited for all the same: what has started is to be stopped.
    await Promise.allSettled(starts);
    const stations = await Promise.all(starts);
    if (scenario.name === 'memory')
      for (const station of stations) await measureMemory(scenario, station, origin, options);
    else await measureRates(scenario, stations, origin, options);
    return stations.map(({ subject, rounds, growth, sent, reached }) => ({
      subject,
      rounds,
      growth,
      reachedOrigin: sent === 0 ? 0 : reached / sent,
      origin: origin.software,
    }));
  } finally {
    for (const stop of stops.reverse()) await stop();
    tidy();
    process.off('exit', tidy);
  }
}

async function measureRates(
  scenario: Scenario,
  stations: Station[],
  origin: Origin,
  options: BenchOptions,
): Promise<void> {
  for (const station of stations) {
    // A cache answers from its store only once something is in it, so one connection comes first.
    if (scenario.reaches === 'hardly any') {
      await load({ ...scenario, connections: 1 }, station, origin, options, { seconds: 1 });
    }
    if (options.warmUp > 0) await load(scenario, station, origin, options, { seconds: options.warmUp });
  }
  for (let count = 1; count <= options.repeats; count++) {
    for (const station of stations) {
      process.stderr.write(`${scenario.name}: round ${count} of ${options.repeats}, ${station.subject.name}\n`);
      await round(scenario, station, origin, options, { seconds: options.seconds });
    }
  }
  for (const station of stations) {
    const [first = 0, ...later] = station.rounds.map((round) => round.peak ?? 0);
    if (station.idle === undefined) continue;
    station.growth['peak'] = Math.max(first, ...later) - station.idle;
    const isAsked = scenario.targets.some((target) => target.kind === 'growth' && target.measure === afterFirst);
    if (isAsked && later.length > 0) station.growth[afterFirst] = Math.max(...later) - first;
  }
}

/** Records two equal halves of exchanges and notes how much memory each has left behind. */
async function measureMemory(
  scenario: Scenario,
  station: Station,
  origin: Origin,
  options: BenchOptions,
): Promise<void> {
  let before = station.idle;
  for (const half of ['first', 'next']) {
    process.stderr.write(`${scenario.name}: ${half} ${options.exchanges} exchanges, ${station.subject.name}\n`);
    await round(scenario, station, origin, options, { amount: options.exchanges });
    const after = await settledMemory(station.running.pid, options);
    if (after !== undefined && before !== undefined) {
      station.growth[`${half} ${options.exchanges.toLocaleString('en')}`] = after - before;
    }
    before = after;
  }
}

/** Resident memory, in bytes, once the process has had a few idle seconds to write out and collect what it holds. */
async function settledMemory(pid: number, { short }: BenchOptions): Promise<number | undefined> {
  await pause(short ? 200 : 5_000);
  return processStats(pid)?.rss;
}

/** One measurement, noted with the station. */
async function round(
  scenario: Scenario,
  station: Station,
  origin: Origin,
  options: BenchOptions,
  extent: { seconds: number } | { amount: number },
): Promise<void> {
  const before = await origin.served();
  const result = await load(scenario, station, origin, options, extent);
  station.rounds.push(result);
  station.sent += result.requests;
  // nginx counts the second question as well.
  station.reached += (await origin.served()) - before - 1;
}

async function load(
  scenario: Scenario,
  { running }: Station,
  origin: Origin,
  options: BenchOptions,
  extent: { seconds: number } | { amount: number },
): Promise<Round> {
  const { path, bytes } = resources[scenario.name];
  const { generator = options.generator, secure } = scenario;
  const before = processStats(running.pid);
  const stopWatching = watchPeakMemory(running.pid);
  const result = await runLoad({
    generator,
    ...(generator === 'tunnel'
      ? { url: running.url, target: `https://${secure ?? ''}:${origin.tls?.port ?? 0}${path}` }
      : { url: running.url + path }),
    fresh: scenario.name === 'first',
    bytes,
    connections: scenario.connections ?? options.connections,
    extent,
    unique: scenario.unique === true,
  });
  const peak = stopWatching();
  const after = processStats(running.pid);
  const cpu = before && after ? after.cpu - before.cpu : undefined;
  return { ...result, peak, cpuPerRequest: cpu === undefined ? undefined : cpu / Math.max(1, result.requests) };
}
