#!/usr/bin/env -S node --min-semi-space-size=16 --max-semi-space-size=16
import { logFormatOf, logLine } from './host/log-format.ts';
import { nodeObstacle } from './host/node-obstacle.ts';

const obstacle = nodeObstacle(process.versions.node);
if (obstacle === undefined) {
  // Not before: an older Node ends with a trace of the first module that it lacks.
  const { runCommandLine } = await import('./host/run-command-line.ts');
  process.exitCode = await runCommandLine(process.argv.slice(2));
} else {
  process.stderr.write(logLine(logFormatOf(process.argv.slice(2)), 'error', obstacle));
  process.exitCode = 1;
}
