// `npm test`: every check in one command. All sections run, whatever fails before them, so that one run tells everything;
// `node scripts/check.ts lint unit` runs only those named. On success the last line is the count of tests alone.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { styleText } from 'node:util';
import { compileCache, projectEnv, projectRoot } from './project.ts';

interface Section {
  readonly name: string;
  readonly title: string;
  /** Paths of Node programs relative to the root, each with its arguments. */
  readonly commands: readonly (readonly string[])[];
  /** Nothing else disturbs it: it runs beside the tests, which wait for sockets and browsers a third of the time. */
  readonly beside?: true;
  /** Where vitest leaves its counts, relative to the root. */
  readonly counts?: string;
}

interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

const modules = 'node_modules';
const knip = `${modules}/knip/bin/knip.js`;

const sections: readonly Section[] = [
  { name: 'types', title: 'Types', beside: true, commands: [[`${modules}/typescript/bin/tsc`, '-b', '--pretty']] },
  {
    name: 'format',
    title: 'Formatting',
    beside: true,
    commands: [[`${modules}/prettier/bin/prettier.cjs`, '--check', '.']],
  },
  { name: 'layers', title: 'Layers', beside: true, commands: [['scripts/check-layers.ts']] },
  { name: 'deadcode', title: 'Dead code', beside: true, commands: [[knip], [knip, '--production']] },
  {
    name: 'lint',
    title: 'Lint',
    beside: true,
    commands: [[`${modules}/eslint/bin/eslint.js`, '.', '--max-warnings', '0']],
  },
  {
    name: 'bench',
    title: 'Benchmark, short: responses are verified, times are not',
    beside: true,
    commands: [['bench/run.ts', '--short']],
  },
  vitestSection('unit', 'Unit and integration tests', ['scripts/ensure-peers.ts']),
  vitestSection('browser', 'Browser tests'),
];

/** The tests of one of vitest's projects, after what they need has been brought. */
function vitestSection(project: string, title: string, ...before: readonly (readonly string[])[]): Section {
  const counts = `artifacts/tests-${project}.json`;
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${counts}`];
  const command = [`${modules}/vitest/vitest.mjs`, 'run', '--project', project, ...reporters];
  return { name: project, title, commands: [...before, command], counts };
}

/** Runs one program with the project's Node, its output shown at once or, when `kept` is given, kept there; resolves with its success. */
function run(command: readonly string[], kept: string[] | undefined): Promise<boolean> {
  const show = kept ? 'pipe' : 'inherit';
  // Programs leave colours out when they do not write to a terminal themselves.
  const colours = kept && process.stdout.isTTY ? { FORCE_COLOR: '1' } : {};
  const env = projectEnv({ NODE_COMPILE_CACHE: compileCache, ...colours });
  return new Promise((resolve) => {
    const child = spawn(process.execPath, command, { cwd: projectRoot, env, stdio: ['ignore', show, show] });
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => kept?.push(text));
    }
    child.on('error', (error) => {
      console.error(`${command[0]}: ${error.message}`);
      resolve(false);
    });
    child.on('close', (code) => resolve(code === 0));
  });
}

/** What vitest's JSON report says; zeros when there is none. */
function countsOf(section: Section): Counts {
  const path = section.counts && join(projectRoot, section.counts);
  if (!path || !statSync(path, { throwIfNoEntry: false })) return { passed: 0, failed: 0, skipped: 0 };
  const report = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  const number = (key: string): number => (typeof report[key] === 'number' ? report[key] : 0);
  return {
    passed: number('numPassedTests'),
    failed: number('numFailedTests'),
    skipped: number('numPendingTests') + number('numTodoTests'),
  };
}

/** Runs a section and reports it: as it goes, or in one piece at its end when others run beside it. */
async function runSection(section: Section): Promise<boolean> {
  const kept = section.beside ? [] : undefined;
  const header = `\n${styleText(['bold', 'inverse'], ` ${section.title} `)}`;
  if (!kept) console.log(header);
  if (section.counts) rmSync(join(projectRoot, section.counts), { force: true });
  const started = performance.now();
  let succeeded = true;
  for (const command of section.commands) succeeded = (await run(command, kept)) && succeeded;
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  if (kept) console.log([header, kept.join('').trim()].filter(Boolean).join('\n'));
  console.log(succeeded ? styleText('green', `ok, ${seconds} s`) : styleText('red', `FAILED, ${seconds} s`));
  return succeeded;
}

/** Runs two rows of sections side by side: the tests one after the other, and what may run beside them. */
async function runSections(chosen: readonly Section[]): Promise<Map<Section, boolean>> {
  const results = new Map<Section, boolean>();
  const run = async (row: readonly Section[]): Promise<void> => {
    for (const section of row) results.set(section, await runSection(section));
  };
  await Promise.all([run(chosen.filter(({ beside }) => beside)), run(chosen.filter(({ beside }) => !beside))]);
  return results;
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !sections.some((section) => section.name === name));
if (unknown.length > 0) {
  console.error(`no such section: ${unknown.join(', ')}; there are ${sections.map((s) => s.name).join(', ')}`);
  process.exit(2);
}
mkdirSync(join(projectRoot, 'artifacts'), { recursive: true });

const failures: string[] = [];
const total = { passed: 0, failed: 0, skipped: 0 };
for (const [section, succeeded] of await runSections(
  sections.filter((s) => wanted.length === 0 || wanted.includes(s.name)),
)) {
  if (!succeeded) failures.push(section.name);
  const counts = countsOf(section);
  total.passed += counts.passed;
  // A section that fails without a failed test (a type error, a test file that does not load) is one failure.
  total.failed += Math.max(counts.failed, succeeded ? 0 : 1);
  total.skipped += counts.skipped;
}

console.log('');
if (failures.length > 0) console.log(styleText('red', `Failed: ${failures.join(', ')}`));
const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
console.log(`${total.passed} passed, ${total.failed} failed${skipped}`);
if (failures.length > 0) process.exitCode = 1;
