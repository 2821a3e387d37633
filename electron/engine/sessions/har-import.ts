import { createReadStream } from 'node:fs';
import * as v from 'valibot';
import { annotationFrom } from '../../../shared/annotation.ts';
import { getHeader } from '../../../shared/headers.ts';
import type { HeaderList } from '../../../shared/headers.ts';
import type { MESSAGE_KINDS } from '../../../shared/messages.ts';
import type { Outcome, TraceEvent } from '../../../shared/trace-event.ts';
import type { ReadLosses } from '../trace/recorded-items.ts';
import { BODY_PIECE, MAX_PAYLOAD } from '../trace/session-item.ts';
import type { RecordedMessage, SessionItem } from '../trace/session-item.ts';
import { SessionError } from '../trace/session-error.ts';
import { harEntries } from './har-entries.ts';
import { harEntrySchema } from './har-schema.ts';
import type { HarEntry } from './har-schema.ts';

/** An entry has its bodies in it; what is longer than this is skipped. */
const MAX_ENTRY_BYTES = 96 * 1024 * 1024;
/** WebSocket opcodes (RFC 6455 §5.2) by the numbers of message kinds. */
const OPCODES: Readonly<Record<number, (typeof MESSAGE_KINDS)[number]>> = {
  ...{ 0: 'continuation', 1: 'text', 2: 'binary', 8: 'close', 9: 'ping', 10: 'pong' },
};

/**
 * The entries of a HAR file as a session whose engine time is wall time (epoch 0). Entries that make no sense are left out
 * and added to `losses`.
 */
export async function* harFileItems(path: string, losses: ReadLosses): AsyncGenerator<SessionItem> {
  let id = 0;
  for await (const text of harEntries(bytesOf(path), MAX_ENTRY_BYTES)) {
    const entry = text === undefined ? undefined : parseEntry(text);
    if (entry === undefined) losses.exchanges++;
    else yield* entryItems(entry, ++id);
  }
}

async function* bytesOf(path: string): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of createReadStream(path)) yield chunk as Uint8Array;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw code === 'ENOENT' ? new SessionError('NOT_FOUND', `There is no file ${path}.`, error) : error;
  }
}

function parseEntry(text: string): HarEntry | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    // A SyntaxError, or a RangeError for what is nested too deep.
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined;
    throw error;
  }
  const parsed = v.safeParse(harEntrySchema, value);
  if (!parsed.success) return undefined;
  const start = Date.parse(parsed.output.startedDateTime);
  return Math.abs(start) <= 4e15 ? parsed.output : undefined;
}

function* entryItems(entry: HarEntry, id: number): Generator<SessionItem> {
  const request = bodyBytes(sentContent(entry));
  const response = bodyBytes(entry.response.content);
  const messages = messagesOf(entry);
  yield {
    ...{ kind: 'exchange', events: entryEvents(entry, id, { request, response, messages }) },
    annotation: annotationFrom({ ...annotationFrom(entry._hopscope?.annotation), comment: entry.comment }),
  };
  yield* pieces('request', request);
  yield* pieces('response', response);
  yield* messages;
}

interface EntryParts {
  readonly request: Buffer;
  readonly response: Buffer;
  readonly messages: readonly RecordedMessage[];
}

function entryEvents(entry: HarEntry, id: number, { request, response, messages }: EntryParts): TraceEvent[] {
  const events: TraceEvent[] = [];
  const start = Date.parse(entry.startedDateTime);
  const phases = phasesOf(entry, start);
  const stamp = (at: number) => ({ seq: events.length + 1, id, at });
  const { method, url, httpVersion, headers } = entry.request;
  const kind = entry._hopscope?.kind ?? (messages.length > 0 ? 'websocket' : 'http');
  const version = httpVersion === '' ? 'HTTP/1.1' : httpVersion.toUpperCase();
  const connection = /^\d{1,9}$/.test(entry.connection) ? Number(entry.connection) : 0;
  events.push({
    type: 'exchange.started',
    ...stamp(start),
    kind,
    method,
    url,
    version,
    client: '',
    connection,
    nth: 1,
  });
  events.push({ type: 'request.head', ...stamp(start), target: url, headers: listOf(headers) });
  for (const { name, from, to } of phases.spans) {
    events.push({ type: 'span', ...stamp(to), lane: 'upstream', name, start: from });
  }
  const bytes = Math.max(entry.request.bodySize, request.length);
  if (bytes > 0) {
    const body = request.length === 0 ? {} : { body: { captured: request.length } };
    events.push({ type: 'request.ended', ...stamp(phases.sent), bytes, ...body });
  }
  const decision = entry._hopscope?.decision;
  if (decision !== undefined) events.push({ type: 'cache.decided', ...stamp(phases.answered), decision });
  if (entry.response.status > 0) {
    for (const event of responseEvents(entry, response)) {
      events.push({ ...event, ...stamp(event.type === 'response.started' ? phases.answered : phases.end) });
    }
  }
  if (messages.length > 0) {
    const sent = messages.filter(({ facts }) => facts.direction === 'sent').length;
    const counts = { sent, received: messages.length - sent, lost: 0 };
    events.push({ type: 'messages.ended', ...stamp(phases.end), messages: counts });
  }
  events.push({ type: 'exchange.finished', ...stamp(phases.end), outcome: outcomeOf(entry) });
  return events;
}

