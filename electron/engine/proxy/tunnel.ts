import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Outcome } from '../../../shared/trace-event.ts';
import type { LiveExchange } from '../chain/live-exchange.ts';
import { abortedOutcome } from '../chain/run-exchange.ts';
import { carryBytes } from './carry-bytes.ts';
import type { FarEnd, LateFarEnd } from '../chain/reply.ts';
import type { ClientTransport, ConnectionHost, PendingTunnel, TunnelRequest } from './client-connection.ts';
import type { Speaker } from './first-bytes.ts';
import { ExchangeError, toExchangeError } from '../errors.ts';
import { formatAddress } from '../http/format-address.ts';
import type { TargetUrl } from '../http/request-target.ts';
import { parseAuthority } from '../http/request-target.ts';
import type { ClientHello } from '../tls/client-hello.ts';
import { parseClientHello } from '../tls/client-hello.ts';
import { clientTls, describeTls, secureClient } from '../tls/secure-client.ts';
import { sniffTunnel } from './sniff.ts';

const EMPTY = Buffer.alloc(0);
/** How long (ms) a client may leave it open what it speaks, once it has begun to. */
const DOUBT_MS = 300;
/** How long (ms) a client that said nothing may yet speak when the far end, which might have spoken first, cannot be reached. */
const LAST_WORD_MS = 2_000;
/** What a client may say while the far end is being connected to. */
const MAX_EARLY = 65_536;
/** A client that says nothing for so long (ms) inside of its new TLS has nothing against our certificate. */
const PINNING_MS = 1_000;
const COMPLETED: Outcome = { kind: 'completed' };

/**
 * A client's tunnel (RFC 9110 §9.3.6). Whoever speaks first decides what becomes of it: a client that sends HTTP is
 * served as if it had asked for the tunnel's host by an absolute URL, one that begins TLS is answered in that host's
 * name; anything else, also a server that greets its client, passes as bytes that are counted and not looked into.
 * Only for those, and for a client that is silent, a far end that is not connected yet is connected to. One that is there
 * and not needed is left to the requests that are served.
 */
export class Tunnel implements PendingTunnel {
  readonly id: number;
  readonly #x: LiveExchange;
  readonly #transport: ClientTransport;
  readonly #connectLate: LateFarEnd | undefined;
  #farEnd: FarEnd | undefined;
  #reaching = false;
  /** Whether what the client says is answered here. */
  #served = false;
  readonly #host: ConnectionHost;
  readonly #speak: Speaker;
  #early: Buffer = EMPTY;
  #doubt: NodeJS.Timeout | undefined;
  /** Whether the client has said something that does not tell yet what it speaks. */
  #begun = false;
  #carrying = false;
  #killed = false;
  /** Why bytes are carried, or are going to be once there is a far end. */
  #why: string | undefined;
  #settle: ((outcome: Outcome) => void) | undefined;
  #opened = 0;
  #forgetAbort: (() => void) | undefined;
  /** Why the far end broke off before the client was told that it is there. */
  #otherFailure: Error | undefined;
  /** Ends the tunnel whose far end could not be connected to. */
  #unreachable: (() => void) | undefined;

  constructor({ x, transport, other }: TunnelRequest, host: ConnectionHost, speak: Speaker) {
    this.id = transport.peer.id;
    this.#x = x;
    this.#transport = transport;
    this.#host = host;
    this.#speak = speak;
    if (typeof other === 'object') this.#watch(other);
    else this.#connectLate = other;
  }

