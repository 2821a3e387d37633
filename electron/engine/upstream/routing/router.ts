import type { Settings } from '../../../../shared/settings.ts';
import type { OriginForm, TargetUrl } from '../../http/request-target.ts';
import { isAtOrBelow, parseAuthority } from '../../http/request-target.ts';
import type { BypassList } from './bypass-list.ts';
import { compileBypassList } from './bypass-list.ts';
import { compileUpstreams } from './compile-upstreams.ts';
import { isLoopbackHost } from '../../../../shared/loopback.ts';
import type { Choice, OriginServer, Route, Via } from './route.ts';
import { DIRECT_ROUTE, NO_ROUTE, VIA_DIRECT } from './route.ts';
import type { UrlMatcher } from './url-pattern.ts';
import { compileUrlPattern } from './url-pattern.ts';

/** A request's URL, as it is shown, cached and asked for, and where the request is sent. */
export interface Routed {
  readonly url: TargetUrl;
  readonly route: Route;
}

/** Decides where requests go. Pure: the same target and settings give the same route. */
export interface Router {
  /**
   * @param host the client's Host field, for targets that do not name an origin; empty when it has none
   * @param scheme what the request came over, for the same targets (RFC 9110 §7.1, RFC 9112 §3.3)
   */
  route(target: TargetUrl | OriginForm, host: string, scheme?: TargetUrl['scheme']): Routed;
}

interface Rule {
  readonly matches: UrlMatcher;
  /** Whether some path of this host can be meant. */
  readonly matchesHost: (hostname: string, port: number) => boolean;
  readonly route: Route;
}

/** Prepares the settings' routes, once for each change of them. */
export function compileRouter(settings: Settings, demoUrl: string | undefined): Router {
  const upstreams = compileUpstreams(settings, demoUrl);
  const rules = compileRules(settings, upstreams);
  const toServers = rules.flatMap(onlyToServers);
  const mounts = compileMounts(upstreams.values());
  const active = upstreams.get(settings.activeUpstream);
  const forward = forwardRoute(settings, upstreams);
  const bypass = forward === DIRECT_ROUTE ? undefined : compileBypassList(settings.bypass);
  const withBypass = (url: TargetUrl, route: Route): Routed => {
    return { url, route: bypass === undefined ? route : applyBypass(url, route, bypass) };
  };
  const reverse: Route =
    active === undefined || active.application?.mount
      ? NO_ROUTE
      : { kind: 'reverse', reason: 'activeUpstream', choices: [active] };
  const hostMatters =
    toServers.length > 0 || mounts.length > 0 || active?.server === undefined || active.server.hostPolicy === 'client';
  return {
    route(target, host, scheme = 'http') {
      if ('scheme' in target) {
        const rule = find(rules, target);
        const routed = withBypass(rule === undefined ? target : urlFor(rule, target), rule ?? forward);
        return isDiverted(rules, target) ? { ...routed, route: { ...routed.route, diverted: true } } : routed;
      }
      const known = hostMatters ? parseAuthority(scheme, host, target.path) : undefined;
      const named = known ?? nowhere(target.path, scheme);
      // A target without an origin names no place to be forwarded to, so only routes to servers of ours can take it.
      const route = find(toServers, named) ?? findMount(mounts, target.path) ?? reverse;
      return withBypass(urlFor(route, named), route);
    },
  };
}

function compileRules(settings: Settings, upstreams: ReadonlyMap<string, Choice>): Rule[] {
  return settings.routes.map(({ pattern, targets }) => {
    const choices = targets.map((target) => upstreams.get(target)).filter((choice) => choice !== undefined);
    const kind = choices.some(isOurs) ? 'reverse' : 'forward';
    const hostPattern = compileUrlPattern(pattern.split('/', 1)[0] || '*');
    return {
      matches: compileUrlPattern(pattern),
      matchesHost: (hostname, port) => hostPattern(hostname, port, ''),
      route: { kind, reason: pattern, choices },
    };
  });
}

/** A rule as it is for requests that name no place to be forwarded to. */
function onlyToServers(rule: Rule): Rule[] {
  const choices = rule.route.choices.filter(isOurs);
  return choices.length === 0 ? [] : [{ ...rule, route: { ...rule.route, choices } }];
}

/** A choice that needs no origin in the target. */
function isOurs({ server, application }: Choice): boolean {
  return server !== undefined || application !== undefined;
}

