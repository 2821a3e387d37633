import { compileGlob } from '../../http/glob.ts';
import { splitHostPort } from './host-port.ts';

/** Says whether a request for this host, port and path (with query) is meant. */
export type UrlMatcher = (hostname: string, port: number, path: string) => boolean;

/**
 * Prepares `host[:port][/path]` or `/path` for many requests. `*` stands for any run of characters; without it a host
 * is that host, and a path is that path with all below it.
 */
export function compileUrlPattern(pattern: string): UrlMatcher {
  const slash = pattern.indexOf('/');
  const { hostname: host, port: onlyPort } = splitHostPort(slash === -1 ? pattern : pattern.slice(0, slash));
  const matchesPath = compilePath(slash === -1 ? '/*' : pattern.slice(slash));
  const matchesHost = host === '' || host === '*' ? undefined : compileGlob(host);
  return (hostname, port, path) =>
    (matchesHost === undefined || matchesHost(hostname)) &&
    (onlyPort === undefined || onlyPort === port) &&
    (matchesPath === undefined || matchesPath(path));
}

/** Undefined for what matches every path, also the missing one of CONNECT. */
function compilePath(pattern: string): ((path: string) => boolean) | undefined {
  if (pattern === '/*' || pattern === '/') return undefined;
  if (pattern.includes('*')) return compileGlob(pattern);
  const base = pattern.endsWith('/') ? pattern.slice(0, -1) : pattern;
  return (path) => path.startsWith(base) && /^[/?]?$/.test(path.charAt(base.length));
}
