import { inspect } from 'node:util';
import type { HeaderList } from '../../../../shared/headers.ts';
import type { OutputStream } from '../lane.ts';
import { bothEnds } from './both-ends.ts';
import { Inlet } from './inlet.ts';
import { Signal } from './signal.ts';
import type { FromThread, ThreadRequest } from './thread-message.ts';
import { WINDOW } from './thread-message.ts';

/** The client has gone; nobody wants the rest. */
export class ClientGoneError extends Error {
  constructor() {
    super('The client has gone.');
    this.name = 'ClientGoneError';
  }
}

/** What the rest of the chain answered. */
export interface ChainReply {
  readonly status: number;
  readonly reason: string;
  /** `[name, value, …]` */
  readonly headers: HeaderList;
  readonly body: AsyncIterable<Uint8Array>;
}

/** Characters of a report, and of a request's output, that are passed on. */
const MOST_REPORTED = 65_536;
const MOST_OUTPUT = 65_536;

type Send = (message: FromThread, transfer?: readonly ArrayBuffer[]) => void;

/** One request inside a thread: its body, the way back, and what has become of the client. */
export class ThreadExchange {
  readonly request: ThreadRequest;
  readonly body: Inlet;
  readonly serial: number;
  gone = false;
  headSent = false;
  readonly #lane: number;
  readonly #send: Send;
  #unacknowledged = 0;
  #told = 0;
  /** There may be room for more, or nobody wants it. */
  readonly #room = new Signal();
  #reply: PromiseWithResolvers<ChainReply> | undefined;
  #replyBody: Inlet | undefined;

  constructor(lane: number, serial: number, request: ThreadRequest, send: Send) {
    this.#lane = lane;
    this.#send = send;
    this.serial = serial;
    this.request = request;
    const read = (bytes: number): void => send({ type: 'read', lane, bytes });
    this.body = new Inlet(read, () => {
      if (request.expects) send({ type: 'wanted', lane });
    });
    if (!request.hasBody) this.body.end();
  }

  sendHead(status: string, headers: HeaderList): void {
    this.headSent = true;
    this.#send({ type: 'head', lane: this.#lane, status, headers });
  }

  /** Sends a piece of the body; resolves when there is room for more. @throws {ClientGoneError} */
  async sendChunk(bytes: Uint8Array): Promise<void> {
    if (this.gone) throw new ClientGoneError();
    // The user's code may go on with its buffer, and only a buffer of its own can be handed over.
    const own = new Uint8Array(bytes);
    this.#unacknowledged += own.length;
    this.#send({ type: 'chunk', lane: this.#lane, bytes: own }, [own.buffer]);
    while (this.#unacknowledged > WINDOW && !this.isGone()) await this.#room.wait();
    if (this.isGone()) throw new ClientGoneError();
  }

  /** The body is complete, though its length was not known, and something is still to be done. */
  endBody(): void {
    this.#send({ type: 'bodyEnd', lane: this.#lane });
  }

  /** A method, because the compiler takes a field for what it was before a wait. */
  isGone(): boolean {
    return this.gone;
  }

  taken(bytes: number): void {
    this.#unacknowledged -= bytes;
    this.#room.give();
  }

  abort(): void {
    this.gone = true;
    this.body.end(new ClientGoneError());
    this.#reply?.reject(new ClientGoneError());
    this.#replyBody?.end(new ClientGoneError());
    this.#room.give();
  }

  /** Passes on what is printed, up to a limit that keeps a chatty request from filling the trace. */
  tell(stream: OutputStream, text: string): void {
    const room = MOST_OUTPUT - this.#told;
    if (room <= 0) return;
    this.#told += text.length;
    const told = text.length > room ? `${text.slice(0, room)}\n[more was written and is not shown]\n` : text;
    this.#send({ type: 'output', lane: this.#lane, stream, text: told });
  }

  fail(error: unknown, closing: boolean): void {
    this.#send({ type: 'failure', lane: this.#lane, report: `${describe(error)}\n`, closing });
  }

  done(times: Float64Array): void {
    this.#send({ type: 'done', lane: this.#lane, times });
  }

  /** Has the rest of the chain answer the request; once. */
  next(): Promise<ChainReply> {
    if (this.#reply !== undefined) return Promise.reject(new Error('next was called twice for one request.'));
    this.#reply = Promise.withResolvers();
    this.#send({ type: 'next', lane: this.#lane });
    return this.#reply.promise;
  }

  onReply(status: number, reason: string, headers: HeaderList): void {
    const read = (bytes: number): void => this.#send({ type: 'read', lane: this.#lane, bytes });
    this.#replyBody = new Inlet(read, () => undefined);
    this.#reply?.resolve({ status, reason, headers, body: this.#replyBody });
  }

  onReplyChunk(bytes: Uint8Array): void {
    this.#replyBody?.push(bytes);
  }

  onReplyEnd(error: string | undefined): void {
    const failure = error === undefined ? undefined : new Error(error);
    if (this.#replyBody !== undefined) this.#replyBody.end(failure);
    else this.#reply?.reject(failure ?? new Error('The chain gave no answer.'));
  }
}

/** An error as its stack with its causes, or whatever was thrown as text; of a long one both ends. */
export function describe(error: unknown): string {
  return bothEnds(error instanceof Error ? inspect(error) : `Thrown: ${inspect(error)}`, MOST_REPORTED);
}
