import type { HeaderList } from '../../../shared/headers.ts';
import { getHeader } from '../../../shared/headers.ts';
import type { Outcome } from '../../../shared/trace-event.ts';
import type { LiveExchange } from '../chain/live-exchange.ts';
import type { Reply } from '../chain/reply.ts';
import type { Delivery } from '../chain/run-exchange.ts';
import { ExchangeError } from '../errors.ts';
import { hasConnectionOption } from '../http/connection-fields.ts';
import type { Malformed, ParsedHead } from '../http/request-head.ts';
import type { ReplyFraming } from '../http/response-head.ts';
import { formatHead } from '../http/response-head.ts';
import { reasonPhrase } from '../http/reason-phrases.ts';
import type {
  ClientConnection,
  ClientSocket,
  ClientTransport,
  ConnectionHost,
  PendingTunnel,
  RequestSource,
} from './client-connection.ts';
import { ClientWriter } from './client-writer.ts';
import type { ReplyControl } from './deliver.ts';
import { deliver } from './deliver.ts';
import { errorReply } from './error-reply.ts';
import type { ReadHead } from './head-reader.ts';
import { HeadReader } from './head-reader.ts';
import { linger } from './linger.ts';
import type { RequestReader } from './request-reader.ts';
import { resetTcp } from './reset-end.ts';
import { guessHead, impossibleHead, oversizedHead } from './unreadable-head.ts';

const EMPTY = Buffer.alloc(0);
const MAX_PIPELINED = 65_536;
/** After so many times of grace without a byte taken, a client that closed its sending side is gone, even if something waits for it. */
const MAX_GRACES = 60;
/** How long (ms) a client that closed its sending side may be silent before its system is asked whether it is still there. */
const ASK_AFTER = 5_000;

/**
 * One client connection speaking HTTP/1 (RFC 9112): reads requests one after the other, runs each to its end before
 * the next (pipelined bytes wait), and keeps or closes the connection as §9 says.
 */
export class Http1Connection implements ClientConnection, RequestSource, ReplyControl, Delivery {
  readonly id: number;
  readonly socket: ClientSocket;
  readonly errorReply = errorReply;
  readonly #transport: ClientTransport;
  readonly #writer: ClientWriter;
  readonly #host: ConnectionHost;
  readonly #heads = new HeadReader();
  /** What has come and is not read yet: the beginning of a head, or requests behind the one that runs. */
  #pending: Buffer = EMPTY;
  /** The exchange that runs; undefined between two requests. */
  #x: LiveExchange | undefined;
  #head: ParsedHead | undefined;
  #reader: RequestReader | undefined;
  /** When the head or body part that is awaited began to be awaited. */
  #since: number;
  /** Nothing that follows can be read as a request: the reply that runs is the last. */
  #mustClose = false;
  #stopping = false;
  /** When the client closed its sending side. */
  #halfClosedAt: number | undefined;
  /** The socket is a tunnel's. */
  #handedOver = false;
  /** The client waits for 100 (Continue) before it sends its body. */
  #continueDue = false;
  /** The final head is on its way: it is too late for interim responses. */
  #replyBegun = false;

