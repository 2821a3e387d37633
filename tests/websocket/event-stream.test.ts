import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parseEventBlock } from '../../shared/event-stream.ts';
import { startEngine } from '../support/engine.ts';
import type { TestEngine } from '../support/engine.ts';
import { startOrigin } from '../support/origin.ts';
import { rawClient } from '../support/raw-client.ts';
import { answer, begin, startRecorder } from '../support/recorder.ts';

/** What is recorded of a stream that arrives in these chunks: kind and text of each entry. */
async function record(chunks: readonly (string | Uint8Array)[]): Promise<(readonly [string, string, string?])[]> {
  const { recorder } = await startRecorder();
  const trace = begin(recorder);
  const headers = ['Content-Type', 'text/event-stream; charset=utf-8'];
  trace.responseStarted({ status: 200, reason: 'OK', headers, body: null, from: 'upstream' }, headers);
  for (const chunk of chunks) trace.responseChunk(Buffer.from(chunk as string));
  trace.responseEnded();
  trace.finished({ kind: 'completed' });
  const page = await recorder.readMessages({ id: trace.id, from: 0, limit: 100 });
  return (page?.entries ?? []).map(({ kind, preview, truncated }) =>
    truncated === undefined ? [kind, preview] : [kind, preview, truncated],
  );
}

describe('an event stream is taken apart as the HTML standard says', () => {
  const events: (readonly [string, string])[] = [
    ['event', 'data: one'],
    ['event', 'event: note\ndata: two\ndata: lines'],
    ['comment', ': still here'],
    ['event', 'id: 7\ndata'],
  ];
  const text = events.map(([, block]) => `${block}\n\n`).join('');

  it('with lines that end in LF, CR or CRLF, and a byte order mark', async () => {
    expect(await record([text])).toEqual(events);
    for (const end of ['\r', '\r\n']) {
      const ended = await record([`\ufeff${text.replaceAll('\n', end)}`]);
      expect(ended.map(([kind, block]) => [kind, block.replaceAll(end, '\n')])).toEqual(events);
    }
  });

  it('wherever the chunks are cut', async () => {
    for (const whole of [text, text.replaceAll('\n', '\r\n'), '\ufeffdata: \u{1f33f}\n\n']) {
      const bytes = Buffer.from(whole);
      const expected = await record([bytes]);
      const cut = Array.from(bytes, (_, i) => bytes.subarray(i, i + 1));
      expect(await record(cut)).toEqual(expected);
    }
  });

  it('and what no empty line has ended is marked', async () => {
    expect(await record(['data: a\n\n', 'data: b\n'])).toEqual([
      ['event', 'data: a'],
      ['event', 'data: b', 'aborted'],
    ]);
  });

  it('and an event is there as soon as its empty line is', async () => {
    const { recorder } = await startRecorder();
    const trace = begin(recorder);
    const headers = ['Content-Type', 'text/event-stream'];
    trace.responseStarted({ status: 200, reason: 'OK', headers, body: null, from: 'upstream' }, headers);
    trace.responseChunk(Buffer.from('data: a\r\n\r'));
    expect(await recorder.readMessages({ id: trace.id, from: 0, limit: 9 })).toMatchObject({
      total: 1,
      entries: [{ preview: 'data: a' }],
    });
    trace.finished({ kind: 'completed' });
  });

  it('into type, data, id and retry', () => {
    expect(parseEventBlock('data:a\ndata: b\ndata:  c')).toMatchObject({
      type: 'message',
      data: 'a\nb\n c',
      dispatches: true,
    });
    expect(parseEventBlock('event: x\nid: 1\nretry: 500\ndata')).toMatchObject({
      type: 'x',
      id: '1',
      retry: 500,
      data: '',
    });
    expect(parseEventBlock('id: a\0b\nretry: 5s\nother: x')).toEqual({
      type: 'message',
      data: '',
      comments: [],
      dispatches: false,
    });
    expect(parseEventBlock(':ping\r\n: pong')).toMatchObject({ comments: ['ping', 'pong'], dispatches: false });
  });

  it('but no other body is', async () => {
    const { recorder } = await startRecorder();
    const trace = begin(recorder);
    answer(trace, { body: [Buffer.from('data: a\n\n')] });
    expect(await recorder.readMessages({ id: trace.id, from: 0, limit: 9 })).toEqual({ total: 0, entries: [] });
  });
});

