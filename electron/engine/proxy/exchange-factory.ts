import { getHeader } from '../../../shared/headers.ts';
import type { HeaderList } from '../../../shared/headers.ts';
import type { Settings } from '../../../shared/settings.ts';
import type { ExchangeKind, Outcome } from '../../../shared/trace-event.ts';
import type { AccessPolicy } from '../access/access-policy.ts';
import { admission, maskCredentials, refusing, withoutCredentials } from '../access/admission.ts';
import { foreignHost } from '../access/foreign-host.ts';
import type { ExchangeTrace } from '../chain/exchange-trace.ts';
import type { Exchange, RequestBody, RequestHead } from '../chain/exchange.ts';
import type { Chain, Handler } from '../chain/handler.ts';
import type { ExchangeOrigin } from '../chain/live-exchange.ts';
import { LiveExchange } from '../chain/live-exchange.ts';
import type { Delivery } from '../chain/run-exchange.ts';
import { runExchange } from '../chain/run-exchange.ts';
import { ExchangeError } from '../errors.ts';
import type { Malformed } from '../http/request-head.ts';
import type { OriginForm, TargetUrl } from '../http/request-target.ts';
import { formatUrl } from '../http/request-target.ts';
import { readUpgrade } from '../http/upgrade.ts';
import type { ExchangeStart, Recorder } from '../trace/recorder.ts';
import { describeTls } from '../tls/secure-client.ts';
import type { Route } from '../upstream/routing/route.ts';
import { NO_ROUTE } from '../upstream/routing/route.ts';
import type { Routed, Router } from '../upstream/routing/router.ts';
import { compileRouter, nowhere } from '../upstream/routing/router.ts';
import { backgroundDelivery } from './background-delivery.ts';
import type { Arrival, RequestSource, TlsAttempt } from './client-connection.ts';
import { RequestReader } from './request-reader.ts';

/** What every exchange is made from. */
export interface FactoryOptions {
  /** What an exchange goes through, as the settings are at the moment. */
  chainFor(x: Exchange): Chain;
  readonly recorder: Recorder;
  readonly stuckAfter: number;
  settings(): Settings;
  readonly demoUrl: string | undefined;
  /** Who may use the proxy; undefined when everyone may. */
  access(): AccessPolicy | undefined;
}

/** A request that a person has sent again. */
export interface Replay {
  /** The exchange that it repeats. */
  readonly parent: number;
  readonly request: RequestHead;
  readonly route: Route;
  readonly settings: Settings;
  /** Reads the body to be sent, and reports to the trace what is read; null without one. */
  readonly body: (trace: ExchangeTrace) => RequestBody | null;
}

/** Turns what arrives on connections into exchanges and runs them. */
export class ExchangeFactory {
  readonly #options: FactoryOptions;
  /** What goes before the chain of an exchange. */
  readonly #first = new WeakMap<LiveExchange, Handler>();
  #router: { readonly settings: Settings; readonly router: Router } | undefined;

  constructor(options: FactoryOptions) {
    this.#options = options;
  }

  open(arrival: Arrival): { x: LiveExchange; reader: RequestReader | undefined } {
    const { head, framing, source } = arrival;
    const settings = this.#options.settings();
    const { url, route } = this.#resolve(arrival, settings);
    const { method, target, version } = head;
    const { peer, admitted, base } = arrival.transport;
    const access = this.#options.access();
    const reverse = base === undefined && !('scheme' in arrival.target);
    const headers = withoutCredentials(head.headers, access?.wantsLogin === true && !admitted, reverse);
    const wish = readUpgrade(head);
    const upgrade = wish?.upgrade;
    const { protocol } = arrival;
    const plain: RequestHead = { method, target, url, version, headers };
    const request =
      upgrade !== undefined ? { ...plain, upgrade } : protocol !== undefined ? { ...plain, protocol } : plain;
    const kind: ExchangeKind = upgrade?.websocket === true ? 'websocket' : method === 'CONNECT' ? 'tunnel' : 'http';
    const trace = this.#begin(kind, arrival, kind === 'tunnel' ? url.authority : formatUrl(url));
    trace.requestHead(target, maskCredentials(head.headers, headers));
    trace.span('client', 'accept', arrival.start);
    if (wish?.dropped !== undefined) trace.note('info', 'UPGRADE_DROPPED', `Upgrade is ignored: ${wish.dropped}.`);
    const reader =
      framing.kind === 'none'
        ? undefined
        : new RequestReader(framing, trace, {
            pause: () => source.pauseBody(),
            resume: () => source.resumeBody(),
            wanted: () => source.bodyWanted(),
          });
    const origin = this.#originOf(source);
    const body = reader ?? null;
    const client = peer.address;
    const x = new LiveExchange({ request, body, client, route, settings, trace, purpose: 'client' }, origin);
    const first = this.#firstFor(arrival, reverse, settings);
    if (first !== undefined) this.#first.set(x, first);
    return { x, reader };
  }

