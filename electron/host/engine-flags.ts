import { isIP } from 'node:net';
import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import type { SettingsPatch } from '../../shared/settings.ts';
import type { AccessFlags } from './access-flags.ts';
import { accessOverrides, addAccessFlags } from './access-flags.ts';
import { isLoopbackHost } from '../../shared/loopback.ts';
import { checkPatch } from './check-patch.ts';
import { defaultDataDirectory, directory } from './data-directory.ts';
import type { GatewayFlags } from './gateway-flags.ts';
import { addGatewayFlags, applicationsOf, checkApplicationFlags, handlersOf } from './gateway-flags.ts';
import type { RouteFlags } from './route-flags.ts';
import { addRouteFlags, routeOverrides } from './route-flags.ts';
import { addSettingFlags, settingOverrides } from './setting-flags.ts';
import type { HostOptions } from './start-host.ts';
import type { TlsFlags } from './tls-flags.ts';
import { addTlsFlags } from './tls-flags.ts';

/** The flags that every host takes, as commander gives them. */
export interface EngineFlags extends AccessFlags, GatewayFlags, RouteFlags, TlsFlags {
  readonly host: string;
  readonly port?: number;
  readonly upstream?: string;
  readonly dataDir: string;
  readonly allowRemote: boolean;
}

const DEFAULT_PORT = 9000;
/** The id of the upstream that --upstream gives for one run. */
const FLAG_UPSTREAM = 'flag';

/** Adds the flags that every host takes to a command. */
export function addEngineFlags(command: Command): Command {
  const withEngine = addGatewayFlags(command)
    .option('--host <address>', 'address to listen on', address, '127.0.0.1')
    .option('--port <number>', `port of the proxy; 0 takes any (default: ${DEFAULT_PORT}, or the next free one)`, port)
    .option('--upstream <url>', 'where requests to the proxy itself are sent (default: the built-in demo site)', url)
    .option('--data-dir <directory>', 'where settings and recordings are kept', directory, defaultDataDirectory());
  return addSettingFlags(addAccessFlags(addTlsFlags(addRouteFlags(withEngine))));
}

/** What a host is started with. Ends `command` with an error for an address that was not meant to be reachable. */
export function engineOptions(flags: EngineFlags, command: Command): Omit<HostOptions, 'version'> {
  const { host, port: wanted, dataDir, allowRemote } = flags;
  if (!allowRemote && !isLoopbackHost(host)) {
    command.error(`hopscope: --host ${host} can be reached by other machines; add --allow-remote if that is meant`);
  }
  checkApplicationFlags(flags, command);
  const everything = applicationsOf(flags).filter(({ mount = '/' }) => mount === '/');
  if (everything.length + (flags.upstream === undefined ? 0 : 1) > 1) {
    command.error('hopscope: only one of --upstream and the applications without --mount can answer everything');
  }
  const port = wanted ?? DEFAULT_PORT;
  const caDir = flags.caDir === undefined ? {} : { caDir: flags.caDir };
  return { host, port, portFallback: wanted === undefined, dataDir, ...caDir, overrides: overridesOf(flags, command) };
}

function overridesOf(flags: EngineFlags, command: Command): SettingsPatch {
  const { upstream } = flags;
  const applications = applicationsOf(flags);
  const handlers = handlersOf(flags);
  const values = settingOverrides({ ...flags });
  const routing = routeOverrides(flags);
  const everything = applications.find(({ mount = '/' }) => mount === '/');
  const label = upstream?.replace(/^https?:\/\//i, '').replace(/\/$/, '') ?? '';
  return {
    ...combined([values, inMemory(values), accessOverrides(flags, command), routing]),
    ...(handlers.length === 0 ? {} : { handlers: [...handlers] }),
    upstreams: [
      ...applications,
      ...routing.upstreams,
      ...(upstream === undefined ? [] : [{ id: FLAG_UPSTREAM, label, url: upstream }]),
    ],
    ...(everything === undefined ? {} : { activeUpstream: everything.id }),
    ...(upstream === undefined ? {} : { activeUpstream: FLAG_UPSTREAM }),
  };
}

/** All of a store in memory is in memory. */
function inMemory({ cache }: SettingsPatch): SettingsPatch {
  const { store, maxBytes, memoryBytes } = cache ?? {};
  if (store !== 'memory' || maxBytes === undefined || memoryBytes !== undefined) return {};
  return { cache: { memoryBytes: maxBytes } };
}

/** One patch of several: groups key by key, of everything else the last. */
function combined(patches: readonly SettingsPatch[]): SettingsPatch {
  const all: Record<string, unknown> = {};
  for (const [key, value] of patches.flatMap((patch) => Object.entries(patch))) {
    const isGroup = typeof value === 'object' && !Array.isArray(value);
    all[key] = isGroup ? { ...(all[key] as object | undefined), ...(value as object) } : value;
  }
  return all;
}

/** Parses a flag that is a port. */
export function port(text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number <= 65_535) return number;
  throw new InvalidArgumentError('A port is a number from 0 to 65535.');
}

/** Whether the machine has the address shows when it is listened on. */
function address(text: string): string {
  if (isIP(text) !== 0 || /^[\w.-]+$/.test(text)) return text;
  throw new InvalidArgumentError('An address is IPv4 or IPv6, without port, or a name of this machine.');
}

function url(text: string): string {
  checkPatch({ upstreams: [{ id: FLAG_UPSTREAM, label: 'x', url: text }] });
  return text;
}
