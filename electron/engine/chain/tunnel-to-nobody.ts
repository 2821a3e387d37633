import { ExchangeError } from '../errors.ts';
import type { Reply } from './reply.ts';

/**
 * Opens a tunnel without a far end: what the client says inside, in HTTP or in TLS, comes back as requests of its own.
 * @param why what ends the tunnel when the client says something else.
 */
export function tunnelToNobody(why: string | ExchangeError): Reply {
  const head = { status: 200, reason: 'Connection Established', headers: [], body: null };
  const error = typeof why === 'string' ? new ExchangeError('NOT_FORWARDABLE', 'tunnel', why) : why;
  return { ...head, from: 'hopscope', tunnel: () => Promise.reject(error) };
}
