import { join } from 'node:path';
import { commandPath, freePort, hasCommand, launchOnPort } from '../launch.ts';
import type { Running, Setup, Subject } from '../subject.ts';

export const mitmdump: Subject = {
  name: 'mitmdump',
  kind: 'peer',
  scenarios: ['pass', 'https'],
  obstacle: () => (hasCommand('mitmdump') ? undefined : 'not installed'),
  async start({ origin, folder }: Setup): Promise<Running> {
    const port = await freePort();
    const args = [
      ...(origin.tls === undefined ? ['--mode', `reverse:${origin.url}`] : ['--ssl-insecure']),
      '--listen-host',
      '127.0.0.1',
      '--listen-port',
      String(port),
      '--quiet',
    ];
    const command = commandPath('mitmdump') ?? 'mitmdump';
    const launched = await launchOnPort(command, [...args, '--set', `confdir=${join(folder, 'mitmproxy')}`], port);
    return { url: `http://127.0.0.1:${port}`, pid: launched.pid, stop: launched.stop };
  },
};
