import { ExchangeError } from '../errors.ts';

/**
 * Interim responses that one request may get (RFC 9110 §15.2). Real servers send a few. They go to clients without waiting for
 * them and each gives the server more time, so that without a limit a server could fill memory for as long as it likes.
 */
const MAX_INTERIM = 100;

/** Counts the interim responses to one request. */
export class InterimResponses {
  #count = 0;

  /** One more has come: why that is one too many, if it is. */
  add(): ExchangeError | undefined {
    if (++this.#count <= MAX_INTERIM) return undefined;
    return new ExchangeError('MALFORMED_RESPONSE', 'wait', `It has more than ${MAX_INTERIM} interim responses (1xx).`);
  }
}
