import { createHash } from 'node:crypto';
import { basename, resolve } from 'node:path';
import type { ApplicationUpstream, OriginUpstream, ProxyUpstream } from '../../../../shared/settings-routes.ts';
import type { Settings } from '../../../../shared/settings.ts';
import { parseAuthority } from '../../http/request-target.ts';
import type { Choice, OriginServer, ProxyServer, Via } from './route.ts';
import { VIA_DIRECT } from './route.ts';

const USUAL_PORTS = { http: 80, https: 443, socks5: 1080, socks4: 1080 } as const;

/** Every target that a route can name, by id, and the demo site where there is one. */
export function compileUpstreams(settings: Settings, demoUrl: string | undefined): ReadonlyMap<string, Choice> {
  const choices = new Map<string, Choice>([
    ['direct', { upstream: 'direct', via: VIA_DIRECT }],
    ['system', { upstream: 'system', via: { type: 'system' } }],
  ]);
  for (const upstream of settings.upstreams) {
    const { id } = upstream;
    if (upstream.type === 'proxy')
      choices.set(id, { upstream: id, via: { type: 'proxy', proxy: proxyServer(upstream) } });
    else if (upstream.type === 'pac') choices.set(id, { upstream: id, via: { type: 'pac', pac: upstream } });
  }
  const forward = choices.get(settings.forwardTo)?.via ?? VIA_DIRECT;
  for (const upstream of settings.upstreams) {
    if (upstream.type === 'application') {
      choices.set(upstream.id, applicationChoice(upstream));
    }
    if (upstream.type === 'origin') choices.set(upstream.id, originChoice(upstream, forward));
  }
  if (demoUrl !== undefined) {
    choices.set('demo', originChoice({ id: 'demo', url: demoUrl, hostPolicy: 'origin' }, VIA_DIRECT));
  }
  return choices;
}

function originChoice({ id, url, hostPolicy }: Pick<OriginUpstream, 'id' | 'url' | 'hostPolicy'>, via: Via): Choice {
  const server = originServer(url, hostPolicy);
  if (server === undefined) return { upstream: id, via };
  return { upstream: id, server, place: server.origin + server.prefix, via };
}

function applicationChoice({ id, timeout, ...upstream }: ApplicationUpstream): Choice {
  const mount = upstream.mount === '/' ? '' : upstream.mount;
  const place = placeOfApplication({ ...upstream, mount });
  return { upstream: id, application: { id, mount, timeout }, place, via: VIA_DIRECT };
}

/** Names what runs, not the upstream: a stored response outlives an id, and another application may get the same one. */
function placeOfApplication({
  kind,
  module,
  directory,
  mount,
  env,
}: Omit<ApplicationUpstream, 'id' | 'timeout'>): string {
  const facts = JSON.stringify([kind, module, resolve(directory), mount, env]);
  // Clients see keys in Cache-Status, but need not see folders and variables.
  const digest = createHash('sha256').update(facts).digest('hex').slice(0, 12);
  return `${encodeURI(basename(module) + mount)}~${digest}`;
}

function originServer(text: string, hostPolicy: OriginUpstream['hostPolicy']): OriginServer | undefined {
  const { protocol, host, pathname } = new URL(text);
  const parsed = parseAuthority(protocol === 'https:' ? 'https' : 'http', host, '');
  if (parsed === undefined) return undefined;
  const { scheme, hostname, port, authority, origin } = parsed;
  return { scheme, hostname, port, authority, origin, prefix: pathname.replace(/\/$/, ''), hostPolicy };
}

function proxyServer({ url, credentials }: ProxyUpstream): ProxyServer {
  const protocol = url.slice(0, url.indexOf(':')).toLowerCase() as ProxyServer['protocol'];
  // Schemes that WHATWG does not know have opaque hosts: http stands in to have names and addresses normalised.
  const { hostname, port } = new URL(url.replace(/^[a-z0-9]+:/i, protocol === 'https' ? 'https:' : 'http:'));
  const known = { protocol, hostname: hostname.replace(/^\[|\]$/g, ''), port: portOf(url, protocol, port) };
  const label = `${protocol}://${hostname}:${known.port}`;
  return credentials === undefined ? { ...known, label } : { ...known, credentials, label };
}

/** The port as written: 80 is not the usual one of a SOCKS proxy, but WHATWG drops it for http. */
function portOf(url: string, protocol: ProxyServer['protocol'], parsed: string): number {
  if (parsed !== '') return Number(parsed);
  const written = /:(\d+)\/?$/.exec(url)?.[1];
  return written === undefined ? USUAL_PORTS[protocol] : Number(written);
}
