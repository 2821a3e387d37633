import type { HeaderList } from '../../../shared/headers.ts';
import { NO_HEADERS } from '../../../shared/headers.ts';
import type { Outcome } from '../../../shared/trace-event.ts';
import { afterwards, ByteQueue, takeWhole } from '../chain/byte-queue.ts';
import type { Exchange } from '../chain/exchange.ts';
import type { FramedHead, Reply } from '../chain/reply.ts';
import { abortedOutcome } from '../chain/run-exchange.ts';
import { toExchangeError } from '../errors.ts';
import type { ClientWriter } from './client-writer.ts';
import type { ReplyFraming } from '../http/response-head.ts';
import { lengthMismatch } from './length-mismatch.ts';
import { formatHead, formatLastChunk, frameReply } from '../http/response-head.ts';

/** Chunks from this size on are written at once: together they would only wait in memory for the end of the turn. */
const LARGE_BYTES = 16_384;
const COMPLETED: Outcome = { kind: 'completed' };

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
  const { body } = reply;
  const start = x.trace.now();
  const { framing, headers, text } = frame(reply, x, control);
  x.trace.responseStarted(reply, headers);

  let failure: Outcome | undefined;
  let ready: readonly Uint8Array[] | undefined;
  writer.write(text);
  if (body instanceof Uint8Array) {
    if (framing.kind !== 'none' && body.length > 0) {
      x.trace.responseChunk(body);
      writer.write(body);
    }
  } else if (body !== null) {
    ready = takeWhole(body);
    if (ready === undefined) failure = await sendStream(reply, body, x, writer, framing);
    else failure = sendReady(reply, ready, x, writer, framing);
  }

  if (failure !== undefined && x.aborted === undefined) {
    writer.flush();
    control.breakOff(framing);
  } else {
    await writer.flushed();
    if (ready !== undefined && body instanceof ByteQueue) giveBack(ready, body, writer);
  }
  if (reply.tunnel === undefined) x.trace.responseEnded(reply.trailers?.(), failure === undefined);
  x.trace.span('client', 'deliver', start, failure === undefined ? undefined : { error: messageOf(failure) });
  // In the very turn in which the kernel got the last byte: nothing that the client says to it has been read yet.
  const finishing = ready === undefined ? undefined : afterwards(body as AsyncIterable<Uint8Array>);
  if (finishing !== undefined) await finishing;
  if (x.aborted !== undefined && (failure !== undefined || writer.gone)) return abortedOutcome(x, 'deliver');
  return failure ?? COMPLETED;
}

function frame(reply: Reply, x: Exchange, control: ReplyControl): FramedHead {
  const { method, version } = x.received;
  const { status, reason, body, memo } = reply;
  // The memo holds the usual case: a GET, and a connection that stays.
  const usual = memo !== undefined && version === '1.1' && method === 'GET';
  if (usual && memo.head !== undefined && control.keep(memo.head.framing)) return memo.head;
  const length = body instanceof Uint8Array ? body.length : undefined;
  const framed = frameReply({ method, version, status, headers: reply.headers, hasBody: body !== null, length });
  const { framing } = framed;
  const keep = control.keep(framing);
  // What follows the head of a tunnel is no message of this connection: there is nothing to close after.
  const headers = keep || reply.tunnel !== undefined ? framed.headers : [...framed.headers, 'Connection', 'close'];
  const head = { framing, headers, text: formatHead(status, reason, headers) };
  if (usual && keep) memo.head = head;
  return head;
}

/** Writes a body that is there already, chunk by chunk as it came. */
function sendReady(
  reply: Reply,
  chunks: readonly Uint8Array[],
  x: Exchange,
  writer: ClientWriter,
  framing: ReplyFraming,
): Outcome | undefined {
  let sent = 0;
  for (const chunk of chunks) {
    sent += chunk.length;
    writeChunk(chunk, sent, x, writer, framing);
  }
  return endBody(reply, sent, writer, framing);
}

async function sendStream(
  reply: Reply,
  body: AsyncIterable<Uint8Array>,
  x: Exchange,
  writer: ClientWriter,
  framing: ReplyFraming,
): Promise<Outcome | undefined> {
  const queue = body instanceof ByteQueue ? body : undefined;
  let sent = 0;
  try {
    if (framing.kind === 'none') {
      await body[Symbol.asyncIterator]().return?.();
      return undefined;
    }
    for await (const chunk of body) {
      sent += chunk.length;
      const fits = framing.kind !== 'length' || sent <= framing.length;
      const full = fits && !writeChunk(chunk, sent, x, writer, framing);
      if (full || chunk.length >= LARGE_BYTES) await writer.drained();
      if (queue !== undefined) giveBack([chunk], queue, writer);
      if (!fits || writer.gone) break;
    }
  } catch (thrown) {
    const error = toExchangeError(thrown, 'receive');
    return { kind: 'failed', code: error.code, phase: error.phase, message: error.message };
  }
  if (writer.gone) return abortedOutcome(x, 'deliver');
  return endBody(reply, sent, writer, framing);
}

/** Lets the memory of chunks that were delivered be used again: the recorder has copied them, and the socket has written them. */
function giveBack(chunks: readonly Uint8Array[], queue: ByteQueue, writer: ClientWriter): void {
  if (!writer.empty) return;
  for (const chunk of chunks) queue.recycle(chunk);
}

/** Writes one chunk with its framing; false asks to wait until the writer has drained. */
function writeChunk(
  chunk: Uint8Array,
  sent: number,
  x: Exchange,
  writer: ClientWriter,
  framing: ReplyFraming,
): boolean {
  if (chunk.length === 0 || (framing.kind === 'length' && sent > framing.length)) return true;
  x.trace.responseChunk(chunk);
  if (framing.kind !== 'chunked') return writer.write(chunk);
  writer.write(`${chunk.length.toString(16)}\r\n`);
  writer.write(chunk);
  return writer.write('\r\n');
}

function endBody(reply: Reply, sent: number, writer: ClientWriter, framing: ReplyFraming): Outcome | undefined {
  if (framing.kind === 'length' && sent !== framing.length) return lengthMismatch(framing.length, sent);
  if (framing.kind === 'chunked') writer.write(formatLastChunk(trailersOf(reply)));
  return undefined;
}

function trailersOf(reply: Reply): HeaderList {
  return reply.trailers?.() ?? NO_HEADERS;
}

function messageOf(outcome: Outcome): string {
  return outcome.kind === 'completed' ? '' : outcome.message;
}
