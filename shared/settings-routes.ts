import * as v from 'valibot';
import { fullBlock, isAddress, isBlock } from './address-block.ts';
import { isHostName, isHostRule } from './host-rule.ts';
import { applicationEntries } from './settings-application.ts';

const ORIGIN_URL_RULE = 'an upstream URL is http://host[:port][/path] or https://…, without user, query or fragment';
const PROXY_URL_RULE = 'a proxy URL is http://host:port, https://…, socks5://… or socks4://…, without user and path';
/** What looks like an address but is none, as 256.1.1.1, and what no name holds. */
const HOST_RULE = 'the host of this URL is neither a name nor an address';
const PATTERN_RULE = 'a pattern is host[:port][/path] or /path, where * stands for any run of characters';
const BYPASS_RULE =
  'a bypass rule is a host (* for any run of characters), .suffix, address, CIDR block, <local> or <-loopback>, with :port where only that is meant';
const DNS_HOST_RULE = 'a DNS override is for a host name, or for *.suffix';
const ADDRESS_RULE = 'an address is IPv4 or IPv6, without port';

/** Words that stand where an upstream's id may stand, so no upstream is called like them. */
export const TAKEN_IDS: ReadonlySet<string> = new Set(['demo', 'none', 'direct', 'system']);

const named = {
  id: v.pipe(
    v.string(),
    v.regex(/^[a-z0-9-]{1,40}$/, 'an upstream id has 1 to 40 of a-z, 0-9 and -'),
    v.check((id) => !TAKEN_IDS.has(id), '"demo", "none", "direct" and "system" are taken'),
  ),
  label: v.pipe(v.string(), v.trim(), v.minLength(1, 'an upstream needs a label'), v.maxLength(80)),
};

/** A server that requests are addressed to, whatever they asked for: a reverse upstream. */
const originSchema = v.object({
  /** Settings from before there were other types have none. */
  type: v.optional(v.literal('origin'), 'origin'),
  ...named,
  /** Absolute http(s) URL; a path becomes a prefix. */
  url: v.pipe(v.string(), v.check(isOriginUrl, ORIGIN_URL_RULE), v.check(hasNoWrongHost, HOST_RULE)),
  /** The Host that is sent: the origin's own, or the one the client named. */
  hostPolicy: v.optional(v.picklist(['origin', 'client']), 'origin'),
});

// RFC 1929 holds at most 255 bytes of each; Basic credentials have no colon in the user's name (RFC 7617 §2).
const secret = v.pipe(v.string(), v.maxBytes(255, 'a name and a password have at most 255 bytes each'));

/** Another proxy that requests are sent through. */
const proxySchema = v.object({
  type: v.literal('proxy'),
  ...named,
  /** `http://`, `https://` (TLS to the proxy), `socks5://` (names are resolved by the proxy) or `socks4://` (4a). */
  url: v.pipe(v.string(), v.check(isProxyUrl, PROXY_URL_RULE), v.check(hasNoWrongHost, HOST_RULE)),
  credentials: v.exactOptional(
    v.object({
      username: v.pipe(secret, v.excludes(':', 'a user name has no colon')),
      password: secret,
    }),
  ),
});

/** Proxy auto-configuration: a script that names the proxies for each URL. */
const pacSchema = v.object({
  type: v.literal('pac'),
  ...named,
  from: v.picklist(['url', 'file', 'text']),
  /** The script's URL or path, or the script itself. */
  source: v.pipe(v.string(), v.minLength(1, 'a PAC upstream needs its script'), v.maxLength(1024 * 1024)),
});

/** An application that Hopscope runs itself and hands requests to. */
const applicationSchema = v.object({ type: v.literal('application'), ...named, ...applicationEntries });

const upstreamSchema = v.variant('type', [originSchema, proxySchema, pacSchema, applicationSchema]);

const id = v.pipe(v.string(), v.maxLength(40));

/** Says whether a text is in a form that the settings know. */
type Form = (text: string) => boolean;

/** Which requests go where, apart from the default. The first route whose pattern matches counts. */
function routes(isRight: Form) {
  const route = v.strictObject({
    /** `host[:port][/path]` or `/path`; `*` stands for any run of characters, and a path without it for all below it. */
    pattern: v.pipe(v.string(), v.check(isRight, PATTERN_RULE)),
    /** `direct`, `system` or ids of upstreams, tried in order until one can be connected to. */
    targets: v.pipe(
      v.array(id),
      v.minLength(1, 'a route needs a target'),
      v.maxLength(10, 'a route has at most 10 targets'),
    ),
  });
  return v.pipe(v.array(route), v.maxLength(200, 'at most 200 routes'));
}

