import { describe, expect, it } from 'vitest';
import { HeadReader } from '../../electron/engine/proxy/head-reader.ts';

const A = 'GET /a HTTP/1.1\r\nHost: a\r\n\r\n';
const B = 'GET /b HTTP/1.1\r\nHost: a\r\nX: y\r\n\r\n';
const BAD = 'GET /a HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n';
const POST = 'POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n';

/** What a reader makes of the head at the start of `text`. */
function readWith(reader: HeadReader, text: string): unknown {
  const bytes = Buffer.from(text, 'latin1');
  const length = reader.lengthOf(bytes);
  return length === undefined ? undefined : { length, ...reader.read(bytes, length) };
}

describe('the heads of one connection', () => {
  it('are read as each would be alone, whatever came before', () => {
    const reader = new HeadReader();
    for (const text of [
      A,
      A,
      B,
      A,
      `${A}${B}`,
      A,
      BAD,
      A,
      BAD,
      POST,
      `${POST}abc`,
      POST,
      A.slice(0, -2),
      A,
      `${A}${A}`,
    ]) {
      expect(readWith(reader, text)).toEqual(readWith(new HeadReader(), text));
    }
  });

  it('are parsed once when they repeat', () => {
    const reader = new HeadReader();
    const bytes = Buffer.from(A);
    const first = reader.read(bytes, bytes.length);
    expect(reader.read(Buffer.from(`${A}${B}`), A.length)).toBe(first);
    expect(reader.read(Buffer.from(B), B.length)).not.toBe(first);
  });
});
