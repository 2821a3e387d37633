import { ExchangeError } from '../errors.ts';

const KEPT =
  'The connection was kept from an earlier request; as the server may have acted on this one, it was not sent again.';

/** A failure before the response began, in more words where a connection was closed that requests had been sent on before. */
export function keptConnectionError(error: ExchangeError): ExchangeError {
  const { code, phase, detail, cause } = error;
  if (code !== 'CLOSED_EARLY' && code !== 'CONNECTION_RESET') return error;
  return new ExchangeError(code, phase, `${KEPT} ${detail}`.trimEnd(), cause);
}
