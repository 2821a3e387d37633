import type { DemoSite } from '../demo/demo-site.ts';
import { startDemoSite } from '../demo/demo-site.ts';
import type { Engine } from '../engine/engine.ts';
import { createEngine } from '../engine/engine.ts';
import { isWriteTrouble, whyNotWritten } from '../engine/write-trouble.ts';
import type { KeyProtector } from '../engine/tls/authority-files.ts';
import type { Settings, SettingsPatch } from '../../shared/settings.ts';
import { mergeSettings } from '../../shared/settings.ts';
import { makeDataDirectory, nothingKept } from './data-directory.ts';
import { SettingsFile } from './settings-file.ts';
import { UsageError } from './usage-error.ts';

/** What both hosts start from. */
export interface HostOptions {
  readonly host: string;
  readonly port: number;
  /** Whether another port will do when `port` is taken. */
  readonly portFallback: boolean;
  readonly dataDir: string;
  /** Where the certificate authority is kept; in the data directory when absent. */
  readonly caDir?: string;
  readonly version: string;
  /** Protects the authority's key where there is something to protect it with. */
  readonly keyProtector?: KeyProtector;
  /** Settings for this run that override the file's. */
  readonly overrides: SettingsPatch;
  /** Takes what applications write. */
  readonly onApplicationOutput?: (application: string, text: string) => void;
}

/** An engine with its surroundings, running. */
export interface Host {
  readonly engine: Engine;
  /** What its log should have of the settings. */
  readonly remark: string | undefined;
  /** Drains and ends everything. */
  stop(): Promise<void>;
}

/** Reads the settings, starts the demo site and the engine, and keeps the settings file up to date. */
export async function startHost(options: HostOptions): Promise<Host> {
  const { host, port, portFallback, dataDir, version, overrides, onApplicationOutput } = options;
  makeDataDirectory(dataDir);
  if (options.caDir !== undefined) makeDataDirectory(options.caDir, '--ca-dir');
  const file = await SettingsFile.open(dataDir);
  const demo = await startDemoSite();
  try {
    const settings = withOverrides(file.settings, overrides);
    const engine = await createEngine({
      ...{ host, port, portFallback, dataDir, version, settings, demoUrl: demo.url },
      ...(options.caDir === undefined ? {} : { caDir: options.caDir }),
      ...(options.keyProtector === undefined ? {} : { keyProtector: options.keyProtector }),
      ...(onApplicationOutput === undefined ? {} : { onApplicationOutput }),
    });
    if (file.warning !== undefined) engine.warn(file.warning);
    keepSaved(engine, file);
    await engine.start();
    return { engine, remark: file.remark, stop: () => stop(engine, demo) };
  } catch (error) {
    await demo.close();
    throw startError(error, options);
  }
}

/** An upstream for this run joins those in the file; everything else overrides them. */
export function withOverrides(settings: Settings, overrides: SettingsPatch): Settings {
  const added = overrides.upstreams ?? [];
  const kept = settings.upstreams.filter(({ id }) => !added.some((upstream) => upstream.id === id));
  return mergeSettings(settings, { ...overrides, upstreams: [...kept, ...added] });
}

/** Says in words why there can be no engine. */
function startError(error: unknown, { host, port, dataDir, caDir }: HostOptions): unknown {
  // An authority, without which there is no TLS to look into, has to be kept.
  if (isWriteTrouble(error)) {
    return caDir === undefined ? nothingKept(dataDir, error) : nothingKept(caDir, error, '--ca-dir');
  }
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') return new Error(`port ${port} on ${host} is taken; choose another with --port`);
  if (code === 'EACCES') return new Error(`port ${port} needs more rights; choose one above 1023 with --port`);
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return new UsageError(`--host: ${host} is not an address of this machine`);
  return error;
}

function keepSaved(engine: Engine, file: SettingsFile): void {
  let before = engine.settings;
  let withdraw = (): void => undefined;
  engine.onSettings((after) => {
    const previous = before;
    before = after;
    file.save(previous, after).then(
      () => withdraw(),
      (error: unknown) => {
        withdraw();
        withdraw = engine.warn(`The settings could not be saved: ${whyNotWritten(error)}`);
      },
    );
  });
}

async function stop(engine: Engine, demo: DemoSite): Promise<void> {
  await engine.stop();
  await demo.close();
}
