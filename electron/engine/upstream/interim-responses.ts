import { ExchangeError } from '../errors.ts';
import { MAX_HEAD } from './response-head-end.ts';

/**
 * Interim responses that one request may get (RFC 9110 §15.2). Real servers send a few. They go to clients without waiting for
 * them and each gives the server more time, so that without a limit a server could fill memory for as long as it likes.
 */
const MAX_INTERIM = 100;

/** Counts the interim responses to one request, which may have as many bytes together as a head. */
export class InterimResponses {
  #count = 0;
  #bytes = 0;

  /** One more has come, whose head has so many bytes: why that is too much, if it is. */
  add(bytes: number): ExchangeError | undefined {
    this.#count++;
    this.#bytes += bytes;
    if (this.#count > MAX_INTERIM) return refused(`It has more than ${MAX_INTERIM} interim responses (1xx).`);
    return this.#bytes > MAX_HEAD
      ? refused(`Its interim responses (1xx) have more than ${MAX_HEAD} bytes.`)
      : undefined;
  }
}

function refused(detail: string): ExchangeError {
  return new ExchangeError('MALFORMED_RESPONSE', 'wait', detail);
}
