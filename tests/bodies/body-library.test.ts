import { join } from 'node:path';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { BodyLibrary } from '../../electron/engine/bodies/body-library.ts';
import type { BodyFacts, BodySource } from '../../shared/body-contract.ts';
import type { HeaderList } from '../../shared/headers.ts';
import type { TraceEvent } from '../../shared/trace-event.ts';
import { temporaryDirectory } from '../support/recorder.ts';

const source: BodySource = { exchange: 1, side: 'response' };

/** A library with one exchange, whose response has these fields and bytes. */
async function libraryOf(headers: HeaderList, bytes: Uint8Array, limit?: number): Promise<BodyLibrary> {
  const base = { seq: 1, id: 1, at: 0 };
  const events: TraceEvent[] = [
    {
      ...base,
      type: 'exchange.started',
      kind: 'http',
      method: 'GET',
      url: 'http://a/',
      version: 'HTTP/1.1',
      client: '',
      connection: 1,
      nth: 1,
    },
    { ...base, type: 'response.started', status: 200, reason: 'OK', from: 'upstream', contentType: '', headers },
    { ...base, type: 'response.ended', bytes: bytes.length, body: { captured: bytes.length } },
  ];
  const library = new BodyLibrary({
    recorder: {
      read: (id) => Promise.resolve(id === 1 ? events : undefined),
      readBody: ({ offset, length }) => Promise.resolve(bytes.subarray(offset, offset + length)),
    },
    cache: { entry: () => Promise.resolve(undefined), body: () => Promise.resolve(undefined) },
    directory: join(await temporaryDirectory(), 'decoded'),
    ...(limit === undefined ? {} : { limit }),
  });
  onTestFinished(() => library.close());
  return library;
}

/** The whole decoded body, and what is known of it once it is there. */
async function readAll(library: BodyLibrary): Promise<{ bytes: Buffer; facts: BodyFacts }> {
  const parts: Uint8Array[] = [];
  for (let offset = 0; ; offset += parts.at(-1)!.length) {
    const part = await library.read(source, offset, 1024 * 1024);
    if (part === undefined) throw new Error('The body is not kept.');
    if (part.length === 0) break;
    parts.push(part);
  }
  return { bytes: Buffer.concat(parts), facts: (await library.open(source))! };
}

/** Text that does not shrink to nothing: 6 MB decoded are more than memory holds. */
const long = Buffer.from(Array.from({ length: 250_000 }, (_, i) => `line ${i * 7919} of the log\n`).join(''));

describe('a body with content codings', () => {
  test.each([
    ['gzip', gzipSync(long)],
    ['deflate', deflateSync(long)],
    ['deflate', deflateRawSync(long)],
    ['br', brotliCompressSync(long, { params: { 1: 3 } })],
    ['zstd', zstdCompressSync(long)],
    ['deflate, gzip', gzipSync(deflateSync(long))],
  ])('is decoded from %s', async (coding, coded) => {
    const library = await libraryOf(['Content-Encoding', coding], coded);
    const { bytes, facts } = await readAll(library);
    expect(bytes.equals(long)).toBe(true);
    expect(facts).toEqual({ coded: coded.length, codings: coding.split(', '), length: long.length, done: true });
    expect((await library.read(source, 4_500_001, 7))?.toString()).toBe(long.subarray(4_500_001, 4_500_008).toString());
  });

  test('that ends early is there as far as it goes', async () => {
    const coded = gzipSync(long);
    const { bytes, facts } = await readAll(
      await libraryOf(['content-encoding', 'gzip'], coded.subarray(0, coded.length - 9)),
    );
    expect(facts.problem?.kind).toBe('early-end');
    expect(bytes.length).toBeGreaterThan(long.length * 0.99);
    expect(long.subarray(0, bytes.length).equals(bytes)).toBe(true);
  });

  test('that is damaged is there up to the damage', async () => {
    const coded = Buffer.from(gzipSync(long));
    const middle = coded.length >> 1;
    coded.fill(0xff, middle, middle + 64);
    const { bytes, facts } = await readAll(await libraryOf(['content-encoding', 'gzip'], coded));
    expect(facts.problem).toMatchObject({ kind: 'damaged', coding: 'gzip' });
    expect(bytes.length).toBeGreaterThan(1_000_000);
  });

  test('that it does not have is shown as it came', async () => {
    const { bytes, facts } = await readAll(
      await libraryOf(['content-encoding', 'br, gzip'], Buffer.from('plain text')),
    );
    expect(bytes.toString()).toBe('plain text');
    expect(facts).toMatchObject({ length: 10, problem: { kind: 'mislabelled', coding: 'gzip' } });
  });

  test('that is not known keeps it, and says so', async () => {
    const { bytes, facts } = await readAll(await libraryOf(['content-encoding', 'compress'], Buffer.from('abc')));
    expect(bytes.toString()).toBe('abc');
    expect(facts.problem).toEqual({ kind: 'unknown', coding: 'compress', detail: '' });
  });

  test('that claims to be huge stops at the limit', async () => {
    const bomb = gzipSync(Buffer.alloc(20_000_000));
    expect(bomb.length).toBeLessThan(30_000);
    const { bytes, facts } = await readAll(await libraryOf(['content-encoding', 'gzip'], bomb, 6_000_000));
    expect(bytes.length).toBe(6_000_000);
    expect(facts).toMatchObject({ length: 6_000_000, done: true, problem: { kind: 'limit' } });
  });

  test('is not kept when the exchange is not', async () => {
    const library = await libraryOf([], Buffer.from('a'));
    expect(await library.open({ exchange: 2, side: 'response' })).toBeUndefined();
    expect(await library.rows({ entry: 1 }, 0, 1)).toBeUndefined();
  });
});