/** An origin of one endless stream per request. */
async function startStream(headers: Record<string, string> = {}) {
  const streams: ServerResponse[] = [];
  const opened: ((response: ServerResponse) => void)[] = [];
  const origin = await startOrigin((_request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream', ...headers });
    response.flushHeaders();
    streams.push(response);
    opened.shift()?.(response);
  });
  const next = (): Promise<ServerResponse> =>
    new Promise((resolve) => {
      opened.push(resolve);
    });
  return { origin, next };
}

async function ask(proxy: TestEngine, path = '/events') {
  const client = await rawClient(proxy.port);
  client.send(`GET ${path} HTTP/1.1\r\nHost: a\r\nAccept: text/event-stream\r\n\r\n`);
  return client;
}

describe('an endless response', () => {
  it.each(['off', 'shared', 'snapshot'] as const)('comes through event by event, the cache being %s', async (mode) => {
    const { origin, next } = await startStream({ 'Cache-Control': 'max-age=60', ETag: '"1"' });
    const proxy = await startEngine({ upstream: origin.url, settings: { cache: { mode } } });
    const opened = next();
    const client = await ask(proxy);
    const response = await opened;
    await client.until(/\r\n\r\n/);
    response.write('id: 1\ndata: first\n\n');
    await client.until(/data: first\n\n/);
    // Another client gets a stream of its own, at once.
    const openedToo = next();
    const other = await ask(proxy);
    const second = await openedToo;
    await other.until(/\r\n\r\n/);
    second.write('data: yours\n\n');
    await other.until(/data: yours\n\n/);
    response.write('id: 2\ndata: second\n\n');
    await client.until(/data: second\n\n/);
    const { id } = await proxy.event((event) => event.type === 'exchange.progress' && event.messages?.received === 2);
    const page = await proxy.engine.recorder.readMessages({ id, from: 0, limit: 10 });
    expect(page?.entries.map(({ kind, preview }) => [kind, preview])).toEqual([
      ['event', 'id: 1\ndata: first'],
      ['event', 'id: 2\ndata: second'],
    ]);
    response.end();
    second.end();
    expect(await proxy.finished((view) => view.id === id)).toMatchObject({
      outcome: { kind: 'completed' },
      messages: { sent: 0, received: 2, lost: 0 },
      lastEventId: '2',
    });
    expect(proxy.engine.cache.stats().entries).toBe(0);
  });

  it('ends at the origin when the client leaves', async () => {
    const { origin, next } = await startStream();
    const proxy = await startEngine({ upstream: origin.url });
    const opened = next();
    const client = await ask(proxy);
    const response = await opened;
    response.write('data: a\n\n');
    await client.until(/data: a/);
    const closed = once(response, 'close');
    client.socket.destroy();
    await closed;
    expect(await proxy.finished()).toMatchObject({
      outcome: { kind: 'aborted', by: 'client' },
      messages: { received: 1 },
    });
  });

  it('reaches curl -N at once', async () => {
    const { origin, next } = await startStream();
    const proxy = await startEngine();
    const opened = next();
    const curl = spawn('curl', ['-sN', '-x', proxy.url, `${origin.url}/events`]);
    onTestFinished(() => void curl.kill());
    const response = await opened;
    for (const text of ['data: 1\n\n', 'data: 2\n\n']) {
      response.write(text);
      const [chunk] = (await once(curl.stdout, 'data')) as [Buffer];
      expect(chunk.toString()).toBe(text);
    }
    response.end();
    expect(await once(curl, 'close')).toEqual([0, null]);
  });
});
