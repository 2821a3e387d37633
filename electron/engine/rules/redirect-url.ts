import type { TargetUrl } from '../http/request-target.ts';
import { parseUrl } from '../http/request-target.ts';

/** The URL on another server: its path, if it has one, goes before the one that was asked for. */
export function redirectUrl(to: string, path: string): TargetUrl {
  const server = parseUrl(to);
  if (server === undefined) throw new Error(`${to} got past the schema of rules.`);
  // `*` is about the server as a whole (RFC 9110 §7.1).
  return { ...server, path: path === '*' ? path : server.path.replace(/\/$/, '') + path };
}
