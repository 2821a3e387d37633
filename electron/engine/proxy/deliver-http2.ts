import type { ServerHttp2Stream } from 'node:http2';
import { constants } from 'node:http2';
import type { HeaderList } from '../../../shared/headers.ts';
import { getHeader } from '../../../shared/headers.ts';
import type { Outcome } from '../../../shared/trace-event.ts';
import { messageOf } from '../../../shared/message-of.ts';
import { drained } from '../drained.ts';
import { afterwards, takeWhole } from '../chain/byte-queue.ts';
import type { Exchange } from '../chain/exchange.ts';
import type { Reply } from '../chain/reply.ts';
import { abortedOutcome } from '../chain/run-exchange.ts';
import { ExchangeError, toExchangeError } from '../errors.ts';
import { http2FieldsObject, http2ResponseFields } from '../http/http2-head.ts';
import { isBodiless } from '../http/response-head.ts';
import { errorReply } from './error-reply.ts';
import { lengthMismatch } from './length-mismatch.ts';

const COMPLETED: Outcome = { kind: 'completed' };

/** Sends a reply on an HTTP/2 stream, to its last byte, and says how that went. Never rejects. */
export async function deliverHttp2(reply: Reply, x: Exchange, stream: ServerHttp2Stream): Promise<Outcome> {
  const start = x.trace.now();
  const failure = await send(reply, x, stream);
  x.trace.responseEnded(reply.trailers?.(), failure === undefined);
  x.trace.span('client', 'deliver', start, failure === undefined ? undefined : { error: failure.message });
  return failure ?? COMPLETED;
}

type Chunks = readonly Uint8Array[];
type Failure = Exclude<Outcome, { kind: 'completed' }>;

async function send(reply: Reply, x: Exchange, stream: ServerHttp2Stream): Promise<Failure | undefined> {
  const { status, body, trailers } = reply;
  const bodiless = body === null || isBodiless(x.received.method, status);
  const fields = http2ResponseFields(status, withLength(reply, x));
  x.trace.responseStarted(reply, fields.slice(2));
  if (stream.destroyed || stream.closed) {
    await leave(body);
    return gone(x);
  }
  const whole = bodiless ? undefined : wholeBody(body);
  const atOnce = whole instanceof Promise ? await whole : whole;
  // Where there is nothing but a head, it says so itself: gRPC tells such an answer from one with an empty body.
  const headOnly = bodiless || (atOnce !== undefined && isEmpty(atOnce) && (trailers?.().length ?? 0) === 0);
  const waitForTrailers = !headOnly && trailers !== undefined && (atOnce === undefined || trailers().length > 0);
  if (waitForTrailers) stream.once('wantTrailers', () => stream.sendTrailers(http2FieldsObject(trailers())));
  try {
    stream.respond(fields, { endStream: headOnly, waitForTrailers });
  } catch (thrown) {
    // node:http2 refuses what HTTP/2 cannot express, such as a field name that is no token or a status above 599.
    await leave(body);
    const error = new ExchangeError('MALFORMED_RESPONSE', 'deliver', messageOf(thrown), thrown);
    if (stream.headersSent) breakOff(stream);
    else await tell(error, x, stream);
    const { code, phase, message } = error;
    return { kind: 'failed', code, phase, message };
  }
  if (headOnly) {
    if (bodiless) await leave(body);
    return undefined;
  }
  const { session } = stream;
  try {
    if (atOnce !== undefined) await sendWhole(atOnce, x, stream);
    else {
      const failure = await pump(body as AsyncIterable<Uint8Array>, x, stream, fields);
      if (failure !== undefined) return failure;
    }
  } catch (thrown) {
    if (x.aborted !== undefined) return gone(x);
    breakOff(stream);
    const { code, phase, message } = toExchangeError(thrown, 'receive');
    return { kind: 'failed', code, phase, message };
  }
  const arrived = stream.writableFinished || (x.aborted === undefined && wasClosedWhole(stream, session));
  return arrived ? undefined : gone(x);
}

