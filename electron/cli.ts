#!/usr/bin/env -S node --min-semi-space-size=16 --max-semi-space-size=16
import { runCommandLine } from './host/run-command-line.ts';

void runCommandLine(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
