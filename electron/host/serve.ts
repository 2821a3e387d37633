import type { SettingsPatch } from '../../shared/settings.ts';
import { startHost } from './start-host.ts';
import { version } from './version.ts';

/** What `hopscope serve` was asked for. */
export interface ServeOptions {
  readonly host: string;
  readonly port: number;
  readonly portFallback: boolean;
  readonly dataDir: string;
  readonly overrides: SettingsPatch;
  readonly ui: boolean;
  readonly uiPort?: number;
  readonly open: boolean;
  readonly logFormat: 'text' | 'json';
}

/**
 * Runs the headless host until SIGINT or SIGTERM. Prints exactly one line on stdout, when it is ready; everything else
 * goes to stderr.
 */
export async function serve(options: ServeOptions): Promise<void> {
  const stopped = stopSignal();
  const host = await startHost({ ...options, version: version() });
  const { engine } = host;
  logWarnings(engine, options.logFormat);
  const proxy = engine.status.proxyUrl ?? '';
  const line = options.logFormat === 'json' ? JSON.stringify({ event: 'ready', proxy }) : `Hopscope proxy ${proxy}`;
  process.stdout.write(`${line}\n`);
  await stopped;
  await host.stop();
}

/** Milliseconds within which a repeated signal is taken for the same one. */
const sameSignal = 1_000;

/**
 * Resolves at the first SIGINT or SIGTERM; a later one ends the process at once. npm passes on the signal that a terminal's
 * Ctrl-C has already sent to the whole process group, so the same wish arrives twice within milliseconds.
 */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    let asked: number | undefined;
    const onSignal = (): void => {
      if (asked !== undefined && performance.now() - asked > sameSignal) process.exit(1);
      asked ??= performance.now();
      resolve();
    };
    process.on('SIGINT', onSignal);
    process.on('SIGTERM', onSignal);
  });
}

function logWarnings(engine: Parameters<typeof reportNew>[0], format: 'text' | 'json'): void {
  const told = new Set<string>();
  reportNew(engine, told, format);
  engine.onStatus(() => reportNew(engine, told, format));
}

function reportNew(
  engine: { readonly status: { readonly warnings: readonly string[] }; onStatus(listener: () => void): () => void },
  told: Set<string>,
  format: 'text' | 'json',
): void {
  for (const warning of engine.status.warnings) {
    if (told.has(warning)) continue;
    told.add(warning);
    process.stderr.write(
      format === 'json' ? `${JSON.stringify({ event: 'warning', message: warning })}\n` : `hopscope: ${warning}\n`,
    );
  }
}
