import type { AppHost } from '../bridge/app-requests.ts';
import type { ContractServer } from '../bridge/contract-server.ts';
import type { Engine } from '../engine/engine.ts';
import type { ControlChannel } from '../host/control-channel.ts';
import { openControl } from '../host/control-channel.ts';
import type { HostClients } from '../host/host-clients.ts';
import { hostClients } from '../host/host-clients.ts';
import { HostHealth } from '../host/host-health.ts';
import { serveContract } from '../host/serve-contract.ts';
import type { HostOptions } from '../host/start-host.ts';
import { startHost } from '../host/start-host.ts';
import type { Command } from '../system-proxy/proxy-system.ts';

/** Milliseconds that an engine and its clients may take to end; what has not by then is left behind. */
const STOP_WITHIN = 15_000;

/** An engine with all that is made for it alone. */
export interface RunningEngine {
  readonly engine: Engine;
  readonly clients: HostClients;
  readonly contract: ContractServer;
}

export interface EngineServiceOptions {
  readonly host: HostOptions;
  readonly app: AppHost;
  /** How a terminal calls this program. */
  readonly command: string;
  /** Starts the watchdog of the system's proxy. */
  readonly watchdog: Command;
  readonly log: (sentence: string) => void;
  /** Told which engine there is from now on, if any. */
  readonly onChange: (running: RunningEngine | undefined) => void;
}

/** The desktop's engine, which can be started anew while the app goes on. */
export class EngineService {
  readonly #options: EngineServiceOptions;
  #running: (RunningEngine & { stop(): Promise<void> }) | undefined;
  /** The last thing asked for: one happens after the other. */
  #work: Promise<unknown> = Promise.resolve();
  /** Where clients have been told to find the proxy. */
  #port: number | undefined;
  /** The port that somebody has chosen since the start. */
  #wanted: number | undefined;

  constructor(options: EngineServiceOptions) {
    this.#options = options;
  }

  get running(): RunningEngine | undefined {
    return this.#running;
  }

  /** The engine that there is when all that was asked for so far is done: not one that is about to end. */
  async settled(): Promise<RunningEngine | undefined> {
    await this.#work;
    return this.#running;
  }

  /** Rejects when it cannot be started; there is none then. */
  start(): Promise<void> {
    return this.#next(() => this.#start());
  }

  /** Ends the engine, after a while for its exchanges, and starts another, on the same port or `port`. Rejects when that fails. */
  restart(port?: number): Promise<void> {
    return this.#next(async () => {
      const systemProxy = await this.#usesSystemProxy();
      await this.#stop();
      const before = { port: this.#port, wanted: this.#wanted };
      if (port !== undefined) [this.#port, this.#wanted] = [port, port];
      try {
        await this.#start();
      } catch (error) {
        if (port === undefined) throw error;
        // Better where it was than nowhere.
        [this.#port, this.#wanted] = [before.port, before.wanted];
        await this.#start();
        throw error;
      }
      if (systemProxy) await this.#running?.clients.systemProxy.turnOn();
    });
  }

  /** Takes clients away and lets running exchanges end; never takes longer than {@link STOP_WITHIN}. */
  stop(): Promise<void> {
    return this.#next(() => this.#stop());
  }

  #next(work: () => Promise<void>): Promise<void> {
    const result = this.#work.then(work, work);
    this.#work = result.catch(() => {
      // Whoever asked for it is told; the next one does not depend on it.
    });
    return result;
  }

  async #start(): Promise<void> {
    if (this.#running !== undefined) return;
    const { host: options, app, command, watchdog, log, onChange } = this.#options;
    const host = await startHost(this.#port === undefined ? options : { ...options, port: this.#port });
    const { engine, remark } = host;
    if (remark !== undefined) log(remark);
    const clients = hostClients(engine, { command, dataDir: options.dataDir, watchdog, log });
    await clients.recover();
    const health = new HostHealth({
      ...{ engine, clients, command, dataDir: options.dataDir, wantedPort: this.#wanted ?? options.port },
      restart: (port) => this.restart(port),
    });
    const contract = serveContract(engine, clients, log, { app, health });
    const control = await openControl(contract, options.dataDir, log);
    this.#port = engine.status.proxyUrl === undefined ? undefined : Number(new URL(engine.status.proxyUrl).port);
    this.#running = { engine, clients, contract, stop: () => end(clients, contract, control, host) };
    onChange(this.#running);
  }

  async #stop(): Promise<void> {
    const running = this.#running;
    if (running === undefined) return;
    this.#running = undefined;
    this.#options.onChange(undefined);
    if (!(await settlesWithin(running.stop(), STOP_WITHIN))) {
      this.#options.log(`the engine did not end within ${STOP_WITHIN / 1000} s; it is left behind`);
    }
  }

  async #usesSystemProxy(): Promise<boolean> {
    const status = await this.#running?.clients.systemProxy.status();
    return status?.state === 'on';
  }
}

async function end(
  clients: HostClients,
  contract: ContractServer,
  control: ControlChannel,
  host: { stop(): Promise<void> },
): Promise<void> {
  await clients.release();
  contract.close();
  await control.close();
  await host.stop();
}

/** Whether `work` ends in time (ms). Rejects when it does so in time. */
async function settlesWithin(work: Promise<void>, limit: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), limit);
  });
  try {
    return await Promise.race([work.then(() => true as const), late]);
  } finally {
    clearTimeout(timer);
  }
}
