import type { HeaderList } from '../../../shared/headers.ts';
import type { Reply } from '../chain/reply.ts';
import type { Environ } from './environ.ts';

/** A request as an application's worker gets it. */
export interface LaneRequest {
  readonly environ: Environ;
  /** Target and fields as received, for handlers. */
  readonly target: string;
  readonly headers: HeaderList;
  readonly hasBody: boolean;
  /** The worker must say when the body is wanted: a client waits for 100 (Continue), or somebody else may read it. */
  readonly expects: boolean;
}

/** What comes back for one request. After `onEnd` or `onLost` nothing more comes. */
export interface LaneReceiver {
  onBodyWanted(): void;
  /** A handler asks for the answer of the rest of the chain. */
  onNext(asker: ReplyTaker): void;
  /** Status line without version, as in `200 OK`, and fields, as the application gave them. */
  onHead(status: string, headers: HeaderList): void;
  onChunk(bytes: Uint8Array): void;
  /** The body is complete, though its length was not known; the application may still be closing. */
  onBodyEnd(): void;
  /** Text that the application wrote. */
  onOutput(stream: OutputStream, text: string): void;
  /** Facts that a framework's middleware tells, `[name, value, …]`. */
  onFramework(facts: HeaderList): void;
  /** The application raised an exception, told in one line as well; `closing` when only its close() did, after its answer. */
  onFailure(traceback: string, line: string, closing: boolean): void;
  /** The application is done with the request; see `Call.times` in assets/wsgi-worker.py. */
  onEnd(times: CallTimes): void;
  /** The request's body may be sent on, after {@link Lane.sendBody} said to wait. */
  onDrain(): void;
  /** The worker has ended; nothing more will come. */
  onLost(reason: string): void;
}

/** Seconds since the request was read; not a number for what did not happen. */
export type CallTimes = ArrayLike<number>;

/** Takes the rest of the chain's answer on behalf of a handler. */
export interface ReplyTaker {
  reply(reply: Reply): Promise<void>;
  replyFailed(error: string): void;
}

/** Where text came from: `wsgi.errors`, standard output, standard error. */
export type OutputStream = 'errors' | 'stdout' | 'stderr';

/** One place in a worker, where one request at a time is answered. */
export interface Lane {
  /** Which worker it is, for people: its process number, say. */
  readonly worker: string;
  /** A request that was sent ahead and whose turn it is has been sent already. */
  begin(request: LaneRequest, receiver: LaneReceiver): void;
  /** What lanes can do whose worker finds its next request at once, when it is done with the one before. */
  readonly ahead?: LaneAhead;
  /** False asks to wait for `onDrain`. */
  sendBody(chunk: Uint8Array): boolean;
  /** @param complete false when the body broke off. */
  endBody(complete: boolean): void;
  /** The client has gone: the application should be stopped at its next chunk. What still comes is to be ignored. */
  abort(): void;
  /** Nothing more can be taken just now; what is on its way may still come. */
  pause(): void;
  resume(): void;
  /** No request follows. A worker whose lanes are all closed ends. */
  close(): void;
}

/** The requests that lie ready in a lane, while it carries another. None of them has begun before it is given the lane. */
export interface LaneAhead {
  readonly count: number;
  /** Sends a taker's request, which has no body. False: not while a body is on its way. */
  send(taker: LaneTaker, request: LaneRequest): boolean;
  /** When the lane is free: whose request the worker has turned to, and is to be given the lane. */
  next(): LaneTaker | undefined;
  /** Asks the worker for all of them. Resolves with the takers of those that it had not turned to. */
  recall(): Promise<readonly LaneTaker[]>;
  /** The takers of what a worker left behind that has ended. */
  stranded(): readonly LaneTaker[];
}

/** Whoever wants a lane for a request. Exactly one of the first two is called, unless it stops waiting. */
export interface LaneTaker {
  onLane(lane: Lane): void;
  onNoLane(error: LoadError): void;
  /** The request that may be sent ahead on a lane; undefined when it has to wait until one is free. */
  sentAhead(): LaneRequest | undefined;
  /** It was sent ahead and came back without having begun. False: it is not wanted any more. */
  onGivenBack(): boolean;
}

/** A process or thread that holds an application and answers on its lanes. */
export interface Worker {
  readonly lanes: readonly Lane[];
  /** Resolves when the application is loaded, or with why it cannot be. */
  readonly ready: Promise<LoadError | undefined>;
  /** Resolves with the reason when the worker has ended. */
  readonly ended: Promise<string>;
  kill(): void;
  /** One of its requests hangs. */
  suspect?(): void;
}

/** The application could not be loaded. */
export class LoadError extends Error {
  /** What to show: a traceback, or what the worker wrote before it ended. */
  readonly report: string;

  constructor(message: string, report: string) {
    super(message);
    this.name = 'LoadError';
    this.report = report;
  }
}
