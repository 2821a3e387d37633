// Checks the layer rules of .dependency-cruiser.cjs, and that every source file was seen: a checker that finds no files finds no
// violations either, and says so in green.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { projectEnv, projectRoot } from './project.ts';

const folders = ['electron', 'shared', 'renderer'];

interface CruiseResult {
  readonly modules: readonly { readonly source: string }[];
  readonly summary: {
    readonly totalDependenciesCruised?: number;
    readonly violations: readonly {
      readonly from: string;
      readonly to: string;
      readonly rule: { readonly name: string };
      readonly cycle?: readonly { readonly name: string }[];
    }[];
    readonly ruleSetUsed: { readonly forbidden: readonly { readonly name?: string; readonly comment?: string }[] };
  };
}

function cruise(): CruiseResult {
  const cli = join(projectRoot, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruiser.mjs');
  const args = [cli, '--config', '.dependency-cruiser.cjs', '--output-type', 'json', ...folders];
  const { stdout, stderr, error } = spawnSync(process.execPath, args, {
    cwd: projectRoot,
    env: projectEnv(),
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  });
  if (error) throw error;
  if (!stdout.startsWith('{')) throw new Error(`dependency-cruiser failed:\n${stderr}${stdout}`);
  return JSON.parse(stdout) as CruiseResult;
}

function sourceFiles(): string[] {
  return folders.flatMap((folder) =>
    readdirSync(join(projectRoot, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !entry.name.endsWith('.d.ts'))
      .map((entry) => relative(projectRoot, join(entry.parentPath, entry.name)).split(sep).join('/')),
  );
}

const { modules, summary } = cruise();
const seen = new Set(modules.map((module) => module.source));
const unseen = sourceFiles().filter((file) => !seen.has(file));
const comments = new Map(summary.ruleSetUsed.forbidden.map((rule) => [rule.name, rule.comment]));

for (const { from, to, rule, cycle } of summary.violations) {
  const path = cycle ? [from, ...cycle.map((step) => step.name)].join(' → ') : from === to ? from : `${from} → ${to}`;
  console.error(`${rule.name}: ${path}\n    ${comments.get(rule.name) ?? ''}`);
}
for (const file of unseen) console.error(`not checked: ${file} was not seen by dependency-cruiser`);

if (summary.violations.length + unseen.length > 0) process.exitCode = 1;
else console.log(`${modules.length} modules and ${summary.totalDependenciesCruised ?? 0} dependencies keep the layers`);