  /** The far end, once it is connected. */
  get #other(): Duplex | undefined {
    return this.#farEnd?.socket;
  }

  open(early: Uint8Array): Promise<Outcome> {
    const { socket } = this.#transport;
    this.#opened = this.#host.now();
    return new Promise((resolve) => {
      this.#settle = resolve;
      socket.on('data', this.#onClientData);
      socket.on('end', this.#onEnd);
      socket.on('error', this.#onClientError);
      socket.on('close', this.#onClientClose);
      this.#forgetAbort = this.#x.onAbort(({ by, message }) => {
        this.#finish({ kind: 'aborted', by, phase: 'tunnel', message });
      });
      if (this.#otherFailure !== undefined) this.#onOtherError(this.#otherFailure);
      else if (socket.destroyed) this.#onClientClose();
      else if (this.#other?.destroyed === true) this.#carry();
      else {
        if (this.#other === undefined) this.#doubt = setTimeout(() => void this.#reach(), DOUBT_MS);
        else this.#listen(this.#other);
        // Whoever takes over because of what came early has the last word about the flow.
        socket.resume();
        if (early.length > 0) this.#onClientData(Buffer.from(early));
      }
    });
  }

  check(now: number): void {
    // Once something has passed, a tunnel may be silent for as long as its ends like.
    if (this.#settle === undefined || this.#carrying || this.#early.length > 0) return;
    if (now - this.#opened <= this.#host.limits.bodyTimeout) return;
    const { code, phase, message } = new ExchangeError('REQUEST_TIMEOUT', 'tunnel', 'Neither end said anything.');
    this.#finish({ kind: 'failed', code, phase, message });
  }

  stop(): void {
    // Once something passes, only the ends know when they are done.
    if (!this.#carrying && this.#early.length === 0) this.kill();
  }

  kill(): void {
    this.#killed = true;
    this.#x.abort({ by: 'hopscope', message: 'Hopscope is stopping.' });
    this.#transport.socket.destroy();
    this.#other?.destroy();
  }

  /** Takes note of a far end that is there. */
  #watch(other: FarEnd): void {
    this.#farEnd = other;
    other.socket.on('error', this.#onOtherError);
  }

  #listen(other: Duplex): void {
    other.on('data', this.#onOtherData);
    other.on('end', this.#onEnd);
    other.on('close', this.#onOtherClose);
  }

  /** Connects to the far end, because bytes are for it or because it may be the one to speak first. */
  async #reach(): Promise<void> {
    if (this.#reaching || this.#connectLate === undefined || this.#farEnd !== undefined) return;
    this.#reaching = true;
    try {
      const other = await this.#connectLate();
      this.#reaching = false;
      if (this.#settle === undefined || this.#served) {
        other.socket.destroy();
        return;
      }
      this.#watch(other);
      if (this.#why !== undefined) this.#carry(EMPTY, this.#why);
      else this.#listen(other.socket);
    } catch (thrown) {
      this.#reaching = false;
      const { code, phase, message } = toExchangeError(thrown, 'connect');
      const fail = (): void => this.#finish({ kind: 'failed', code, phase, message });
      this.#unreachable = fail;
      if (this.#settle === undefined || this.#served) return;
      if (this.#why !== undefined) fail();
      else if (!this.#begun) this.#doubt = setTimeout(fail, LAST_WORD_MS);
    }
  }

  readonly #onClientData = (chunk: Buffer): void => {
    this.#early = this.#early.length === 0 ? chunk : Buffer.concat([this.#early, chunk]);
    if (this.#why !== undefined) {
      if (this.#early.length > MAX_EARLY) this.#transport.socket.pause();
      return;
    }
    const protocol = sniffTunnel(this.#early);
    if (protocol === 'http1' || protocol === 'h2') this.#serve(protocol);
    else if (protocol === 'tls') this.#meetTls();
    else if (protocol === undefined) this.#beInDoubt();
    else this.#carry();
  };

  /** Waits for the client to go on with what it began, for a while. */
  #beInDoubt(): void {
    if (this.#begun) return;
    this.#begun = true;
    clearTimeout(this.#doubt);
    this.#doubt = setTimeout(() => this.#carry(), DOUBT_MS);
  }

  /** Looks at what the client wants from whom, and intercepts its TLS unless that is not to be. */
  #meetTls(): void {
    const hello = parseClientHello(this.#early);
    if (hello === 'incomplete') {
      this.#beInDoubt();
      return;
    }
    if (hello === 'invalid') {
      this.#carry();
      return;
    }
    const { settings, request } = this.#x;
    const verdict = this.#host.interception.decide(settings, request.url, hello);
    if (verdict.intercept) void this.#intercept(verdict.name, hello);
    else this.#carry(EMPTY, `${verdict.why}: its TLS passes as it is.`);
  }

  /** Answers the client's TLS in the name of the host that it wants, and receives what is inside. */
  async #intercept(name: string, hello: ClientHello): Promise<void> {
    const { socket } = this.#transport;
    const { trace } = this.#x;
    const start = trace.now();
    this.#leaveToRequests();
    socket.pause();
    // Until the handshake has its own listeners, a client that leaves is found out when it is answered.
    const ignore = (): void => undefined;
    socket.on('error', ignore);
    try {
      const context = this.#host.interception.contextFor(name);
      const timeout = this.#host.limits.headTimeout;
      const secured = await secureClient(socket, { context, first: this.#early, timeout });
      const tls = clientTls(secured, hello.serverName, start, trace.now());
      trace.span('client', 'tls', start, { detail: describeTls(tls) });
      trace.note('info', 'INTERCEPTED', 'Its TLS is intercepted: the requests inside are exchanges of their own.');
      trace.tunnelled(0, 0);
      const base = this.#baseFor('https', name);
      this.#host.receive({ ...this.#transport, socket: secured, tls, base });
      this.#end(await this.#verdictOf(secured, name));
    } catch (thrown) {
      const { code, phase, message } = toExchangeError(thrown, 'tls');
      if (this.#x.aborted !== undefined) {
        this.#finish(abortedOutcome(this.#x, 'tls'));
        return;
      }
      trace.span('client', 'tls', start, { error: message });
      this.#finish({ kind: 'failed', code, phase, message });
    } finally {
      socket.off('error', ignore);
    }
  }

  /**
   * The outcome by what a client does with its new TLS: one that goes at once, and has never asked this host for anything,
   * did not like our certificate, whatever its TLS thought of it. Browsers close connections that they need no more, too.
   */
  async #verdictOf(secured: Duplex, name: string): Promise<Outcome> {
    const { interception } = this.#host;
    const { ip } = this.#transport.peer;
    const act = await firstAct(secured);
    if (act === 'asks') interception.trusted(ip, name);
    if (act !== 'leaves' || this.#killed || interception.isTrusted(ip, name)) return COMPLETED;
    const why =
      'It closed the connection right after the handshake, without a request, as clients do that pin certificates.';
    const { code, phase, message } = new ExchangeError('CERTIFICATE_REFUSED', 'tls', why);
    return { kind: 'failed', code, phase, message };
  }

  readonly #onOtherData = (chunk: Buffer): void => this.#carry(chunk);
  readonly #onEnd = (): void => this.#carry();
  readonly #onOtherError = (error: Error): void => {
    if (this.#settle === undefined) this.#otherFailure = error;
    else this.#finish({ kind: 'aborted', by: 'upstream', phase: 'tunnel', message: error.message });
  };
  readonly #onOtherClose = (): void => this.#carry();
  readonly #onClientError = (error: Error): void =>
    this.#finish({ kind: 'aborted', by: 'client', phase: 'tunnel', message: error.message });
  readonly #onClientClose = (): void => this.#finish(COMPLETED);

  /** Passes bytes both ways, uninspected, from now on, or as soon as there is a far end. */
  #carry(greeting: Uint8Array = EMPTY, why = 'Its bytes are neither HTTP nor TLS.'): void {
    if (this.#settle === undefined || this.#carrying) return;
    const other = this.#other;
    this.#why = why;
    if (other === undefined) {
      clearTimeout(this.#doubt);
      if (this.#unreachable === undefined) void this.#reach();
      else this.#unreachable();
      return;
    }
    this.#carrying = true;
    this.#forget();
    this.#x.trace.note('info', 'TUNNELLED', `Tunnelled: not inspectable, not cacheable, only counted. ${why}`);
    const before = { client: this.#early, other: greeting };
    const { socket } = this.#transport;
    const { idleTimeout } = this.#host.limits;
    const carrying = { before, start: this.#opened, patience: idleTimeout, stall: idleTimeout };
    void carryBytes(this.#x, socket, other, carrying).then((outcome) => this.#end(outcome));
  }

  /** Gives the client to whoever serves what it speaks; the exchange that asked for the tunnel is over. */
  #serve(protocol: 'http1' | 'h2'): void {
    this.#leaveToRequests();
    const base = this.#baseFor('http', this.#x.request.url.hostname);
    this.#x.trace.note('info', 'INSPECTED', 'The tunnel carries HTTP: its requests are exchanges of their own.');
    this.#x.trace.tunnelled(0, 0);
    this.#speak(protocol, { ...this.#transport, base }, this.#early);
    this.#end(COMPLETED);
  }

  /** What the client says is served from now on: the far end is not the tunnel's any more. */
  #leaveToRequests(): void {
    this.#served = true;
    this.#forget();
    const { socket, leave } = this.#farEnd ?? {};
    if (leave === undefined) socket?.destroy();
    else leave(this.#transport.socket);
  }

  /** What paths inside of the tunnel are paths of. An address that the client asked for has a better name inside of TLS. */
  #baseFor(scheme: 'http' | 'https', name: string): TargetUrl | undefined {
    const { hostname, port } = this.#x.request.url;
    if (isIP(hostname) === 0 || name === hostname) return parseAuthority(scheme, formatAddress(hostname, port), '');
    const named = parseAuthority(scheme, formatAddress(name, port), '');
    return named === undefined ? undefined : { ...named, address: hostname };
  }

  /** Stops listening to both ends. */
  #forget(): void {
    const { socket } = this.#transport;
    clearTimeout(this.#doubt);
    this.#forgetAbort?.();
    socket.off('data', this.#onClientData);
    socket.off('end', this.#onEnd);
    socket.off('error', this.#onClientError);
    socket.off('close', this.#onClientClose);
    this.#other?.off('data', this.#onOtherData);
    this.#other?.off('end', this.#onEnd);
    this.#other?.off('error', this.#onOtherError);
    this.#other?.off('close', this.#onOtherClose);
  }

  #finish(outcome: Outcome): void {
    this.#forget();
    if (this.#reaching) this.#x.abort({ by: 'client', message: 'The client left before the far end was connected.' });
    this.#transport.socket.destroy();
    this.#other?.destroy();
    this.#end(outcome);
  }

  #end(outcome: Outcome): void {
    const settle = this.#settle;
    this.#settle = undefined;
    this.#host.closed(this);
    settle?.(outcome);
  }
}

/** What a client does first in its new TLS session. */
function firstAct(secured: Duplex): Promise<'asks' | 'leaves' | 'waits'> {
  return new Promise((resolve) => {
    const settle = (act: 'asks' | 'leaves' | 'waits'): void => {
      clearTimeout(timer);
      secured.off('data', onData);
      secured.off('end', onEnd);
      secured.off('close', onEnd);
      resolve(act);
    };
    const onData = (): void => settle('asks');
    const onEnd = (): void => settle('leaves');
    const timer = setTimeout(settle, PINNING_MS, 'waits');
    timer.unref();
    secured.on('data', onData);
    secured.on('end', onEnd);
    secured.on('close', onEnd);
  });
}
