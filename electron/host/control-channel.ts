import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { lstatSync } from 'node:fs';
import { chmod, mkdir, rm } from 'node:fs/promises';
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
 * Serves the contract to other commands on this data directory. Where another Hopscope does so already, that is told, and this
 * one takes its place when it ends.
 *
 * @param log takes one sentence for people. A host goes on without the channel when it cannot be had, which is told as well
 */
export async function openControl(
  server: ContractServer,
  dataDir: string,
  log: (sentence: string) => void,
): Promise<ControlChannel> {
  const sockets = new Set<Socket>();
  const listener = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    converse(server, socket);
  });
  const place = new ControlPlace(listener, dataDir, log);
  await place.take();
  return {
    async close() {
      // First, so that who waits for the place finds it free.
      const closed = place.leave();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** The one place where the commands on a data directory ask, which is one Hopscope's at a time. */
class ControlPlace {
  readonly #listener: Server;
  readonly #dataDir: string;
  readonly #path: string;
  readonly #log: (sentence: string) => void;
  /** To the Hopscope that has the place: it breaks when that ends. */
  #other: Socket | undefined;
  #left = false;

  constructor(listener: Server, dataDir: string, log: (sentence: string) => void) {
    this.#listener = listener;
    this.#dataDir = dataDir;
    this.#path = controlPath(dataDir);
    this.#log = log;
  }

  /** Takes it, now or when it is free. Never rejects. */
  async take(): Promise<void> {
    const waited = this.#other !== undefined;
    try {
      await mkdir(this.#dataDir, { recursive: true });
      this.#other = await listenAt(this.#listener, this.#path);
      if (this.#left) return void this.leave();
      if (this.#other !== undefined) this.#wait(this.#other, waited);
      // The directory may be open to others.
      else if (process.platform !== 'win32') await chmod(this.#path, 0o600);
    } catch (error) {
      this.#log(`Other hopscope commands cannot reach this one: ${messageOf(error)}`);
      return;
    }
    if (waited && this.#other === undefined)
      this.#log(`The other Hopscope on ${this.#dataDir} has ended; commands reach this one now.`);
  }

  async leave(): Promise<void> {
    this.#left = true;
    this.#other?.destroy();
    if (!this.#listener.listening) return;
    this.#listener.close();
    await once(this.#listener, 'close');
  }

  #wait(other: Socket, again: boolean): void {
    if (!again) {
      this.#log(
        `Another Hopscope runs on ${this.#dataDir}: commands reach that one, and each overwrites the settings that the other has changed. Give one of them another --data-dir.`,
      );
    }
    other.unref();
    other.once('close', () => {
      if (!this.#left) void this.take();
    });
  }
}

/** Listens at `path`, over what a dead process left there; when a living one answers there, resolves with a connection to it. */
async function listenAt(listener: Server, path: string): Promise<Socket | undefined> {
  if (await tryToListen(listener, path)) return undefined;
  const living = await dial(path);
  if (living !== undefined) return living;
  await rm(path, { force: true });
  if (await tryToListen(listener, path)) return undefined;
  return dial(path);
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
  const session = server.connectCommand();
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

/** What the Hopscope that runs on a data directory answers; undefined when none runs. Rejects with the error that it answers. */
export async function resultOfRunning<N extends RequestName>(
  dataDir: string,
  name: N,
  params: Params<N>,
): Promise<ResultOf<N> | undefined> {
  const answer = await askRunning(dataDir, name, params);
  if (answer?.ok === false) throw new Error(answer.error.message);
  return answer?.value;
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
