import type { ClientFacts } from '../../shared/clients-contract.ts';
import { resultOfRunning } from './control-channel.ts';
import { npmProgram, terminalLines } from './own-program.ts';
import type { HostOptions } from './start-host.ts';

/** A proxy to be started where none runs; without a host, none is. */
type ProxyOptions = Omit<HostOptions, 'version'> | Pick<HostOptions, 'dataDir'>;

/**
 * Does something with the Hopscope that runs on a data directory or, where none does, with one that runs as long as that takes.
 * @throws {Error} when none runs and none may be started.
 */
export async function withProxy(
  options: ProxyOptions,
  use: (facts: ClientFacts) => Promise<void> | void,
): Promise<void> {
  const facts = await resultOfRunning(options.dataDir, 'clients.facts', undefined);
  if (facts !== undefined) {
    await use(facts);
    return;
  }
  if (!('host' in options)) throw new Error(`no Hopscope runs on ${options.dataDir}; "hopscope serve" starts one`);
  await withOwnProxy(options, use);
}

/** The engine is loaded only where it is needed. */
async function withOwnProxy(
  options: Omit<HostOptions, 'version'>,
  use: (facts: ClientFacts) => Promise<void> | void,
): Promise<void> {
  const [{ startHost }, { Launcher }, { version }] = await Promise.all([
    import('./start-host.ts'),
    import('../launch/launcher.ts'),
    import('./version.ts'),
  ]);
  const host = await startHost({ ...options, version: version() });
  try {
    const { authority, status } = host.engine;
    const launcher = new Launcher({
      ...{ certificate: authority.certificate, certificateFile: authority.file, dataDir: options.dataDir },
      terminal: terminalLines(npmProgram.command, options.dataDir),
      url: () => status.proxyUrl,
    });
    await use(await launcher.facts());
  } finally {
    await host.stop();
  }
}
