import { once } from 'node:events';
import type { Transform } from 'node:stream';
import zlib from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { ExchangeTrace } from '../../electron/engine/chain/exchange-trace.ts';
import type { MessageEntry } from '../../shared/messages.ts';
import type { Settings } from '../../shared/settings.ts';
import type { TraceEvent } from '../../shared/trace-event.ts';
import { startEngine } from '../support/engine.ts';
import { startOrigin } from '../support/origin.ts';
import { rawClient } from '../support/raw-client.ts';
import { begin, startRecorder } from '../support/recorder.ts';

interface CodedStream {
  readonly trace: ExchangeTrace;
  readonly entries: () => Promise<readonly MessageEntry[]>;
  readonly notes: () => TraceEvent[];
}

/** An event stream with a coding, whose head has been sent. */
async function startCoded(coding: string, settings: Partial<Settings['record']> = {}): Promise<CodedStream> {
  const { recorder } = await startRecorder(settings);
  const events: TraceEvent[] = [];
  recorder.subscribe((event) => events.push(event));
  const trace = begin(recorder);
  const headers = ['Content-Type', 'text/event-stream', 'Content-Encoding', coding];
  trace.responseStarted({ status: 200, reason: 'OK', headers, body: null, from: 'upstream' }, headers);
  return {
    trace,
    entries: async () => (await recorder.readMessages({ id: trace.id, from: 0, limit: 100 }))?.entries ?? [],
    notes: () => events.filter(({ type }) => type === 'exchange.note'),
  };
}

/** Codes a text as far as that is given away when it is flushed, by one encoder after the other. */
async function flushed(encoders: readonly Transform[], text: string): Promise<Buffer> {
  let bytes: Buffer = Buffer.from(text);
  for (const encoder of encoders as readonly (Transform & zlib.Zlib)[]) {
    encoder.write(bytes);
    await new Promise<void>((resolve) => {
      encoder.flush(resolve);
    });
    if (encoder.readableLength === 0) await once(encoder, 'readable');
    bytes = encoder.read() as Buffer;
  }
  return bytes;
}

describe('the events of a coded stream are listed', () => {
  it.each([
    ['gzip', [zlib.createGzip]],
    ['deflate', [zlib.createDeflate]],
    ['deflate', [zlib.createDeflateRaw]],
    ['br', [zlib.createBrotliCompress]],
    ['zstd', [zlib.createZstdCompress]],
    ['gzip, br', [zlib.createGzip, zlib.createBrotliCompress]],
  ] as const)('one by one inside of %s', async (coding, make) => {
    const { trace, entries, notes } = await startCoded(coding);
    const encoders = make.map((create) => create());
    for (const [place, data] of ['one', 'two'].entries()) {
      const chunk = await flushed(encoders, `data: ${data}\n\n`);
      trace.responseChunk(chunk);
      // The memory of a chunk is used again once it has been passed on.
      chunk.fill(0);
      await trace.settling();
      expect((await entries())[place]).toMatchObject({ kind: 'event', preview: `data: ${data}`, size: 10 });
    }
    expect(trace.settling()).toBeUndefined();
    expect(notes()).toEqual([]);
    trace.finished({ kind: 'aborted', by: 'client', phase: 'deliver', message: 'gone' });
  });

  it('as far as the coding can be undone', async () => {
    const { trace, entries, notes } = await startCoded('gzip');
    trace.responseChunk(await flushed([zlib.createGzip()], 'data: one\n\ndata: tw'));
    await trace.settling();
    for (const chunk of ['this is no gzip', 'nor this']) trace.responseChunk(Buffer.from(chunk));
    await trace.settling();
    trace.finished({ kind: 'completed' });
    const listed = (await entries()).map(({ preview, truncated }) => [preview, truncated]);
    expect(listed).toEqual([['data: one', undefined], expect.arrayContaining(['aborted'])]);
    const text = expect.stringMatching(/not listed: gzip could not be undone/) as string;
    expect(notes()).toMatchObject([{ level: 'warning', code: 'EVENTS_UNREAD', text }]);
  });

  it('as far as they are not more than is kept', async () => {
    const { trace, entries, notes } = await startCoded('gzip', { messagesCap: 1_000_000 });
    const event = `data: ${'0'.repeat(99_992)}\n\n`;
    trace.responseChunk(zlib.gzipSync(event.repeat(200)));
    await trace.settling();
    trace.finished({ kind: 'completed' });
    expect((await entries()).length).toBeLessThanOrEqual(11);
    const text = expect.stringMatching(/not listed: they are more than is kept/) as string;
    expect(notes()).toMatchObject([{ code: 'EVENTS_UNREAD', text }]);
  });

  it('as they came in the end, and pass as they are', async () => {
    const coded = zlib.gzipSync('data: one\n\ndata: two\n\n');
    const origin = await startOrigin((_request, response) => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Content-Encoding': 'gzip' });
      for (const byte of coded) response.write(Buffer.of(byte));
      response.end();
    });
    const test = await startEngine({ upstream: origin.url });
    const client = await rawClient(test.port);
    client.send('GET / HTTP/1.0\r\nHost: a\r\n\r\n');
    const received = Buffer.from(await client.ended(), 'latin1');
    expect(received.subarray(-coded.length).equals(coded)).toBe(true);
    const { id, messages, notes } = await test.finished();
    expect(messages).toEqual({ sent: 0, received: 2, lost: 0 });
    expect(notes).toEqual([]);
    const page = await test.engine.recorder.readMessages({ id, from: 0, limit: 9 });
    expect(page?.entries.map(({ preview }) => preview)).toEqual(['data: one', 'data: two']);
  });
});
