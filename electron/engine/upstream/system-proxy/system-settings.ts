import type { BypassList } from '../routing/bypass-list.ts';
import { compileBlock, compileBypassList } from '../routing/bypass-list.ts';
import { splitHostPort } from '../routing/host-port.ts';
import type { ProxyServer } from '../routing/route.ts';

/** What a system says about proxies. */
export interface SystemProxySettings {
  /** The script to ask, which goes before everything else. */
  readonly pacUrl?: string;
  readonly http?: ProxyServer;
  readonly https?: ProxyServer;
  /** For whatever has no proxy of its own. */
  readonly other?: ProxyServer;
  readonly bypass: Pick<BypassList, 'matches'>;
}

const USUAL_PORTS = { http: 80, https: 443, socks5: 1080, socks4: 1080 } as const;
type Protocol = ProxyServer['protocol'];

/** The proxies in environment variables,  undefined when there are none. */
export function fromEnvironment(env: Readonly<Record<string, string | undefined>>): SystemProxySettings | undefined {
  // In a CGI program HTTP_PROXY is what a client sent as its Proxy field.
  const http = env['http_proxy'] ?? (env['REQUEST_METHOD'] === undefined ? env['HTTP_PROXY'] : undefined);
  const https = env['https_proxy'] ?? env['HTTPS_PROXY'];
  const other = env['all_proxy'] ?? env['ALL_PROXY'];
  const found = { ...named('http', http), ...named('https', https), ...named('other', other) };
  if (Object.keys(found).length === 0) return undefined;
  return { ...found, bypass: compileNoProxy(env['no_proxy'] ?? env['NO_PROXY'] ?? '') };
}

/** NO_PROXY as curl reads it: names stand for themselves and all names below, `*` alone for everything. */
export function compileNoProxy(text: string): Pick<BypassList, 'matches'> {
  const rules = text.split(/[\s,]+/).filter((rule) => rule !== '');
  if (rules.includes('*')) return { matches: () => true };
  const compiled = rules.map((rule) => {
    const block = compileBlock(rule);
    if (block !== undefined) return block;
    const { hostname, port: only } = splitHostPort(rule.replace(/^\*?\./, ''));
    return (host: string, port: number) =>
      (only === undefined || only === port) && (host === hostname || host.endsWith(`.${hostname}`));
  });
  return { matches: (host, port) => compiled.some((matches) => matches(host, port)) };
}

/** GNOME's settings, as `gsettings list-recursively org.gnome.system.proxy` prints them. */
export function fromGsettings(output: string): SystemProxySettings | undefined {
  const values = new Map<string, string>();
  for (const line of output.split('\n')) {
    const match = /^org\.gnome\.system\.proxy(\.\w+)? (\S+) (.*)$/.exec(line);
    if (match !== null) values.set(`${match[1] ?? ''}.${match[2] ?? ''}`, (match[3] ?? '').trim());
  }
  const text = (key: string): string => (values.get(key) ?? '').replace(/^'|'$/g, '');
  const mode = text('.mode');
  const bypass = compileBypassList(
    [...(values.get('.ignore-hosts') ?? '').matchAll(/'([^']*)'/g)].map(([, host = '']) => host),
  );
  // Without a URL the script is to be found by WPAD, which we do not do.
  if (mode === 'auto') return text('.autoconfig-url') === '' ? undefined : { pacUrl: text('.autoconfig-url'), bypass };
  if (mode !== 'manual') return undefined;
  const proxy = (group: string, protocol: Protocol): string | undefined => {
    const host = text(`.${group}.host`);
    return host === '' || text(`.${group}.port`) === '0'
      ? undefined
      : `${protocol}://${host}:${text(`.${group}.port`)}`;
  };
  return {
    ...named('http', proxy('http', 'http')),
    ...named('https', proxy('https', 'http')),
    ...named('other', proxy('socks', 'socks5')),
    bypass,
  };
}

