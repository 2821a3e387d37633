import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { ExchangeTrace } from '../../electron/engine/chain/exchange-trace.ts';
import type { RecordedMessage, SessionItem } from '../../electron/engine/trace/session-item.ts';
import { createRecorder } from '../../electron/engine/trace/recorder.ts';
import type { ExchangeStart, Recorder } from '../../electron/engine/trace/recorder.ts';
import { defaultSettings } from '../../shared/settings.ts';
import type { Settings } from '../../shared/settings.ts';
import type { TraceEvent } from '../../shared/trace-event.ts';

/** An empty directory that is gone when the test ends. */
export async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'hopscope-test-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** Record settings with the defaults for what is not said. */
export function recordSettings(settings: Partial<Settings['record']> = {}): Settings['record'] {
  return { ...defaultSettings().record, ...settings };
}

export interface TestRecorder {
  readonly recorder: Recorder;
  /** Holds the session's directory. */
  readonly directory: string;
}

/** A recorder in a directory of its own; both are gone when the test ends. */
export async function startRecorder(
  settings: Partial<Settings['record']> = {},
  clock?: () => number,
): Promise<TestRecorder> {
  const directory = await temporaryDirectory();
  const options = { directory, settings: recordSettings(settings) };
  const recorder = await createRecorder(clock === undefined ? options : { ...options, clock });
  onTestFinished(() => recorder.close());
  return { recorder, directory };
}

/** Begins an exchange for a plain GET. */
export function begin(recorder: Recorder, start: Partial<ExchangeStart> = {}): ExchangeTrace {
  const trace = recorder.begin({
    ...{ kind: 'http', method: 'GET', url: 'http://example.test/page', version: 'HTTP/1.1' },
    ...{ client: '127.0.0.1:50000', connection: 1, nth: 1 },
    ...start,
  });
  trace.requestHead('/page', ['Host', 'example.test', 'X-Note', 'caf\u00e9']);
  return trace;
}

export interface Answer {
  readonly status?: number;
  readonly body?: readonly Uint8Array[];
  readonly from?: 'upstream' | 'cache' | 'hopscope';
}

/** Answers an exchange and ends it. */
export function answer(trace: ExchangeTrace, { status = 200, body = [], from = 'upstream' }: Answer = {}): void {
  trace.requestEnded();
  const headers = ['Content-Type', 'Text/HTML; charset=utf-8'];
  trace.responseStarted({ status, reason: 'OK', headers, body: null, from, upstream: 'example.test:80' }, headers);
  for (const chunk of body) trace.responseChunk(chunk);
  trace.responseEnded();
  trace.finished({ kind: 'completed' });
}

/** Everything that a recorder keeps, in order: events, and bodies by exchange. */
export async function everythingIn(
  items: AsyncIterable<SessionItem>,
): Promise<{ events: TraceEvent[]; request: string; response: string; messages: RecordedMessage[] }[]> {
  const exchanges: Awaited<ReturnType<typeof everythingIn>> = [];
  const named = new Map<string, number>();
  for await (const item of items) {
    if (item.kind === 'exchange') {
      const { events, bodyName } = item;
      const before = bodyName === undefined ? undefined : named.get(bodyName);
      const response = before === undefined ? '' : (exchanges[before]?.response ?? '');
      if (bodyName !== undefined && before === undefined) named.set(bodyName, exchanges.length);
      exchanges.push({ events: [...events], request: '', response, messages: [] });
      continue;
    }
    const exchange = exchanges.at(-1);
    if (exchange === undefined) throw new Error('Something came before the first exchange.');
    if (item.kind === 'body') exchange[item.side] += Buffer.from(item.bytes).toString('latin1');
    if (item.kind === 'message') exchange.messages.push(item);
  }
  return exchanges;
}

/**
 * Events without what depends on the run: numbers count from the first event, times are wall time in whole microseconds,
 * other exchanges are named by their place.
 */
export function comparable(events: readonly TraceEvent[], epoch: number, ids: readonly number[]): unknown[] {
  const first = events[0]?.seq ?? 0;
  const time = (at: number): number => Math.round((at + epoch) * 1000);
  return events.map(({ seq, id: _id, at, ...event }) => {
    const common = { seq: seq - first, at: time(at) };
    switch (event.type) {
      case 'exchange.started': {
        const { session: _session, parent, ...rest } = event;
        return { ...common, ...rest, parent: parent === undefined ? undefined : ids.indexOf(parent) };
      }
      case 'span':
        return { ...common, ...event, start: time(event.start) };
      case 'client.secured':
        return { ...common, ...event, tls: { ...event.tls, start: time(event.tls.start), end: time(event.tls.end) } };
      case 'upstream.secured':
        return { ...common, ...event, openedBy: ids.indexOf(event.openedBy) };
      default:
        return { ...common, ...event };
    }
  });
}

/** Records `count` whole exchanges, one after the other. */
export function recordMany(recorder: Recorder, count: number, body: readonly Uint8Array[] = []): void {
  for (let i = 0; i < count; i++) answer(begin(recorder, { nth: i + 1 }), { body });
}
