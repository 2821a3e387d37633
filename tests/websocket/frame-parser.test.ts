import { describe, expect, it } from 'vitest';
import type { FrameParserOptions, SeenFrame } from '../../electron/engine/websocket/frame-parser.ts';
import { FrameParser } from '../../electron/engine/websocket/frame-parser.ts';
import { isUtf8 } from '../../electron/engine/websocket/utf8-check.ts';
import type { FrameProblem } from '../../shared/websocket.ts';
import { closing, frame, masked } from './frame-bytes.ts';

type Options = Partial<Omit<FrameParserOptions, 'onFrame'>>;

function parse(chunks: readonly Uint8Array[], options: Options = {}): SeenFrame[] {
  const frames: SeenFrame[] = [];
  const parser = new FrameParser({
    ...{ role: 'client', reserved: 0, cap: 1024 * 1024, compressedCap: 1024 * 1024, ...options },
    onFrame: (seen) => frames.push({ ...seen, payload: Buffer.from(seen.payload) }),
  });
  chunks.forEach((chunk, i) => parser.push(chunk, i));
  parser.end();
  return frames;
}

function problemsOf(chunks: readonly Uint8Array[], options?: Options): FrameProblem[] {
  return parse(chunks, options).flatMap(({ problems }) => problems);
}

describe('frames (RFC 6455 §5.2)', () => {
  it.each([0, 1, 125, 126, 127, 65_535, 65_536, 70_000])('with %i bytes are read, masked or not', (length) => {
    const payload = Buffer.alloc(length, 'payload.');
    for (const role of ['client', 'server'] as const) {
      const bytes = role === 'client' ? masked({ opcode: 2, payload }) : frame({ opcode: 2, payload });
      const [seen, ...more] = parse([bytes], { role });
      expect(more).toEqual([]);
      expect(seen).toMatchObject({ opcode: 2, fin: true, size: length, problems: [], cut: undefined });
      expect(Buffer.compare(seen?.payload as Buffer, payload)).toBe(0);
    }
  });

  it('are the same wherever the chunks are cut', () => {
    const bytes = Buffer.concat([
      masked({ payload: 'grüße', fin: false }),
      masked({ opcode: 9, payload: 'ping' }),
      masked({ opcode: 0, payload: Buffer.alloc(300, 'x') }),
      masked({ opcode: 2, payload: Buffer.alloc(66_000, 7) }),
      masked({ opcode: 8, payload: closing(1001, 'bye ✓') }),
    ]);
    const withoutTimes = (frames: SeenFrame[]) => frames.map(({ at: _at, ...rest }) => rest);
    const whole = withoutTimes(parse([bytes]));
    expect(whole.map(({ opcode, fin, size }) => [opcode, fin, size])).toEqual([
      [1, false, 7],
      [9, true, 4],
      [0, true, 300],
      [2, true, 66_000],
      [8, true, 9],
    ]);
    const single = Array.from(bytes.subarray(0, 1_000), (_, i) => bytes.subarray(i, i + 1));
    expect(withoutTimes(parse([...single, bytes.subarray(1_000)]))).toEqual(whole);
    for (const size of [2, 3, 7, 64, 4_096]) {
      const cut = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
        bytes.subarray(i * size, (i + 1) * size),
      );
      expect(withoutTimes(parse(cut))).toEqual(whole);
    }
  });

  it('have the time of their first byte', () => {
    const bytes = masked({ payload: 'hello' });
    expect(parse([bytes.subarray(0, 1), bytes.subarray(1)])).toMatchObject([{ at: 0 }]);
  });

  it('are kept up to the cap, and counted and checked beyond it', () => {
    const [seen] = parse([masked({ payload: 'x'.repeat(20_000) })], { cap: 100 });
    expect(seen).toMatchObject({ size: 20_000, cut: 'cap', problems: [] });
    expect(seen?.payload.length).toBe(100);
    const text = Buffer.concat([Buffer.alloc(20_000, 'x'), Buffer.from([0xff])]);
    expect(problemsOf([masked({ payload: text })], { cap: 100 })).toEqual(['utf8']);
    const bytes = masked({ payload: text });
    expect(problemsOf([bytes.subarray(0, 9_000), bytes.subarray(9_000)], { cap: 100 })).toEqual(['utf8']);
  });

  it('that the connection cuts off are reported as far as they came', () => {
    expect(parse([masked({ payload: 'hello' }).subarray(0, 9)])).toMatchObject([{ cut: 'aborted', size: 3 }]);
  });

  it('never change the chunks they are read from', () => {
    const bytes = masked({ payload: 'hello' });
    const before = Buffer.from(bytes);
    parse([bytes]);
    expect(Buffer.compare(bytes, before)).toBe(0);
  });
});

