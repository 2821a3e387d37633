import type { HeaderList } from '../../../shared/headers.ts';
import { FieldNames, getHeader, hasHeader, withoutHeaders } from '../../../shared/headers.ts';
import { messageOf } from '../../../shared/message-of.ts';
import type { ByteSource } from '../chain/byte-queue.ts';
import { ByteQueue } from '../chain/byte-queue.ts';
import type { Exchange } from '../chain/exchange.ts';
import type { Reply } from '../chain/reply.ts';
import { ExchangeError } from '../errors.ts';
import { formatHttpDate } from '../http/http-date.ts';
import { isBodiless } from '../http/response-head.ts';
import type { Application } from './application.ts';
import { traceCall } from './call-timings.ts';
import { makeEnviron } from './environ.ts';
import { failureReply } from './failure-page.ts';
import type {
  CallTimes,
  Lane,
  LaneReceiver,
  LaneRequest,
  LaneTaker,
  LoadError,
  OutputStream,
  ReplyTaker,
} from './lane.ts';
import { RequestPump } from './request-pump.ts';
import { Watchdog } from '../watchdog.ts';

const CONTENT_LENGTH = new FieldNames(['content-length']);
/** How long (ms) the end of an exchange waits to hear how the application closed. */
const CLOSE_GRACE = 1_000;
/** A shorter wait for a lane (ms) is no part of the story. */
const WORTH_TELLING = 1;

/** One request on its way through an application: turns what its lane tells into a reply, and into the trace. */
export class ApplicationCall implements LaneTaker, LaneReceiver, ByteSource {
  readonly #x: Exchange;
  readonly #application: Application;
  readonly #software: string;
  readonly #timeout: number;
  readonly #reply = Promise.withResolvers<Reply>();
  readonly #watchdog = new Watchdog(() => this.#late());
  #lane: Lane | undefined;
  #request: LaneRequest | undefined;
  #next: (() => Promise<Reply>) | undefined;
  #pump: RequestPump | undefined;
  #forgetAbort: (() => void) | undefined;
  #whenOver: (() => void) | undefined;
  #body: ByteQueue | undefined;
  #stage: 'idle' | 'waiting' | 'called' | 'answered' | 'over' = 'idle';
  /** Nobody wants what the application still gives. */
  #unwanted = false;
  /** When the current stage began, on the exchange's clock: the wait for a lane, then the call. */
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
  start(next?: () => Promise<Reply>): Promise<Reply> {
    this.#next = next;
    this.#began = this.#x.trace.now();
    this.#stage = 'waiting';
    this.#application.take(this);
    // A method, because the compiler takes a field for what it was before the call.
    if (!this.#isOver()) {
      this.#forgetAbort = this.#x.onAbort(({ message }) =>
        this.#giveUp(new ExchangeError('CLIENT_GONE', this.#lane === undefined ? 'queue' : 'call', message)),
      );
    }
    // Not longer than an answer may take.
    if (this.#lane === undefined && !this.#isOver()) this.#watchdog.expect(this.#x.settings.timeouts.head);
    return this.#reply.promise;
  }