/** Answers with the page of an error instead of a response that could not be begun. */
async function tell(error: ExchangeError, x: Exchange, stream: ServerHttp2Stream): Promise<void> {
  if (stream.destroyed || stream.closed) return;
  const { status, headers, body } = errorReply(error, x.received);
  const endStream = isBodiless(x.received.method, status);
  stream.respond(http2ResponseFields(status, headers), { endStream });
  if (!endStream) await ended(stream, body as Uint8Array);
}

function sendWhole(chunks: Chunks, x: Exchange, stream: ServerHttp2Stream): Promise<void> {
  const last = chunks.length - 1;
  for (let i = 0; i <= last; i++) {
    const chunk = chunks[i] as Uint8Array;
    x.trace.responseChunk(chunk);
    if (i === last) return ended(stream, chunk);
    stream.write(chunk);
  }
  return ended(stream);
}

async function pump(
  body: AsyncIterable<Uint8Array>,
  x: Exchange,
  stream: ServerHttp2Stream,
  fields: HeaderList,
): Promise<Failure | undefined> {
  const announced = Number(getHeader(fields, 'content-length') ?? NaN);
  let sent = 0;
  for await (const chunk of body) {
    if (chunk.length === 0) continue;
    sent += chunk.length;
    if (sent > announced || stream.destroyed) break;
    x.trace.responseChunk(chunk);
    if (!stream.write(chunk)) await drained(stream);
  }
  if (stream.destroyed) return gone(x);
  if (!Number.isNaN(announced) && sent !== announced) {
    breakOff(stream);
    return lengthMismatch(announced, sent);
  }
  await ended(stream);
  return undefined;
}

function isEmpty(chunks: Chunks): boolean {
  return chunks.every((chunk) => chunk.length === 0);
}

/** A body that is there already. What is to be done afterwards is done before: when the client has the body is not known. */
function wholeBody(body: Exclude<Reply['body'], null>): Chunks | undefined | Promise<Chunks> {
  if (body instanceof Uint8Array) return [body];
  const chunks = takeWhole(body);
  if (chunks === undefined) return undefined;
  const finishing = afterwards(body);
  return finishing === undefined ? chunks : finishing.then(() => chunks);
}

/** A known length is announced, as in HTTP/1, so that clients can show progress and check what they got. */
function withLength({ status, headers, body }: Reply, x: Exchange): HeaderList {
  if (!(body instanceof Uint8Array) || isBodiless(x.received.method, status)) return headers;
  if (getHeader(headers, 'content-length') !== undefined) return headers;
  return [...headers, 'content-length', String(body.length)];
}

/** Lets go of a body that is not sent. */
async function leave(body: Reply['body']): Promise<void> {
  if (body === null || body instanceof Uint8Array) return;
  await body[Symbol.asyncIterator]().return?.();
}

/** Ends a stream; resolves when everything has been handed to the connection, or when the stream is destroyed. */
function ended(stream: ServerHttp2Stream, last?: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    stream.end(last, () => resolve());
  });
}

/**
 * Whether a stream on `session` closed because both sides had ended it (RFC 9113 §5.1). When the request had a body,
 * node:http2 destroys the stream as soon as END_STREAM is on its way, and its `finish` is never heard of.
 */
export function wasClosedWhole(stream: ServerHttp2Stream, session: ServerHttp2Stream['session']): boolean {
  const ended = stream.closed && stream.writableEnded && !stream.aborted;
  return ended && stream.rstCode === constants.NGHTTP2_NO_ERROR && session?.destroyed === false;
}

/** RFC 9113 §5.4.2: without a reset the client would take what it got for the whole. */
function breakOff(stream: ServerHttp2Stream): void {
  // Not by `close`, which lets END_STREAM go ahead of the reset; this is INTERNAL_ERROR and nothing else.
  stream.destroy(new Error('The response broke off.'));
}

function gone(x: Exchange): Failure {
  return abortedOutcome(x, 'deliver') as Failure;
}
