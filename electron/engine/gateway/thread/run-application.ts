import type { HeaderList } from '../../../../shared/headers.ts';
import { getHeader } from '../../../../shared/headers.ts';
import type {
  ApplicationEnviron,
  ApplicationResult,
  JavaScriptApplication,
  StartResponse,
} from './application-interface.ts';
import { fileWrapper } from './application-interface.ts';
import { checkHeaders, checkStatus } from './check-response.ts';
import type { ThreadExchange } from './thread-exchange.ts';
import { ClientGoneError } from './thread-exchange.ts';

/** Chunks of one response whose times are told. */
const MAX_TIMED = 32;

/** Calls an application for one request and sends what it gives, by the rules of PEP 3333. Never rejects. */
export async function runApplication(application: JavaScriptApplication, exchange: ThreadExchange): Promise<void> {
  const call = new ApplicationRun(exchange);
  try {
    await call.run(application);
  } catch (error) {
    if (!(error instanceof ClientGoneError)) exchange.fail(error, false);
  }
  // What was not read of the body is let go.
  await exchange.body.return();
  exchange.done(Float64Array.from(call.times));
}

class ApplicationRun {
  /** Seconds since the request came: see `Call.times` in assets/wsgi-worker.py. */
  readonly times: number[] = [NaN, NaN, NaN, NaN, NaN];
  readonly #exchange: ThreadExchange;
  readonly #began = performance.now();
  #head: { readonly status: string; readonly headers: HeaderList } | undefined;
  #remaining: number | undefined;
  #bodiless = false;
  #wrote = false;

  constructor(exchange: ThreadExchange) {
    this.#exchange = exchange;
  }

  async run(application: JavaScriptApplication): Promise<void> {
    const { times } = this;
    times[0] = this.#now();
    const result = await application(this.#environ(), this.#startResponse);
    times[2] = this.#now();
    const iterator = iteratorOf(result);
    let exhausted = false;
    try {
      exhausted = await this.#iterate(result, iterator);
      // The client need not wait for close, in which applications do what is to be done afterwards.
      const isEndUnknown = exhausted && this.#remaining === undefined && !this.#bodiless;
      if (isEndUnknown && typeof result.close === 'function') this.#exchange.endBody();
    } finally {
      times[3] = this.#now();
      await this.#close(result, iterator, exhausted);
      times[4] = this.#now();
    }
  }

  #environ(): ApplicationEnviron {
    const exchange = this.#exchange;
    return Object.assign(
      { ...exchange.request.environ },
      {
        'hopscope.input': exchange.body,
        'hopscope.errors': { write: (text: string) => exchange.tell('errors', text) },
        'hopscope.fileWrapper': fileWrapper,
      },
    );
  }

  readonly #startResponse: StartResponse = (status, headers, error) => {
    if (error !== undefined) {
      if (this.#exchange.headSent) throw error as Error;
    } else if (this.#head !== undefined) {
      throw new Error('startResponse was called a second time without an error.');
    }
    checkStatus(status);
    this.#head = { status, headers: checkHeaders(headers) };
    this.times[1] = this.#now();
    return async (bytes) => {
      this.#wrote = true;
      checkBytes(bytes, 'write was given');
      if (bytes.length > 0) await this.#chunk(bytes, undefined);
    };
  };

  /** True when the application gave everything it had. */
  async #iterate(result: ApplicationResult, iterator: ChunkIterator): Promise<boolean> {
    const whole = Array.isArray(result) && result.length === 1 && !this.#wrote;
    while (true) {
      const asked = this.#now();
      const { done, value } = await iterator.next();
      if (done === true) break;
      checkBytes(value, 'the application yielded');
      if (this.times.length < 5 + 3 * MAX_TIMED) this.times.push(asked, this.#now(), value.length);
      if (value.length > 0) await this.#chunk(value, whole ? value.length : undefined);
      else if (this.#exchange.gone) throw new ClientGoneError();
      if (this.#exchange.headSent && this.#bodiless) return false;
    }
    if (!this.#exchange.headSent) this.#sendHead(0);
    return true;
  }

  async #close(result: ApplicationResult, iterator: ChunkIterator, exhausted: boolean): Promise<void> {
    try {
      if (typeof result.close === 'function') await result.close();
      if (!exhausted) await iterator.return?.();
    } catch (error) {
      this.#exchange.fail(error, true);
    }
  }

  async #chunk(bytes: Uint8Array, whole: number | undefined): Promise<void> {
    if (!this.#exchange.headSent) this.#sendHead(whole);
    if (this.#bodiless) return;
    if (this.#remaining !== undefined && bytes.length > this.#remaining) {
      if (this.#remaining > 0) await this.#exchange.sendChunk(bytes.subarray(0, this.#remaining));
      throw new Error('The application gave more bytes than its Content-Length announced.');
    }
    if (this.#remaining !== undefined) this.#remaining -= bytes.length;
    await this.#exchange.sendChunk(bytes);
  }

  #sendHead(whole: number | undefined): void {
    const head = this.#head;
    if (head === undefined) throw new Error('The application did not call startResponse before its first bytes.');
    const isHead = this.#exchange.request.environ['REQUEST_METHOD'] === 'HEAD';
    this.#bodiless = isHead || head.status.startsWith('204') || head.status.startsWith('304');
    const declared = getHeader(head.headers, 'content-length');
    const computed = declared === undefined && whole !== undefined && (!this.#bodiless || (whole > 0 && isHead));
    if (declared !== undefined) this.#remaining = Number(declared);
    else if (computed) this.#remaining = whole;
    const { status, headers } = head;
    this.#exchange.sendHead(status, computed ? [...headers, 'Content-Length', String(whole)] : headers);
  }

  #now(): number {
    return (performance.now() - this.#began) / 1000;
  }
}

interface ChunkIterator {
  next(): IteratorResult<Uint8Array, unknown> | Promise<IteratorResult<Uint8Array, unknown>>;
  return?(): unknown;
}

function iteratorOf(result: ApplicationResult): ChunkIterator {
  const given: unknown = result;
  if (typeof given !== 'object' || given === null) {
    throw new TypeError(`The application returned ${typeof given} instead of an iterable of bytes.`);
  }
  if (ArrayBuffer.isView(given)) throw new TypeError('The application returned bytes instead of an iterable of them.');
  if (Symbol.asyncIterator in given) return (given as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]();
  if (Symbol.iterator in given) return (given as Iterable<Uint8Array>)[Symbol.iterator]();
  throw new TypeError('The application returned something that is not iterable.');
}

function checkBytes(value: unknown, who: string): asserts value is Uint8Array {
  if (!(value instanceof Uint8Array)) throw new TypeError(`${who} ${typeof value} instead of a Uint8Array.`);
}