/** The applications that have a path of their own, which they answer whatever upstream is active. Longest first. */
function compileMounts(upstreams: Iterable<Choice>): readonly { readonly mount: string; readonly route: Route }[] {
  return [...upstreams]
    .flatMap((choice) => {
      const mount = choice.application?.mount ?? '';
      return mount === '' ? [] : [{ mount, route: { kind: 'reverse', reason: 'mount', choices: [choice] } as const }];
    })
    .sort((a, b) => b.mount.length - a.mount.length);
}

function findMount(mounts: ReturnType<typeof compileMounts>, path: string): Route | undefined {
  for (const { mount, route } of mounts) if (isAtOrBelow(path, mount)) return route;
  return undefined;
}

/** Whether what comes out of a tunnel to `target` may go to servers of ours. */
function isDiverted(rules: readonly Rule[], { hostname, port, path }: TargetUrl): boolean {
  return path === '' && rules.some(({ route, matchesHost }) => route.kind === 'reverse' && matchesHost(hostname, port));
}

function forwardRoute({ forwardTo }: Settings, upstreams: ReadonlyMap<string, Choice>): Route {
  const choice = upstreams.get(forwardTo);
  if (choice === undefined || choice.via.type === 'direct') return DIRECT_ROUTE;
  return { kind: 'forward', reason: 'forwardTo', choices: [choice] };
}

/** The first rule for `url`. A tunnel cannot be sent to another kind of server, because its bytes are not ours to read. */
function find(rules: readonly Rule[], url: TargetUrl): Route | undefined {
  const tunnel = url.path === '';
  for (const { matches, route } of rules) {
    if (tunnel && route.kind === 'reverse') continue;
    if (matches(url.hostname, url.port, url.path)) return route;
  }
  return undefined;
}

/** What is asked of the route's server: its own URL, or the client's where its Host is kept. */
function urlFor({ choices }: Route, named: TargetUrl): TargetUrl {
  const server = choices[0]?.server;
  if (server === undefined || keepsHost(server, named)) return named;
  const { scheme, hostname, port, authority, origin } = server;
  return { scheme, hostname, port, authority, origin, path: pathOn(server, named.path) };
}

function keepsHost(server: OriginServer, named: TargetUrl): boolean {
  return server.hostPolicy === 'client' && named.hostname !== '' && named.origin !== server.origin;
}

function pathOn(server: OriginServer, path: string): string {
  return path === '*' ? path : server.prefix + path;
}

/** The path that `choice`, one of the route's, is asked for on behalf of `url`, which the route's first choice was made into. */
export function pathFor(choice: Choice, { choices }: Route, url: TargetUrl): string {
  const first = choices[0]?.server;
  if (choice.server === first && first?.hostPolicy !== 'client') return url.path;
  const asked = first?.origin === url.origin && url.path !== '*' ? url.path.slice(first.prefix.length) : url.path;
  return choice.server === undefined ? asked : pathOn(choice.server, asked);
}

/** Takes the way that `forwardTo` names from what is to be reached directly. */
function applyBypass(url: TargetUrl, route: Route, bypass: BypassList): Route {
  const choices = route.choices.map((choice) => {
    if (choice.via === VIA_DIRECT || (choice.server === undefined && route.reason !== 'forwardTo')) return choice;
    const { hostname, port } = choice.server ?? url;
    const near = bypass.matches(hostname, port) || (!bypass.includesLoopback && isOutOfReach(choice.via, hostname));
    if (!near) return choice;
    return { ...choice, upstream: choice.server === undefined ? 'direct' : choice.upstream, via: VIA_DIRECT };
  });
  const changed = choices.some((choice, index) => choice !== route.choices[index]);
  return changed ? { ...route, reason: 'bypass', choices } : route;
}

/** This machine's loopback means another machine to a proxy that runs there. */
function isOutOfReach(via: Via, hostname: string): boolean {
  return via.type === 'proxy' && isLoopbackHost(hostname) && !isLoopbackHost(via.proxy.hostname);
}

/** The URL of a request that names no origin and has none of ours to go to. */
export function nowhere(path: string, scheme: TargetUrl['scheme'] = 'http'): TargetUrl {
  return { scheme, hostname: '', port: scheme === 'http' ? 80 : 443, authority: '', origin: `${scheme}://`, path };
}