describe('what breaks the rules is reported', () => {
  const text = Buffer.from('text');
  it.each<[string, FrameProblem[], Buffer[], Options?]>([
    ['reserved bits', ['rsv'], [masked({ rsv: 4 })]],
    ['reserved bits that permessage-deflate does not use', ['rsv'], [masked({ rsv: 2 })], { reserved: 4 }],
    ['RSV1 on a control frame', ['rsv'], [masked({ rsv: 4, opcode: 9 })], { reserved: 4 }],
    ['a reserved opcode', ['opcode'], [masked({ opcode: 3 })]],
    ['a reserved control opcode', ['opcode'], [masked({ opcode: 11 })]],
    ['a long control frame', ['control-length'], [masked({ opcode: 9, payload: Buffer.alloc(126) })]],
    ['a fragmented control frame', ['control-fragment'], [masked({ opcode: 9, fin: false })]],
    ['a 16-bit length that fits 7', ['length'], [masked({ payload: text, lengthBits: 16 })]],
    ['a 64-bit length that fits 16', ['length'], [masked({ payload: text, lengthBits: 64 })]],
    ['an unmasked frame from the client', ['unmasked'], [frame({ payload: text })]],
    ['a masked frame from the server', ['masked'], [masked({ payload: text })], { role: 'server' }],
    ['a continuation of nothing', ['continuation'], [masked({ opcode: 0 })]],
    ['a message inside another', ['interrupted'], [masked({ fin: false }), masked({})]],
    ['text that is not UTF-8', ['utf8'], [masked({ payload: Buffer.from([0x61, 0xc3, 0x28]) })]],
    ['text that ends within a character', ['utf8'], [masked({ payload: Buffer.from([0xe2, 0x82]) })]],
    ['a close code that must not be sent', ['close-code'], [masked({ opcode: 8, payload: closing(1005) })]],
    ['half a close code', ['close-code'], [masked({ opcode: 8, payload: Buffer.from([3]) })]],
    ['a reason that is not UTF-8', ['utf8'], [masked({ opcode: 8, payload: Buffer.from([3, 232, 0xff]) })]],
    ['a frame after Close', ['after-close'], [masked({ opcode: 8 }), masked({})]],
    ['several at once', ['rsv', 'opcode', 'unmasked'], [frame({ opcode: 4, rsv: 7 })]],
  ])('%s', (_name, problems, chunks, options) => {
    expect(problemsOf([Buffer.concat(chunks)], options)).toEqual(problems);
    const bytes = Buffer.concat(chunks);
    expect(
      problemsOf(
        Array.from(bytes, (_, i) => bytes.subarray(i, i + 1)),
        options,
      ),
    ).toEqual(problems);
  });

  it('a length that cannot be right, which ends the reading', () => {
    const bytes = Buffer.from([0x82, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 1, 1, 2, 3, 4, 5]);
    expect(parse([bytes, masked({})])).toMatchObject([{ problems: ['untracked'], cut: 'aborted' }]);
  });

  it('but not what is allowed', () => {
    const split = [
      masked({ payload: Buffer.from([0xe2, 0x82]), fin: false }),
      masked({ opcode: 0, payload: Buffer.from([0xac]) }),
    ];
    expect(problemsOf(split)).toEqual([]);
    expect(problemsOf([masked({ rsv: 4, payload: Buffer.from([0xff]) })], { reserved: 4 })).toEqual([]);
    expect(problemsOf([masked({ rsv: 3 })], { reserved: 7 })).toEqual([]);
    for (const code of [1000, 1003, 1007, 1014, 3000, 4999]) {
      expect(problemsOf([masked({ opcode: 8, payload: closing(code) })])).toEqual([]);
    }
  });
});

describe('UTF-8', () => {
  it('is told from what is not as a decoder tells it', () => {
    const decoder = new TextDecoder('utf-8', { fatal: true });
    const valid = (bytes: Uint8Array): boolean => {
      try {
        decoder.decode(bytes);
        return true;
      } catch {
        return false;
      }
    };
    for (let first = 0; first < 256; first++) {
      for (const rest of [
        [],
        [0x80],
        [0xbf],
        [0x41],
        [0x80, 0x80],
        [0x9f, 0xbf],
        [0xa0, 0x80],
        [0x8f, 0x80, 0x80],
        [0x90, 0x80, 0xbf],
      ]) {
        const bytes = Uint8Array.from([first, ...rest]);
        expect([first, ...rest, isUtf8(bytes)]).toEqual([first, ...rest, valid(bytes)]);
      }
    }
  });
});
