import type { Outcome } from '../../../shared/trace-event.ts';
import type { RequestHead } from '../chain/exchange.ts';
import type { LiveExchange } from '../chain/live-exchange.ts';
import type { Reply } from '../chain/reply.ts';
import type { Delivery } from '../chain/run-exchange.ts';
import { abortedOutcome } from '../chain/run-exchange.ts';
import type { ExchangeError } from '../errors.ts';
import { formatAddress } from '../http/format-address.ts';
import type { Malformed, ParsedHead } from '../http/request-head.ts';
import type { ClientConnection, ClientTransport, ConnectionHost, RequestSource } from './client-connection.ts';
import { errorReply } from './error-reply.ts';
import { linger } from './linger.ts';
import type { Read, SocksLogin, SocksRequest } from './socks-messages.ts';
import * as socks from './socks-messages.ts';

const EMPTY = Buffer.alloc(0);
const MAX_EARLY = 65_536;
const COMPLETED: Outcome = { kind: 'completed' };

/** What is awaited next from the client; `nothing` once it has asked for something. */
type Stage = 'greeting' | 'login' | 'checking' | 'request' | 'nothing';

/**
 * A client that speaks SOCKS 5 (RFC 1928, RFC 1929), 4 or 4a. What it asks for is an exchange like CONNECT's: it goes
 * through the chain, and what passes afterwards is the same tunnel.
 */
export class SocksConnection implements ClientConnection, Delivery, RequestSource {
  readonly id: number;
  readonly #version: 4 | 5;
  readonly #host: ConnectionHost;
  readonly #start: number;
  #transport: ClientTransport;
  #stage: Stage;
  #pending: Buffer = EMPTY;
  #x: LiveExchange | undefined;
  #failure: ExchangeError | undefined;
  #handedOver = false;
  #over = false;

