import type { ClientsHost } from '../../electron/bridge/clients-requests.ts';
import { Launcher } from '../../electron/launch/launcher.ts';
import { SystemProxy } from '../../electron/system-proxy/system-proxy.ts';

/** A host on a system about whose proxy nothing is known, and where nothing may be started. */
export const noClients: ClientsHost = {
  systemProxy: new SystemProxy({
    directory: '/nonexistent',
    system: undefined,
    find: () => refuse(),
    run: () => Promise.reject(new Error('nothing may run here')),
    watchdog: { command: '/nonexistent', args: [] },
    proxy: () => undefined,
    bypass: () => [],
  }),
  launcher: new Launcher({
    ...{ certificate: '', certificateFile: '/nonexistent', dataDir: '/nonexistent', terminal: { here: '', once: '' } },
    url: () => undefined,
  }),
};

function refuse(): never {
  throw new Error('there is no system here');
}
