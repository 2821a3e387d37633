#!/usr/bin/env -S node --min-semi-space-size=16 --max-semi-space-size=16
import { CommanderError } from 'commander';
import { commandLine } from './host/command-line.ts';
import { exitCodeOf } from './host/hopscope-command.ts';
import { withoutSecrets } from './host/without-secrets.ts';

commandLine()
  .parseAsync()
  .catch((error: unknown) => {
    // Commander has printed its own errors already, in one line.
    if (!(error instanceof CommanderError)) {
      const message = error instanceof Error ? error.message : String(error);
      process.stderr.write(`hopscope: ${withoutSecrets(message)}\n`);
    }
    process.exitCode = exitCodeOf(error);
  });
