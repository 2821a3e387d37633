import type { Socket } from 'node:net';
import type { HeaderList } from '../../../shared/headers.ts';
import type { FrameListener } from './frames.ts';
import { frameHeader, FrameReader } from './frames.ts';
import type { Lane, LaneReceiver, LaneRequest, OutputStream } from './lane.ts';
import { RequestsAhead } from './requests-ahead.ts';

const HAS_BODY = 1;
const EXPECTS = 2;

const STREAMS: Readonly<Record<string, OutputStream>> = { e: 'errors', o: 'stdout', s: 'stderr' };

/** What a lane asks of its worker. */
export interface LaneControl {
  readonly worker: string;
  /** Tells the worker, out of line, that the client of the lane's request number `serial` has gone. */
  abort(serial: number): void;
  /** Asks the worker, out of line, to give back what it has not begun, up to request number `last`. */
  recall(last: number): void;
  /** The socket ended or failed: no answer will come any more. */
  broken(reason: string): void;
}

/** A lane over a socket that a worker process has inherited. */
export class SocketLane implements Lane, FrameListener {
  readonly #socket: Socket;
  readonly #control: LaneControl;
  readonly ahead: RequestsAhead;
  #receiver: LaneReceiver | undefined;
  #request: LaneRequest | undefined;
  /** Numbers of the current request and of the last that was sent; the worker counts them too. */
  #serial = 0;
  #lastSerial = 0;
  /** The current request's body is still being sent. */
  #hasMore = false;
  /** The worker has ended: what it sent before is taken in whole. */
  #isDraining = false;

  constructor(socket: Socket, control: LaneControl) {
    this.#socket = socket;
    this.#control = control;
    this.ahead = new RequestsAhead({
      send: (request) => (this.#hasMore ? undefined : this.#send(request)),
      recall: (last) => control.recall(last),
    });
    const reader = new FrameReader(this);
    socket.on('data', (bytes: Buffer) => reader.feed(bytes));
    socket.on('drain', () => this.#receiver?.onDrain());
    socket.on('error', (error) => control.broken(error.message));
    socket.on('end', () => control.broken('the worker closed its socket'));
  }

  get worker(): string {
    return this.#control.worker;
  }

  begin(request: LaneRequest, receiver: LaneReceiver): void {
    this.#receiver = receiver;
    this.#request = request;
    this.#hasMore = request.hasBody;
    if (this.#socket.isPaused()) this.#socket.resume();
    this.#serial = this.ahead.begin(request) ?? this.#send(request);
  }

  sendBody(chunk: Uint8Array): boolean {
    this.#socket.cork();
    this.#socket.write(frameHeader('D', chunk.length), 'latin1');
    const more = this.#socket.write(chunk);
    this.#socket.uncork();
    return more;
  }

  endBody(complete: boolean): void {
    this.#hasMore = false;
    this.#socket.write(frameHeader(complete ? 'E' : 'X', 0), 'latin1');
  }

  abort(): void {
    this.#control.abort(this.#serial);
    // The worker may be waiting for room in the socket.
    this.#socket.resume();
  }

  pause(): void {
    if (!this.#isDraining) this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  close(): void {
    this.#socket.end();
  }

  /** The worker has ended: takes in what it still sent, however slow the client is. No more than a socket holds. */
  drain(): void {
    this.#isDraining = true;
    this.#socket.resume();
  }

  lost(reason: string): void {
    const receiver = this.#receiver;
    this.#receiver = undefined;
    this.#socket.destroy();
    receiver?.onLost(reason);
  }

  onPiece(bytes: Buffer): void {
    this.#receiver?.onChunk(bytes);
  }

  onFrame(kind: string, payload: Buffer): void {
    const receiver = this.#receiver;
    if (receiver === undefined) return;
    switch (kind) {
      case 'H': {
        const [status = '', ...headers] = payload.toString('latin1').split('\n');
        return receiver.onHead(status, headers);
      }
      case 'L':
        return receiver.onOutput(STREAMS[payload.toString('latin1', 0, 1)] ?? 'stderr', payload.toString('utf8', 1));
      case 'V':
        return receiver.onFramework(facts(payload));
      case 'T':
      case 'C':
        return fail(receiver, payload.toString(), kind === 'C');
      case 'Z':
        return receiver.onBodyEnd();
      case 'W':
        return receiver.onBodyWanted();
      case 'S':
        return this.#passedOver(payload.readUInt32BE(0));
      case 'E':
        this.#receiver = undefined;
        return receiver.onEnd(doubles(payload));
      default:
        this.#control.broken(`the worker sent a frame of unknown kind ${JSON.stringify(kind)}`);
    }
  }

  #send({ environ, hasBody, expects }: LaneRequest): number {
    const flags = (hasBody ? HAS_BODY : 0) | (expects ? EXPECTS : 0);
    const count = environ.length >> 1;
    // PATH_INFO comes last, because it alone may hold a newline.
    const payload = String.fromCharCode(flags, count >> 8, count & 255) + environ.join('\n');
    this.#socket.write(frameHeader('R', payload.length) + payload, 'latin1');
    return ++this.#lastSerial;
  }

  /** The worker has come to the place of a request that it had given back. */
  #passedOver(serial: number): void {
    if (serial !== this.#serial || this.#request === undefined) return;
    // It was asked for while its turn came.
    this.ahead.passedOver(serial);
    this.#serial = this.#send(this.#request);
  }
}

function fail(receiver: LaneReceiver, payload: string, closing: boolean): void {
  const end = payload.indexOf('\n');
  receiver.onFailure(payload.slice(end + 1), payload.slice(0, end), closing);
}

function doubles(payload: Buffer): number[] {
  const numbers: number[] = [];
  for (let at = 0; at < payload.length; at += 8) numbers.push(payload.readDoubleLE(at));
  return numbers;
}

function facts(payload: Buffer): HeaderList {
  const parsed = JSON.parse(payload.toString()) as Record<string, unknown>;
  return Object.entries(parsed).flatMap(([name, value]) => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
}