  /** @param first what the client has said already; its first byte is the version. */
  constructor(version: 4 | 5, transport: ClientTransport, host: ConnectionHost, first: Buffer) {
    this.id = transport.peer.id;
    this.#version = version;
    this.#transport = transport;
    this.#host = host;
    this.#start = host.now();
    this.#stage = version === 5 ? 'greeting' : 'request';
    const { socket } = transport;
    socket.on('data', this.#onData);
    socket.on('end', this.#onEnd);
    socket.on('error', this.#onError);
    socket.on('close', this.#onClose);
    this.#onData(first);
    if (socket.readableEnded) this.#onEnd();
  }

  check(now: number): void {
    if (this.#x !== undefined || now - this.#start <= this.#host.limits.headTimeout) return;
    this.#refuse({ error: 'REQUEST_TIMEOUT', detail: `SOCKS ${this.#version}: its ${this.#stage} did not come.` });
  }

  stop(): void {
    if (this.#x === undefined) this.kill();
  }

  kill(): void {
    this.#x?.abort({ by: 'hopscope', message: 'Hopscope is stopping.' });
    this.#transport.socket.destroy();
  }

  readonly #onData = (chunk: Buffer): void => {
    this.#pending = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    // Early bytes wait for the tunnel.
    if (this.#stage === 'nothing' || this.#stage === 'checking') {
      if (this.#pending.length > MAX_EARLY) this.#transport.socket.pause();
    } else this.#read();
  };

  #read(): void {
    if (this.#stage === 'greeting') this.#take(socks.readGreeting(this.#pending), (methods) => this.#greet(methods));
    else if (this.#stage === 'login') this.#take(socks.readLogin(this.#pending), (login) => void this.#logIn(login));
    else if (this.#stage === 'request') {
      const read = this.#version === 5 ? socks.readRequest5 : socks.readRequest4;
      this.#take(read(this.#pending), (request) => this.#ask(request));
    }
  }

  #take<T>(read: Read<T>, then: (value: T) => void): void {
    if (read === undefined) return;
    if ('error' in read) {
      this.#refuse(read);
      return;
    }
    this.#pending = this.#pending.subarray(read.length);
    then(read.value);
  }

  #greet(methods: readonly number[]): void {
    const wanted = this.#host.access()?.wantsLogin === true ? [socks.LOGIN] : [socks.NO_LOGIN, socks.LOGIN];
    const method = wanted.find((one) => methods.includes(one));
    if (method === undefined) {
      const missing = wanted[0] === socks.LOGIN && methods.includes(socks.NO_LOGIN);
      this.#answer(Buffer.from([5, socks.NO_METHOD]));
      this.#refuse({
        error: missing ? 'CREDENTIALS_REQUIRED' : 'SOCKS_METHOD',
        detail: `The client offers the methods ${methods.join(', ') || 'none'}.`,
      });
      return;
    }
    this.#answer(Buffer.from([5, method]));
    this.#stage = method === socks.LOGIN ? 'login' : 'request';
    this.#read();
  }

  async #logIn({ name, password }: SocksLogin): Promise<void> {
    this.#stage = 'checking';
    const refusal = await this.#host.access()?.logIn(this.#transport.peer.ip, name, password);
    if (this.#over || this.#x !== undefined) return;
    this.#answer(Buffer.from([1, refusal === undefined ? 0 : 1]));
    if (refusal !== undefined) {
      this.#refuse(refusal);
      return;
    }
    this.#transport = { ...this.#transport, admitted: true };
    this.#stage = 'request';
    this.#read();
  }

  #ask({ command, url }: SocksRequest): void {
    const target = formatAddress(url.hostname, url.port);
    if (command !== 1) {
      this.#refuse({ error: 'SOCKS_COMMAND', detail: `It is ${COMMANDS[command] ?? command}.` }, target);
      return;
    }
    const framing = { kind: 'none' } as const;
    const { x } = this.#host.open({ ...this.#arrival(target), framing, target: url, source: this });
    this.#run(x);
  }

  /** Makes a row of what is wrong, and tells the client as far as it is listening for that. */
  #refuse({ error, detail }: Malformed, target = ''): void {
    this.#pending = EMPTY;
    this.#run(this.#host.openMalformed(this.#arrival(target), { error, detail }));
  }

  #arrival(target: string): Parameters<ConnectionHost['openMalformed']>[0] {
    const head: ParsedHead = { method: target === '' ? 'SOCKS' : 'CONNECT', target, version: '1.1', headers: [] };
    const transport = this.#transport;
    const nth = ++transport.peer.requests;
    return { head, transport, nth, start: this.#start, protocol: `SOCKS${this.#version}` };
  }

  #run(x: LiveExchange): void {
    const asked = this.#stage === 'request';
    this.#stage = 'nothing';
    this.#x = x;
    void this.#host.run(x, this).then(() => {
      if (!this.#handedOver) this.#end(asked);
    });
  }

  errorReply(error: ExchangeError, request: RequestHead): Reply {
    this.#failure = error;
    return errorReply(error, request);
  }

  deliver(reply: Reply): Promise<Outcome> {
    const x = this.#x as LiveExchange;
    const { tunnel: other, watch } = reply;
    // An error, or someone in the chain answered instead of opening the far end: SOCKS has no such answers.
    if (other === undefined) return Promise.resolve(COMPLETED);
    if (this.#over) {
      if (typeof other === 'object') other.socket.destroy();
      return Promise.resolve(abortedOutcome(x, 'deliver'));
    }
    const tunnel = this.#host.tunnel({ x, transport: this.#transport, other, watch });
    this.#answer(this.#version === 5 ? socks.reply5(0) : socks.reply4(90));
    x.trace.responseStarted({ ...reply, reason: 'SOCKS: succeeded' }, []);
    this.#handedOver = true;
    this.#forget();
    this.#host.closed(this);
    return tunnel.open(this.#pending);
  }

  /** Nothing was opened: says so to a client that has asked for it, and closes. */
  #end(asked: boolean): void {
    if (this.#over) return;
    const { socket } = this.#transport;
    const failure = this.#failure;
    if (asked && failure?.code !== 'REQUEST_TIMEOUT') {
      const code = failure === undefined ? 2 : socks.replyCode(failure);
      const loginFailed = failure?.code === 'CREDENTIALS_REQUIRED';
      this.#answer(this.#version === 5 ? socks.reply5(code) : socks.reply4(loginFailed ? 93 : 91));
    }
    this.#finish();
    socket.on('error', () => socket.destroy());
    linger(socket);
  }

  #answer(bytes: Buffer): void {
    if (!this.#transport.socket.destroyed) this.#transport.socket.write(bytes);
  }

  readonly #onEnd = (): void => {
    if (this.#x === undefined) {
      this.#refuse({ error: 'MALFORMED_SOCKS', detail: `The client left before its ${this.#stage} was complete.` });
      return;
    }
    // Hardly anybody who waits for an answer ends its side first.
    const timer = setTimeout(() => {
      if (!this.#handedOver) this.#onGone('The client closed the connection before it was answered.');
    }, this.#host.limits.halfCloseGrace);
    timer.unref();
  };

  readonly #onError = (error: Error): void => this.#onGone(error.message);
  readonly #onClose = (): void => this.#onGone('The client closed the connection.');

  #onGone(message: string): void {
    if (this.#over) return;
    if (this.#x === undefined) this.#refuse({ error: 'CLIENT_GONE', detail: message });
    else this.#x.abort({ by: 'client', message });
    this.#finish();
    this.#transport.socket.destroy();
  }

  #finish(): void {
    this.#over = true;
    this.#forget();
    this.#host.closed(this);
  }

  #forget(): void {
    const { socket } = this.#transport;
    socket.off('data', this.#onData);
    socket.off('end', this.#onEnd);
    socket.off('error', this.#onError);
    socket.off('close', this.#onClose);
  }

  // A tunnel's request has neither interim responses nor a body.
  inform(): void {}
  pauseBody(): void {}
  resumeBody(): void {}
  bodyWanted(): void {}

  drop(): void {
    this.#transport.socket.destroy();
  }
}

const COMMANDS: Readonly<Record<number, string>> = { 2: 'BIND', 3: 'UDP ASSOCIATE' };
