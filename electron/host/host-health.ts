import { execFile } from 'node:child_process';
import { rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fold } from '../../shared/exchange-view.ts';
import { getHeader } from '../../shared/headers.ts';
import type { FindingId, Health } from '../../shared/health-contract.ts';
import { isLoopbackHost } from '../../shared/loopback.ts';
import type { ClientsHost } from '../bridge/clients-requests.ts';
import type { HealthHost } from '../bridge/health-requests.ts';
import type { Engine } from '../engine/engine.ts';
import { isDiskFull, whyNotWritten } from '../engine/write-trouble.ts';
import { parseHttpDate } from '../engine/http/http-date.ts';
import type { ClockSample, HealthFacts } from './health-findings.ts';
import { healthFindings } from './health-findings.ts';
import { terminalLines } from './own-program.ts';
import { isTrustedHere, trustSteps } from './trust-here.ts';

/** The latest exchanges whose answers are asked for the time. */
const CLOCK_EXCHANGES = 40;

export interface HostHealthOptions {
  readonly engine: Engine;
  readonly clients: Pick<ClientsHost, 'systemProxy'>;
  readonly dataDir: string;
  /** How a terminal calls this program. */
  readonly command: string;
  /** The port that was asked for. */
  readonly wantedPort: number;
  /** Starts the engine anew, on `port` when it is given; absent where the host cannot. */
  readonly restart?: (port: number | undefined) => Promise<void>;
}

/** Looks after an engine's surroundings: collects facts, has them judged, and repairs what can be. */
export class HostHealth implements HealthHost {
  readonly #options: HostHealthOptions;
  /** Node goes on saying what the system trusted at first. */
  #madeTrusted = false;

  constructor(options: HostHealthOptions) {
    this.#options = options;
  }

  async look(): Promise<Health> {
    const findings = healthFindings(await this.#facts());
    const canRestart = this.#options.restart !== undefined;
    const repairable = findings.filter((finding) => {
      if (finding.id === 'not-used') return finding.canSet;
      if (finding.id === 'port-taken' || finding.id === 'cache-store') return canRestart;
      return finding.id === 'ca-untrusted';
    });
    return { findings, repairable: repairable.map(({ id }) => id) };
  }

  async repair(id: FindingId, port: number | undefined): Promise<void> {
    const { clients, engine, restart, wantedPort } = this.#options;
    switch (id) {
      case 'not-used':
        await clients.systemProxy.turnOn();
        return;
      case 'ca-untrusted':
        for (const { command, args } of trustSteps(engine.authority)) await run(command, args, this.#trustCommand);
        this.#madeTrusted = true;
        return;
      case 'port-taken':
      case 'cache-store':
        if (restart === undefined) throw new Error('This host is started by a command: end it and start it again.');
        return restart(id === 'port-taken' ? (port ?? wantedPort) : undefined);
      default:
        throw new Error('Hopscope cannot repair this.');
    }
  }

  get #trustCommand(): string {
    return terminalLines(this.#options.command, this.#options.dataDir).trust;
  }

  async #facts(): Promise<HealthFacts> {
    const { engine, clients, dataDir, wantedPort } = this.#options;
    const { proxyUrl } = engine.status;
    // Requests that could not be recorded came in all the same.
    const { lastId, running, evicted } = engine.recorder.snapshot();
    const { systemProxy, writeError, freeBytes, clocks } = await this.#asked(clients, dataDir);
    return {
      ...{ wantedPort, directory: dataDir, systemProxy, writeError, freeBytes, clocks },
      usedPort: proxyUrl === undefined ? undefined : Number(new URL(proxyUrl).port),
      intercepts: engine.settings.tls.intercept,
      trusted: this.#madeTrusted || isTrustedHere(engine.authority),
      trustCommand: this.#trustCommand,
      clientSeen: lastId > 0 || running.length > 0 || evicted > 0,
      storeTrouble: engine.settings.cache.store === 'disk' ? engine.storeTrouble : [],
    };
  }

  async #asked(
    { systemProxy }: HostHealthOptions['clients'],
    dataDir: string,
  ): Promise<Pick<HealthFacts, 'systemProxy' | 'writeError' | 'freeBytes' | 'clocks'>> {
    const [proxy, writing, space, clocks] = await Promise.allSettled([
      systemProxy.status(),
      tryToWrite(dataDir),
      statfs(dataDir),
      this.#clocks(),
    ]);
    const problem: unknown = writing.status === 'fulfilled' ? undefined : writing.reason;
    const room = isDiskFull(problem)
      ? 0
      : space.status === 'fulfilled'
        ? space.value.bavail * space.value.bsize
        : undefined;
    return {
      systemProxy: proxy.status === 'fulfilled' ? proxy.value.state : undefined,
      // Who makes room helps the one, and who gives rights the other.
      writeError: problem === undefined || isDiskFull(problem) ? undefined : whyNotWritten(problem),
      freeBytes: room,
      clocks: clocks.status === 'fulfilled' ? clocks.value : [],
    };
  }

  /** What origins have said of the time, in traffic that was recorded anyway. Those on this machine have our clock. */
  async #clocks(): Promise<ClockSample[]> {
    const { recorder } = this.#options.engine;
    const { rows } = await recorder.page(undefined, CLOCK_EXCHANGES);
    const samples: ClockSample[] = [];
    for (const { id, url, session } of rows) {
      const host = URL.parse(url)?.hostname ?? '';
      // What was opened from a file happened under another clock.
      if (session !== undefined || host === '' || isLoopbackHost(host)) continue;
      const response = fold((await recorder.read(id)) ?? [])?.upstreamResponse;
      if (response === undefined) continue;
      const here = recorder.epoch + response.at;
      const there = parseHttpDate(getHeader(response.headers, 'date') ?? '', here);
      // A cache on the way has kept it for its Age (RFC 9111 §5.1).
      const age = Number(getHeader(response.headers, 'age') ?? 0);
      if (there !== undefined && Number.isFinite(age)) samples.push({ host, ahead: here - there - age * 1000 });
    }
    return samples;
  }
}

/** Rejects when nothing can be written to a directory. */
async function tryToWrite(directory: string): Promise<void> {
  const probe = join(directory, `.probe-${process.pid}`);
  await writeFile(probe, 'Hopscope looks whether it can write here.\n', { mode: 0o600 });
  await rm(probe);
}

/** @param byHand what does the same in a terminal. */
function run(command: string, args: readonly string[], byHand: string): Promise<void> {
  return new Promise((resolve, reject) => {
    execFile(command, args, (error) => {
      if (error === null) return resolve();
      const missing = error.code === ('ENOENT' as unknown as number);
      const why = missing
        ? `${command} is not installed`
        : `${command} ended with ${String(error.code ?? error.signal)}`;
      reject(new Error(`The system did not let Hopscope do it (${why}). In a terminal: ${byHand}`));
    });
  });
}
