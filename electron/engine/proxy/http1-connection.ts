import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { HeaderList } from '../../../shared/headers.ts';
import { getHeader } from '../../../shared/headers.ts';
import type { Outcome } from '../../../shared/trace-event.ts';
import type { LiveExchange } from '../chain/live-exchange.ts';
import type { Reply } from '../chain/reply.ts';
import type { Delivery } from '../chain/run-exchange.ts';
import { ExchangeError } from '../errors.ts';
import { hasConnectionOption } from '../http/connection-fields.ts';
import { formatAddress } from '../http/format-address.ts';
import type { Framing, Malformed, ParsedHead } from '../http/request-head.ts';
import { parseRequestHead, requestFraming } from '../http/request-head.ts';
import type { OriginForm, TargetUrl } from '../http/request-target.ts';
import { parseTarget } from '../http/request-target.ts';
import type { ReplyFraming } from '../http/response-head.ts';
import { formatHead } from '../http/response-head.ts';
import { reasonPhrase } from '../http/reason-phrases.ts';
import { ClientWriter } from './client-writer.ts';
import type { ReplyControl } from './deliver.ts';
import { deliver } from './deliver.ts';
import { errorReply } from './error-reply.ts';
import type { Outbox } from './outbox.ts';
import type { RequestReader } from './request-reader.ts';
import { runTunnel } from './tunnel.ts';
import { guessHead, impossibleHead } from './unreadable-head.ts';

/** Limits of one client connection; times in milliseconds. */
export interface ConnectionLimits {
  readonly maxHead: number;
  readonly headTimeout: number;
  readonly idleTimeout: number;
  readonly bodyTimeout: number;
  /** How long a client that closed its sending side may wait for an answer before it counts as gone. */
  readonly halfCloseGrace: number;
}

/** What a connection asks of the engine. */
export interface ConnectionHost {
  readonly limits: ConnectionLimits;
  /** Shared by all connections. */
  readonly outbox: Outbox;
  now(): number;
  /** Makes the exchange of a well-formed request; `readBody` gives its body once the trace exists. */
  open(arrival: Arrival): { x: LiveExchange; reader: RequestReader | undefined };
  /** Makes the exchange of bytes that are no valid request. */
  openMalformed(arrival: Omit<Arrival, 'framing' | 'target' | 'connection'>, malformed: Malformed): LiveExchange;
  run(x: LiveExchange, delivery: Delivery): Promise<unknown>;
  closed(connection: Http1Connection): void;
}

/** A request head with where and when it came. */
export interface Arrival {
  readonly head: ParsedHead;
  readonly framing: Framing;
  readonly target: TargetUrl | OriginForm;
  readonly client: string;
  readonly connectionId: number;
  readonly nth: number;
  /** When its first byte was seen. */
  readonly start: number;
  readonly connection: Http1Connection;
}

const EMPTY = Buffer.alloc(0);
const MAX_PIPELINED = 65_536;
const HEAD_END = Buffer.from('\r\n\r\n');

/**
 * One client connection speaking HTTP/1 (RFC 9112): reads requests one after the other, runs each to its end before
 * the next (pipelined bytes wait), and keeps or closes the connection as §9 says.
 */
export class Http1Connection implements ReplyControl, Delivery {
  readonly id: number;
  readonly socket: Socket;
  readonly client: string;
  readonly errorReply = errorReply;
  readonly #writer: ClientWriter;
  readonly #host: ConnectionHost;
  #pending: Buffer = EMPTY;
  #x: LiveExchange | undefined;
  #head: ParsedHead | undefined;
  #reader: RequestReader | undefined;
  #nth = 0;
  /** When the head or body part that is awaited began to be awaited. */
  #since: number;
  #mustClose = false;
  #stopping = false;
  #halfClosed = false;
  #tunnelling = false;
  #continueDue = false;
  #replyBegun = false;

