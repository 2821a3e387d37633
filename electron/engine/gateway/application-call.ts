import type { HeaderList } from '../../../shared/headers.ts';
import { getHeader, hasHeader } from '../../../shared/headers.ts';
import type { ByteSource } from '../chain/byte-queue.ts';
import { ByteQueue } from '../chain/byte-queue.ts';
import type { Exchange } from '../chain/exchange.ts';
import type { Reply } from '../chain/reply.ts';
import { ExchangeError } from '../errors.ts';
import { isBodiless } from '../http/response-head.ts';
import type { Application } from './application.ts';
import { traceCall } from './call-timings.ts';
import type { Environ } from './environ.ts';
import { makeEnviron } from './environ.ts';
import { failureReply } from './failure-page.ts';
import type { Lane, LaneReceiver, OutputStream, ReplyTaker } from './lane.ts';
import { LoadError } from './lane.ts';
import { RequestPump } from './request-pump.ts';

/** How long (ms) the end of an exchange waits to hear how the application closed. */
const CLOSE_GRACE = 1_000;

/** One request on its way through an application: turns what its lane tells into a reply, and into the trace. */
export class ApplicationCall implements LaneReceiver, ByteSource {
  readonly #x: Exchange;
  readonly #application: Application;
  readonly #software: string;
  readonly #timeout: number;
  readonly #over = Promise.withResolvers<undefined>();
  readonly #reply = Promise.withResolvers<Reply>();
  #lane: Lane | undefined;
  #next: (() => Promise<Reply>) | undefined;
  #pump: RequestPump | undefined;
  #forgetAbort: (() => void) | undefined;
  #body: ByteQueue | undefined;
  #watchdog: NodeJS.Timeout | undefined;
  #stage: 'idle' | 'waiting' | 'called' | 'answered' | 'over' = 'idle';
  /** Nobody wants what the application still gives. */
  #unwanted = false;
  #began = 0;

  /**
   * @param software what SERVER_SOFTWARE says
   * @param timeout how long (ms) the application may take to begin its answer; 0 for ever
   */
  constructor(x: Exchange, application: Application, software: string, timeout = x.settings.timeouts.head) {
    this.#x = x;
    this.#timeout = timeout;
    this.#application = application;
    this.#software = software;
  }

