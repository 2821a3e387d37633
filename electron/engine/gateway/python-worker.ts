import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Socket } from 'node:net';
import { frameHeader, FrameReader } from './frames.ts';
import type { Worker } from './lane.ts';
import { LoadError } from './lane.ts';
import { SocketLane } from './socket-lane.ts';
import { workerScript } from './worker-script.ts';

/** What a Python worker is started with. */
export interface PythonWorkerOptions {
  /** The interpreter. */
  readonly python: string;
  /** The application, as in `shop.wsgi:application`. */
  readonly module: string;
  /** Where it runs; also the first entry of `sys.path`. */
  readonly directory: string;
  readonly env: Readonly<Record<string, string>>;
  /** Requests that it answers at the same time. */
  readonly threads: number;
  /** Whether there may be other workers beside it. */
  readonly multiprocess: boolean;
  /** Whether it should name its source files. */
  readonly reload: boolean;
  /** Text that it writes outside of any request. */
  readonly onOutput: (text: string) => void;
  readonly onFiles: (files: readonly string[]) => void;
}

/** Characters of what a worker wrote last that are kept to explain its end. */
const KEPT_OUTPUT = 8_192;
const CONTROL_FD = 3;
/** How long (ms) a dead worker's sockets may take to give up what it still sent. */
const LAST_WORDS_MS = 200;

/** A Python process with a WSGI application; see assets/wsgi-worker.py for its side. */
export class PythonWorker implements Worker {
  readonly lanes: readonly SocketLane[];
  readonly ready: Promise<LoadError | undefined>;
  readonly ended: Promise<string>;
  readonly #child: ChildProcess;
  readonly #control: Socket;
  #lastOutput = '';
  #over = false;

  constructor(options: PythonWorkerOptions) {
    const { threads, directory, env } = options;
    const pipes = Array.from({ length: threads + 1 }, () => 'pipe' as const);
    this.#child = spawn(options.python, ['-', String(threads)], {
      cwd: directory,
      env: { ...process.env, ...env, PYTHONUNBUFFERED: '1' },
      stdio: ['pipe', 'pipe', 'pipe', ...pipes],
      windowsHide: true,
    });
    const ended = Promise.withResolvers<string>();
    const ready = Promise.withResolvers<LoadError | undefined>();
    this.ended = ended.promise;
    this.ready = ready.promise;
    const worker = `worker ${this.#child.pid ?? '?'}`;
    this.#control = this.#child.stdio[CONTROL_FD] as Socket;
    this.lanes = (this.#child.stdio.slice(CONTROL_FD + 1) as Socket[]).map(
      (socket, number) =>
        new SocketLane(socket, {
          worker,
          abort: (serial) => this.#tell('A', number, serial),
          recall: (last) => this.#tell('B', number, last),
          broken: (reason) => this.#broken(reason),
        }),
    );
    this.#watchOutput(options);
    this.#watchControl(options, ready);
    this.#watchEnd(directory, (reason) => {
      ready.resolve(new LoadError(`Its worker ended while it was loaded: ${reason}.`, this.#lastOutput));
      ended.resolve(reason);
    });
    this.#start(options);
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  #start({ module, multiprocess, reload }: PythonWorkerOptions): void {
    this.#child.stdin?.on('error', (error) => this.#broken(error.message));
    this.#child.stdin?.end(workerScript());
    const spec = Buffer.from(JSON.stringify({ module, multiprocess, reload }));
    this.#control.write(frameHeader('S', spec.length), 'latin1');
    this.#control.write(spec);
  }

  #watchOutput({ onOutput }: PythonWorkerOptions): void {
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8');
      stream?.on('data', (text: string) => {
        this.#lastOutput = (this.#lastOutput + text).slice(-KEPT_OUTPUT);
        onOutput(text);
      });
    }
  }

  #watchControl(options: PythonWorkerOptions, ready: PromiseWithResolvers<LoadError | undefined>): void {
    const onFrame = (kind: string, payload: Buffer): void => {
      switch (kind) {
        case 'R':
          return ready.resolve(undefined);
        case 'F':
          options.onOutput(payload.toString());
          return ready.resolve(new LoadError(`${options.module} could not be loaded.`, payload.toString()));
        case 'M':
          return options.onFiles((JSON.parse(payload.toString()) as { files: string[] }).files);
        case 'B':
          return this.lanes[payload[0] as number]?.ahead.givenBack(payload.readUInt32BE(5), payload.readUInt32BE(1));
      }
    };
    const reader = new FrameReader({ onFrame, onPiece: () => undefined });
    this.#control.on('data', (bytes: Buffer) => reader.feed(bytes));
    this.#control.on('error', (error) => this.#broken(error.message));
  }

  #watchEnd(directory: string, end: (reason: string) => void): void {
    const finish = (reason: string): void => {
      if (this.#over) return;
      this.#over = true;
      for (const lane of this.lanes) lane.lost(reason);
      this.#control.destroy();
      end(reason);
    };
    // A folder that is missing looks like a missing interpreter.
    const missing = `its folder ${directory} does not exist`;
    this.#child.on('error', (error) => finish(existsSync(directory) ? error.message : missing));
    this.#child.on('exit', (code, signal) => {
      const reason = signal === null ? `exit code ${code ?? '?'}` : `signal ${signal}`;
      // What it sent before its end is still to be read, unless a process of its own holds the sockets open.
      for (const lane of this.lanes) lane.drain();
      // Timers come before what there is to read.
      const timer = setTimeout(() => setImmediate(() => finish(reason)), LAST_WORDS_MS);
      this.#child.once('close', () => {
        clearTimeout(timer);
        finish(reason);
      });
    });
  }

  /** Says something about a lane's request. */
  #tell(kind: string, lane: number, serial: number): void {
    if (this.#over) return;
    const payload = String.fromCharCode(lane, serial >>> 24, (serial >>> 16) & 255, (serial >>> 8) & 255, serial & 255);
    this.#control.write(frameHeader(kind, payload.length) + payload, 'latin1');
  }

  /** A socket failed. Either the process is about to end, or it is of no use any more. */
  #broken(reason: string): void {
    if (this.#over) return;
    setTimeout(() => {
      if (this.#over) return;
      this.#lastOutput = `${this.#lastOutput}\n${reason}`.slice(-KEPT_OUTPUT);
      this.kill();
    }, LAST_WORDS_MS);
  }
}
