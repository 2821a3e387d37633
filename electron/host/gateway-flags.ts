import { basename, resolve } from 'node:path';
import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import * as v from 'valibot';
import type { HandlerFile } from '../../shared/settings-application.ts';
import type { UpstreamInput } from '../../shared/settings-routes.ts';
import { defaultSettings, mergeSettings } from '../../shared/settings.ts';
import { settingOption } from './setting-flags.ts';

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
      list.begin('javascript', resolve(text)),
    )
    .addOption(
      settingOption('handlers').argParser((text, before: readonly string[] | undefined) => [
        ...(before ?? []),
        resolve(text),
      ]),
    )
    .option('--chdir <directory>', "the application's folder (default: the current one)", (text) =>
      list.set({ directory: resolve(text) }),
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
    const id = `flag-app-${this.applications.length + 1}`;
    const label = (kind === 'javascript' ? basename(module) : module).slice(-80);
    const added = { type: 'application', kind, id, label, module } as const;
    return this.#put(this.applications.length, { directory: process.cwd(), ...added, ...this.#common });
  }

  set(options: Options): this {
    const last = this.applications.length - 1;
    const application = this.applications[last];
    if (application !== undefined) return this.#put(last, { ...application, ...options });
    this.#common = { ...this.#common, ...options };
    return this;
  }

  setVariable(text: string): this {
    const [, name, value] = /^([^=]+)=([^]*)$/.exec(text) ?? [];
    if (name === undefined || value === undefined) throw new InvalidArgumentError('A variable is name=value.');
    const before = this.applications.at(-1)?.env ?? this.#common.env ?? {};
    return this.set({ env: { ...before, [name]: value } });
  }

  #put(index: number, application: ApplicationInput): this {
    try {
      mergeSettings(defaultSettings(), { upstreams: [application] });
    } catch (error) {
      throw new InvalidArgumentError(error instanceof v.ValiError ? error.message : String(error));
    }
    this.applications[index] = application;
    return this;
  }
}