  /**
   * Calls the application; resolves with what it answers with, or with the page that shows why it cannot.
   *
   * @param next what a handler class may ask for; applications have none
   */
  async start(next?: () => Promise<Reply>): Promise<Reply> {
    const { trace } = this.#x;
    this.#next = next;
    const asked = trace.now();
    this.#stage = 'waiting';
    let lane: Lane;
    try {
      const taken = this.#application.take();
      lane = taken instanceof Promise ? await this.#waitFor(taken) : taken;
    } catch (error) {
      this.#stage = 'over';
      if (error instanceof LoadError) return this.#cannotLoad(error);
      throw error;
    }
    if (trace.now() - asked > 1) trace.span('application', 'queue', asked);
    this.#forgetAbort = this.#x.onAbort((abort) =>
      this.#giveUp(new ExchangeError('CLIENT_GONE', 'call', abort.message)),
    );
    this.#call(lane);
    return this.#reply.promise;
  }

  /** The exchange is over; resolves when the application is done too, or after a grace time. */
  release(): Promise<void> | undefined {
    if (this.#stage === 'idle' || this.#stage === 'over') return undefined;
    // A reply without a body is delivered before the application has ended; that is no reason to stop it.
    if (this.#stage !== 'answered' || this.#body !== undefined) this.cancel();
    return this.#closed();
  }

  resume(): void {
    this.#watch(this.#x.settings.timeouts.body);
    this.#lane?.resume();
  }

  cancel(): void {
    this.#giveUp(new ExchangeError('CLIENT_GONE', 'deliver', 'The rest was not wanted.'));
  }

  onBodyWanted(): void {
    this.#pump?.start();
  }

  onNext(asker: ReplyTaker): void {
    if (this.#next === undefined) return asker.replyFailed('An application is the end of the chain.');
    this.#next().then(
      (reply) => asker.reply(reply),
      (error: unknown) => asker.replyFailed(error instanceof Error ? error.message : String(error)),
    );
  }

  onDrain(): void {
    this.#pump?.drained();
  }

  onHead(statusLine: string, headers: HeaderList): void {
    this.#x.trace.gateway({ type: 'gateway.answered', status: statusLine, headers });
    if (this.#stage !== 'called') return;
    this.#stage = 'answered';
    const status = Number(statusLine.slice(0, 3));
    if (!isBodiless(this.#x.request.method, status)) this.#body = new ByteQueue(this);
    this.#watch(this.#x.settings.timeouts.body);
    this.#reply.resolve({
      status,
      reason: statusLine.slice(4),
      // RFC 9110 §6.6.1: an origin server with a clock sends Date.
      headers: hasHeader(headers, 'date') ? headers : [...headers, 'Date', new Date().toUTCString()],
      body: this.#body ?? null,
      from: 'upstream',
      upstream: this.#application.name,
    });
  }

  onChunk(bytes: Uint8Array): void {
    if (this.#unwanted || this.#body === undefined) return;
    if (this.#body.push(bytes)) {
      this.#watchdog?.refresh();
    } else {
      this.#lane?.pause();
      // While the client is slow it is not the application that hangs.
      clearTimeout(this.#watchdog);
      this.#watchdog = undefined;
    }
  }

  onOutput(stream: OutputStream, text: string): void {
    this.#x.trace.gateway({ type: 'gateway.output', stream, text });
    this.#application.onOutput(text);
  }

  onFramework(facts: HeaderList): void {
    this.#x.trace.gateway({ type: 'gateway.framework', facts });
  }

  onFailure(traceback: string, closing: boolean): void {
    const { trace } = this.#x;
    const last = lastLine(traceback);
    trace.gateway({ type: 'gateway.output', stream: 'traceback', text: traceback });
    trace.note('error', closing ? 'CLOSE_FAILED' : 'APPLICATION_FAILED', last);
    this.#application.onOutput(traceback);
    if (closing) return;
    if (this.#stage === 'called') {
      this.#stage = 'answered';
      const title = `${this.#application.name} raised an exception`;
      const failure = { code: 'APPLICATION_FAILED', status: 500, title, report: traceback } as const;
      this.#reply.resolve(failureReply(failure, this.#x.request.headers));
    } else {
      this.#body?.fail(new ExchangeError('APPLICATION_FAILED', 'receive', last));
    }
  }

  onEnd(times: Float64Array): void {
    traceCall(this.#x.trace, this.#began, times);
    this.#body?.end();
    // An error is not cheap to make, and nearly every application has answered by now.
    if (this.#stage === 'called') {
      this.#reply.reject(new ExchangeError('CLIENT_GONE', 'call', 'The application was stopped.'));
    }
    this.#end();
    const lane = this.#lane;
    const pump = this.#pump;
    if (lane === undefined) return;
    if (pump === undefined) this.#application.release(lane);
    else pump.stop(() => this.#application.release(lane));
  }

  onLost(reason: string): void {
    this.#fail(
      new ExchangeError('WORKER_LOST', this.#stage === 'called' ? 'call' : 'receive', `It ended with ${reason}.`),
    );
  }

  #call(lane: Lane): void {
    const { request, body, trace, client } = this.#x;
    const headers = this.#x.forwardHeaders ?? request.headers;
    const { mount, name } = this.#application;
    const environ = makeEnviron({ request, headers, mount, client, software: this.#software });
    this.#lane = lane;
    this.#stage = 'called';
    trace.gateway({ type: 'gateway.called', application: name, worker: lane.worker, environ: asList(environ) });
    this.#began = trace.now();
    // A handler that asks the rest of the chain leaves the body to it.
    const isAwaited =
      this.#next !== undefined || getHeader(request.headers, 'expect')?.toLowerCase() === '100-continue';
    const expects = body !== null && isAwaited;
    lane.begin({ environ, target: request.target, headers, hasBody: body !== null, expects }, this);
    this.#watch(this.#timeout);
    if (body === null) return;
    this.#pump = new RequestPump(body.stream, lane);
    if (!expects) this.#pump.start();
  }

  /** Waits for a lane, but not longer than the client does, nor than an answer may take. */
  #waitFor(taken: Promise<Lane>): Promise<Lane> {
    const { timeouts } = this.#x.settings;
    return new Promise((resolve, reject) => {
      const stop = (error: ExchangeError): void => {
        this.#application.leave(taken);
        settle();
        reject(error);
      };
      const timer =
        timeouts.head === 0
          ? undefined
          : setTimeout(() => stop(new ExchangeError('APPLICATION_BUSY', 'queue')), timeouts.head);
      const forget = this.#x.onAbort((abort) => stop(new ExchangeError('CLIENT_GONE', 'queue', abort.message)));
      const settle = (): void => {
        clearTimeout(timer);
        forget();
      };
      taken.then(
        (lane) => {
          settle();
          resolve(lane);
        },
        (error: unknown) => {
          settle();
          reject(error);
        },
      );
    });
  }

  /** Nobody waits for the rest: tells the application to stop, and lets go of what it still gives. */
  #giveUp(reason: ExchangeError): void {
    if (this.#stage === 'over' || this.#unwanted) return;
    this.#unwanted = true;
    if (this.#stage === 'called') this.#reply.reject(reason);
    this.#body?.fail(reason);
    this.#pump?.stop();
    this.#lane?.abort();
    this.#watch(this.#timeout);
  }

  /** (Re)starts the watch over the application; 0 waits for ever. */
  #watch(timeout: number): void {
    clearTimeout(this.#watchdog);
    this.#watchdog = undefined;
    if (timeout === 0 || this.#stage === 'over') return;
    this.#watchdog = setTimeout(() => this.#hangs(timeout), timeout);
  }

  #hangs(timeout: number): void {
    // It may be waiting for the client's next bytes.
    if (this.#pump?.isHungry === true && !this.#unwanted) return this.#watch(timeout);
    const lane = this.#lane;
    const phase = this.#stage === 'called' ? 'call' : 'receive';
    this.#fail(new ExchangeError('APPLICATION_HANGS', phase, `Nothing came for ${timeout} ms.`));
    this.#lane = undefined;
    if (lane !== undefined) this.#application.abandon(lane);
  }

  #fail(error: ExchangeError): void {
    if (this.#stage === 'over') return;
    const { trace } = this.#x;
    trace.span('application', 'call', this.#began, { error: error.message });
    if (this.#stage === 'called') this.#reply.reject(error);
    else this.#body?.fail(error);
    this.#end();
    this.#pump?.stop();
  }

  #end(): void {
    this.#stage = 'over';
    clearTimeout(this.#watchdog);
    this.#forgetAbort?.();
    this.#over.resolve(undefined);
  }

  async #closed(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => {
      this.#x.trace.note('warning', 'APPLICATION_BUSY', 'The application still works on a request that is over.');
      resolve(undefined);
    }, CLOSE_GRACE);
    await Promise.race([this.#over.promise, promise]);
    clearTimeout(timer);
  }

  #cannotLoad(error: LoadError): Reply {
    const { trace, request } = this.#x;
    trace.note('error', 'APPLICATION_NOT_LOADED', error.message);
    trace.gateway({ type: 'gateway.output', stream: 'traceback', text: error.report });
    const failure = {
      code: 'APPLICATION_NOT_LOADED',
      status: 500,
      title: error.message,
      report: error.report,
    } as const;
    return failureReply(failure, request.headers);
  }
}

function asList(environ: Environ): HeaderList {
  const list: string[] = [];
  for (const name in environ) list.push(name, environ[name] as string);
  return list;
}

function lastLine(traceback: string): string {
  return traceback.trimEnd().split('\n').at(-1) ?? '';
}
