import type { HeaderList } from '../../../../shared/headers.ts';
import { getHeader } from '../../../../shared/headers.ts';
import type { ChainReply, ThreadExchange } from './thread-exchange.ts';

/**
 * The base of handlers in the manner of Python's BaseRequestHandler: for each request an object is made, and `setup`,
 * `handle` and `finish` are called, `finish` also when `handle` threw.
 */
export class RequestHandler {
  readonly exchange: ThreadExchange;
  /** The request's method, as in `GET`. */
  readonly command: string;
  /** Path and query as the client sent them. */
  readonly path: string;
  /** Fields as received, `[name, value, …]`. */
  readonly headers: HeaderList;
  /** Address and port of the client. */
  readonly clientAddress: readonly [host: string, port: number];

  constructor(exchange: ThreadExchange) {
    const { environ, headers } = exchange.request;
    this.exchange = exchange;
    this.command = environ['REQUEST_METHOD'] ?? '';
    this.path = environ['REQUEST_URI'] ?? '/';
    this.headers = headers;
    this.clientAddress = [environ['REMOTE_ADDR'] ?? '', Number(environ['REMOTE_PORT'])];
  }

  /** Before `handle`. */
  setup(): void | Promise<void> {}

  /** Answers the request. */
  handle(): void | Promise<void> {}

  /** After `handle`, whatever became of it. */
  finish(): void | Promise<void> {}

  /** The first field called `name`. */
  header(name: string): string | undefined {
    return getHeader(this.headers, name.toLowerCase());
  }

  /** Has the rest of the chain (cache, then upstream) answer this request. Once per request. */
  next(): Promise<ChainReply> {
    return this.exchange.next();
  }

  /** Writes a line into the trace of this request. */
  log(text: string): void {
    this.exchange.tell('stdout', `${text}\n`);
  }
}
