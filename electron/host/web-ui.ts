import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { messageOf } from '../../shared/message-of.ts';
import type { ContractServer } from '../bridge/contract-server.ts';
import { UiFiles } from '../bridge/ui-files.ts';
import { WebSocketTransport } from '../bridge/websocket-transport.ts';

const DEFAULT_PORT = 9001;

export interface WebUiOptions {
  /** The port asked for, if any; otherwise the next free one. */
  readonly port: number | undefined;
  readonly log: (sentence: string) => void;
}

/**
 * Serves the user interface to browsers on this machine, and to no other, until {@link WebSocketTransport.close}.
 * Rejects when the port cannot be had.
 */
export async function startWebUi(server: ContractServer, { port, log }: WebUiOptions): Promise<WebSocketTransport> {
  const web = new WebSocketTransport(server, new UiFiles(uiFolder()), {
    ...{ host: '127.0.0.1', port: port ?? DEFAULT_PORT, portFallback: port === undefined },
    onError: (error) => log(`The user interface: ${messageOf(error)}`),
  });
  try {
    await web.listen();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE')
      throw new Error(`port ${port} is taken; choose another with --ui-port`, { cause: error });
    throw new Error(`the user interface cannot be served: ${message}`, { cause: error });
  }
  return web;
}

/** Opens an address in the system's browser. Failing to is worth a line, which does not quote the token in the address. */
export function openInBrowser(url: string, log: (sentence: string) => void): void {
  const [command, ...args] = browserCommand(url);
  const child = spawn(command, args, { stdio: 'ignore', detached: true });
  child.once('error', (error) =>
    log(`No browser could be opened (${error.message}); the address is in the line on stdout`),
  );
  child.unref();
}

function browserCommand(url: string): [string, ...string[]] {
  if (process.platform === 'darwin') return ['open', url];
  // `start` takes its first quoted argument for a title, and `&` would end the command.
  if (process.platform === 'win32') return ['cmd', '/c', 'start', '""', url.replaceAll('&', '^&')];
  return ['xdg-open', url];
}

/** Where the built user interface lies: beside the bundle, or under a checkout's root. */
function uiFolder(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return join(folder, 'out', 'renderer');
    if (dirname(folder) === folder) throw new Error('package.json is missing from this installation');
  }
}
