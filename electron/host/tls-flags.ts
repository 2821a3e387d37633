import type { Command } from 'commander';
import { InvalidArgumentError, Option } from 'commander';
import * as v from 'valibot';
import { tlsEntries } from '../../shared/settings-tls.ts';
import type { SettingsPatch } from '../../shared/settings.ts';
import { describeIssues } from '../../shared/settings.ts';

/** The flags about TLS with clients, as commander gives them. */
export interface TlsFlags {
  readonly intercept?: 'on' | 'off';
  readonly caDir?: string;
  readonly passthrough?: readonly string[];
}

/** Adds the flags about TLS with clients to a command. */
export function addTlsFlags(command: Command): Command {
  return command
    .addOption(new Option('--intercept <switch>', 'look into TLS (default: on)').choices(['on', 'off']))
    .option('--ca-dir <directory>', 'where the certificate authority is kept (default: "ca" in the data directory)')
    .option('--passthrough <patterns...>', 'hosts whose TLS passes as it is, as in *.example.com', passthrough);
}

/** What the flags change in the settings. */
export function tlsOverrides({ intercept, passthrough: hosts }: TlsFlags): Pick<SettingsPatch, 'tls'> {
  if (intercept === undefined && hosts === undefined) return {};
  return {
    tls: {
      ...(intercept === undefined ? {} : { intercept: intercept === 'on' }),
      ...(hosts === undefined ? {} : { passthrough: [...hosts] }),
    },
  };
}

/** Patterns may be given one by one, by commas, and by repeating the flag. */
function passthrough(text: string, before: readonly string[] = []): readonly string[] {
  const added = text.split(',').filter((pattern) => pattern !== '');
  const parsed = v.safeParse(tlsEntries.passthrough, [...before, ...added]);
  if (parsed.success) return parsed.output;
  throw new InvalidArgumentError(`${describeIssues(parsed.issues)}.`);
}
