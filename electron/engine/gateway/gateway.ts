import { basename, resolve } from 'node:path';
import type { HandlerFile } from '../../../shared/settings-application.ts';
import type { ApplicationUpstream } from '../../../shared/settings-routes.ts';
import type { Settings } from '../../../shared/settings.ts';
import type { Exchange } from '../chain/exchange.ts';
import type { Application } from './application.ts';
import type { ApplicationHost, GatewayEnvironment, HostedApplication } from './application-host.ts';
import { startApplication } from './application-host.ts';
import { reachableApplications } from './reachable-applications.ts';

/** The applications and handler classes that the settings name, running as long as they are named. */
export class Gateway {
  readonly #environment: GatewayEnvironment;
  readonly #running = new Map<string, { readonly settings: string; readonly host: ApplicationHost }>();
  readonly #stopping = new Set<Promise<void>>();

  constructor(environment: GatewayEnvironment) {
    this.#environment = environment;
  }

  /** Starts what is reachable now and was not, and stops what is not any more, or runs with other settings. */
  configure(settings: Settings): void {
    const wanted = new Map<string, HostedApplication>([
      ...reachableApplications(settings).map((upstream) => [upstream.id, hostedApplication(upstream)] as const),
      ...settings.handlers.map((handler) => [keyOf(handler), hostedHandler(handler)] as const),
    ]);
    for (const [key, { settings: before, host }] of this.#running) {
      // Settings are replaced, never changed, but a patch may bring the same ones again.
      if (JSON.stringify(wanted.get(key)) === before) continue;
      this.#running.delete(key);
      this.#stop(host);
    }
    for (const [key, hosted] of wanted) {
      if (this.#running.has(key)) continue;
      const host = startApplication(hosted, this.#environment);
      this.#running.set(key, { settings: JSON.stringify(hosted), host });
    }
  }

  /** The application that an exchange's route leads to. */
  find(x: Exchange): Application | undefined {
    const id = x.route.choices[0]?.application?.id;
    return id === undefined ? undefined : this.#running.get(id)?.host.application;
  }

  /** The handler classes of the settings it was last configured with, in their order. */
  handlers(settings: Settings): Application[] {
    return settings.handlers.flatMap((handler) => this.#running.get(keyOf(handler))?.host.application ?? []);
  }

  /** Ends every worker. */
  async close(): Promise<void> {
    for (const { host } of this.#running.values()) this.#stop(host);
    this.#running.clear();
    await Promise.all(this.#stopping);
  }

  #stop(host: ApplicationHost): void {
    const stopping = host.close().finally(() => this.#stopping.delete(stopping));
    this.#stopping.add(stopping);
  }
}

/** Without its time limit, which is taken from each request's route: a change of it starts nothing anew. */
function hostedApplication({ timeout: _, ...upstream }: ApplicationUpstream): HostedApplication {
  return { ...upstream, directory: resolve(upstream.directory), holds: 'application' };
}

/** One thread for all requests: what its handlers share is then shared by all. */
function hostedHandler({ file, reload }: HandlerFile): HostedApplication {
  return {
    ...{ kind: 'javascript', module: file, label: basename(file), directory: resolve('.'), python: '', mount: '/' },
    ...{ workers: 1, threads: 64, env: {}, reload, holds: 'handler' },
  };
}

/** No upstream's id has a space. */
function keyOf({ file }: HandlerFile): string {
  return `handler ${file}`;
}
