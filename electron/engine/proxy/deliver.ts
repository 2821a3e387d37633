import type { HeaderList } from '../../../shared/headers.ts';
import { NO_HEADERS } from '../../../shared/headers.ts';
import type { Outcome } from '../../../shared/trace-event.ts';
import type { Exchange } from '../chain/exchange.ts';
import type { Reply } from '../chain/reply.ts';
import { abortedOutcome } from '../chain/run-exchange.ts';
import { toExchangeError } from '../errors.ts';
import type { ClientWriter } from './client-writer.ts';
import type { ReplyFraming } from '../http/response-head.ts';
import { formatHead, formatLastChunk, frameReply, isBodiless } from '../http/response-head.ts';

/** What delivery asks of the connection. */
export interface ReplyControl {
  /** Whether the connection is to be kept after this reply; decided when the head is sent. */
  keep(framing: ReplyFraming): boolean;
  /** The reply broke off: the client must not take what it got for a whole message. */
  breakOff(framing: ReplyFraming): void;
}

/** Sends a reply to an HTTP/1 client, to its last byte, and says how that went. Never rejects. */
export async function deliver(
  reply: Reply,
  x: Exchange,
  writer: ClientWriter,
  control: ReplyControl,
): Promise<Outcome> {
  const { method, minor } = x.request;
  const { body, status } = reply;
  const start = x.trace.now();
  const length = body instanceof Uint8Array ? body.length : undefined;
  const framed = frameReply({ method, minor, status, headers: reply.headers, hasBody: body !== null, length });
  const headers = control.keep(framed.framing) ? framed.headers : [...framed.headers, 'Connection', 'close'];
  x.trace.responseStarted(reply, headers);
  writer.write(formatHead(status, reply.reason, headers));

  const failure = await sendBody(reply, x, writer, framed.framing);
  if (failure !== undefined && x.aborted === undefined) control.breakOff(framed.framing);
  else await writer.flushed();
  if (reply.tunnel === undefined) x.trace.responseEnded(reply.trailers?.());
  x.trace.span('client', 'deliver', start, failure === undefined ? undefined : { error: messageOf(failure) });
  if (x.aborted !== undefined && (failure !== undefined || writer.gone)) return abortedOutcome(x, 'deliver');
  return failure ?? { kind: 'completed' };
}

async function sendBody(
  reply: Reply,
  x: Exchange,
  writer: ClientWriter,
  framing: ReplyFraming,
): Promise<Outcome | undefined> {
  const { body } = reply;
  if (body === null) return undefined;
  if (isBodiless(x.request.method, reply.status)) {
    if (!(body instanceof Uint8Array)) await body[Symbol.asyncIterator]().return?.();
    return undefined;
  }
  if (body instanceof Uint8Array) {
    x.trace.responseChunk(body);
    writer.write(body);
    return undefined;
  }
  try {
    const sent = await sendStream(body, x, writer, framing);
    if (writer.gone) return abortedOutcome(x, 'deliver');
    if (framing.kind === 'length' && sent !== framing.length) return lengthMismatch(framing.length, sent);
    if (framing.kind === 'chunked') writer.write(formatLastChunk(trailersOf(reply)));
    return undefined;
  } catch (thrown) {
    const error = toExchangeError(thrown, 'receive');
    return { kind: 'failed', code: error.code, phase: error.phase, message: error.message };
  }
}

/** Returns how many body bytes went out; stops early when the client is gone. */
async function sendStream(
  body: AsyncIterable<Uint8Array>,
  x: Exchange,
  writer: ClientWriter,
  framing: ReplyFraming,
): Promise<number> {
  const limit = framing.kind === 'length' ? framing.length : Infinity;
  let sent = 0;
  for await (const chunk of body) {
    if (chunk.length === 0) continue;
    if (sent + chunk.length > limit) return sent + chunk.length;
    sent += chunk.length;
    x.trace.responseChunk(chunk);
    let more: boolean;
    if (framing.kind === 'chunked') {
      writer.write(`${chunk.length.toString(16)}\r\n`);
      writer.write(chunk);
      more = writer.write('\r\n');
    } else {
      more = writer.write(chunk);
    }
    if (!more) await writer.drained();
    if (writer.gone) break;
  }
  return sent;
}

function trailersOf(reply: Reply): HeaderList {
  return reply.trailers?.() ?? NO_HEADERS;
}

function lengthMismatch(expected: number, sent: number): Outcome {
  const message = `The body has ${sent < expected ? 'only ' : ''}${sent} of the ${expected} bytes that Content-Length announced.`;
  return { kind: 'failed', code: 'CLOSED_EARLY', phase: 'receive', message };
}

function messageOf(outcome: Outcome): string {
  return outcome.kind === 'completed' ? '' : outcome.message;
}
