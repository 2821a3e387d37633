import type { HeaderList } from '../../../shared/headers.ts';
import { getHeader, joinedHeader, NO_HEADERS, trimOws } from '../../../shared/headers.ts';
import { hasConnectionOption, isHopByHop } from './connection-fields.ts';
import type { ParsedHead } from './request-head.ts';

/** A request's wish to switch to another protocol on its connection (RFC 9110 §7.8). */
export interface Upgrade {
  /** The protocols to ask the origin for, as the client listed them; never empty. */
  readonly protocols: string;
  /** The first choice is WebSocket over HTTP/1.1 (RFC 6455 §4.1). */
  readonly websocket: boolean;
}

/** What becomes of an Upgrade field. */
export interface UpgradeWish {
  /** Undefined when the request goes on without the wish. */
  readonly upgrade: Upgrade | undefined;
  /** Why the wish, or a part of it, is not passed on. */
  readonly dropped?: string;
}

/**
 * Reads a request's Upgrade field; undefined when there is none, as nearly always.
 *
 * HTTP versions are not asked for: Hopscope would have to speak them itself on both sides, and an HTTP/2 connection that
 * passed as opaque bytes would carry requests past every handler.
 */
export function readUpgrade(head: Pick<ParsedHead, 'method' | 'version' | 'headers'>): UpgradeWish | undefined {
  const { method, version, headers } = head;
  if (getHeader(headers, 'upgrade') === undefined) return undefined;
  const field = joinedHeader(headers, 'upgrade') ?? '';
  // RFC 9110 §7.8: to be ignored in HTTP/1.0; and it is meant for this hop only when Connection says so.
  if (version === '1.0') return dropped('an HTTP/1.0 request cannot be upgraded');
  if (!hasConnectionOption(headers, 'upgrade')) return dropped('Connection does not list it');
  if (method === 'CONNECT') return dropped('CONNECT switches to a tunnel already');
  const wanted = field
    .split(',')
    .map(trimOws)
    .filter((protocol) => protocol !== '');
  const passed = wanted.filter((protocol) => !/^(h2c?|http)(\/|$)/i.test(protocol));
  const [first] = passed;
  if (first === undefined) return dropped(`${field} is not passed on: it is a version of HTTP`);
  const upgrade = { protocols: passed.join(', '), websocket: method === 'GET' && first.toLowerCase() === 'websocket' };
  return passed.length === wanted.length ? { upgrade } : { upgrade, dropped: 'versions of HTTP are not passed on' };
}

function dropped(why: string): UpgradeWish {
  return { upgrade: undefined, dropped: why };
}

/**
 * The protocols that a 426 (Upgrade Required) must name (RFC 9110 §15.5.22), as fields for the client's connection: a switch
 * that it then asks for goes on to the origin.
 */
export function requiredUpgrade(received: HeaderList): HeaderList {
  const protocols = joinedHeader(received, 'upgrade');
  return protocols === undefined ? NO_HEADERS : ['Upgrade', protocols, 'Connection', 'Upgrade'];
}

/**
 * The fields of a 101 (Switching Protocols) to send on: as received, for the switch is end to end here, without those
 * that a 101 cannot have (RFC 9110 §8.6, RFC 9112 §6.1) or that are about the origin's connection alone.
 */
export function switchingFields(received: readonly string[]): string[] {
  const kept: string[] = [];
  for (let i = 0; i < received.length; i += 2) {
    const name = received[i] as string;
    const lower = name.toLowerCase();
    const switches = lower === 'connection' || lower === 'upgrade';
    if ((isHopByHop(name) && !switches) || lower === 'content-length') continue;
    kept.push(name, received[i + 1] as string);
  }
  return kept;
}
