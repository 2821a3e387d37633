import type { Command } from 'commander';
import { directory } from './data-directory.ts';

/** The flags about TLS with clients that are no settings, as commander gives them. */
export interface TlsFlags {
  readonly caDir?: string;
}

/** Adds the flags about TLS with clients that are no settings to a command. */
export function addTlsFlags(command: Command): Command {
  return command.option(
    '--ca-dir <directory>',
    'where the certificate authority is kept (default: "ca" in the data directory)',
    directory,
  );
}
