import { messageOf } from '../../../shared/message-of.ts';
import type { Reply } from '../chain/reply.ts';
import { FieldNames, withoutHeaders } from '../../../shared/headers.ts';
import { environRecord } from './environ.ts';
import type { Lane, LaneReceiver, LaneRequest, ReplyTaker } from './lane.ts';
import type { FromThread, ToThread } from './thread/thread-message.ts';
import { WINDOW } from './thread/thread-message.ts';

/** Trailers do not reach handlers, so neither does what announces them (RFC 9110 §6.6.2). */
const TRAILER = new FieldNames(['trailer']);

/** A lane in a worker thread: messages instead of frames, and credit instead of a socket's buffer. */
export class ThreadLane implements Lane {
  readonly worker: string;
  readonly #number: number;
  readonly #post: (message: ToThread) => void;
  readonly #onClose: () => void;
  #receiver: LaneReceiver | undefined;
  #serial = 0;
  /** Bytes that the thread has not read yet. */
  #unread = 0;
  #wake: (() => void) | undefined;
  /** Bytes that were passed on while paused; the thread is told when more may come. */
  #withheld = 0;
  #paused = false;

  constructor(worker: string, number: number, post: (message: ToThread) => void, onClose: () => void) {
    this.worker = worker;
    this.#number = number;
    this.#post = post;
    this.#onClose = onClose;
  }

  begin({ environ, target, headers, hasBody, expects }: LaneRequest, receiver: LaneReceiver): void {
    this.#receiver = receiver;
    this.#serial++;
    this.#unread = 0;
    this.#withheld = 0;
    this.#paused = false;
    const request = { environ: environRecord(environ), target, headers, hasBody, expects };
    this.#post({ type: 'request', lane: this.#number, serial: this.#serial, request });
  }

  sendBody(bytes: Uint8Array): boolean {
    this.#unread += bytes.length;
    this.#post({ type: 'body', lane: this.#number, bytes });
    return this.#unread <= WINDOW;
  }

  endBody(complete: boolean): void {
    this.#post({ type: 'bodyEnd', lane: this.#number, complete });
  }

  abort(): void {
    this.#post({ type: 'abort', lane: this.#number, serial: this.#serial });
    this.#drain();
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    const bytes = this.#withheld;
    this.#withheld = 0;
    if (bytes > 0) this.#post({ type: 'taken', lane: this.#number, bytes });
  }

  close(): void {
    this.#onClose();
  }

  /** Hands the chain's answer to the handler that asked for it, unless that has answered meanwhile. */
  async #reply(reply: Reply, serial: number): Promise<void> {
    const lane = this.#number;
    const { status, reason, body } = reply;
    const headers = withoutHeaders(reply.headers, TRAILER);
    if (this.#isCurrent(serial)) this.#post({ type: 'reply', lane, status, reason, headers });
    try {
      for await (const bytes of body instanceof Uint8Array ? [body] : (body ?? [])) {
        if (!this.#isCurrent(serial)) return;
        this.#unread += bytes.length;
        this.#post({ type: 'replyChunk', lane, bytes });
        if (this.#unread > WINDOW) await this.#drained();
      }
      if (this.#isCurrent(serial)) this.#post({ type: 'replyEnd', lane });
    } catch (error) {
      this.#replyFailed(messageOf(error), serial);
    }
  }

  #replyFailed(error: string, serial: number): void {
    if (this.#isCurrent(serial)) this.#post({ type: 'replyEnd', lane: this.#number, error });
  }

  /** Whether it is still that request which the lane carries. */
  #isCurrent(serial: number): boolean {
    return this.#serial === serial && this.#receiver !== undefined;
  }

  /** Takes an answer of the chain for the lane's request of now. */
  #replyTaker(): ReplyTaker {
    const serial = this.#serial;
    return {
      reply: (reply) => this.#reply(reply, serial),
      replyFailed: (error) => this.#replyFailed(error, serial),
    };
  }

  lost(reason: string): void {
    const receiver = this.#receiver;
    this.#receiver = undefined;
    this.#drain();
    receiver?.onLost(reason);
  }

  receive(message: Exclude<FromThread, { type: 'ready' | 'failed' | 'files' | 'pong' }>): void {
    const receiver = this.#receiver;
    if (receiver === undefined) return;
    switch (message.type) {
      case 'wanted':
        return receiver.onBodyWanted();
      case 'read':
        this.#unread -= message.bytes;
        if (this.#unread > WINDOW / 2) return;
        this.#drain();
        return receiver.onDrain();
      case 'next':
        return receiver.onNext(this.#replyTaker());
      case 'head':
        return receiver.onHead(message.status, message.headers);
      case 'chunk':
        return this.#onChunk(message.bytes, receiver);
      case 'bodyEnd':
        return receiver.onBodyEnd();
      case 'output':
        return receiver.onOutput(message.stream, message.text);
      case 'failure':
        // A stack begins with what was thrown.
        return receiver.onFailure(message.report, firstLine(message.report), message.closing);
      case 'done':
        this.#receiver = undefined;
        this.#drain();
        return receiver.onEnd(message.times);
    }
  }

  #onChunk(bytes: Uint8Array, receiver: LaneReceiver): void {
    receiver.onChunk(bytes);
    if (this.#paused) this.#withheld += bytes.length;
    else this.#post({ type: 'taken', lane: this.#number, bytes: bytes.length });
  }

  #drained(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #drain(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}

/** Characters of it that are shown. */
const MOST_OF_LINE = 1_000;

function firstLine(report: string): string {
  const line = report.split('\n', 1)[0] ?? '';
  return line.length > MOST_OF_LINE ? `${line.slice(0, MOST_OF_LINE)}…` : line;
}
