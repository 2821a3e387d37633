import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { fold } from '../../shared/exchange-view.ts';
import { startEngine } from '../support/engine.ts';
import type { TestEngine } from '../support/engine.ts';
import { startOrigin } from '../support/origin.ts';

/** The captured body of one side, read in odd pieces. */
async function captured({ engine }: TestEngine, id: number, side: 'request' | 'response'): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for (let offset = 0; ; offset += 70_001) {
    const part = await engine.recorder.readBody({ id, side, offset, length: 70_001 });
    if (part === undefined) throw new Error(`The ${side} body of ${id} is gone`);
    parts.push(part);
    if (part.length < 70_001) return Buffer.concat(parts);
  }
}

test('what went through is what was captured, byte for byte, of many exchanges at once', async () => {
  const origin = await startOrigin((incoming, response) => {
    response.writeHead(200, { 'Content-Type': 'application/octet-stream' });
    incoming.pipe(response);
  });
  const test = await startEngine({ upstream: origin.url });
  const bodies = Array.from({ length: 12 }, (_, index) => randomBytes(1 + index * 60_000));
  const ids = await Promise.all(
    bodies.map(async (body) => {
      const outgoing = request(test.url, { method: 'POST', headers: { 'X-Length': body.length } });
      outgoing.end(body);
      const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
      expect(await buffer(response)).toEqual(body);
      const view = await test.finished((candidate) => candidate.requestBytes === body.length);
      return view.id;
    }),
  );
  for (const [index, body] of bodies.entries()) {
    const id = ids[index]!;
    expect(body.equals(await captured(test, id, 'request'))).toBe(true);
    expect(body.equals(await captured(test, id, 'response'))).toBe(true);
    const view = fold((await test.engine.recorder.read(id)) ?? []);
    expect([view?.request.body, view?.response?.body]).toEqual([{ captured: body.length }, { captured: body.length }]);
  }
});

test('a response that the client gave up on is captured as far as it came, and says so', async () => {
  const origin = await startOrigin((_incoming, response) => {
    response.writeHead(200);
    response.write('the beginning');
    // Only a write tells a proxy that its client is gone altogether, and not just done with sending.
    const timer = setInterval(() => response.write('more'), 5);
    response.on('close', () => clearInterval(timer));
  });
  const test = await startEngine({ upstream: origin.url });
  const outgoing = request(test.url);
  outgoing.on('error', () => undefined);
  outgoing.end();
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  response.on('error', () => undefined);
  await once(response, 'data');
  outgoing.destroy();
  const view = await test.finished();
  expect(view).toMatchObject({
    outcome: { kind: 'aborted', by: 'client' },
    response: { body: { truncated: 'aborted' } },
  });
  const body = await captured(test, view.id, 'response');
  expect(body.toString()).toMatch(/^the beginning/);
  expect(body.length).toBe(view.response?.body?.captured);
});

test('hits are captured by pointing to what was captured before', async () => {
  const body = randomBytes(50_000);
  const origin = await startOrigin((_incoming, response) => {
    response.writeHead(200, { 'Cache-Control': 'max-age=60', 'Content-Length': body.length });
    response.end(body);
  });
  const test = await startEngine({ upstream: origin.url, settings: { cache: { mode: 'shared' } } });
  for (let i = 0; i < 5; i++) await (await fetch(test.url)).arrayBuffer();
  const verdicts: (string | undefined)[] = [];
  for (let i = 0; i < 5; i++) {
    const view = await test.finished();
    verdicts.push(view.verdict);
    expect(body.equals(await captured(test, view.id, 'response'))).toBe(true);
  }
  expect(verdicts).toEqual(['MISS', 'HIT', 'HIT', 'HIT', 'HIT']);
});
