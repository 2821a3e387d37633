// Writes into out/types what TypeScript tells of `hopscope/handlers`: the npm package has no sources, and users' files are checked
// against these.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './project.ts';

const target = join(projectRoot, 'out', 'types');
const strictness = ['--strict', '--exactOptionalPropertyTypes', '--skipLibCheck'];
const modules = ['--module', 'nodenext', '--target', 'es2024', '--types', 'node', '--allowImportingTsExtensions'];

rmSync(target, { recursive: true, force: true });
const { status } = spawnSync(
  process.execPath,
  [
    join(projectRoot, 'node_modules', 'typescript', 'bin', 'tsc'),
    ...['--ignoreConfig', '--declaration', '--emitDeclarationOnly', '--outDir', target, '--rootDir', projectRoot],
    ...strictness,
    ...modules,
    join(projectRoot, 'electron', 'engine', 'gateway', 'thread', 'handlers.ts'),
  ],
  { cwd: projectRoot, stdio: 'inherit' },
);
if (status !== 0) process.exitCode = status ?? 1;