function bypass(isRight: Form) {
  return v.pipe(
    v.array(v.pipe(v.string(), v.trim(), v.check(isRight, BYPASS_RULE))),
    v.maxLength(500, 'at most 500 bypass rules'),
  );
}

function dns(isRight: Form) {
  const override = v.strictObject({
    host: v.pipe(v.string(), v.check(isRight, DNS_HOST_RULE)),
    /** Where connections to the host go; its name still stands in Host and SNI. */
    address: v.pipe(v.string(), v.ip(ADDRESS_RULE)),
  });
  return v.pipe(v.array(override), v.maxLength(500, 'at most 500 DNS overrides'));
}

const filePath = v.pipe(v.string(), v.minLength(1, 'a file needs a path'), v.maxLength(4096));

function host(isRight: Form) {
  return v.pipe(
    v.string(),
    v.check(
      isRight,
      'a host is a name or an address, * for any run of characters, with :port where only that is meant',
    ),
  );
}

function insecureHosts(isRight: Form) {
  return v.pipe(v.array(host(isRight)), v.maxLength(200));
}

function clientCertificates(isRight: Form) {
  const certificate = v.strictObject({ host: host(isRight), file: filePath, passphrase: v.exactOptional(secret) });
  return v.pipe(v.array(certificate), v.maxLength(100));
}

/** What each setting about where requests go may be, without its default. */
export const routingEntries = {
  upstreams: v.pipe(
    v.array(upstreamSchema),
    v.maxLength(100),
    v.check((list) => new Set(list.map((one) => one.id)).size === list.length, 'two upstreams have the same id'),
  ),
  /** Where requests to Hopscope itself go: `demo` for the built-in site, an origin's id, or `none` for a help page. */
  activeUpstream: v.string(),
  /** How requests that name their destination get there: `direct`, `system`, or the id of a proxy or PAC upstream. */
  forwardTo: id,
  routes: routes(isRoutePattern),
  /** Hosts that are reached directly instead of through `forwardTo`. */
  bypass: bypass(isBypassRule),
  dns: dns(isDnsName),
};

/** How origins prove who they are, how Hopscope does, and what is spoken then. */
export const originTlsEntries = {
  /** Whether origins are offered HTTP/2. */
  http2: v.boolean(),
  /** Hosts whose certificates are not verified. */
  insecureHosts: insecureHosts(isHostAndPortRule),
  /** PEM files with certificate authorities to trust besides the usual ones. */
  extraCaFiles: v.pipe(v.array(filePath), v.maxLength(50)),
  /** A certificate with its key for each host that asks for one: PEM, or PKCS #12 (.p12, .pfx). */
  clientCertificates: clientCertificates(isHostAndPortRule),
};

/**
 * The routing settings and their defaults, to be composed with the others. Lists are read with all that earlier versions
 * let through, too: a rule for no host does nothing, and must not cost the other settings.
 */
export const routingSettings = {
  upstreams: v.optional(routingEntries.upstreams, []),
  activeUpstream: v.optional(routingEntries.activeUpstream, 'demo'),
  forwardTo: v.optional(routingEntries.forwardTo, 'direct'),
  routes: v.optional(routes(isSavedPattern), []),
  bypass: v.optional(bypass(isSavedBypassRule), []),
  dns: v.optional(dns(isSavedDnsHost), []),
  originTls: v.optional(
    v.object({
      http2: v.optional(originTlsEntries.http2, true),
      insecureHosts: v.optional(insecureHosts(isSavedHostPattern), []),
      extraCaFiles: v.optional(originTlsEntries.extraCaFiles, []),
      clientCertificates: v.optional(clientCertificates(isSavedHostPattern), []),
    }),
    {},
  ),
};

export type Upstream = v.InferOutput<typeof upstreamSchema>;
/** An upstream as it may be given: an origin needs neither its type nor its Host policy. */
export type UpstreamInput = v.InferInput<typeof upstreamSchema>;
export type OriginUpstream = Extract<Upstream, { type: 'origin' }>;
export type ProxyUpstream = Extract<Upstream, { type: 'proxy' }>;
export type ApplicationUpstream = Extract<Upstream, { type: 'application' }>;
export type PacUpstream = Extract<Upstream, { type: 'pac' }>;
export type RouteRule = v.InferOutput<typeof routingEntries.routes>[number];

