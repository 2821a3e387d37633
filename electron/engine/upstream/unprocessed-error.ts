import type { ErrorCode } from '../errors.ts';
import { ExchangeError } from '../errors.ts';

/** The server has surely done nothing with a request, whose body has not been touched: it may be sent again. */
export class UnprocessedError extends ExchangeError {
  /** The server wants it by HTTP/1.1 (RFC 9113 §7, HTTP_1_1_REQUIRED). */
  readonly wantsHttp1: boolean;

  constructor(phase: string, detail: string, wantsHttp1: boolean, code: ErrorCode = 'STREAM_REFUSED') {
    super(code, phase, detail);
    this.wantsHttp1 = wantsHttp1;
  }
}
