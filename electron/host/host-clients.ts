import type { ClientsHost } from '../bridge/clients-requests.ts';
import type { Engine } from '../engine/engine.ts';
import { Launcher } from '../launch/launcher.ts';
import type { Command } from '../system-proxy/proxy-system.ts';
import type { SystemProxy } from '../system-proxy/system-proxy.ts';
import { terminalLines } from './own-program.ts';
import { hostSystemProxy, recoverSystemProxy, releaseSystemProxy } from './host-system-proxy.ts';

/** The ways in which clients get to an engine, for the contract and for the host that has to end them. */
export interface HostClients extends ClientsHost {
  readonly systemProxy: SystemProxy;
  /** Undoes what an earlier run left behind. To be called before anything else. */
  recover(): Promise<void>;
  /** Takes clients away before the proxy goes: the system's proxy is set back, opened browsers end. */
  release(): Promise<void>;
}

export interface HostClientsOptions {
  readonly dataDir: string;
  /** How a terminal calls this program. */
  readonly command: string;
  /** Starts what a host has for it. */
  readonly watchdog: Command;
  /** Takes one sentence for people. */
  readonly log: (sentence: string) => void;
}

export function hostClients(engine: Engine, { dataDir, command, watchdog, log }: HostClientsOptions): HostClients {
  const systemProxy = hostSystemProxy(engine, watchdog);
  const { certificate, file } = engine.authority;
  const launcher = new Launcher({
    ...{ certificate, certificateFile: file, dataDir, terminal: terminalLines(command, dataDir) },
    url: () => engine.status.proxyUrl,
  });
  return {
    systemProxy,
    launcher,
    recover: () => recoverSystemProxy(systemProxy, log),
    async release() {
      await releaseSystemProxy(systemProxy, log);
      await launcher.close();
    },
  };
}