/** macOS's settings, as `scutil --proxy` prints them. */
export function fromScutil(output: string): SystemProxySettings | undefined {
  const values = new Map(
    [...output.matchAll(/^\s*(\w+) : (.*)$/gm)].map(([, key = '', value = '']) => [key, value.trim()]),
  );
  const list = /ExceptionsList : <array> \{([^}]*)\}/.exec(output)?.[1] ?? '';
  const rules = [...list.matchAll(/\d+ : (\S+)/g)].map(([, rule = '']) => rule);
  if (values.get('ExcludeSimpleHostnames') === '1') rules.push('<local>');
  const bypass = compileBypassList(rules);
  const proxy = (name: string, protocol: Protocol): string | undefined => {
    if (values.get(`${name}Enable`) !== '1') return undefined;
    return `${protocol}://${values.get(`${name}Proxy`) ?? ''}:${values.get(`${name}Port`) ?? ''}`;
  };
  const pacUrl = values.get('ProxyAutoConfigURLString');
  const found = {
    ...(values.get('ProxyAutoConfigEnable') === '1' && pacUrl !== undefined ? { pacUrl } : {}),
    ...named('http', proxy('HTTP', 'http')),
    ...named('https', proxy('HTTPS', 'http')),
    ...named('other', proxy('SOCKS', 'socks5')),
  };
  return Object.keys(found).length === 0 ? undefined : { ...found, bypass };
}

/** Windows' settings, as `reg query "HKCU\…\Internet Settings"` prints them. */
export function fromRegistry(output: string): SystemProxySettings | undefined {
  const values = new Map(
    [...output.matchAll(/^\s+(\w+)\s+REG_\w+\s+(.*?)\s*$/gm)].map(([, key = '', value = '']) => [key, value]),
  );
  const pacUrl = values.get('AutoConfigURL');
  const bypass = compileBypassList((values.get('ProxyOverride') ?? '').split(';').filter((rule) => rule !== ''));
  const server = Number(values.get('ProxyEnable') ?? 0) === 1 ? (values.get('ProxyServer') ?? '') : '';
  const each = new Map<string, string>();
  for (const part of server.split(';').filter((text) => text !== '')) {
    const [scheme, address] = part.includes('=') ? part.split('=', 2) : ['', part];
    each.set(scheme ?? '', address ?? '');
  }
  const all = each.get('');
  const socks = each.get('socks');
  const found = {
    ...(pacUrl === undefined ? {} : { pacUrl }),
    ...named('http', each.get('http') ?? all),
    ...named('https', each.get('https') ?? all),
    ...named('other', socks === undefined ? undefined : `socks4://${socks}`),
  };
  return Object.keys(found).length === 0 ? undefined : { ...found, bypass };
}

/** A proxy under `name`, when `text` is one: `host:port`, or a URL that may hold credentials. */
function named<N extends string>(name: N, text: string | undefined): { readonly [K in N]?: ProxyServer } {
  const match = /^(?:([a-z0-9]+):\/\/)?(?:([^:@/]*)(?::([^@/]*))?@)?([^/@]+)\/?$/i.exec(text?.trim() ?? '');
  if (match === null) return {};
  const [, scheme = 'http', username, password = '', address = ''] = match;
  const protocol = PROTOCOLS[scheme.toLowerCase()];
  if (protocol === undefined) return {};
  const { hostname, port = USUAL_PORTS[protocol] } = splitHostPort(address);
  const shown = hostname.includes(':') ? `[${hostname}]` : hostname;
  const server: ProxyServer = {
    ...{ protocol, hostname, port, label: `${protocol}://${shown}:${port}` },
    ...(username === undefined ? {} : { credentials: { username: plain(username), password: plain(password) } }),
  };
  return { [name]: server } as { readonly [K in N]?: ProxyServer };
}

const PROTOCOLS: Readonly<Record<string, Protocol | undefined>> = {
  ...{ http: 'http', https: 'https', socks5: 'socks5', socks5h: 'socks5', socks: 'socks5', socks4: 'socks4' },
  socks4a: 'socks4',
};

function plain(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Written by hand, and not meant to be encoded.
    return text;
  }
}
