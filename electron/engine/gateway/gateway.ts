import { resolve } from 'node:path';
import type { ApplicationUpstream } from '../../../shared/settings-routes.ts';
import type { Settings } from '../../../shared/settings.ts';
import type { Exchange } from '../chain/exchange.ts';
import type { Application } from './application.ts';
import type { ApplicationHost, GatewayEnvironment } from './application-host.ts';
import { startApplication } from './application-host.ts';

/** The applications that the settings name, running as long as they are named. */
export class Gateway {
  readonly #environment: GatewayEnvironment;
  readonly #running = new Map<string, { readonly settings: ApplicationUpstream; readonly host: ApplicationHost }>();
  readonly #stopping = new Set<Promise<void>>();

  constructor(environment: GatewayEnvironment) {
    this.#environment = environment;
  }

  /** Starts what is reachable now and was not, and stops what is not any more, or runs with other settings. */
  configure(settings: Settings): void {
    const wanted = new Map(reachable(settings).map((upstream) => [upstream.id, upstream]));
    for (const [id, { settings: before, host }] of this.#running) {
      // Settings are replaced, never changed, but a patch may bring the same ones again.
      if (JSON.stringify(wanted.get(id)) === JSON.stringify(before)) continue;
      this.#running.delete(id);
      this.#stop(host);
    }
    for (const [id, upstream] of wanted) {
      if (this.#running.has(id)) continue;
      const directory = resolve(upstream.directory);
      const host = startApplication({ ...upstream, directory }, this.#environment);
      this.#running.set(id, { settings: upstream, host });
    }
  }

  /** The application that an exchange's route leads to. */
  find(x: Exchange): Application | undefined {
    const id = x.route.choices[0]?.application?.id;
    return id === undefined ? undefined : this.#running.get(id)?.host.application;
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

/** Applications that requests can get to: mounted at a path of their own, active, or named by a route. */
function reachable({ upstreams, activeUpstream, routes }: Settings): ApplicationUpstream[] {
  return upstreams.filter(
    (upstream): upstream is ApplicationUpstream =>
      upstream.type === 'application' &&
      (upstream.mount !== '/' ||
        upstream.id === activeUpstream ||
        routes.some(({ targets }) => targets.includes(upstream.id))),
  );
}
