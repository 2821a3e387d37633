import type { Decision } from '../../../shared/decision.ts';
import { cacheStatusField } from '../../../shared/decision.ts';
import type { HeaderList } from '../../../shared/headers.ts';
import { FieldNames, getHeader, isHeaderName, withoutHeaders } from '../../../shared/headers.ts';
import type { Answer } from '../cache/representation.ts';
import type { StoredResponse } from '../cache/stored-response.ts';
import { openBody } from '../cache/stored-response.ts';
import type { Reply } from '../chain/reply.ts';
import { byterangesReply } from './cache-byteranges.ts';
import { formatContentRange, rangeLength } from '../http/byte-ranges.ts';
import { reasonPhrase } from '../http/reason-phrases.ts';

/** Replies made from stored responses. */

/** The name that stands for this cache in Cache-Status (RFC 9211 §2). */
const CACHE_NAME = 'Hopscope';

/** A 304 is about what the client has: fields that describe a body are left out (RFC 9110 §15.4.5). */
const BODY_FIELDS = new FieldNames([
  'content-encoding',
  'content-language',
  'content-length',
  'content-range',
  'content-type',
]);
const LENGTH_FIELDS = new FieldNames(['content-length', 'content-range']);

export interface StoredReplyOptions {
  /** The Age field's value in seconds; undefined for a response that was validated just now (RFC 9111 §5.1). */
  readonly age: number | undefined;
  /** Whether to append to Cache-Status. */
  readonly cacheStatus: boolean;
}

/**
 * The reply that gives a client what `answer` says of a stored response.
 *
 * @returns undefined when its body is gone, because the entry has made room or was purged since it was looked up
 */
export function storedReply(
  stored: StoredResponse,
  answer: Answer,
  decision: Decision,
  options: StoredReplyOptions,
): Reply | undefined {
  const { status, reason, headers } = stored.head;
  const head = headFields(headers, decision, options);
  switch (answer.kind) {
    case 'not-modified':
      return {
        status: 304,
        reason: reasonPhrase(304),
        headers: withoutHeaders(head, BODY_FIELDS),
        body: null,
        from: 'cache',
      };
    case 'range': {
      const { range, length } = answer;
      const bytes = rangeLength(range);
      const lengths = ['Content-Range', formatContentRange(range, length), 'Content-Length', String(bytes)];
      const partHeaders = [...withoutHeaders(head, LENGTH_FIELDS), ...lengths];
      const offset = stored.head.part?.range.first ?? 0;
      const body = openBody(stored, { first: range.first - offset, last: range.last - offset });
      if (body === undefined) return undefined;
      return { status: 206, reason: reasonPhrase(206), headers: partHeaders, body, from: 'cache' };
    }
    case 'ranges':
      return byterangesReply(stored, head, answer.ranges, answer.length, stored.head.part?.range.first ?? 0);
    case 'unsatisfiable': {
      const lengths = ['Content-Range', `bytes */${answer.length}`, 'Content-Length', '0'];
      const unsatisfied = [...withoutHeaders(head, BODY_FIELDS), ...lengths];
      return { status: 416, reason: reasonPhrase(416), headers: unsatisfied, body: null, from: 'cache' };
    }
    case 'head':
    case 'whole':
    case 'unmeasured':
    case 'insufficient': {
      const { bodyLength } = stored;
      const bodiless = status === 204;
      // What HEAD was told of the body's length is all that is known of it.
      const lengthKnown = !bodiless && stored.head.method !== 'HEAD';
      const whole = lengthKnown && bodyLength !== undefined ? withLength(head, bodyLength) : head;
      const last = (bodyLength ?? Number.POSITIVE_INFINITY) - 1;
      const body = bodiless || answer.kind === 'head' ? null : openBody(stored, { first: 0, last });
      if (body === undefined) return undefined;
      return { status, reason, headers: whole, body, from: 'cache', memo: {} };
    }
  }
}

/** The list with this cache's member at the end of Cache-Status (RFC 9211 §2). */
export function withCacheStatus(headers: HeaderList, decision: Decision): HeaderList {
  return [...headers, 'Cache-Status', cacheStatusField(decision, CACHE_NAME)];
}

/** Stored fields with Age replaced (RFC 9111 §4) and Cache-Status appended. */
function headFields(headers: HeaderList, decision: Decision, { age, cacheStatus }: StoredReplyOptions): HeaderList {
  const fields: string[] = [];
  for (let i = 0; i + 1 < headers.length; i += 2) {
    const name = headers[i] as string;
    if (age !== undefined && isHeaderName(name, 'age')) continue;
    fields.push(name, headers[i + 1] as string);
  }
  if (age !== undefined) fields.push('Age', String(age));
  return cacheStatus ? withCacheStatus(fields, decision) : fields;
}

function withLength(headers: HeaderList, length: number): HeaderList {
  const declared = getHeader(headers, 'content-length');
  const text = String(length);
  if (declared === text) return headers;
  return [...withoutHeaders(headers, LENGTH_FIELDS), 'Content-Length', text];
}