describe('the rows of a text', () => {
  test('are found by number, wherever they lie', async () => {
    const library = await libraryOf(['content-encoding', 'gzip'], gzipSync(long));
    const first = (await library.rows(source, 0, 3))!;
    expect(first).toMatchObject({ offset: 0, line: 1, begins: true });
    expect(first.ends).toHaveLength(3);
    const page = (await library.rows(source, 200_000, 2))!;
    expect(page).toMatchObject({ line: 200_001, begins: true });
    const bytes = await library.read(source, page.offset, page.ends[1]!);
    expect(bytes?.toString()).toBe(`line ${200_000 * 7919} of the log\nline ${200_001 * 7919} of the log\n`);
    const end = (await library.rows(source, 249_999, 10))!;
    expect(end).toMatchObject({ rows: 250_000, counted: true, line: 250_000 });
    expect(end.ends).toHaveLength(1);
  });

  test('go on where a line is longer than a row, without cutting characters', async () => {
    const text = `${'a'.repeat(239)}é${'日'.repeat(1000)}\nlast`;
    const library = await libraryOf([], Buffer.from(text));
    const { ends, rows, counted } = (await library.rows(source, 0, 100))!;
    expect({ rows, counted }).toEqual({ rows: ends.length, counted: true });
    const bytes = Buffer.from(text);
    const cut = ends.map((end, row) => bytes.toString('utf8', ends[row - 1] ?? 0, end));
    expect(cut.join('')).toBe(text);
    expect(cut[0]).toBe('a'.repeat(239));
    expect(cut.every((row) => !row.includes('\ufffd'))).toBe(true);
    expect(await library.rows(source, rows - 1, 1)).toMatchObject({ line: 2, begins: true });
    expect(await library.rows(source, rows - 2, 1)).toMatchObject({ line: 1, begins: false });
  });

  test('of one line without end are found, too', async () => {
    const library = await libraryOf([], Buffer.alloc(3_000_000, 'x'));
    expect(await library.rows(source, 12_499, 5)).toMatchObject({
      ...{ offset: 2_999_760, ends: [240], rows: 12_500, counted: true, line: 1, begins: false },
    });
  });
});

/** A text in one of the wide units. */
function encoded(text: string, units: 'utf-16le' | 'utf-16be' | 'utf-32le' | 'utf-32be'): Buffer {
  if (units === 'utf-16le') return Buffer.from(text, 'utf16le');
  if (units === 'utf-16be') return Buffer.from(text, 'utf16le').swap16();
  const little = Buffer.from(Uint32Array.from(text, (character) => character.codePointAt(0) ?? 0).buffer);
  return units === 'utf-32le' ? little : little.swap32();
}

