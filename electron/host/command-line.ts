import { Command, InvalidArgumentError, Option } from 'commander';
import * as v from 'valibot';
import type { SettingsPatch } from '../../shared/settings.ts';
import { defaultSettings, mergeSettings } from '../../shared/settings.ts';
import { defaultDataDirectory } from './data-directory.ts';
import { serve } from './serve.ts';
import { version } from './version.ts';

/** The flags of `hopscope serve` as commander gives them. */
interface ServeFlags {
  readonly host: string;
  readonly port?: number;
  readonly upstream?: string;
  readonly cache?: 'off' | 'shared' | 'private' | 'snapshot';
  readonly record?: 'full' | 'head' | 'off';
  readonly ui: boolean;
  readonly uiPort?: number;
  readonly open: boolean;
  readonly logFormat: 'text' | 'json';
  readonly dataDir: string;
  readonly allowRemote: boolean;
}

const DEFAULT_PORT = 9000;

/** The `hopscope` command. Wrong usage throws a CommanderError after one line on stderr. */
export function commandLine(): Command {
  const program = new Command('hopscope')
    .description('A proxy inspector with an HTTP cache that explains itself.')
    .version(version())
    .showSuggestionAfterError(false)
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'hopscope: ')) })
    .exitOverride();
  program
    .command('serve', { isDefault: true })
    .description('run the proxy without a window, with its user interface served to a browser')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <number>', `port of the proxy; 0 takes any (default: ${DEFAULT_PORT}, or the next free one)`, port)
    .option('--upstream <url>', 'where requests to the proxy itself are sent (default: the built-in demo site)', url)
    .addOption(new Option('--cache <mode>', 'cache mode').choices(['off', 'shared', 'private', 'snapshot']))
    .addOption(new Option('--record <level>', 'what is recorded').choices(['full', 'head', 'off']))
    .option('--ui-port <number>', 'port of the user interface (default: the next free one after the proxy)', port)
    .option('--no-ui', 'do not serve the user interface')
    .option('--open', 'open the user interface in a browser', false)
    .addOption(new Option('--log-format <format>', 'output format').choices(['text', 'json']).default('text'))
    .option('--data-dir <directory>', 'where settings and recordings are kept', defaultDataDirectory())
    .option('--allow-remote', 'let --host be an address that other machines can reach', false)
    .allowExcessArguments(false)
    .exitOverride()
    .action((flags: ServeFlags, command: Command) => {
      if (!flags.allowRemote && !isLoopback(flags.host)) {
        command.error(
          `hopscope: --host ${flags.host} can be reached by other machines; add --allow-remote if that is meant`,
        );
      }
      return serve({
        ...flags,
        port: flags.port ?? DEFAULT_PORT,
        portFallback: flags.port === undefined,
        overrides: overridesOf(flags),
      });
    });
  return program;
}

function overridesOf(flags: ServeFlags): SettingsPatch {
  const { upstream, cache, record } = flags;
  const label = upstream?.replace(/^https?:\/\//i, '').replace(/\/$/, '') ?? '';
  return {
    ...(cache === undefined ? {} : { cache: { mode: cache } }),
    ...(record === undefined ? {} : { record: { level: record } }),
    ...(upstream === undefined
      ? {}
      : { upstreams: [{ id: FLAG_UPSTREAM, label, url: upstream }], activeUpstream: FLAG_UPSTREAM }),
  };
}

/** The id of the upstream that --upstream gives for one run. */
const FLAG_UPSTREAM = 'flag';

function port(text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number <= 65_535) return number;
  throw new InvalidArgumentError('A port is a number from 0 to 65535.');
}

function url(text: string): string {
  try {
    mergeSettings(defaultSettings(), { upstreams: [{ id: FLAG_UPSTREAM, label: 'x', url: text }] });
    return text;
  } catch (error) {
    throw new InvalidArgumentError(error instanceof v.ValiError ? error.message : String(error));
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}
