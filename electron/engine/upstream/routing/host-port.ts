import { asciiName } from './ascii-name.ts';

/** A host and, where one was named, a port. */
export interface HostPort {
  /** In lower case and ASCII, an IPv6 address without brackets. */
  readonly hostname: string;
  readonly port: number | undefined;
}

/** Splits `host`, `host:port`, `[v6]:port` or a bare IPv6 address. */
export function splitHostPort(text: string): HostPort {
  const lower = text.toLowerCase();
  const bracketed = /^\[([^\]]*)\](?::(\d+))?$/.exec(lower);
  if (bracketed !== null) return { hostname: bracketed[1] ?? '', port: toPort(bracketed[2]) };
  const colon = lower.lastIndexOf(':');
  if (colon === -1 || lower.indexOf(':') !== colon) return { hostname: asciiName(lower), port: undefined };
  return { hostname: asciiName(lower.slice(0, colon)), port: toPort(lower.slice(colon + 1)) };
}

function toPort(text: string | undefined): number | undefined {
  return text === undefined || text === '' ? undefined : Number(text);
}