/** The routing settings as a whole, as far as their parts refer to each other. */
interface References {
  readonly upstreams: readonly Upstream[];
  readonly activeUpstream: string;
  readonly forwardTo: string;
  readonly routes: readonly RouteRule[];
}

/** What is wrong with the ids that settings refer to, in one line; undefined when nothing is. */
export function danglingReference({ upstreams, activeUpstream, forwardTo, routes }: References): string | undefined {
  const types = new Map(upstreams.map((upstream) => [upstream.id, upstream.type]));
  if (activeUpstream !== 'demo' && activeUpstream !== 'none') {
    const type = types.get(activeUpstream);
    if (type === undefined) return 'activeUpstream is none of the upstreams';
    if (type === 'proxy' || type === 'pac')
      return `activeUpstream is a ${type}; it must be a server to send requests to`;
  }
  if (forwardTo !== 'direct' && forwardTo !== 'system') {
    const type = types.get(forwardTo);
    if (type === undefined) return 'forwardTo is none of the upstreams';
    if (type !== 'proxy' && type !== 'pac') return `forwardTo is an ${type}; it must be a way to get to any server`;
  }
  for (const { pattern, targets } of routes) {
    const unknown = targets.find((target) => target !== 'direct' && target !== 'system' && !types.has(target));
    if (unknown !== undefined) return `the route ${pattern} leads to ${unknown}, which is none of the upstreams`;
  }
  return undefined;
}

const HOST = /^(?:\[[0-9a-f:.]+\]|[^\s/?#@:[\]]+)$/i;

/** Says whether `text` can be an upstream's URL: absolute, http or https, and nothing but host, port and path. */
export function isOriginUrl(text: string): boolean {
  const match = /^https?:\/\/([^/?#]*)(?:\/[^\s?#]*)?$/i.exec(text);
  return match !== null && isHostAndPort(match[1] ?? '');
}

function isProxyUrl(text: string): boolean {
  const match = /^(?:https?|socks5|socks4):\/\/([^/?#]*)\/?$/i.exec(text);
  return match !== null && isHostAndPort(match[1] ?? '');
}

// Both sides have it: what settings let through must not throw where it is read.
declare const URL: { canParse(url: string): boolean };

/** True also for what is told of otherwise already: what is no URL of these schemes at all. */
function hasNoWrongHost(url: string): boolean {
  // WHATWG does not know that SOCKS has hosts.
  return (!isOriginUrl(url) && !isProxyUrl(url)) || URL.canParse(url.replace(/^socks[45]:/i, 'http:'));
}

function isHostAndPort(text: string): boolean {
  const match = /^(.*?)(?::(\d{1,5}))?$/.exec(text);
  if (match === null || !HOST.test(match[1] ?? '')) return false;
  const port = match[2];
  return port === undefined || (Number(port) >= 1 && Number(port) <= 65_535);
}

function isRoutePattern(text: string): boolean {
  const [host = ''] = text.split('/', 1);
  return isSavedPattern(text) && (host === '' || isHostAndPortRule(host));
}

function isHostAndPortRule(text: string): boolean {
  return isHostRule(text, { port: true });
}

function isBypassRule(text: string): boolean {
  return isHostRule(text, { suffix: true, block: true, port: true, words: ['<local>', '<-loopback>'] });
}

/** Addresses are not looked up. */
function isDnsName(text: string): boolean {
  return isSavedDnsHost(text) && isHostName(text.replace(/^\*\./, '')) && !isAddress(text);
}

function isSavedPattern(text: string): boolean {
  if (text.length > 2_000) return false;
  const match = /^([^\s/?#]*)(\/\S*)?$/.exec(text);
  if (match === null) return false;
  const host = match[1] ?? '';
  return host === '' ? match[2] !== undefined : isHostAndPort(host);
}

function isSavedHostPattern(text: string): boolean {
  return text.length <= 300 && (isHostAndPort(text) || isAddress(text));
}

function isSavedDnsHost(text: string): boolean {
  return /^(?:\*\.)?[^\s/?#@:[\]*]{1,255}$/.test(text);
}

function isSavedBypassRule(text: string): boolean {
  if (/^<(?:local|-loopback)>$/i.test(text)) return true;
  if (/^[[\]0-9a-f:.]+\/\d+$/i.test(text)) return isBlock(fullBlock(text.replace(/[[\]]/g, '')));
  return text.length <= 300 && (isHostAndPort(text) || isAddress(text));
}
