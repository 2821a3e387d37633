import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { lstatSync } from 'node:fs';
import { chmod, mkdir, unlink } from 'node:fs/promises';
import type { Server, Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Answer, Params, RequestName, ResultOf } from '../../shared/contract.ts';
import { messageOf } from '../../shared/message-of.ts';
import type { ContractServer } from '../bridge/contract-server.ts';

/** The longest path that a socket can have everywhere (sun_path of macOS, less its end). */
const LONGEST_PATH = 103;

/**
 * Where the Hopscope on a data directory answers other commands of the same user: a socket in that directory, or a named pipe
 * on Windows, which has no sockets in directories.
 */
export function controlPath(dataDir: string, platform: NodeJS.Platform = process.platform): string {
  const directory = resolve(dataDir);
  const name = `hopscope-${createHash('sha256').update(directory).digest('hex').slice(0, 24)}`;
  if (platform === 'win32') return String.raw`\\.\pipe\${name}`;
  const path = join(directory, 'control.sock');
  return Buffer.byteLength(path) <= LONGEST_PATH ? path : join(process.env['XDG_RUNTIME_DIR'] ?? tmpdir(), name);
}

/** The contract for other commands of the same user, one JSON request and answer a line. */
export interface ControlChannel {
  close(): Promise<void>;
}

/**
 * Serves the contract to other commands on this data directory. Undefined when another Hopscope on the same directory does so
 * already: it was there first.
 */
async function serveControl(server: ContractServer, dataDir: string): Promise<ControlChannel | undefined> {
  const path = controlPath(dataDir);
  const sockets = new Set<Socket>();
  const listener = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    converse(server, socket);
  });
  await mkdir(dataDir, { recursive: true });
  if (!(await listenAt(listener, path))) return undefined;
  // The directory may be open to others.
  if (process.platform !== 'win32') await chmod(path, 0o600);
  return {
    async close() {
      for (const socket of sockets) socket.destroy();
      listener.close();
      await once(listener, 'close');
    },
  };
}

/** {@link serveControl}, for hosts that go on without it when it cannot be had. */
export async function openControl(
  server: ContractServer,
  dataDir: string,
  log: (sentence: string) => void,
): Promise<ControlChannel | undefined> {
  try {
    return await serveControl(server, dataDir);
  } catch (error) {
    log(`Other hopscope commands cannot reach this one: ${messageOf(error)}`);
    return undefined;
  }
}

/** Listens at `path`, over what a dead process left there; false when a living one answers there. */
async function listenAt(listener: Server, path: string): Promise<boolean> {
  if (await tryToListen(listener, path)) return true;
  const living = await dial(path);
  living?.destroy();
  if (living !== undefined) return false;
  await unlink(path);
  return tryToListen(listener, path);
}

function tryToListen(listener: Server, path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const refused = (error: NodeJS.ErrnoException): void => {
      if (error.code === 'EADDRINUSE') resolve(false);
      else reject(error);
    };
    listener.once('error', refused);
    listener.listen(path, () => {
      listener.off('error', refused);
      resolve(true);
    });
  });
}

function converse(server: ContractServer, socket: Socket): void {
  // Commands ask and go; what happens is told to those who stay.
  const session = server.connect({ emit: () => undefined });
  socket.on('error', () => socket.destroy());
  socket.once('close', () => session.close());
  createInterface({ input: socket }).on('line', (line) => {
    void answer(line).then((text) => socket.write(`${text}\n`));
  });

  async function answer(line: string): Promise<string> {
    let asked: { name?: unknown; params?: unknown };
    try {
      asked = JSON.parse(line) as typeof asked;
    } catch {
      return JSON.stringify({ ok: false, error: { code: 'BAD_PARAMS', message: 'The request is no JSON.' } });
    }
    return JSON.stringify(await session.request(asked.name, asked.params));
  }
}

/** Asks the Hopscope that runs on a data directory; undefined when none does. Not for requests that are answered with bytes. */
export async function askRunning<N extends RequestName>(
  dataDir: string,
  name: N,
  params: Params<N>,
): Promise<Answer<ResultOf<N>> | undefined> {
  const socket = await dial(controlPath(dataDir));
  if (socket === undefined) return undefined;
  socket.write(`${JSON.stringify({ name, params })}\n`);
  try {
    return JSON.parse(await firstLine(socket)) as Answer<ResultOf<N>>;
  } finally {
    socket.destroy();
  }
}

function firstLine(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    const lines = createInterface({ input: socket });
    lines.once('line', resolve);
    lines.once('close', () => reject(new Error('the running Hopscope went away without an answer')));
  });
}

/** Connects to `path`; undefined when nobody listens there. Rejects when it is another user's. */
function dial(path: string): Promise<Socket | undefined> {
  return new Promise((resolve, reject) => {
    // What answers there is believed, and a place for temporary files is everybody's.
    const owner = process.platform === 'win32' ? undefined : lstatSync(path, { throwIfNoEntry: false })?.uid;
    if (owner !== undefined && owner !== process.getuid?.()) throw new Error(`${path} belongs to another user`);
    const socket = connect(path);
    socket.once('connect', () => resolve(socket));
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED') resolve(undefined);
      else reject(error);
    });
  });
}
