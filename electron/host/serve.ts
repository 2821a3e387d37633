import type { SettingsPatch } from '../../shared/settings.ts';
import { messageOf } from '../../shared/message-of.ts';
import type { Engine } from '../engine/engine.ts';
import type { Command } from '../system-proxy/proxy-system.ts';
import { reachableApplications } from '../engine/gateway/reachable-applications.ts';
import { openControl } from './control-channel.ts';
import { countText } from './exchange-text.ts';
import { hostClients } from './host-clients.ts';
import type { LogFormat } from './log-format.ts';
import { logLine } from './log-format.ts';
import { serveContract } from './serve-contract.ts';
import { HostHealth } from './host-health.ts';
import { startHost } from './start-host.ts';
import { UsageError } from './usage-error.ts';
import { version } from './version.ts';
import { openInBrowser, startWebUi } from './web-ui.ts';
import { withoutSecrets } from './without-secrets.ts';

/** What `hopscope serve` was asked for. */
export interface ServeOptions {
  readonly host: string;
  readonly port: number;
  readonly portFallback: boolean;
  readonly dataDir: string;
  readonly caDir?: string;
  readonly overrides: SettingsPatch;
  /** How a terminal calls this program. */
  readonly command: string;
  /** Starts the watchdog of the system's proxy. */
  readonly watchdog: Command;
  readonly ui: boolean;
  readonly uiPort?: number;
  readonly open: boolean;
  /** A session to begin with, as a file. */
  readonly openSession?: string;
  /** Whether to set the system's proxy to this one. */
  readonly systemProxy: boolean;
  readonly logFormat: LogFormat;
}

/**
 * Runs the headless host until SIGINT, SIGTERM or SIGHUP. Prints exactly one line on stdout, when it is ready; everything else
 * goes to stderr.
 */
export async function serve(options: ServeOptions): Promise<void> {
  const stopped = stopSignal();
  const log = logger(options.logFormat);
  const onApplicationOutput = applicationLogger(options.logFormat);
  const host = await startHost({ ...options, version: version(), onApplicationOutput });
  const { engine, remark } = host;
  if (remark !== undefined) log(remark);
  const { command, dataDir, watchdog } = options;
  const clients = hostClients(engine, { command, dataDir, watchdog, log });
  const contract = serveContract(engine, clients, log, {
    health: new HostHealth({ engine, clients, command, dataDir, wantedPort: options.port }),
  });
  const control = await openControl(contract, dataDir, log);
  try {
    if (options.openSession !== undefined) await openSession(engine, options.openSession, log);
    const web = options.ui ? await startWebUi(contract, { port: options.uiPort, log }) : undefined;
    await clients.recover();
    if (options.systemProxy) await clients.systemProxy.turnOn();
    logWarnings(engine, log);
    process.stdout.write(`${readyLine(options.logFormat, engine, web?.url)}\n`);
    if (options.open && web !== undefined) openInBrowser(web.url, log);
    await stopped;
    await web?.close();
  } finally {
    await clients.release();
    await control.close();
    await host.stop();
  }
}

/** Rejects when it is no session; what of it could not be read is told. */
async function openSession({ sessions }: Engine, path: string, log: (sentence: string) => void): Promise<void> {
  const { imported, lost, problem } = await sessions.openPath(path).catch((error: unknown) => {
    throw new UsageError(`--open-session: ${messageOf(error)}`, { cause: error });
  });
  if (lost > 0) log(`${countText(lost)} of ${path} could not be read`);
  if (problem !== undefined) log(`${path}: ${problem} What came before is open: ${countText(imported)}.`);
}

function readyLine(format: LogFormat, { status, authority, settings }: Engine, ui: string | undefined): string {
  const proxy = status.proxyUrl ?? '';
  const applications = reachableApplications(settings).map(({ label, mount }) => ({ label, url: proxy + mount }));
  if (format === 'json') {
    const shown = { ...(ui === undefined ? {} : { ui }), ...(applications.length === 0 ? {} : { applications }) };
    return JSON.stringify({ event: 'ready', proxy, ...shown, ca: authority.file });
  }
  const parts = [`Hopscope proxy ${proxy}`, ...(ui === undefined ? [] : [`UI ${ui}`])];
  return [...parts, ...applications.map(({ label, url }) => `${label} ${url}`)].join(' · ');
}

/** Milliseconds within which a repeated signal is taken for the same one. */
const sameSignal = 1_000;
/** Milliseconds that the process stays to catch the repeated signal, which would kill one that is just exiting. */
const echoTime = 300;

/**
 * Resolves at the first SIGINT, SIGTERM or SIGHUP, which a terminal sends that is closed; a later one ends the process at once.
 * npm passes on the signal that a terminal's Ctrl-C has already sent to the whole process group, so the same wish arrives twice
 * within milliseconds.
 */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    let asked: number | undefined;
    const onSignal = (): void => {
      if (asked !== undefined) {
        if (performance.now() - asked > sameSignal) process.exit(1);
        return;
      }
      asked = performance.now();
      setTimeout(() => undefined, echoTime);
      resolve();
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, onSignal);
  });
}

/** Writes sentences to stderr, for people or for programs. */
function logger(format: LogFormat): (sentence: string) => void {
  return (sentence) => void process.stderr.write(logLine(format, 'warning', withoutSecrets(sentence)));
}

/** Passes on what applications write to stderr, for people as they wrote it. */
function applicationLogger(format: LogFormat): (application: string, text: string) => void {
  if (format === 'text') return (_application, text) => void process.stderr.write(text);
  return (application, text) =>
    void process.stderr.write(`${JSON.stringify({ event: 'output', application, text })}\n`);
}

/** Tells each warning of the status once, now and whenever there is a new one. */
function logWarnings(engine: Engine, log: (sentence: string) => void): void {
  const told = new Set<string>();
  const tell = (): void => {
    for (const warning of engine.status.warnings) {
      if (told.has(warning)) continue;
      told.add(warning);
      log(warning);
    }
  };
  tell();
  engine.onStatus(tell);
}
