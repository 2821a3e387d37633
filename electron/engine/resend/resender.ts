import { fold } from '../../../shared/exchange-view.ts';
import type { ExchangeView } from '../../../shared/exchange-view.ts';
import { FieldNames, getHeader, withoutHeaders } from '../../../shared/headers.ts';
import type { HeaderList } from '../../../shared/headers.ts';
import { RESENDS_AT_ONCE } from '../../../shared/resend-contract.ts';
import type { ResendOrder, ResentExchange } from '../../../shared/resend-contract.ts';
import type { Settings } from '../../../shared/settings.ts';
import type { LiveExchange } from '../chain/live-exchange.ts';
import { formatUrl, parseUrl } from '../http/request-target.ts';
import type { ExchangeFactory } from '../proxy/exchange-factory.ts';
import type { Recorder } from '../trace/recorder.ts';
import type { Routed } from '../upstream/routing/router.ts';
import { BodyAgain } from './body-again.ts';
import { requestAgain } from './request-again.ts';
import type { RequestAgain } from './request-again.ts';
import { ResendError } from './resend-error.ts';

/** An answer without an end, such as an event stream's, is broken off after this long, for nobody else will. */
const LONGEST_MS = 300_000;

export interface ResenderOptions {
  readonly recorder: Recorder;
  readonly factory: ExchangeFactory;
  readonly settings: () => Settings;
  /** Says whether a request for this host and port would come to this proxy itself. */
  readonly isOwnHost: (hostname: string, port: number) => boolean;
}

/** Sends requests of recorded exchanges again, on a person's behalf, through the same chain as everybody's. */
export class Resender {
  readonly #options: ResenderOptions;
  readonly #underWay = new Map<LiveExchange, Promise<unknown>>();
  readonly #waiting: (() => void)[] = [];
  #closed = false;

  constructor(options: ResenderOptions) {
    this.#options = options;
  }

  /**
   * Begins a new exchange; resolves with it, or undefined when the other one is not known (any more).
   * @throws {ResendError}
   */
  async send({ id, edited, pastCache, untilEnded = false }: ResendOrder): Promise<ResentExchange | undefined> {
    const { recorder, factory } = this.#options;
    const events = await recorder.read(id);
    const view = events && fold(events);
    if (view === undefined) return undefined;
    const again = requestAgain(view, edited);
    await this.#place();
    const { target, host, url, route } = this.#wayOf(view, again);
    const settings = this.#options.settings();
    const length = lengthOf(again.body, view);
    const { x, ended } = factory.replay({
      parent: id,
      request: { method: again.method, target, url, version: '1.1', headers: framed(again.headers, host, length) },
      route,
      settings: pastCache ? { ...settings, cache: { ...settings.cache, mode: 'off' } } : settings,
      body: (trace) => (length === undefined ? null : new BodyAgain(length, this.#reader(again.body, id), trace)),
    });
    const tooLong = setTimeout(() => x.abort({ by: 'hopscope', message: TOO_LONG }), LONGEST_MS);
    this.#underWay.set(
      x,
      ended.finally(() => {
        clearTimeout(tooLong);
        this.#underWay.delete(x);
        this.#waiting.shift()?.();
      }),
    );
    return untilEnded ? { id: x.id, outcome: (await ended).kind } : { id: x.id };
  }

  /** Breaks off what is under way. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const x of this.#underWay.keys()) x.abort({ by: 'hopscope', message: 'Hopscope is stopping.' });
    for (const go of this.#waiting.splice(0)) go();
    await Promise.all(this.#underWay.values());
  }

  async #place(): Promise<void> {
    while (!this.#closed && this.#underWay.size >= RESENDS_AT_ONCE) {
      await new Promise<void>((go) => {
        this.#waiting.push(go);
      });
    }
    if (this.#closed) throw new ResendError('NOT_RESENDABLE', 'Hopscope is stopping.');
  }

  #reader(body: RequestAgain['body'], id: number): ConstructorParameters<typeof BodyAgain>[1] {
    if (body instanceof Uint8Array) return (offset, length) => Promise.resolve(body.subarray(offset, offset + length));
    return (offset, length) => this.#options.recorder.readBody({ id, side: 'request', offset, length });
  }

  /**
   * Where it goes. What came to Hopscope itself goes to the active upstream again, as it would if its client sent it again;
   * everything else to the host of its URL.
   */
  #wayOf(view: ExchangeView, again: RequestAgain): Way {
    const { factory, settings, isOwnHost } = this.#options;
    const url = parseUrl(again.url);
    const scheme = url?.scheme ?? 'http';
    const host = getHeader(again.headers, 'host') ?? getHeader(view.request.headers, 'host') ?? '';
    const toUs = (path: string): Way => ({ target: path, host, ...factory.route({ path }, host, scheme, settings()) });
    const path = pathToUs(view, again.url);
    const way = path === undefined ? undefined : toUs(path);
    if (way !== undefined && formatUrl(way.url) === again.url && this.#leadsToOurs(way)) return way;
    if (url === undefined) throw new ResendError('BAD_REQUEST', 'Its URL is not one that can be asked for.');
    if (isOwnHost(url.hostname, url.port)) return toUs(url.path);
    return { target: again.url, host: url.authority, ...factory.route(url, host, scheme, settings()) };
  }

  /** What came out of a tunnel has a path for a target as well, and was meant for the host that the tunnel led to. */
  #leadsToOurs({ url, route }: Way): boolean {
    const [first] = route.choices;
    if (first === undefined) return false;
    const { isOwnHost, settings } = this.#options;
    const named = isOwnHost(url.hostname, url.port) || settings().access.hosts.includes(url.hostname);
    return first.server?.origin === url.origin || named;
  }
}

interface Way extends Routed {
  /** As a client would ask Hopscope for it (RFC 9112 §3.2). */
  readonly target: string;
  /** What its Host field holds. */
  readonly host: string;
}

const TOO_LONG = 'Its answer did not end within five minutes.';

/** The path that Hopscope was asked for, with the edits of `url`, if it was asked for one and the host is still the same. */
function pathToUs({ target = '', url: recorded }: ExchangeView, url: string): string | undefined {
  if (!/^[/*]/.test(target) || !recorded.endsWith(target)) return undefined;
  // The upstream's URL may have a path of its own, which comes before.
  const before = recorded.slice(0, recorded.length - target.length);
  return url.startsWith(before) ? url.slice(before.length) : undefined;
}

function lengthOf(body: RequestAgain['body'], view: ExchangeView): number | undefined {
  if (body === null) return undefined;
  return body === 'recorded' ? view.request.body?.captured : body.length;
}

const HOST = new FieldNames(['host']);

/** The fields with those that are worked out: Host in front (RFC 9110 §7.2), Content-Length at the end. */
function framed(headers: HeaderList, host: string, length: number | undefined): string[] {
  const framing = length === undefined ? [] : ['Content-Length', String(length)];
  return ['Host', host, ...withoutHeaders(headers, HOST), ...framing];
}
