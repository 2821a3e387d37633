import { accessSync, constants, statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import type { HandlerFile } from '../../shared/settings-application.ts';
import type { UpstreamInput } from '../../shared/settings-routes.ts';
import { checkPatch } from './check-patch.ts';
import { settingOption, unreadable } from './setting-flags.ts';

type ApplicationInput = Extract<UpstreamInput, { type: 'application' }>;
type Options = Partial<Omit<ApplicationInput, 'type' | 'id' | 'label' | 'kind' | 'module'>>;

/** Applications as the command line names them, in order. */
export interface ApplicationFlags {
  readonly applications: readonly ApplicationInput[];
}

/** The flags for applications as commander gives them. */
export interface GatewayFlags {
  readonly handler?: readonly string[];
  readonly wsgi?: ApplicationFlags;
  readonly app?: ApplicationFlags;
  readonly reload: boolean;
}

/**
 * Adds the flags for applications. --wsgi and --app may be repeated; the flags after one of them are about it, those
 * before the first about all.
 */
export function addGatewayFlags(command: Command): Command {
  const list = new ApplicationList();
  const number = (text: string): number => (/^\d+$/.test(text) ? Number(text) : NaN);
  return command
    .option('--wsgi <module:attribute>', 'a Python application that answers requests to the proxy itself', (text) =>
      list.begin('wsgi', text),
    )
    .option('--app <file>', 'a JavaScript application that answers requests to the proxy itself', (text) =>
      list.begin('javascript', readableFile(text)),
    )
    .addOption(
      settingOption('handlers').argParser((text, before: readonly string[] | undefined) => [
        ...(before ?? []),
        readableFile(text),
      ]),
    )
    .option('--chdir <directory>', "the application's folder (default: the current one)", (text) =>
      list.set({ directory: folder(text) }),
    )
    .option('--python <path>', 'its interpreter or virtual environment', (text) => list.set({ python: text }))
    .option('--mount <path>', 'the path it answers at and below (default: all)', (text) => list.set({ mount: text }))
    .option('--workers <number>', 'the most workers it has', (text) => list.set({ workers: number(text) }))
    .option('--threads <number>', 'requests that each worker answers at the same time', (text) =>
      list.set({ threads: number(text) }),
    )
    .option('--app-timeout <ms>', 'how long it may take to begin an answer; 0 for ever (default: 30000)', (text) =>
      list.set({ timeout: number(text) }),
    )
    .option('--env <name=value>', 'a variable of its environment; may be repeated', (text) => list.setVariable(text))
    .option('--reload', 'load it again when its source changes', false)
    .on('option:reload', () => list.set({ reload: true }));
}

/** The flags that say something of the application named before them, or of all. */
const ABOUT_APPLICATIONS = ['chdir', 'python', 'mount', 'workers', 'threads', 'appTimeout', 'env'];

/** Ends `command` with an error for flags about applications without any: they would do nothing. */
export function checkApplicationFlags(flags: GatewayFlags, command: Command): void {
  if (applicationsOf(flags).length > 0) return;
  const idle = command.options.find(
    (option) =>
      ABOUT_APPLICATIONS.includes(option.attributeName()) &&
      command.getOptionValueSource(option.attributeName()) === 'cli',
  );
  if (idle !== undefined) command.error(`hopscope: ${idle.long} is about an application: give --wsgi or --app as well`);
  if (!flags.reload || handlersOf(flags).length > 0) return;
  command.error('hopscope: --reload is about an application or a handler: give --wsgi, --app or --handler as well');
}

/** What --wsgi and --app gave for this run. */
export function applicationsOf({ wsgi, app }: GatewayFlags): readonly ApplicationInput[] {
  return (wsgi ?? app)?.applications ?? [];
}

/** What --handler gave for this run. */
export function handlersOf({ handler = [], reload }: GatewayFlags): readonly HandlerFile[] {
  return handler.map((file) => ({ file, reload }));
}

class ApplicationList implements ApplicationFlags {
  readonly applications: ApplicationInput[] = [];
  #common: Options = {};

  begin(kind: ApplicationInput['kind'], module: string): this {
    const at = this.applications.length;
    return this.#put(at, { ...application(kind, module, `flag-app-${at + 1}`), ...this.#common });
  }

  set(options: Options): this {
    const last = this.applications.length - 1;
    const before = this.applications[last];
    if (before !== undefined) return this.#put(last, { ...before, ...options });
    this.#common = { ...this.#common, ...options };
    // Of an application still to come, so that a wrong value is told of the flag that has it.
    checkPatch({ upstreams: [{ ...application('wsgi', 'any', 'flag-app-1'), ...this.#common }] });
    return this;
  }

  setVariable(text: string): this {
    const [, name, value] = /^([^=]+)=([^]*)$/.exec(text) ?? [];
    if (name === undefined || value === undefined) throw new InvalidArgumentError('A variable is name=value.');
    const before = this.applications.at(-1)?.env ?? this.#common.env ?? {};
    return this.set({ env: { ...before, [name]: value } });
  }

  #put(index: number, changed: ApplicationInput): this {
    checkPatch({ upstreams: [changed] });
    this.applications[index] = changed;
    return this;
  }
}

function application(kind: ApplicationInput['kind'], module: string, id: string): ApplicationInput {
  const label = (kind === 'javascript' ? basename(module) : module).slice(-80);
  return { type: 'application', kind, id, label, module, directory: process.cwd() };
}

/** The absolute path of a file that is there now; what is wrong inside of it may be mended while Hopscope runs. */
function readableFile(path: string): string {
  try {
    accessSync(path, constants.R_OK);
  } catch (error) {
    throw unreadable(error);
  }
  return resolve(path);
}

function folder(path: string): string {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return resolve(path);
  throw new InvalidArgumentError('It is no directory.');
}
