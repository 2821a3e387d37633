import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { breakLines, hexLines, textLines } from '../../renderer/views/message/code-lines.ts';
import type { CodeLines } from '../../renderer/views/message/code-lines.ts';
import { decodeBody, decodeText, looksLikeText } from '../../renderer/views/message/decode-body.ts';
import { jsonLines } from '../../renderer/views/message/json-lines.ts';

function drawn(lines: CodeLines): string[] {
  return Array.from({ length: lines.count }, (_, i) =>
    lines
      .at(i)
      .tokens.map(({ text }) => text)
      .join(''),
  );
}

function pretty(text: string): string {
  return jsonLines(text)
    .map((line) => line.map((token) => token.text).join(''))
    .join('\n');
}

const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

describe('JSON', () => {
  test('is laid out', () => {
    expect(pretty('{"a":[1,{}],"b":"x:,{"}')).toBe('{\n  "a": [\n    1,\n    {}\n  ],\n  "b": "x:,{"\n}');
  });

  test('keeps numbers and repeated keys as they are', () => {
    expect(pretty('{"a":9007199254740993,"a":1.50}')).toBe('{\n  "a": 9007199254740993,\n  "a": 1.50\n}');
  });

  test('that is broken or cut off is shown as far as it goes', () => {
    expect(pretty('{"a": [1, "unfinis')).toBe('{\n  "a": [\n    1,\n    "unfinis');
    expect(pretty(']}{')).toBe('\n]\n}{');
  });

  test('tells keys from strings', () => {
    expect(jsonLines('{"k" : "v"}')[1]?.map(({ kind }) => kind)).toEqual(['plain', 'key', 'punctuation', 'string']);
  });

  test('a hundred thousand levels deep is laid out at once', () => {
    const depth = 100_000;
    expect(jsonLines('['.repeat(depth) + ']'.repeat(depth))).toHaveLength(2 * depth - 1);
  });
});

describe('lines', () => {
  test('are broken where the window ends and numbered once', () => {
    const lines = breakLines(textLines(`${'a'.repeat(45)}\n\nb`), 20);
    expect(drawn(lines)).toEqual(['a'.repeat(20), 'a'.repeat(20), 'aaaaa', '', 'b']);
    expect([0, 1, 2, 3, 4].map((i) => lines.at(i).number)).toEqual([1, undefined, undefined, 2, 3]);
  });

  test('count wide characters twice and never cut one', () => {
    expect(drawn(breakLines(textLines('日本語'.repeat(5)), 20))).toEqual(['日本語日本語日本語日', '本語日本語']);
    expect(drawn(breakLines(textLines('😀'.repeat(11)), 20))).toEqual(['😀'.repeat(10), '😀']);
  });

  test('name characters that would not show', () => {
    const lines = breakLines(textLines('a\u202eb\u0000'), 80);
    expect(lines.at(0).tokens).toEqual([
      { kind: 'plain', text: 'a' },
      { kind: 'escape', text: 'U+202E' },
      { kind: 'plain', text: 'b' },
      { kind: 'escape', text: '\\0' },
    ]);
  });

  test('of a hex dump show offset, bytes and ASCII', () => {
    const lines = hexLines(bytes('Hello, hex dump!\n'));
    expect(drawn(lines)).toEqual([
      '00000000  48 65 6c 6c 6f 2c 20 68  65 78 20 64 75 6d 70 21  Hello, hex dump!',
      `00000010  ${'0a'.padEnd(50)}·`,
    ]);
  });
});

describe('content codings', () => {
  const text = 'compress me, compress me, compress me';
  const coded = (data: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(data);

  test.each([
    ['gzip', gzipSync(text)],
    ['x-gzip', gzipSync(text)],
    ['deflate', deflateSync(text)],
    ['identity', Buffer.from(text)],
    ['gzip, deflate', deflateSync(gzipSync(text))],
  ])('%s is undone', async (coding, data) => {
    const decoded = await decodeBody(coded(data), coding, true);
    expect(decodeText(decoded.bytes, '').text).toBe(text);
    expect(decoded.coded).toBe(false);
  });

  test('an unknown one leaves the bytes and says so', async () => {
    const decoded = await decodeBody(bytes('x'), 'lzma', true);
    expect(decoded).toMatchObject({ coded: true, bytes: bytes('x') });
    expect(decoded.note).toContain('lzma');
  });

  test('brotli is either undone or named', async () => {
    const decoded = await decodeBody(coded(brotliCompressSync(text)), 'br', true);
    if (decoded.coded) expect(decoded.note).toContain('br');
    else expect(decodeText(decoded.bytes, '').text).toBe(text);
  });

  test('a part of a body is decoded as far as it goes', async () => {
    const whole = gzipSync(Array.from({ length: 20_000 }, (_, i) => String(i * 7919)).join(' '));
    const decoded = await decodeBody(coded(whole.subarray(0, whole.length / 2)), 'gzip', false);
    expect(decoded.coded).toBe(false);
    expect(decodeText(decoded.bytes, '').text.startsWith('0 7919')).toBe(true);
    expect(decoded.note).toBeUndefined();
  });

  test('damage is told', async () => {
    const decoded = await decodeBody(bytes('this is not gzip at all'), 'gzip', true);
    expect(decoded.coded).toBe(true);
    expect(decoded.note).toContain('damaged');
  });

  test('a bomb is not blown up', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
    const decoded = await decodeBody(coded(bomb), 'gzip', true);
    expect(decoded.bytes.length).toBeLessThan(20 * 1024 * 1024);
    expect(decoded.note).toContain('16 MiB');
  });
});

test('text is decoded by its charset, or as UTF-8 when that is not known', () => {
  expect(decodeText(new Uint8Array([0xe9]), 'iso-8859-1').text).toBe('é');
  const unknown = decodeText(bytes('é'), 'no-such-charset');
  expect(unknown.text).toBe('é');
  expect(unknown.note).toContain('UTF-8');
});

test('text is told from binary', () => {
  expect(looksLikeText(bytes('plain\ttext\r\n'))).toBe(true);
  expect(looksLikeText(new Uint8Array([80, 75, 3, 4]))).toBe(false);
});
