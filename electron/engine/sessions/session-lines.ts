import * as v from 'valibot';
import { annotationFrom, isBlank } from '../../../shared/annotation.ts';
import { MAX_PAYLOAD } from '../trace/session-item.ts';
import type { SessionItem } from '../trace/session-item.ts';
import { SessionError } from '../trace/session-error.ts';
import { eventsSchema, messageSchema } from './trace-event-schema.ts';

/**
 * A `.hopscope` file is gzip over lines of JSON. The first line is the head; every further one is an item of the session
 * (see session-item.ts) by the name of its first property; the last one is the end, so that a file that breaks off shows it.
 *
 *     {"hopscope":1,"name":"Checkout","savedAt":"2026-…Z","epoch":1790000000000.123,"exchanges":2}
 *     {"exchange":[…events…],"bodyName":"1.0.512","annotation":{"pinned":true}}
 *     {"request":"…base64…"}
 *     {"response":"…base64…"}
 *     {"message":{…},"payload":"…base64…"}
 *     {"lostMessages":true}
 *     {"end":true,"exchanges":2}
 */
export const FILE_FORMAT = 1;

/** The longest line that is read: a whole payload in base64, and more than any exchange's events. */
export const MAX_LINE = Math.ceil(MAX_PAYLOAD / 3) * 4 + 1024 * 1024;

/** What the first line says. */
export interface SessionHead {
  readonly name: string;
  /** In the form of `Date.toISOString`. */
  readonly savedAt: string;
  /** Wall time (ms since 1970) of engine time zero of the run that saved it. */
  readonly epoch: number;
  /** How many there were when the file was begun. */
  readonly exchanges: number;
}

const headSchema: v.GenericSchema<unknown, SessionHead> = v.object({
  name: v.pipe(v.string(), v.maxLength(1_000)),
  savedAt: v.pipe(v.string(), v.maxLength(100)),
  // Half of what a Date can hold, as for the times of events.
  epoch: v.pipe(v.number(), v.minValue(-4e15), v.maxValue(4e15)),
  exchanges: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
});
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
const bytes = v.pipe(
  v.string(),
  v.regex(BASE64, 'bytes are in base64'),
  v.transform((base64): Uint8Array => Buffer.from(base64, 'base64')),
);
const lines = {
  exchange: v.object({
    exchange: eventsSchema,
    bodyName: v.exactOptional(v.pipe(v.string(), v.maxLength(200))),
    annotation: v.exactOptional(v.unknown()),
  }),
  request: v.object({ request: bytes }),
  response: v.object({ response: bytes }),
  message: v.object({ message: messageSchema, payload: bytes }),
  end: v.object({ exchanges: v.number() }),
};

export function headLine(head: SessionHead): string {
  return JSON.stringify({ hopscope: FILE_FORMAT, ...head });
}

export function endLine(exchanges: number): string {
  return JSON.stringify({ end: true, exchanges });
}

export function itemLine(item: SessionItem): string {
  switch (item.kind) {
    case 'exchange': {
      const { events: exchange, bodyName, annotation } = item;
      return JSON.stringify({ exchange, bodyName, annotation });
    }
    case 'body':
      return `{"${item.side}":"${base64(item.bytes)}"}`;
    case 'message':
      return `{"message":${JSON.stringify(item.facts)},"payload":"${base64(item.payload)}"}`;
    case 'lost-messages':
      return '{"lostMessages":true}';
  }
}

/** What the first line of a file says. @throws {SessionError} when it is no file of ours, or of a later version. */
export function parseHead(line: string): SessionHead {
  const head = parseJson(line, 'NOT_A_SESSION');
  const format = head['hopscope'];
  if (typeof format !== 'number') throw new SessionError('NOT_A_SESSION', 'This is no file of a Hopscope session.');
  if (format > FILE_FORMAT) throw new SessionError('NEWER_FORMAT', 'A newer Hopscope has written this file.');
  return parse(headSchema, head);
}

/** The item that a line stands for; `end` for the last line. @throws {SessionError} when it is none. */
export function parseLine(line: string): SessionItem | 'end' {
  const value = parseJson(line, 'DAMAGED');
  if ('exchange' in value) {
    const { exchange: events, bodyName, ...noted } = parse(lines.exchange, value);
    const annotation = annotationFrom(noted.annotation);
    return {
      ...{ kind: 'exchange', events },
      ...(bodyName === undefined ? {} : { bodyName }),
      ...(isBlank(annotation) ? {} : { annotation }),
    };
  }
  if ('request' in value) return { kind: 'body', side: 'request', bytes: parse(lines.request, value).request };
  if ('response' in value) return { kind: 'body', side: 'response', bytes: parse(lines.response, value).response };
  if ('message' in value) {
    const { message: facts, payload } = parse(lines.message, value);
    return { kind: 'message', facts, payload };
  }
  if ('lostMessages' in value) return { kind: 'lost-messages' };
  if ('end' in value) return 'end';
  throw new SessionError('DAMAGED', 'The file has a line that is no part of a session.');
}

function parseJson(line: string, code: 'NOT_A_SESSION' | 'DAMAGED'): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    // A SyntaxError, or a RangeError for what is nested too deep.
    throw new SessionError(code, 'The file is not made of lines of JSON.', error);
  }
  if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  throw new SessionError(code, 'The file has a line that is no part of a session.');
}

function parse<T>(schema: v.GenericSchema<unknown, T>, value: unknown): T {
  const parsed = v.safeParse(schema, value, { abortEarly: true });
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  const path = v.getDotPath(issue);
  const where = path === null ? '' : ` at ${path.slice(0, 200)}`;
  throw new SessionError('DAMAGED', `The file says what no session can${where}: ${issue.message.slice(0, 200)}`);
}

function base64(data: Uint8Array): string {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64');
}
