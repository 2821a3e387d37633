import { getAllHeaders } from '../../../shared/headers.ts';
import type { Exchange } from '../chain/exchange.ts';
import type { Handler } from '../chain/handler.ts';
import { ExchangeError } from '../errors.ts';
import { countForwards } from './guard-max-forwards.ts';

/** What the guard must know of its surroundings. */
export interface GuardEnvironment {
  /** The name this proxy adds to Via. */
  readonly via: string;
  /** Says whether a request for this host and port would come back to this proxy. */
  isOwnHost(hostname: string, port: number): boolean;
}

/** The first handler: refuses or answers what must not go further, such as a request that leads back here. */
export function guardHandler(environment: GuardEnvironment): Handler {
  return {
    name: 'guard',
    handle(x, _state, next) {
      const reply = countForwards(x);
      if (reply !== undefined) return Promise.resolve(reply);
      const refusal = refuse(x, environment);
      if (refusal !== undefined) throw refusal;
      return next();
    },
  };
}

/** Behind rules and handlers of the user's: refuses what they left to the chain and what has nowhere to go. */
export function destinationHandler(): Handler {
  return {
    name: 'destination',
    handle: (x, _state, next) =>
      x.route.kind === 'none' ? Promise.reject(new ExchangeError('NO_UPSTREAM', 'destination', HELP)) : next(),
  };
}

function refuse(x: Exchange, environment: GuardEnvironment): ExchangeError | undefined {
  const { url, headers } = x.request;
  if (x.route.kind === 'none') {
    // Rules and the user's handlers may answer it; what they leave to the chain meets destinationHandler.
    const mayBeAnswered = x.settings.handlers.length > 0 || x.settings.rules.some(({ on }) => on);
    return mayBeAnswered ? undefined : new ExchangeError('NO_UPSTREAM', 'guard', HELP);
  }
  for (const { server = url, application } of x.route.choices) {
    if (application === undefined && environment.isOwnHost(server.hostname, server.port))
      return new ExchangeError('LOOP', 'guard', `It is ${server.authority}.`);
  }
  // RFC 9110 §7.6.3: Via tells request loops.
  for (const via of getAllHeaders(headers, 'via')) {
    if (via.includes(environment.via)) return new ExchangeError('LOOP', 'guard', 'Its Via field names this proxy.');
  }
  return undefined;
}

const HELP =
  'Use it as a proxy (curl -x), or choose an upstream in Hopscope or with --upstream for requests like this one.';
