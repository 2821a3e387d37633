/** What a person reads about a setting, and the flag that sets it for one run. */
export interface SettingFacts {
  readonly title: string;
  /** What it does, in a sentence: on the page of settings, and as the help of its flag. */
  readonly about: string;
  /** Its flag with what it takes, as `--help` shows it. */
  readonly flag: string;
  /** What a number counts, where that is not things. */
  readonly unit?: 'bytes' | 'milliseconds' | 'seconds';
  /** The page on which it is edited, for what is more than a value or a list of texts. */
  readonly page?: 'cacheRules' | 'rules' | 'routing';
  /** It counts from the next start on. */
  readonly atStart?: true;
}

/**
 * Every setting by its path in the schema (settings.ts): the one source of the page of settings and of the flags. A setting of the
 * schema that is not here does not compile (settings-list.ts).
 */
export const SETTING_FACTS = {
  'cache.mode': {
    title: 'Cache mode',
    about:
      'Which requests the cache answers: none, by RFC 9111 as a shared or a private cache, or from what is stored whatever it says.',
    flag: '--cache <mode>',
  },
  'cache.store': {
    title: 'Where responses are stored',
    about: 'On disk they outlast a run; in memory they go with it.',
    flag: '--cache-store <place>',
    atStart: true,
  },
  'cache.maxBytes': {
    title: 'Size of the store',
    about: 'What stored responses may take in all; what was used least recently makes room.',
    flag: '--cache-size <size>',
    unit: 'bytes',
  },
  'cache.maxEntries': {
    title: 'Stored responses',
    about: 'How many responses may be stored.',
    flag: '--cache-entries <number>',
  },
  'cache.memoryBytes': {
    title: 'Memory of the store',
    about: 'What stored responses may take in memory: those in use of a store on disk, or all there are.',
    flag: '--cache-memory <size>',
    unit: 'bytes',
  },
  'cache.cacheStatus': {
    title: 'Cache-Status in responses',
    about: "Whether responses tell the cache's decision in a Cache-Status field (RFC 9211).",
    flag: '--cache-status <switch>',
  },
  'cache.heuristicFraction': {
    title: 'Heuristic freshness',
    about:
      'The fraction of the time since Last-Modified for which a response without a lifetime is fresh (RFC 9111 §4.2.2).',
    flag: '--heuristic-fraction <fraction>',
  },
  'cache.heuristicCap': {
    title: 'Longest heuristic freshness',
    about: 'The most that a guessed lifetime may be.',
    flag: '--heuristic-cap <time>',
    unit: 'seconds',
  },
  'cache.targetedFields': {
    title: 'Targeted fields',
    about: 'Fields that replace Cache-Control for a shared cache, the most important first (RFC 9213).',
    flag: '--targeted-fields <names...>',
  },
  'cache.staleWhenUnreachable': {
    title: 'Stale when the origin is unreachable',
    about: 'Answer with stale responses when their origin cannot be reached, unless they forbid it (RFC 9111 §4.2.4).',
    flag: '--stale-when-unreachable <switch>',
  },
  'cache.snapshotKey': {
    title: 'Key of snapshots',
    about: 'What the mode snapshot tells requests apart by: the whole URL, or its path alone.',
    flag: '--snapshot-key <key>',
  },
  'cache.overlays': {
    title: 'Rules of your own',
    about: 'What the cache does otherwise than the RFC says, for URLs that match a pattern.',
    flag: '--overlays <file>',
    page: 'cacheRules',
  },
  'record.level': {
    title: 'What is recorded',
    about: 'Heads and bodies, heads alone, or only a row for each request.',
    flag: '--record <level>',
  },
  'record.paused': {
    title: 'Recording is paused',
    about: 'Traffic flows on, and none of it is listed.',
    flag: '--record-paused <switch>',
  },
  'record.bodyCap': {
    title: 'Recorded part of a body',
    about: 'How much of each body is kept; clients get all of it anyway.',
    flag: '--body-cap <size>',
    unit: 'bytes',
  },
  'record.messagesCap': {
    title: 'Recorded messages of a connection',
    about: 'What the messages of one WebSocket or event stream may take.',
    flag: '--messages-cap <size>',
    unit: 'bytes',
  },
  'record.maxExchanges': {
    title: 'Requests in the list',
    about: 'How many requests are kept; older ones make room for newer ones.',
    flag: '--max-requests <number>',
  },
  'record.maxBytes': {
    title: 'Size of a recording',
    about: 'What a recording may take on disk.',
    flag: '--record-size <size>',
    unit: 'bytes',
  },
  'record.keepSessions': {
    title: 'Recordings of earlier runs',
    about: 'How many recordings of earlier runs are kept, to be opened again.',
    flag: '--keep-sessions <number>',
  },
  'timeouts.connect': {
    title: 'To connect',
    about: 'How long it may take to connect to an upstream; 0 for ever.',
    flag: '--connect-timeout <time>',
    unit: 'milliseconds',
  },
  'timeouts.head': {
    title: 'To begin an answer',
    about: 'How long an upstream may take to begin its answer; 0 for ever.',
    flag: '--head-timeout <time>',
    unit: 'milliseconds',
  },
  'timeouts.body': {
    title: 'Between parts of a body',
    about: 'How long a body may pause; 0 for ever.',
    flag: '--body-timeout <time>',
    unit: 'milliseconds',
  },
  'tls.intercept': {
    title: 'Look into TLS',
    about: 'Decrypt TLS inside of tunnels, so that its requests can be inspected and cached.',
    flag: '--intercept <switch>',
  },
  'tls.passthrough': {
    title: 'Hosts that are passed through',
    about: 'Hosts whose TLS passes as it is, as in *.example.com.',
    flag: '--passthrough <hosts...>',
  },
  'access.users': {
    title: 'Users',
    about: 'Who may use the proxy; with any user, everyone must log in.',
    flag: '--auth <user:password|file>',
    page: 'routing',
  },
  'access.allow': {
    title: 'Allowed clients',
    about: 'Addresses and blocks that may use the proxy, as in 192.168.0.0/16; all when there is none.',
    flag: '--allow <blocks...>',
  },
  'access.hosts': {
    title: 'Names of this machine',
    about: 'Host names, besides its own, by which browsers may ask for the active upstream.',
    flag: '--allow-hosts <names...>',
  },
  'systemProxy.bypass': {
    title: 'Hosts without the system proxy',
    about: "Hosts that programs reach directly while Hopscope is the system's proxy.",
    flag: '--system-proxy-bypass <hosts...>',
  },
  'originTls.http2': {
    title: 'HTTP/2 to origins',
    about: 'Whether origins are offered HTTP/2.',
    flag: '--upstream-http2 <switch>',
  },
  'originTls.insecureHosts': {
    title: 'Hosts that are not verified',
    about: 'Hosts whose certificates are not verified.',
    flag: '--insecure-upstream <hosts...>',
  },
  'originTls.extraCaFiles': {
    title: 'More certificate authorities',
    about: 'PEM files with certificate authorities to trust as well.',
    flag: '--upstream-ca <files...>',
  },
  'originTls.clientCertificates': {
    title: 'Client certificates',
    about: 'A certificate with its key for each host that asks for one: PEM, or PKCS #12.',
    flag: '--client-cert <host=file...>',
    page: 'routing',
  },
  upstreams: {
    title: 'Upstreams',
    about: 'Origins, proxies, PAC scripts and applications that requests can be sent to.',
    flag: '--upstream <url>',
    page: 'routing',
  },
  activeUpstream: {
    title: 'Active upstream',
    about: 'Where requests made to Hopscope itself go: demo, none, or the id of an upstream.',
    flag: '--active-upstream <id>',
  },
  forwardTo: {
    title: 'Way to other servers',
    about: 'The proxy that other requests go through: an http, https, socks5 or socks4 URL, pac:URL, system or direct.',
    flag: '--upstream-proxy <url>',
    page: 'routing',
  },
  routes: {
    title: 'Routes',
    about: 'Where requests for host[:port][/path] go; the first match counts.',
    flag: '--route <pattern=target...>',
    page: 'routing',
  },
  bypass: {
    title: 'Hosts without a proxy',
    about: 'Hosts reached without that proxy: names, .suffix, *.glob or CIDR blocks.',
    flag: '--bypass <list>',
  },
  dns: {
    title: 'Addresses of hosts',
    about: 'Addresses to use instead of looking hosts up.',
    flag: '--dns <host=address...>',
    page: 'routing',
  },
  rules: {
    title: 'Traffic rules',
    about: 'What is answered, sent elsewhere, changed, delayed, blocked or paused, for requests that pass a filter.',
    flag: '--rules <file>',
    page: 'rules',
  },
  handlers: {
    title: 'Handlers',
    about: 'Files with handler classes that take a place in the chain.',
    flag: '--handler <file>',
    page: 'routing',
  },
} as const satisfies Readonly<Record<string, SettingFacts>>;

/** Where a setting is in the settings: `group.key`, or `key` for what is in no group. */
export type SettingPath = keyof typeof SETTING_FACTS;