  /** @param first what the client has said already. */
  constructor(transport: ClientTransport, host: ConnectionHost, first: Buffer) {
    const { peer, socket } = transport;
    this.id = peer.id;
    this.socket = socket;
    this.#transport = transport;
    this.#host = host;
    this.#writer = new ClientWriter(socket, host.outbox);
    this.#since = host.now();
    socket.on('data', this.#onData);
    socket.on('end', this.#onEnd);
    socket.on('error', this.#onError);
    socket.on('close', this.#onClose);
    if (first.length > 0) this.#onData(first);
    if (socket.readableEnded) this.#onEnd();
  }

  /** Called about once a second: closes what has been quiet for too long. */
  check(now: number): void {
    const quiet = now - this.#since;
    const { headTimeout, idleTimeout, bodyTimeout } = this.#host.limits;
    if (this.#x === undefined) {
      if (this.#pending.length > 0 && quiet > headTimeout) {
        this.#refuse({ error: 'REQUEST_TIMEOUT', detail: `Only ${this.#pending.length} bytes of its head came.` });
      } else if (this.#pending.length === 0 && quiet > idleTimeout) this.#close();
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
    if (this.#replyBegun || this.#writer.gone || this.#head?.version === '1.0') return;
    this.#x?.trace.informational(status, headers);
    this.#writer.write(formatHead(status, reasonPhrase(status), headers));
  }

  keep(framing: ReplyFraming): boolean {
    this.#replyBegun = true;
    const head = this.#head;
    const keep =
      !this.#mustClose &&
      !this.#stopping &&
      // Requests that a client has sent before it closed its sending side are answered, each in its turn (RFC 9112 §9.3.2).
      (this.#halfClosedAt === undefined || this.#pending.length > 0) &&
      framing.kind !== 'close' &&
      head !== undefined &&
      // RFC 9112 §9.3 and App. C.2.2: a proxy does not keep connections with HTTP/1.0 clients.
      head.version !== '1.0' &&
      !hasConnectionOption(head.headers, 'close') &&
      // An answer before the end of the request's body: what is left of it may never come.
      this.#reader?.complete !== false;
    if (!keep) this.#mustClose = true;
    return keep;
  }

  breakOff(framing: ReplyFraming): void {
    this.#mustClose = true;
    if (framing.kind === 'close') resetTcp(this.socket);
    else this.socket.destroy();
  }

  readonly #onData = (chunk: Buffer): void => {
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
  };

  /** Reads a request head from what waits and starts its exchange. */
  #readHead(): void {
    let from = 0;
    // RFC 9112 §2.2: an empty line before the request line is ignored.
    while (this.#pending[from] === 13 && this.#pending[from + 1] === 10) from += 2;
    if (from > 0) this.#pending = this.#pending.subarray(from);
    if (this.#pending.length === 0 || (this.#pending.length === 1 && this.#pending[0] === 13)) return;
    const length = this.#heads.lengthOf(this.#pending);
    if ((length ?? this.#pending.length) > this.#host.limits.maxHead) {
      this.#refuse(oversizedHead(this.#pending, this.#host.limits.maxHead));
      return;
    }
    if (length === undefined) {
      const problem = impossibleHead(this.#pending);
      if (problem !== undefined) this.#refuse(problem);
      return;
    }
    const bytes = this.#pending;
    const read = this.#heads.read(bytes, length);
    this.#pending = length === bytes.length ? EMPTY : bytes.subarray(length);
    if ('target' in read) this.#start(read);
    else this.#refuse(read.malformed, read.head ?? guessHead(bytes, read.malformed), read.readable);
  }

  #start({ head, framing, target }: ReadHead): void {
    this.#head = head;
    this.#replyBegun = false;
    // RFC 9110 §10.1.1; an HTTP/1.0 client's expectation is ignored.
    this.#continueDue =
      framing.kind !== 'none' &&
      head.version !== '1.0' &&
      getHeader(head.headers, 'expect')?.toLowerCase() === '100-continue';
    const { x, reader } = this.#host.open({
      head,
      framing,
      target,
      transport: this.#transport,
      nth: ++this.#transport.peer.requests,
      start: this.#since,
      source: this,
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
    if (!this.#handedOver) this.#ended();
  }

  deliver(reply: Reply): Promise<Outcome> {
    const x = this.#x as LiveExchange;
    const { tunnel: other, watch } = reply;
    if (other === undefined) return deliver(reply, x, this.#writer, this);
    return this.#openTunnel(reply, this.#host.tunnel({ x, transport: this.#transport, other, watch }), x);
  }

  async #openTunnel(reply: Reply, tunnel: PendingTunnel, x: LiveExchange): Promise<Outcome> {
    const outcome = await deliver(reply, x, this.#writer, this);
    if (outcome.kind === 'completed') return this.#handOver(tunnel);
    tunnel.kill();
    return outcome;
  }

  /** Leaves the socket, and the exchange that runs, to the tunnel that the client asked for. */
  #handOver(tunnel: PendingTunnel): Promise<Outcome> {
    this.#handedOver = true;
    const { socket } = this;
    socket.off('data', this.#onData);
    socket.off('end', this.#onEnd);
    socket.off('error', this.#onError);
    socket.off('close', this.#onClose);
    this.#writer.end();
    this.#host.closed(this);
    return tunnel.open(this.#pending);
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
    if (this.#halfClosedAt !== undefined) this.#checkEnd();
  }

  #close(): void {
    if (this.socket.writableEnded) return;
    this.#mustClose = true;
    this.#pending = EMPTY;
    linger(this.socket);
  }

  /** Answers something that is not a request; closes unless what follows can be read (RFC 9112 §2.2, §6.3). */
  #refuse(malformed: Malformed, head = guessHead(this.#pending, malformed), readable = false): void {
    this.#mustClose ||= !readable;
    this.#replyBegun = false;
    this.#head = head;
    const transport = this.#transport;
    const nth = ++transport.peer.requests;
    const x = this.#host.openMalformed({ head, transport, nth, start: this.#since }, malformed);
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

  drop(): void {
    this.socket.destroy();
  }

  pauseBody(): void {
    this.socket.pause();
  }

  resumeBody(): void {
    if (!this.#writer.gone) this.socket.resume();
  }

  /** The client sends no more. It may still wait for its answer, or be gone: writing to it will tell. */
  readonly #onEnd = (): void => {
    this.#halfClosedAt = this.#host.now();
    this.#checkEnd();
    if (this.#x !== undefined) this.#watchHalfClosed(this.socket.bytesWritten);
  };

  /** Nothing more comes: what has come is whole, or stays incomplete. */
  #checkEnd(): void {
    if (this.#reader?.complete === false) {
      this.#reader.fail(new ExchangeError('CLIENT_GONE', 'receive', 'Its body is incomplete.'));
      this.#x?.abort({ by: 'client', message: 'The client closed the connection in the middle of its request.' });
      this.socket.destroy();
      return;
    }
    if (this.#x === undefined) {
      if (this.#pending.length === 0) {
        this.#close();
        return;
      }
      this.#refuse({ error: 'MALFORMED_REQUEST_LINE', detail: 'The head is incomplete.' });
    }
  }

  /**
   * Whether the client closed its sending side with a request that it had announced as its last, which says nothing new
   * (RFC 9112 §9.6): it waits for the answer, for as long as that takes.
   */
  #waitsOn(): boolean {
    const [head, ended] = [this.#head, this.#halfClosedAt];
    if (head === undefined || ended === undefined || ended - this.#since > this.#host.limits.halfCloseGrace)
      return false;
    if (head.version === '1.0') return !hasConnectionOption(head.headers, 'keep-alive');
    return hasConnectionOption(head.headers, 'close');
  }

  /**
   * Takes a client that closed its sending side for gone once nothing could be sent to it for a while, unless it waits on.
   * What is written to TLS whose connection was reset may wait for ever without an error.
   */
  #watchHalfClosed(written: number | undefined, graces = 1): void {
    const { socket } = this;
    const timer = setTimeout(() => {
      if (this.#writer.gone || this.#x === undefined) return;
      if (socket.bytesWritten !== written) this.#watchHalfClosed(socket.bytesWritten);
      else if (socket.writableLength === 0 && this.#waitsOn()) {
        // The kernel asks for a client that says nothing; writing no bytes tells what it has heard.
        socket.setKeepAlive?.(true, ASK_AFTER);
        socket.write('');
        this.#watchHalfClosed(written);
      } else if (socket.writableLength > 0 && graces < MAX_GRACES) this.#watchHalfClosed(written, graces + 1);
      else {
        this.#x.abort({ by: 'client', message: 'The client closed the connection before the response was complete.' });
        socket.destroy();
      }
    }, this.#host.limits.halfCloseGrace);
    timer.unref();
  }

  readonly #onError = (error: Error): void => this.#onGone(error.message);
  readonly #onClose = (): void => this.#onGone('The client closed the connection.');

  #onGone(message: string): void {
    if (this.#writer.gone) return;
    this.#writer.end();
    this.#reader?.fail(new ExchangeError('CLIENT_GONE', 'receive'));
    this.#x?.abort({ by: 'client', message });
    this.socket.destroy();
    this.#host.closed(this);
  }
}
