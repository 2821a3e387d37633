import { randomUUID } from 'node:crypto';
import type { HeaderList } from '../../../shared/headers.ts';
import { FieldNames, getHeader, withoutHeaders } from '../../../shared/headers.ts';
import type { StoredResponse } from '../cache/stored-response.ts';
import { openBody } from '../cache/stored-response.ts';
import type { Reply } from '../chain/reply.ts';
import type { ByteRange } from '../http/byte-ranges.ts';
import { formatContentRange, rangeLength } from '../http/byte-ranges.ts';
import { reasonPhrase } from '../http/reason-phrases.ts';
import { discardBody } from './cache-tee.ts';
import type { BodyPiece } from './cache-sequence-body.ts';
import { SequenceBody } from './cache-sequence-body.ts';

/** Fields that belong to each part, or to the message that this is not (RFC 9110 §15.3.7.2). */
const PART_FIELDS = new FieldNames(['content-length', 'content-range', 'content-type']);

/**
 * 206 with several ranges of a stored response as multipart/byteranges (RFC 9110 §14.6).
 *
 * @param headers the reply's fields as for the whole
 * @param length bytes of the whole representation, where that is known
 * @param offset where in it the stored bytes begin
 * @returns undefined when the body is gone
 */
export function byterangesReply(
  stored: StoredResponse,
  headers: HeaderList,
  ranges: readonly ByteRange[],
  length: number | undefined,
  offset: number,
): Reply | undefined {
  // Random, because the boundary must not occur in content that others have chosen.
  const boundary = randomUUID();
  const type = getHeader(stored.head.headers, 'content-type');
  const typeLine = type === undefined ? '' : `Content-Type: ${type}\r\n`;
  const end = Buffer.from(`\r\n--${boundary}--\r\n`);
  let total = end.length;
  const pieces: BodyPiece[] = [];
  for (const [index, range] of ranges.entries()) {
    const start = `${index === 0 ? '' : '\r\n'}--${boundary}\r\n`;
    const text = `${start}${typeLine}Content-Range: ${formatContentRange(range, length)}\r\n\r\n`;
    total += text.length + rangeLength(range);
    // All of them at once, because the entry may be gone by the time of a later one.
    const bytes = openBody(stored, { first: range.first - offset, last: range.last - offset });
    if (bytes === undefined) {
      void discardBody(new SequenceBody(pieces));
      return undefined;
    }
    pieces.push(Buffer.from(text, 'latin1'), bytes);
  }
  pieces.push(end);
  const own = ['Content-Type', `multipart/byteranges; boundary=${boundary}`, 'Content-Length', String(total)];
  const fields = [...withoutHeaders(headers, PART_FIELDS), ...own];
  return { status: 206, reason: reasonPhrase(206), headers: fields, body: new SequenceBody(pieces), from: 'cache' };
}