function responseEvents({ response, serverIPAddress, _hopscope }: HarEntry, body: Buffer) {
  const headers = listOf(response.headers);
  const mediaType = (getHeader(headers, 'content-type') ?? response.content.mimeType).split(';')[0] ?? '';
  const status = Math.min(999, Math.trunc(response.status));
  const upstream = _hopscope?.upstream;
  const remote = _hopscope?.remote ?? serverIPAddress;
  const started = {
    ...{ type: 'response.started' as const, status, reason: response.statusText, headers },
    ...{ from: _hopscope?.from ?? ('upstream' as const), contentType: mediaType.trim().toLowerCase() },
    ...(upstream === undefined ? {} : { upstream }),
    ...(remote === '' ? {} : { remote }),
  };
  const length = Math.max(response.bodySize, body.length);
  const ended = { type: 'response.ended' as const, bytes: length };
  return [started, body.length === 0 ? ended : { ...ended, body: { captured: body.length } }];
}

function outcomeOf({ response, _hopscope }: HarEntry): Outcome {
  if (_hopscope?.outcome !== undefined) return _hopscope.outcome;
  if (response.status > 0) return { kind: 'completed' };
  const message = response._error ?? 'The HAR file has no response for it.';
  return { kind: 'failed', code: 'UPSTREAM_FAILED', phase: 'wait', message };
}

interface Phases {
  readonly spans: readonly { readonly name: string; readonly from: number; readonly to: number }[];
  /** When the request was sent, the response's head came, and all was over. */
  readonly sent: number;
  readonly answered: number;
  readonly end: number;
}

/** HAR's phases follow each other; `connect` includes `ssl`. */
function phasesOf({ timings, time }: HarEntry, start: number): Phases {
  const ssl = Math.max(0, timings.ssl);
  const lengths = {
    ...{ blocked: timings.blocked, dns: timings.dns, connect: Math.max(0, timings.connect) - ssl, tls: ssl },
    ...{ send: timings.send, wait: timings.wait, receive: timings.receive },
  };
  const spans: { name: string; from: number; to: number }[] = [];
  const ends: Record<string, number> = {};
  let at = start;
  for (const [name, length] of Object.entries(lengths)) {
    // No time at all is how writers say that a phase did not take place.
    if (length > 0) spans.push({ name, from: at, to: (at += Math.min(length, 1e12)) });
    ends[name] = at;
  }
  const { send = start, wait = start } = ends;
  return { spans, sent: send, answered: wait, end: Math.max(at, start + Math.min(time, 1e12)) };
}

function messagesOf({ _webSocketMessages = [] }: HarEntry): RecordedMessage[] {
  return _webSocketMessages.map(({ type, time, opcode, data }) => {
    const kind = OPCODES[opcode] ?? 'reserved';
    // Chromium writes what is no text in base64.
    const whole = Buffer.from(data, kind === 'text' ? 'utf8' : 'base64');
    const payload = whole.subarray(0, MAX_PAYLOAD);
    const facts = {
      ...{ at: Math.min(4e15, Math.max(-4e15, time * 1000)), kind, fin: true, size: whole.length, problems: [] },
      direction: type === 'send' ? ('sent' as const) : ('received' as const),
    };
    return {
      kind: 'message' as const,
      facts: payload.length < whole.length ? { ...facts, truncated: 'cap' as const } : facts,
      payload,
    };
  });
}

function listOf(fields: readonly { readonly name: string; readonly value: string }[]): HeaderList {
  return fields.flatMap(({ name, value }) => [name, value]);
}

/** What was sent; of a form that is listed field by field, as it is sent (WHATWG URL §5.2). Other media types have no such list. */
function sentContent({ request: { postData } }: HarEntry) {
  if (postData === undefined || (postData.text ?? '') !== '' || postData.params.length === 0) return postData;
  if (!/^application\/x-www-form-urlencoded\b/i.test(postData.mimeType)) return postData;
  const fields = postData.params.map(({ name, value }): [string, string] => [name, value]);
  return { text: new URLSearchParams(fields).toString() };
}

function bodyBytes(
  content: { readonly text?: string | undefined; readonly encoding?: string | undefined } | undefined,
) {
  return Buffer.from(content?.text ?? '', content?.encoding === 'base64' ? 'base64' : 'utf8');
}

function* pieces(side: 'request' | 'response', bytes: Buffer): Generator<SessionItem> {
  for (let offset = 0; offset < bytes.length; offset += BODY_PIECE) {
    yield { kind: 'body', side, bytes: bytes.subarray(offset, offset + BODY_PIECE) };
  }
}
