import { describe, expect, it } from 'vitest';
import { fc } from '../support/property.ts';
import { ChunkedDecoder } from '../../electron/engine/http/chunked-decoder.ts';

function decode(pieces: readonly Uint8Array[]): {
  data: string;
  rest: number;
  decoder: ChunkedDecoder;
  error?: string;
} {
  const decoder = new ChunkedDecoder();
  const data: Uint8Array[] = [];
  for (const [index, piece] of pieces.entries()) {
    const used = decoder.feed(piece, (part) => data.push(part));
    const rest = pieces.slice(index + 1).reduce((sum, later) => sum + later.length, 0);
    const text = Buffer.concat(data).toString('latin1');
    if (typeof used !== 'number') return { data: text, rest, decoder, error: used.error };
    if (decoder.done) return { data: text, rest: rest + piece.length - used, decoder };
  }
  return { data: Buffer.concat(data).toString('latin1'), rest: 0, decoder };
}

const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1');

describe('chunked bodies (RFC 9112 §7.1)', () => {
  it('decodes chunks, ignores extensions, reads trailers and leaves what follows', () => {
    const text = '5;a=b\r\nhello\r\n006 ; x="y"\r\n world\r\n0\r\nX-Sum: 1\r\nx-sum: 2\r\n\r\nGET /next';
    const { data, rest, decoder } = decode([bytes(text)]);
    expect(data).toBe('hello world');
    expect(decoder.trailers).toEqual(['X-Sum', '1', 'x-sum', '2']);
    expect(rest).toBe('GET /next'.length);
  });

  it.each([
    ['x\r\n'],
    ['\r\n'],
    ['-1\r\n'],
    ['0x5\r\nhello'],
    ['5\nhello'],
    ['5\r\nhelloX'],
    ['5\r\nhello\n'],
    ['5 5\r\nhello\r\n'],
    ['fffffffffffffffff\r\n'],
    [`5;${'x'.repeat(5_000)}`],
    ['5\rX'],
  ])('refuses %j', (text) => {
    expect(decode([bytes(text)]).error).toBe('BAD_CHUNK');
  });

  it('refuses a malformed trailer', () => {
    expect(decode([bytes('0\r\nbad trailer\r\n\r\n')]).error).toBe('MALFORMED_HEADER');
  });

  it('gives the same body however the bytes are cut', () => {
    const chunk = fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(fc.array(chunk, { maxLength: 6 }), fc.array(fc.nat(400), { maxLength: 6 }), (chunks, cuts) => {
        const wire = `${chunks.map((part) => `${part.length.toString(16)}\r\n${part}\r\n`).join('')}0\r\n\r\nrest`;
        const marks = [0, ...cuts.map((cut) => Math.min(cut, wire.length)).sort((a, b) => a - b), wire.length];
        const pieces = marks.slice(1).map((mark, i) => bytes(wire.slice(marks[i], mark)));
        const { data, rest, decoder } = decode(pieces);
        expect(decoder.done).toBe(true);
        expect(data).toBe(chunks.join(''));
        expect(rest).toBe(4);
      }),
    );
  });
});
