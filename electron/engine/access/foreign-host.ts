import { isIP } from 'node:net';
import { hostname as machineName } from 'node:os';
import type { HeaderList } from '../../../shared/headers.ts';
import { getHeader, hasHeader } from '../../../shared/headers.ts';
import type { Settings } from '../../../shared/settings.ts';
import { asciiName } from '../upstream/routing/ascii-name.ts';
import { splitHostPort } from '../upstream/routing/host-port.ts';
import { compileUrlPattern } from '../upstream/routing/url-pattern.ts';
import type { AccessPeer } from './admission.ts';

// RFC 2606, RFC 6761, RFC 6762, RFC 8375 and names that are not delegated: nobody on the Internet can have them point here.
const RESERVED =
  /(?:^|\.)(?:localhost|local|test|example|invalid|internal|home\.arpa|lan|home|corp|intranet|example\.(?:com|net|org))$/;

/**
 * The host name by which a page in a browser may have been led here: a name that anyone can have point to this machine
 * (DNS rebinding), asked for by a browser. Its pages would read what the active upstream answers as if it were theirs.
 *
 * @param headers of a request that takes Hopscope for the origin server.
 */
export function foreignHost(headers: HeaderList, peer: AccessPeer, settings: Settings): string | undefined {
  const host = getHeader(headers, 'host') ?? '';
  if (peer.knownHost?.host === host && peer.knownHost.settings === settings) return undefined;
  const { hostname, port } = splitHostPort(host);
  if (!isKnown(hostname, port ?? 80, settings)) return isBrowser(headers) ? hostname : undefined;
  peer.knownHost = { host, settings };
  return undefined;
}

function isKnown(hostname: string, port: number, { access, upstreams, routes }: Settings): boolean {
  if (isIP(hostname) !== 0 || !hostname.includes('.') || RESERVED.test(hostname)) return true;
  if (hostname === machineName().toLowerCase() || access.hosts.some((name) => asciiName(name) === hostname))
    return true;
  if (upstreams.some((upstream) => upstream.type === 'origin' && new URL(upstream.url).hostname === hostname))
    return true;
  return routes.some(({ pattern }) => {
    const named = pattern.replace(/\/.*$/, '');
    return named !== '' && compileUrlPattern(named)(hostname, port, '/');
  });
}

/** Says whether a browser sent it, by fields that its pages can neither take away nor do without. */
function isBrowser(headers: HeaderList): boolean {
  return (
    hasHeader(headers, 'sec-fetch-site') ||
    getHeader(headers, 'user-agent')?.startsWith('Mozilla/') === true ||
    (hasHeader(headers, 'accept-language') && hasHeader(headers, 'accept-encoding'))
  );
}
