import { accessSync, constants } from 'node:fs';
import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import type { RouteRule, UpstreamInput } from '../../shared/settings-routes.ts';
import type { SettingsPatch } from '../../shared/settings.ts';
import { messageOf } from '../../shared/message-of.ts';
import { checkPatch } from './check-patch.ts';
import { settingOption } from './setting-flags.ts';
import { readCertificates, readIdentity } from '../engine/upstream/connect/tls-policy.ts';

/** A route as it was given: the upstream for its target is made when all flags are known. */
interface RouteFlag {
  readonly pattern: string;
  readonly target: string;
}

/** The flags about where requests go, as commander gives them. */
export interface RouteFlags {
  readonly route?: readonly RouteFlag[];
  readonly upstreamProxy?: string;
  readonly dns?: SettingsPatch['dns'];
  readonly upstreamCa?: readonly string[];
  readonly clientCert?: NonNullable<NonNullable<SettingsPatch['originTls']>['clientCertificates']>;
}

const PROXY_FLAG = 'flag-proxy';
const TARGET_RULE =
  'A target is direct, system, the id of an upstream, the URL of an origin (http:// or https://), socks5://host:port, proxy:URL for an HTTP proxy, or pac:URL or pac:FILE.';

/** Adds the flags about where requests go to a command. */
export function addRouteFlags(command: Command): Command {
  return command
    .addOption(settingOption('routes').argParser(route))
    .addOption(settingOption('forwardTo').argParser(proxy))
    .addOption(settingOption('dns').argParser(dns))
    .addOption(settingOption('originTls.extraCaFiles').argParser(ca))
    .addOption(settingOption('originTls.clientCertificates').argParser(clientCert));
}

/** What the flags change in the settings, and the upstreams that they add. */
export function routeOverrides(flags: RouteFlags): SettingsPatch & { readonly upstreams: readonly UpstreamInput[] } {
  const { upstreamProxy, dns: overrides, upstreamCa, clientCert: identities } = flags;
  const targets = (flags.route ?? []).map(({ pattern, target }, index) => ({
    pattern,
    ...aim(target, `flag-${index + 1}`),
  }));
  const main = upstreamProxy === undefined ? undefined : wayTo(upstreamProxy);
  const routes: RouteRule[] = targets.map(({ pattern, id }) => ({ pattern, targets: [id] }));
  const originTls = {
    ...(upstreamCa === undefined ? {} : { extraCaFiles: [...upstreamCa] }),
    ...(identities === undefined ? {} : { clientCertificates: [...identities] }),
  };
  return {
    upstreams: [...targets, ...(main === undefined ? [] : [main])].flatMap(({ upstream }) => upstream ?? []),
    ...(main === undefined ? {} : { forwardTo: main.id }),
    ...(routes.length === 0 ? {} : { routes }),
    ...(overrides === undefined ? {} : { dns: overrides }),
    ...(Object.keys(originTls).length === 0 ? {} : { originTls }),
  };
}

/** What a target or way means: an id, and the upstream that has to be there for it. */
interface Aim {
  readonly id: string;
  readonly upstream?: UpstreamInput;
}

function aim(target: string, id: string): Aim {
  if (/^https?:/i.test(target)) return { id, upstream: { id, label: target, url: target } };
  if (/^proxy:/i.test(target)) return proxyAim(target.slice('proxy:'.length), id);
  if (/^socks[45]h?:/i.test(target)) return proxyAim(target, id);
  if (/^pac:/i.test(target)) return pacAim(target.slice('pac:'.length), id);
  return { id: target };
}

function wayTo(text: string): Aim {
  if (text === 'system' || text === 'direct') return { id: text };
  return /^pac:/i.test(text) ? pacAim(text.slice('pac:'.length), PROXY_FLAG) : proxyAim(text, PROXY_FLAG);
}

/** A proxy's URL may hold credentials, as curl's `-x` takes them. */
function proxyAim(text: string, id: string): Aim {
  const [, scheme = '', user, password = '', rest = ''] =
    /^([a-z0-9]+:\/\/)(?:([^:@/]*)(?::([^@/]*))?@)?(.*)$/i.exec(text) ?? [];
  // socks5h is curl's word for what SOCKS 5 always is here: the proxy looks the name up.
  const url = (scheme === '' ? text : scheme.replace(/^socks5h:/i, 'socks5:') + rest).replace(/\/$/, '');
  const named = { type: 'proxy', id, label: url, url } as const;
  if (user === undefined) return { id, upstream: named };
  return { id, upstream: { ...named, credentials: { username: decode(user), password: decode(password) } } };
}

function pacAim(text: string, id: string): Aim {
  const from = /^(https?|data):/i.test(text) ? 'url' : 'file';
  return { id, upstream: { type: 'pac', id, label: text.slice(0, 80), from, source: text.replace(/^file:\/\//i, '') } };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new InvalidArgumentError(`${JSON.stringify(text)} is not percent-encoded text.`);
  }
}

function route(text: string, before: readonly RouteFlag[] = []): readonly RouteFlag[] {
  const [pattern, target] = halves(text, 'A route is PATTERN=TARGET.');
  const meant = aim(target, 'flag-1');
  if (meant.upstream === undefined && !/^[a-z0-9-]{1,40}$/.test(target)) throw new InvalidArgumentError(TARGET_RULE);
  // An id may be one of the settings file, which is not known yet.
  const targets = [meant.upstream === undefined ? 'direct' : meant.id];
  checkPatch({ routes: [{ pattern, targets }], upstreams: meant.upstream === undefined ? [] : [meant.upstream] });
  checkFile(meant);
  return [...before, { pattern, target }];
}

function proxy(text: string): string {
  const way = wayTo(text);
  const { id, upstream } = way;
  checkPatch({ forwardTo: id, upstreams: upstream === undefined ? [] : [upstream] });
  checkFile(way);
  return text;
}

function dns(text: string, before: SettingsPatch['dns'] = []): SettingsPatch['dns'] {
  const [host, address] = halves(text, 'A DNS override is HOST=ADDRESS.');
  const overrides = [...before, { host, address: address.replace(/^\[(.*)\]$/, '$1') }];
  checkPatch({ dns: overrides });
  return overrides;
}

function ca(file: string, before: readonly string[] = []): readonly string[] {
  usable(() => readCertificates(file));
  return [...before, file];
}

function clientCert(text: string, before: RouteFlags['clientCert'] = []): RouteFlags['clientCert'] {
  const [host, file] = halves(text, 'A client certificate is HOST=FILE.');
  checkPatch({ originTls: { clientCertificates: [{ host, file }] } });
  usable(() => readIdentity({ host, file }));
  return [...before, { host, file }];
}

function halves(text: string, rule: string): [string, string] {
  const at = text.indexOf('=');
  if (at < 1 || at === text.length - 1) throw new InvalidArgumentError(rule);
  return [text.slice(0, at), text.slice(at + 1)];
}

/** A script in a file has to be there; one elsewhere may be fetched when it is needed. */
function checkFile({ upstream }: Aim): void {
  if (upstream?.type !== 'pac' || upstream.from !== 'file') return;
  const { source } = upstream;
  usable(() => accessSync(source, constants.R_OK));
}

function usable(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    throw new InvalidArgumentError(messageOf(error));
  }
}
