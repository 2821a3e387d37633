import { createHash, randomBytes } from 'node:crypto';
import { get } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { SettingsPatch } from '../../shared/settings.ts';
import type { TestEngine } from '../support/engine.ts';
import { startEngine } from '../support/engine.ts';
import { startOrigin } from '../support/origin.ts';

const sha = (data: Uint8Array): string => createHash('sha256').update(data).digest('hex');

const MIB = 1024 * 1024;
const CLIENTS = 6;

/** Different bodies of `size` and a few bytes, each under the path of its number; odd ones are sent chunked. */
async function stage(size: number, settings: SettingsPatch): Promise<{ test: TestEngine; bodies: readonly Buffer[] }> {
  const bodies = Array.from({ length: CLIENTS }, (_, i) => randomBytes(size + i * 97));
  const origin = await startOrigin((request, response) => {
    const number = Number(request.url?.slice(1));
    const body = bodies[number] as Buffer;
    response.writeHead(200, number % 2 === 1 ? {} : { 'Content-Length': body.length, 'Cache-Control': 'max-age=60' });
    response.end(body);
  });
  return { test: await startEngine({ upstream: origin.url, settings }), bodies };
}

/** The digest of a body that is read with so many turns of the event loop between its chunks. */
async function digestOf(url: string, turns: number): Promise<string> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get(url, resolve).on('error', reject);
  });
  const hash = createHash('sha256');
  for await (const chunk of response) {
    hash.update(chunk as Buffer);
    for (let i = 0; i < turns; i++) await nextTurn();
  }
  return hash.digest('hex');
}

describe.each([
  { kind: 'large bodies', size: 1.5 * MIB, rounds: 2 },
  { kind: 'small bodies', size: 10 * 1024, rounds: 25 },
])('$kind, many at the same time', ({ size, rounds }) => {
  it('reach fast and slow clients unharmed, though the memory they are read into is used again', async () => {
    const { test, bodies } = await stage(size, {});
    for (let round = 1; round <= rounds; round++) {
      const digests = await Promise.all(bodies.map((_, i) => digestOf(`${test.url}/${i}`, (i * round) % 5)));
      expect(digests).toEqual(bodies.map(sha));
    }
  });

  it('are recorded as they were', async () => {
    const { test, bodies } = await stage(size, { record: { bodyCap: MIB } });
    await Promise.all(bodies.map((_, i) => digestOf(`${test.url}/${i}`, i % 3)));
    for (const [i, body] of bodies.entries()) {
      const { id } = await test.finished((view) => view.url.endsWith(`/${i}`));
      const range = { id, side: 'response', offset: 0, length: 4 * MIB } as const;
      const recorded = await test.engine.recorder.readBody(range);
      expect(recorded === undefined ? '' : sha(recorded)).toBe(sha(body.subarray(0, MIB)));
    }
  });

  it('are stored as they were, and served again', async () => {
    const { test, bodies } = await stage(size, { cache: { mode: 'shared' } });
    for (const from of ['upstream', 'cache']) {
      const digests = await Promise.all(bodies.map((_, i) => digestOf(`${test.url}/${i}`, i % 3)));
      expect(digests).toEqual(bodies.map(sha));
      const view = await test.finished((one) => one.url.endsWith('/2'));
      expect(view.from).toBe(from);
    }
  });
});

it('a large body waits unharmed for a client that does not read, while others are served', async () => {
  const slow = randomBytes(24 * MIB);
  const fast = randomBytes(2 * MIB);
  const piece = 24 * 1024;
  const origin = await startOrigin((request, response) => {
    if (request.url === '/fast') return void response.end(fast);
    response.writeHead(200, { 'Content-Length': slow.length });
    let at = 0;
    // In pieces smaller than what a socket takes before it asks to wait.
    const more = (): void => {
      if (at >= slow.length) return void response.end();
      const ready = response.write(slow.subarray(at, (at += piece)));
      if (ready) setImmediate(more);
      else response.once('drain', more);
    };
    more();
  });
  const test = await startEngine({ upstream: origin.url, settings: { record: { level: 'head' } } });
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get(`${test.url}/slow`, resolve).on('error', reject);
  });
  for (let i = 0; i < 8; i++) expect(await digestOf(`${test.url}/fast`, 1)).toBe(sha(fast));
  const hash = createHash('sha256');
  for await (const chunk of response) hash.update(chunk as Buffer);
  expect(hash.digest('hex')).toBe(sha(slow));
});