  onLane(lane: Lane): void {
    const { trace } = this.#x;
    if (trace.now() - this.#began > WORTH_TELLING) trace.span('application', 'queue', this.#began);
    this.#lane = lane;
    this.#call(lane);
    // Its client left while the worker turned to it.
    if (this.#unwanted) this.#stop();
  }

  onNoLane(error: LoadError): void {
    this.#end();
    this.#reply.resolve(this.#cannotLoad(error));
  }

  sentAhead(): LaneRequest | undefined {
    return this.#x.body === null ? this.#laneRequest() : undefined;
  }

  onGivenBack(): boolean {
    if (!this.#unwanted) return true;
    this.#end();
    return false;
  }

  /** The exchange is over; resolves when the application is done too, or after a grace time. */
  release(): Promise<void> | undefined {
    if (this.#stage === 'idle' || this.#stage === 'over') return undefined;
    // A reply without a body is delivered before the application has ended; that is no reason to stop it.
    if (this.#stage !== 'answered' || this.#body !== undefined) this.cancel();
    return this.#closed();
  }

  resume(): void {
    this.#watchdog.expect(this.#x.settings.timeouts.body);
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
      (error: unknown) => asker.replyFailed(messageOf(error)),
    );
  }

  onDrain(): void {
    // Whoever takes the request's body works on the answer, however long it is.
    if (this.#stage === 'called' && !this.#unwanted) this.#watchdog.expect(this.#timeout);
    this.#pump?.drained();
  }

  onHead(statusLine: string, headers: HeaderList): void {
    // A handler that failed may still begin an answer when it finishes, to which nobody listens.
    if (this.#stage !== 'called') return;
    this.#x.trace.gateway({ type: 'gateway.answered', status: statusLine, headers });
    this.#stage = 'answered';
    const status = Number(statusLine.slice(0, 3));
    if (!isBodiless(this.#x.request.method, status)) this.#body = new ByteQueue(this);
    this.#watchdog.expect(this.#x.settings.timeouts.body);
    // RFC 9110 §8.6: a server must not send it with 204, but frameworks say that there are no bytes.
    const fields = status === 204 ? withoutHeaders(headers, CONTENT_LENGTH) : headers;
    this.#reply.resolve({
      status,
      reason: statusLine.slice(4),
      // RFC 9110 §6.6.1: an origin server with a clock sends Date.
      headers: hasHeader(fields, 'date') ? fields : [...fields, 'Date', formatHttpDate(Date.now())],
      body: this.#body ?? null,
      from: 'upstream',
      upstream: this.#application.name,
    });
  }

  onChunk(bytes: Uint8Array): void {
    if (this.#unwanted || this.#body === undefined) return;
    if (this.#body.push(bytes)) {
      this.#watchdog.expect(this.#x.settings.timeouts.body);
    } else {
      this.#lane?.pause();
      // While the client is slow it is not the application that hangs.
      this.#watchdog.rest();
    }
  }

  onBodyEnd(): void {
    this.#body?.end();
    // Like an answer without a body: it may be delivered before the application is done.
    this.#body = undefined;
  }

  onOutput(stream: OutputStream, text: string): void {
    this.#x.trace.gateway({ type: 'gateway.output', stream, text });
    this.#application.onOutput(text);
  }

  onFramework(facts: HeaderList): void {
    this.#x.trace.gateway({ type: 'gateway.framework', facts });
  }

  onFailure(traceback: string, line: string, closing: boolean): void {
    const { trace } = this.#x;
    trace.gateway({ type: 'gateway.output', stream: 'traceback', text: traceback });
    trace.note('error', closing ? 'CLOSE_FAILED' : 'APPLICATION_FAILED', line);
    this.#application.onOutput(traceback);
    if (closing) return;
    if (this.#stage === 'called') {
      this.#stage = 'answered';
      const title = `${this.#application.name} raised an exception`;
      const failure = { code: 'APPLICATION_FAILED', status: 500, title, report: traceback } as const;
      this.#reply.resolve(failureReply(failure, this.#x.request.headers));
    } else {
      this.#body?.fail(new ExchangeError('APPLICATION_FAILED', 'receive', line));
    }
  }

  onEnd(times: CallTimes): void {
    const lane = this.#lane;
    if (lane === undefined) return;
    // It had been given up.
    if (this.#isOver()) return this.#application.release(lane);
    traceCall(this.#x.trace, this.#began, times);
    this.#body?.end();
    // An error is not cheap to make, and nearly every application has answered by now.
    if (this.#stage === 'called') {
      this.#reply.reject(new ExchangeError('CLIENT_GONE', 'call', 'The application was stopped.'));
    }
    this.#end();
    const pump = this.#pump;
    if (pump === undefined) this.#application.release(lane);
    else pump.stop(() => this.#application.release(lane));
  }

  onLost(reason: string): void {
    this.#fail(
      new ExchangeError('WORKER_LOST', this.#stage === 'called' ? 'call' : 'receive', `It ended with ${reason}.`),
    );
  }

  /** What a lane is given, made once. */
  #laneRequest(): LaneRequest {
    if (this.#request !== undefined) return this.#request;
    const { request, body, client } = this.#x;
    const headers = this.#x.forwardHeaders ?? request.headers;
    const environ = makeEnviron({ request, headers, mount: this.#application.mount, client, software: this.#software });
    // A handler that asks the rest of the chain leaves the body to it.
    const isAwaited =
      this.#next !== undefined || getHeader(request.headers, 'expect')?.toLowerCase() === '100-continue';
    const expects = body !== null && isAwaited;
    this.#request = { environ, target: request.target, headers, hasBody: body !== null, expects };
    return this.#request;
  }

  #call(lane: Lane): void {
    const { body, trace } = this.#x;
    const request = this.#laneRequest();
    this.#stage = 'called';
    const { name } = this.#application;
    trace.gateway({ type: 'gateway.called', application: name, worker: lane.worker, environ: request.environ });
    this.#began = trace.now();
    lane.begin(request, this);
    this.#watchdog.expect(this.#timeout);
    if (body === null) return;
    this.#pump = new RequestPump(body.stream, lane, (error) => this.#onBroken(error));
    if (!request.expects) this.#pump.start();
  }

  /** A malformed body is answered as such (RFC 9112 §7.1), whatever the application makes of its breaking off. */
  #onBroken(error: unknown): void {
    if (this.#stage === 'called' && error instanceof ExchangeError) this.#giveUp(error);
  }

  /** Nobody waits for the rest: tells the application to stop, and lets go of what it still gives. */
  #giveUp(reason: ExchangeError): void {
    if (this.#stage === 'over' || this.#unwanted) return;
    if (this.#stage === 'waiting') return this.#leaveQueue(reason);
    this.#unwanted = true;
    if (this.#stage === 'called') this.#reply.reject(reason);
    this.#body?.fail(reason);
    this.#pump?.stop();
    this.#stop();
  }

  #stop(): void {
    this.#lane?.abort();
    this.#watchdog.expect(this.#timeout);
  }

  #leaveQueue(reason: ExchangeError): void {
    this.#reply.reject(reason);
    if (this.#application.leave(this)) return this.#end();
    // A worker has it, and may be about to turn to it.
    this.#unwanted = true;
    this.#watchdog.rest();
  }

  /** What was expected did not come in time. */
  #late(): void {
    if (this.#stage === 'waiting') return this.#leaveQueue(new ExchangeError('APPLICATION_BUSY', 'queue'));
    const timeout = this.#stage === 'called' || this.#unwanted ? this.#timeout : this.#x.settings.timeouts.body;
    // It may be waiting for the client's next bytes.
    if (this.#pump?.isHungry === true && !this.#unwanted) return this.#watchdog.expect(timeout);
    const lane = this.#lane;
    const phase = this.#stage === 'called' ? 'call' : 'receive';
    this.#fail(new ExchangeError('APPLICATION_HANGS', phase, `Nothing came for ${timeout} ms.`));
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
    this.#watchdog.stop();
    this.#forgetAbort?.();
    this.#whenOver?.();
  }

  #isOver(): boolean {
    return this.#stage === 'over';
  }

  #closed(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#x.trace.note('warning', 'APPLICATION_BUSY', 'The application still works on a request that is over.');
        resolve();
      }, CLOSE_GRACE);
      this.#whenOver = () => {
        clearTimeout(timer);
        resolve();
      };
    });
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
