import type { Exchange } from '../chain/exchange.ts';
import type { ErrorCode } from '../errors.ts';
import { ExchangeError } from '../errors.ts';
import type { Leg } from './leg.ts';
import { describeLeg, legOf } from './leg.ts';
import type { ProxyFinder } from './find-proxies.ts';
import { upstreamError } from './upstream-error.ts';

/** Failures after which another way would be no better, or must not be taken: its own answer would hide what is wrong. */
const FINAL: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'CLIENT_GONE',
  'LOOP',
  'PROXY_AUTH',
  'PROXY_REFUSED',
  'TLS_SETUP',
  'CLIENT_CERTIFICATE',
  'CERTIFICATE_EXPIRED',
  'CERTIFICATE_NOT_YET_VALID',
  'CERTIFICATE_SELF_SIGNED',
  'CERTIFICATE_UNKNOWN_ISSUER',
  'CERTIFICATE_WRONG_HOST',
  'CERTIFICATE_REVOKED',
  'CERTIFICATE_INVALID',
]);

/**
 * Goes through the ways that the exchange's route names until one can be connected to. Only connecting is tried again:
 * nothing of the request has been sent by then.
 *
 * @param connect opens what a leg leads to; rejects with an ExchangeError.
 */
export async function connectFirst<T>(
  x: Exchange,
  finder: ProxyFinder,
  connect: (leg: Leg) => Promise<T>,
): Promise<{ readonly leg: Leg; readonly opened: T }> {
  let failure: ExchangeError | undefined;
  for (const choice of x.route.choices) {
    for (const proxy of await finder.find(choice, x)) {
      const leg = legOf(choice, x.request, proxy);
      if (failure !== undefined) {
        x.trace.note('warning', 'FAILOVER', `${failure.message} Now trying ${describeLeg(leg)}.`);
      }
      try {
        return { leg, opened: await connect(leg) };
      } catch (error) {
        failure = upstreamError(error, 'connect');
        if (FINAL.has(failure.code)) throw failure;
      }
    }
  }
  throw failure ?? new ExchangeError('NOT_FORWARDABLE', 'connect', 'Its route names no way to send it.');
}
