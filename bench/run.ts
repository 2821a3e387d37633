// `npm run bench`: measures Hopscope against floors and peers on this machine, in one run.
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { hasCommand } from './launch.ts';
import { judge } from './judge.ts';
import { measure } from './measure.ts';
import type { BenchOptions } from './options.ts';
import { readOptions } from './options.ts';
import { flaw, formatReport, toJson } from './report.ts';
import type { ScenarioReport } from './report.ts';
import { scenarios } from './scenarios.ts';
import type { Scenario } from './scenarios.ts';
import { hopscope } from './subjects/hopscope.ts';
import { installNpmPeers } from './subjects/npm-peers.ts';

function readOptionsOrExit(): BenchOptions {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(2);
  }
}

async function runScenario(scenario: Scenario, options: BenchOptions): Promise<ScenarioReport> {
  const fitting = options.subjects.filter(({ scenarios: own }) => own.includes(scenario.name));
  const left = fitting
    .map((subject) => ({ name: subject.name, reason: subject.obstacle() ?? '' }))
    .filter(({ reason }) => reason);
  if (scenario.generator === 'h2load' && !hasCommand('h2load')) {
    const reason = 'h2load is not installed';
    return { scenario, measured: [], left: fitting.map(({ name }) => ({ name, reason })) };
  }
  const able = fitting.filter(({ name }) => !left.some((one) => one.name === name));
  return { scenario, measured: await measure(scenario, able, options), left };
}

const options = readOptionsOrExit();
const needsNpmPeers = options.subjects.some(({ name }) => name === 'mockttp' || name === 'http-mitm-proxy');
const problem =
  needsNpmPeers && options.scenarios.some((name) => name === 'pass' || name === 'https')
    ? installNpmPeers()
    : undefined;
if (problem) process.stderr.write(`bench: ${problem}\n`);

const processor = `${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} cores`;
console.log(
  `${processor}; Node ${process.version}; ${options.connections} connections; ${options.repeats} rounds of ${options.seconds} s`,
);
const [busy = 0] = loadavg();
if (busy > 1)
  console.log(
    `The machine is busy (load ${busy.toFixed(1)}): of these numbers only the CPU time for one request can be believed.`,
  );
if (options.short) console.log('A short run: it shows that everything works; its numbers mean nothing.');

const reports: ScenarioReport[] = [];
for (const name of options.scenarios) {
  const scenario = scenarios.find((one) => one.name === name);
  if (!scenario) continue;
  const report = await runScenario(scenario, options);
  reports.push(report);
  console.log(formatReport(report, options.short));
}

const results = join(import.meta.dirname, 'results');
mkdirSync(results, { recursive: true });
const file = join(results, `${new Date().toISOString().replaceAll(':', '-')}.json`);
const { subjects: _, ...settings } = options;
writeFileSync(
  file,
  `${JSON.stringify({ processor, node: process.version, settings, reports: reports.map(toJson) }, undefined, 2)}\n`,
);
console.log(`Written to ${file}`);

const flaws = reports.flatMap(({ scenario, measured, left }) => [
  ...measured.map((one) => ({ subject: one.subject, flaw: flaw(scenario, one) })),
  // Without Hopscope there is nothing to compare.
  ...left.filter(({ name }) => name === hopscope.name).map(({ reason }) => ({ subject: hopscope, flaw: reason })),
]);
const real = flaws.filter((one) => one.flaw !== undefined);
for (const one of real) process.stderr.write(`bench: ${one.subject.name}: ${one.flaw}\n`);
// A peer that fails under load is a result; Hopscope or a floor that does is a fault.
const faulty = real.some(({ subject }) => subject.kind !== 'peer');
const missed = reports
  .flatMap(({ scenario, measured }) => judge(scenario, measured))
  .some(({ verdict }) => verdict === 'MISS');
if (faulty || (options.strict && missed)) process.exitCode = 1;