  /** What must look at the request before everything else; undefined when nothing must. */
  #firstFor({ head, transport }: Arrival, reverse: boolean, settings: Settings): Handler | undefined {
    const { peer, admitted } = transport;
    const access = this.#options.access();
    if (reverse && access?.wantsLogin !== true) {
      const foreign = foreignHost(head.headers, peer, settings);
      if (foreign !== undefined) {
        const help = `Is ${foreign} a name of this machine? Then add it to access.hosts in the settings.`;
        return refusing(new ExchangeError('FOREIGN_HOST', 'access', help));
      }
    }
    return access && admission(access, { peer, headers: head.headers, admitted, reverse });
  }

  openMalformed(arrival: Omit<Arrival, 'framing' | 'target' | 'source'>, malformed: Malformed): LiveExchange {
    const { head } = arrival;
    const trace = this.#begin('malformed', arrival, head.target);
    const headers = withoutCredentials(head.headers, false, false);
    if (head.headers.length > 0) trace.requestHead(head.target, maskCredentials(head.headers, headers));
    trace.span('client', 'accept', arrival.start, { error: malformed.detail });
    const request: RequestHead = { ...head, headers, url: nowhere('/') };
    const settings = this.#options.settings();
    const client = arrival.transport.peer.address;
    const facts = { request, body: null, client, route: NO_ROUTE, settings, trace, purpose: 'client' } as const;
    const x = new LiveExchange(facts, NO_ORIGIN);
    const error = new ExchangeError(malformed.error, 'accept', malformed.detail);
    this.#first.set(x, refusal(error));
    return x;
  }

  /** Records a TLS handshake that failed before there could be a request. */
  tlsFailed({ transport, serverName = '', start }: TlsAttempt, error: ExchangeError): void {
    const { peer } = transport;
    const trace = this.#options.recorder.begin({
      ...{ kind: 'malformed', method: 'TLS', url: serverName, version: '', client: peer.address },
      ...{ connection: peer.id, nth: ++peer.requests, at: start },
    });
    const { code, phase, message } = error;
    trace.span('client', 'tls', start, { error: message });
    trace.finished({ kind: 'failed', code, phase, message });
  }

  run(x: LiveExchange, delivery: Delivery): Promise<Outcome> {
    const chain = this.#options.chainFor(x);
    const first = this.#first.get(x);
    return runExchange(first === undefined ? chain : [first, ...chain], x, delivery, this.#options);
  }

  #originOf(source: RequestSource): ExchangeOrigin {
    return {
      inform: (status, headers) => source.inform(status, headers),
      drop: () => source.drop(),
      spawn: (parent, purpose, request) => this.#spawn(parent, purpose, request),
    };
  }

  #spawn(parent: Exchange, purpose: 'revalidation', request: RequestHead): void {
    const { recorder } = this.#options;
    const trace = recorder.begin(startWithoutClient(request, parent.id));
    trace.requestHead(request.target, request.headers);
    const { route, settings } = parent;
    const facts = { request, body: null, client: NO_CLIENT, route, settings, trace, purpose } as const;
    const x = new LiveExchange(facts, this.#background());
    void this.run(x, backgroundDelivery(x));
  }

  /**
   * Sends a request again. The chain takes it for a client's, but there is no client that its answer could go to.
   * @returns the exchange, and what resolves when it is over
   */
  replay({ parent, request, route, settings, body }: Replay): {
    readonly x: LiveExchange;
    readonly ended: Promise<Outcome>;
  } {
    const trace = this.#options.recorder.begin({ ...startWithoutClient(request, parent), replay: true });
    trace.requestHead(request.target, request.headers);
    const facts = { request, body: body(trace), client: NO_CLIENT, route, settings, trace, purpose: 'client' } as const;
    const inform = (status: number, headers: HeaderList): void => trace.informational(status, headers);
    const x = new LiveExchange(facts, { ...this.#background(), inform });
    return { x, ended: this.run(x, backgroundDelivery(x)) };
  }

  #background(): ExchangeOrigin {
    return { ...NO_ORIGIN, spawn: (parent, purpose, request) => this.#spawn(parent, purpose, request) };
  }

  #begin(kind: ExchangeKind, arrival: Omit<Arrival, 'framing' | 'target' | 'source'>, url: string): Exchange['trace'] {
    const { nth, start, head } = arrival;
    const { id: connection, address: client } = arrival.transport.peer;
    const trace = this.#options.recorder.begin({
      kind,
      method: head.method,
      url,
      version: arrival.protocol ?? `HTTP/${head.version}`,
      client,
      connection,
      nth,
      at: start,
    });
    const { tls } = arrival.transport;
    if (tls === undefined) return trace;
    trace.clientSecured(tls);
    // TLS on the port itself has no exchange of its own, as TLS in a tunnel has.
    if (nth === 1) trace.span('client', 'tls', tls.start, { end: tls.end, detail: describeTls(tls) });
    return trace;
  }

  /** Where a request goes; see {@link Router.route}. */
  route(target: TargetUrl | OriginForm, host: string, scheme: TargetUrl['scheme'], settings: Settings): Routed {
    if (this.#router?.settings !== settings) {
      this.#router = { settings, router: compileRouter(settings, this.#options.demoUrl) };
    }
    return this.#router.router.route(target, host, scheme);
  }

  #resolve({ target, head, transport }: Arrival, settings: Settings): Routed {
    const { base, tls } = transport;
    const whole = base === undefined || 'scheme' in target ? target : { ...base, path: target.path };
    const scheme = tls === undefined ? 'http' : 'https';
    return this.route(whole, getHeader(head.headers, 'host') ?? '', scheme, settings);
  }
}

/** Stands where the address of a client would. */
const NO_CLIENT = 'Hopscope';

function startWithoutClient(request: RequestHead, parent: number): ExchangeStart {
  return {
    ...{ kind: 'http', method: request.method, url: formatUrl(request.url), version: 'HTTP/1.1' },
    ...{ client: NO_CLIENT, connection: 0, nth: 0, parent },
  };
}

const NO_ORIGIN: ExchangeOrigin = { inform: () => undefined, drop: () => undefined, spawn: () => undefined };

function refusal(error: ExchangeError): Handler {
  return { name: 'parser', handle: () => Promise.reject(error) };
}