describe.each(['utf-16le', 'utf-16be', 'utf-32le', 'utf-32be'] as const)('a text in %s', (units) => {
  // Ċ (U+010A) and 上 (U+4E0A) have a byte that is a line break in ASCII; 🍺 is a pair of surrogates in UTF-16.
  const lines = Array.from({ length: 12_000 }, (_, i) =>
    i % 1000 === 0 ? `${'🍺Ċ上a'.repeat(100)} ${i}` : `Zeile ${i} Ċ上`,
  );
  const text = `${lines.join('\n')}\n`;
  const bytes = encoded(text, units);

  test('has its lines where they are, by its label and by its byte order mark', async () => {
    for (const [headers, body] of [
      [['Content-Type', `text/plain; charset="${units.toUpperCase()}"`], bytes],
      [['Content-Type', 'text/plain'], encoded(`\ufeff${text}`, units)],
    ] as const) {
      const library = await libraryOf(headers, body);
      const all: string[] = [];
      let counted = 0;
      for (;;) {
        const page = (await library.rows(source, counted, 1000))!;
        expect(page.units).toBe(units);
        if (page.ends.length === 0) break;
        counted += page.ends.length;
        page.ends.forEach((end, row) =>
          all.push(decode(body.subarray(page.offset + (page.ends[row - 1] ?? 0), page.offset + end), units)),
        );
      }
      expect(all.join('').replace('\ufeff', '')).toBe(text);
      expect(all.some((row) => /[\ud800-\udbff]$|^[\udc00-\udfff]/.test(row))).toBe(false);
      expect(all.filter((row) => row.endsWith('\n')).length).toBe(lines.length);
      expect(await library.rows(source, counted - 1, 1)).toMatchObject({ line: lines.length, counted: true });
    }
  });

  test('is searched in its own units, and not between them', async () => {
    const library = await libraryOf(['Content-Type', `text/plain; charset=${units}`], bytes);
    const ask = (sought: string, matchCase: boolean) => library.find({ source, text: sought, matchCase, from: 0 });
    const { match } = (await ask('ZEILE 11999 ċ', false)) ?? {};
    expect(match).toBeUndefined();
    const place = encoded(text.slice(0, text.indexOf('Zeile 11999')), units).length;
    expect((await ask('ZEILE 11999 Ċ', false))?.match).toMatchObject({ offset: place });
    expect(await ask('ZEILE 11999', true)).toEqual({});
    expect((await ask('🍺Ċ', true))?.match).toMatchObject({ offset: 0, row: 0 });
  });
});

function decode(bytes: Buffer, units: string): string {
  if (units === 'utf-16le') return bytes.toString('utf16le');
  if (units === 'utf-16be') return Buffer.from(bytes).swap16().toString('utf16le');
  const points = Buffer.from(bytes);
  if (units === 'utf-32be') points.swap32();
  return Array.from({ length: points.length / 4 }, (_, i) => String.fromCodePoint(points.readUInt32LE(i * 4))).join('');
}

describe('a text in a body', () => {
  test('is found with its row, in any case if wanted, and again behind it', async () => {
    const library = await libraryOf(['content-encoding', 'gzip'], gzipSync(long));
    const ask = (text: string, matchCase: boolean, from = 0) => library.find({ source, text, matchCase, from });
    const { match, next } = (await ask(`LINE ${200_000 * 7919} OF`, false))!;
    expect(match).toEqual({ offset: long.indexOf(`line ${200_000 * 7919} of`), length: match!.length, row: 200_000 });
    expect(await ask(`LINE ${200_000 * 7919} OF`, true)).toEqual({});
    expect(await ask(`line ${200_000 * 7919} of`, false, next)).toEqual({});
  });

  test('is found across the seam of two stretches', async () => {
    const bytes = Buffer.alloc(2_500_000, '-');
    bytes.write('needle', 1024 * 1024 - 3);
    const library = await libraryOf([], bytes);
    expect((await library.find({ source, text: 'needle', matchCase: true, from: 0 }))?.match?.offset).toBe(
      1024 * 1024 - 3,
    );
  });
});