  constructor(id: number, socket: Socket, host: ConnectionHost) {
    this.id = id;
    this.socket = socket;
    this.client = formatAddress(socket.remoteAddress, socket.remotePort);
    this.#host = host;
    this.#writer = new ClientWriter(socket, host.outbox);
    this.#since = host.now();
    socket.on('data', (chunk: Buffer) => this.#onData(chunk));
    socket.on('end', () => this.#onEnd());
    socket.on('error', (error) => this.#onGone(error.message));
    socket.on('close', () => this.#onGone('The client closed the connection.'));
  }

  /** Called about once a second: closes what has been quiet for too long. */
  check(now: number): void {
    const quiet = now - this.#since;
    const { headTimeout, idleTimeout, bodyTimeout } = this.#host.limits;
    if (this.#tunnelling) return;
    if (this.#x === undefined) {
      if (this.#pending.length > 0 && quiet > headTimeout) {
        this.#refuse({ error: 'REQUEST_TIMEOUT', detail: `Only ${this.#pending.length} bytes of its head came.` });
      } else if (this.#pending.length === 0 && quiet > idleTimeout) this.socket.end();
    } else if (this.#reader?.complete === false && !this.socket.isPaused() && quiet > bodyTimeout) {
      this.#reader.fail(new ExchangeError('REQUEST_TIMEOUT', 'receive'));
      this.#mustClose = true;
    }
  }

  /** Lets the running exchange end, then closes; at once when there is none. */
  stop(): void {
    this.#stopping = true;
    if (this.#x === undefined) this.socket.destroy();
  }

  /** Ends the connection and whatever runs on it. */
  kill(): void {
    this.#x?.abort({ by: 'hopscope', message: 'Hopscope is stopping.' });
    this.socket.destroy();
  }

  inform(status: number, headers: HeaderList): void {
    // RFC 9110 §15.2: an HTTP/1.0 client must not be sent interim responses.
    if (this.#replyBegun || this.#writer.gone || this.#head?.minor === 0) return;
    this.#x?.trace.informational(status, headers);
    this.#writer.write(formatHead(status, reasonPhrase(status), headers));
  }

  keep(framing: ReplyFraming): boolean {
    this.#replyBegun = true;
    const head = this.#head;
    const keep =
      !this.#mustClose &&
      !this.#stopping &&
      !this.#halfClosed &&
      framing.kind !== 'close' &&
      head !== undefined &&
      // RFC 9112 §9.3 and App. C.2.2: a proxy does not keep connections with HTTP/1.0 clients.
      head.minor === 1 &&
      !hasConnectionOption(head.headers, 'close') &&
      // An answer before the end of the request's body: what is left of it may never come.
      this.#reader?.complete !== false;
    if (!keep) this.#mustClose = true;
    return keep;
  }

  breakOff(framing: ReplyFraming): void {
    this.#mustClose = true;
    if (framing.kind === 'close') this.socket.resetAndDestroy();
    else this.socket.destroy();
  }

  #onData(chunk: Buffer): void {
    let rest = chunk;
    if (this.#x === undefined) {
      if (this.#pending.length === 0) this.#since = this.#host.now();
    } else if (this.#reader !== undefined && !this.#reader.complete) {
      this.#since = this.#host.now();
      const used = this.#reader.feed(chunk);
      if (typeof used !== 'number') {
        this.#mustClose = true;
        return;
      }
      rest = chunk.subarray(used);
    }
    if (rest.length === 0 || this.#mustClose) return;
    this.#pending = this.#pending.length === 0 ? rest : Buffer.concat([this.#pending, rest]);
    if (this.#x === undefined) this.#readHead();
    else if (this.#pending.length > MAX_PIPELINED) this.socket.pause();
  }

  /** Reads a request head from what waits and starts its exchange. */
  #readHead(): void {
    let from = 0;
    // RFC 9112 §2.2: an empty line before the request line is ignored.
    while (this.#pending[from] === 13 && this.#pending[from + 1] === 10) from += 2;
    if (from > 0) this.#pending = this.#pending.subarray(from);
    if (this.#pending.length === 0 || (this.#pending.length === 1 && this.#pending[0] === 13)) return;
    const end = this.#pending.indexOf(HEAD_END);
    if (end === -1 ? this.#pending.length > this.#host.limits.maxHead : end > this.#host.limits.maxHead) {
      this.#refuse({ error: 'HEAD_TOO_LARGE', detail: `The limit is ${this.#host.limits.maxHead} bytes.` });
      return;
    }
    if (end === -1) {
      const problem = impossibleHead(this.#pending);
      if (problem !== undefined) this.#refuse(problem);
      return;
    }
    const head = parseRequestHead(this.#pending.toString('latin1', 0, end));
    const next = end + HEAD_END.length;
    this.#pending = next === this.#pending.length ? EMPTY : this.#pending.subarray(next);
    if ('error' in head) {
      this.#refuse(head);
      return;
    }
    const framing = requestFraming(head);
    if ('error' in framing) {
      this.#refuse(framing, head);
      return;
    }
    const target = parseTarget(head);
    if (!('error' in target)) this.#start(head, framing, target);
    // The message's end is known, so only a doubtful Host makes the rest of the connection doubtful.
    else this.#refuse(target, head, framing.kind === 'none' && target.error !== 'BAD_HOST');
  }

  #start(head: ParsedHead, framing: Framing, target: TargetUrl | OriginForm): void {
    this.#nth++;
    this.#head = head;
    this.#replyBegun = false;
    // RFC 9110 §10.1.1; an HTTP/1.0 client's expectation is ignored.
    this.#continueDue =
      framing.kind !== 'none' &&
      head.minor === 1 &&
      getHeader(head.headers, 'expect')?.toLowerCase() === '100-continue';
    const { x, reader } = this.#host.open({
      head,
      framing,
      target,
      client: this.client,
      connectionId: this.id,
      nth: this.#nth,
      start: this.#since,
      connection: this,
    });
    this.#x = x;
    this.#reader = reader;
    if (reader !== undefined && this.#pending.length > 0) {
      const first = this.#pending;
      this.#pending = EMPTY;
      this.#onData(first);
    }
    void this.#run(x);
  }

  async #run(x: LiveExchange): Promise<void> {
    await this.#host.run(x, this);
    this.#ended();
  }

  deliver(reply: Reply): Promise<Outcome> {
    const x = this.#x as LiveExchange;
    const { tunnel } = reply;
    const delivered = deliver(reply, x, this.#writer, this);
    if (tunnel === undefined) return delivered;
    return delivered.then((outcome) => (outcome.kind === 'completed' ? this.#tunnel(x, tunnel) : outcome));
  }

  #tunnel(x: LiveExchange, other: Duplex): Promise<Outcome> {
    this.#tunnelling = true;
    this.#mustClose = true;
    this.socket.removeAllListeners('data');
    this.socket.removeAllListeners('end');
    return runTunnel(x, this.socket, other, this.#pending);
  }

  /** The exchange is over: reads on, or closes. */
  #ended(): void {
    this.#x = undefined;
    const unread = this.#reader?.complete === false;
    if (unread && !this.#writer.gone) {
      // Let go of a body that was answered without being read to its end; what follows cannot be trusted in time.
      void this.#reader?.stream.return();
      this.#mustClose = true;
    }
    this.#reader = undefined;
    this.#head = undefined;
    if (this.#writer.gone) return;
    this.#since = this.#host.now();
    if (this.#mustClose || this.#stopping) {
      this.#close();
      return;
    }
    if (this.socket.isPaused()) this.socket.resume();
    if (this.#pending.length > 0) this.#readHead();
    else if (this.#halfClosed) this.socket.end();
  }

  /**
   * Closes in two steps (RFC 9112 §9.6): ends our side, and goes on reading for a while, so that a reset caused by
   * unread bytes does not destroy the response on its way.
   */
  #close(): void {
    const { socket } = this;
    if (this.#tunnelling || this.#halfClosed) {
      socket.end(() => socket.destroy());
      return;
    }
    this.#pending = EMPTY;
    socket.resume();
    socket.end();
    const lingering = setTimeout(() => socket.destroy(), 1_000);
    lingering.unref();
    socket.once('end', () => socket.destroy());
    socket.once('close', () => clearTimeout(lingering));
  }

  /** Answers something that is not a request; closes unless what follows can be read (RFC 9112 §2.2, §6.3). */
  #refuse(malformed: Malformed, head?: ParsedHead, readable = false): void {
    this.#nth++;
    this.#mustClose ||= !readable;
    this.#replyBegun = false;
    const seen = head ?? guessHead(this.#pending, malformed);
    this.#head = seen;
    const { client, id: connectionId } = this;
    const x = this.#host.openMalformed(
      { head: seen, client, connectionId, nth: this.#nth, start: this.#since },
      malformed,
    );
    this.#x = x;
    if (!readable) this.#pending = EMPTY;
    void this.#run(x);
  }

  /** The upstream wants the body: a waiting client gets its 100 (Continue) now. */
  bodyWanted(): void {
    if (!this.#continueDue) return;
    this.#continueDue = false;
    if (this.#reader?.complete === false) this.inform(100, []);
  }

  pauseBody(): void {
    this.socket.pause();
  }

  resumeBody(): void {
    if (!this.#writer.gone) this.socket.resume();
  }

  /** The client sends no more. It may still wait for its answer, or be gone: writing to it will tell. */
  #onEnd(): void {
    this.#halfClosed = true;
    if (this.#reader?.complete === false) {
      this.#reader.fail(new ExchangeError('CLIENT_GONE', 'receive', 'Its body is incomplete.'));
      this.#x?.abort({ by: 'client', message: 'The client closed the connection in the middle of its request.' });
      this.socket.destroy();
      return;
    }
    if (this.#x === undefined) {
      if (this.#pending.length === 0) this.socket.end();
      else this.#refuse({ error: 'MALFORMED_REQUEST_LINE', detail: 'The head is incomplete.' });
      return;
    }
    this.#watchHalfClosed(this.socket.bytesWritten);
  }

  /** Takes a client that closed its sending side for gone once nothing could be sent to it for a while. */
  #watchHalfClosed(written: number): void {
    const { socket } = this;
    const timer = setTimeout(() => {
      if (this.#writer.gone || this.#x === undefined) return;
      if (socket.bytesWritten !== written || socket.writableLength > 0) {
        this.#watchHalfClosed(socket.bytesWritten);
        return;
      }
      this.#x.abort({ by: 'client', message: 'The client closed the connection before the response was complete.' });
      socket.destroy();
    }, this.#host.limits.halfCloseGrace);
    timer.unref();
  }

  #onGone(message: string): void {
    if (this.#writer.gone) return;
    this.#writer.end();
    this.#reader?.fail(new ExchangeError('CLIENT_GONE', 'receive'));
    this.#x?.abort({ by: 'client', message });
    this.socket.destroy();
    this.#host.closed(this);
  }
}
