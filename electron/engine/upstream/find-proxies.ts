import type { Exchange } from '../chain/exchange.ts';
import { upstreamError } from './upstream-error.ts';
import { PacResolver } from './pac/pac-resolver.ts';
import { isLoopbackHost } from '../../../shared/loopback.ts';
import type { Choice, ProxyServer } from './routing/route.ts';
import { readSystemProxy } from './system-proxy/read-system-proxy.ts';
import type { SystemProxySettings } from './system-proxy/system-settings.ts';
import type { PacUpstream } from '../../../shared/settings-routes.ts';
import type { ProxyList } from './routing/proxy-list.ts';

const DIRECTLY: ProxyList = [undefined];
/** How long the system's settings are used before they are read again. */
const SYSTEM_AGE_MS = 10_000;

/** Finds out which proxies a way leads through, where that is more than the settings say. */
export class ProxyFinder {
  readonly #pac = new PacResolver();
  readonly #isOwnHost: (hostname: string, port: number) => boolean;
  #system: { readonly settings: Promise<SystemProxySettings | undefined>; readonly until: number } | undefined;

  /** @param isOwnHost whether an address is our own, as it is in the system's settings while they name us. */
  constructor(isOwnHost: (hostname: string, port: number) => boolean) {
    this.#isOwnHost = isOwnHost;
  }

  /** The proxies for the exchange's URL, in the order to try them. What decided becomes a span. */
  async find({ via, server: named }: Choice, x: Exchange): Promise<ProxyList> {
    if (via.type === 'direct') return DIRECTLY;
    if (via.type === 'proxy') return [via.proxy];
    const server = named ?? x.request.url;
    const proxies = await (via.type === 'pac' ? this.#askPac(via.pac, x) : this.#askSystemPastUs(x));
    // This machine's loopback means another machine to a proxy that runs there.
    const isHere = isLoopbackHost(server.hostname) && !x.settings.bypass.includes('<-loopback>');
    return isHere
      ? proxies.map((proxy) => (proxy === undefined || isLoopbackHost(proxy.hostname) ? proxy : undefined))
      : proxies;
  }

  /** Ends what runs to find proxies. */
  close(): void {
    this.#pac.close();
  }

  async #askPac(pac: PacUpstream, x: Exchange): Promise<ProxyList> {
    const { trace, route, request } = x;
    const start = trace.now();
    try {
      const server = route.choices.find(({ via }) => via.type === 'pac' && via.pac === pac)?.server;
      const { text, proxies } = await this.#pac.find(
        pac,
        server === undefined ? request.url : { ...request.url, ...server },
      );
      trace.span('upstream', 'pac', start, { detail: text === '' ? 'no answer: DIRECT' : text });
      return proxies;
    } catch (error) {
      // Browsers go directly when a script fails, and so does whoever wrote it expect.
      const { message } = upstreamError(error, 'pac');
      trace.span('upstream', 'pac', start, { error: message });
      trace.note('warning', 'PAC_FAILED', `${message} The request goes directly.`);
      return DIRECTLY;
    }
  }

  /** What the system says for the case that we are not there: its settings may lead here first. */
  async #askSystemPastUs(x: Exchange): Promise<ProxyList> {
    const proxies = await this.#askSystem(x);
    const others = proxies.filter((proxy) => proxy === undefined || !this.#isOwnHost(proxy.hostname, proxy.port));
    return others.length === 0 ? DIRECTLY : others;
  }

  async #askSystem(x: Exchange): Promise<ProxyList> {
    const { url } = x.request;
    const found = await this.#systemSettings();
    if (found === undefined || found.bypass.matches(url.hostname, url.port)) return DIRECTLY;
    const { pacUrl } = found;
    if (pacUrl !== undefined) {
      return this.#askPac({ type: 'pac', id: 'system', label: "The system's script", from: 'url', source: pacUrl }, x);
    }
    const isTunnel = x.request.method === 'CONNECT' || url.scheme === 'https';
    const proxy: ProxyServer | undefined = (isTunnel ? found.https : found.http) ?? found.other;
    return [proxy];
  }

  #systemSettings(): Promise<SystemProxySettings | undefined> {
    const now = performance.now();
    if (this.#system === undefined || this.#system.until < now) {
      this.#system = { settings: readSystemProxy(), until: now + SYSTEM_AGE_MS };
    }
    return this.#system.settings;
  }
}
