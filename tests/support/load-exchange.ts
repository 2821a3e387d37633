import type { Recorder } from '../../electron/engine/trace/recorder.ts';

/** The body of response number `n` of the load: its own, and now and then longer than what is written at once. */
export function loadBody(n: number): Buffer {
  return Buffer.alloc(n % 10 === 0 ? 300_000 : (n * 97) % 4_000, `${n};`);
}

/** Records exchange number `n` of the load: ids and numbers are the same when nothing else is recorded. */
export function recordLoad(recorder: Recorder, n: number): void {
  const start = { kind: 'http', method: 'POST', url: `http://load.test/${n}`, version: 'HTTP/1.1' } as const;
  const trace = recorder.begin({ ...start, client: '127.0.0.1:50000', connection: 1, nth: n });
  trace.requestHead(`/${n}`, ['Host', 'load.test', 'X-Number', String(n)]);
  trace.requestChunk(Buffer.from(`question ${n}`));
  trace.requestEnded();
  const handle = trace.enter(`handler-${n % 50}`, 'handle');
  const headers = ['Content-Type', 'text/plain'];
  trace.responseStarted({ status: 200, reason: 'OK', headers, body: null, from: 'upstream' }, headers);
  trace.responseChunk(loadBody(n));
  trace.responseEnded();
  trace.leave(handle);
  trace.finished({ kind: 'completed' });
}
