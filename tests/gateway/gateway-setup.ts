import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { ExchangeView } from '../../shared/exchange-view.ts';
import type { UpstreamInput } from '../../shared/settings-routes.ts';
import type { SettingsPatch } from '../../shared/settings.ts';
import type { GatewayEvent } from '../../shared/trace-event.ts';
import type { TestEngine } from '../support/engine.ts';
import { startEngine } from '../support/engine.ts';

/** Where the applications of these tests are. */
export const apps = join(import.meta.dirname, 'apps');

type ApplicationInput = Extract<UpstreamInput, { type: 'application' }>;

/** An application of these tests as an upstream. */
export function wsgi(module: string, options: Partial<ApplicationInput> = {}): ApplicationInput {
  return {
    ...{ type: 'application', kind: 'wsgi', id: 'app', label: module, module, directory: apps },
    ...{ python: 'python3', workers: 1, threads: 1 },
    ...options,
  };
}

/** An engine whose requests to itself go to an application; the cache is off unless `settings` says otherwise. */
export function startApplications(
  upstreams: readonly ApplicationInput[],
  settings: SettingsPatch = {},
  onApplicationOutput?: (application: string, text: string) => void,
): Promise<TestEngine> {
  const active = upstreams.find(({ mount = '/' }) => mount === '/')?.id ?? 'none';
  return startEngine({
    settings: { upstreams, activeUpstream: active, ...settings },
    ...(onApplicationOutput === undefined ? {} : { onApplicationOutput }),
  });
}

/** What passed between gateway and application, of one type. */
export function gatewayEvents<T extends GatewayEvent['type']>(
  view: ExchangeView,
  type: T,
): Extract<GatewayEvent, { type: T }>[] {
  return (view.gateway ?? []).filter((event): event is Extract<GatewayEvent, { type: T }> => event.type === type);
}

/** The first interpreter that has a package, or undefined. Debian's packages are there for its own Python alone. */
export function pythonWith(packageName: string): string | undefined {
  return ['/usr/bin/python3', 'python3'].find((python) => {
    try {
      execFileSync(python, ['-c', `import ${packageName}`], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  });
}
