import { describe, expect, it } from 'vitest';
import { RefusedStreams } from '../../electron/engine/proxy/refused-streams.ts';
import type { TestEngine } from '../support/engine.ts';
import { startEngine } from '../support/engine.ts';
import { startOrigin } from '../support/origin.ts';
import type { RawClient } from '../support/raw-client.ts';
import { rawClient } from '../support/raw-client.ts';
import { DATA, END_HEADERS, END_STREAM, frame, head, HEADERS, resets, SETTINGS } from './http2-frames.ts';

const PROTOCOL_ERROR = 1;

/** A field that goes into no table (RFC 7541 §6.2.2). */
function field(name: string, value: string): Buffer {
  return Buffer.concat([Buffer.of(0, name.length), Buffer.from(name), Buffer.of(value.length), Buffer.from(value)]);
}

const request = (stream: number, ...fields: Buffer[]): Buffer =>
  frame(HEADERS, END_STREAM | END_HEADERS, stream, Buffer.concat(fields));

async function greet(test: TestEngine): Promise<RawClient> {
  const client = await rawClient(test.port);
  client.send('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
  client.send(frame(SETTINGS, 0, 0));
  return client;
}

/** How many exchanges have begun, from now on. */
function countRows(test: TestEngine): () => number {
  let rows = 0;
  test.engine.recorder.subscribe(({ type }) => void (rows += type === 'exchange.started' ? 1 : 0));
  return () => rows;
}

describe('HTTP/2 requests that are none (RFC 9113 §8.1.1)', () => {
  it.each([
    ['a name in upper case', [head('GET', 'a.test'), field('X-A', '1')]],
    ['no path', [Buffer.of(0x82, 0x86), field(':authority', 'a.test')]],
    ['a pseudo-header field behind others', [field('x-a', '1'), head('GET', 'a.test')]],
    ['a field about the connection', [head('GET', 'a.test'), field('connection', 'close')]],
    ['two lengths', [head('POST', 'a.test'), field('content-length', '1'), field('content-length', '2')]],
    ['a length without a body', [head('POST', 'a.test'), field('content-length', '5')]],
  ])('with %s are reset, and one row each', async (_name, fields) => {
    const test = await startEngine();
    const rows = countRows(test);
    const client = await greet(test);
    client.send(request(1, ...fields));
    await client.until((text) => resets(text).length === 1);
    expect(resets(client.received())).toEqual([PROTOCOL_ERROR]);
    client.socket.end();
    expect(await test.finished()).toMatchObject({
      ...{ kind: 'malformed', version: 'HTTP/2', url: 'stream 1' },
      outcome: { kind: 'failed', code: 'REQUEST_REFUSED', phase: 'accept' },
    });
    await client.ended();
    expect(rows()).toBe(1);
  });

  it('leave the connection to others, and are told of while it is open', async () => {
    const origin = await startOrigin((_request, response) => response.end('fine'));
    const test = await startEngine({ upstream: origin.url });
    const host = new URL(test.url).host;
    const rows = countRows(test);
    const client = await greet(test);
    client.send(request(1, head('GET', host)));
    await client.until(/fine/);
    client.send(request(3, head('GET', host), field('X-A', '1')));
    expect(await test.finished((view) => view.kind === 'malformed')).toMatchObject({ url: 'stream 3' });
    client.send(request(5, head('GET', host)));
    await client.until(/fine[^]*fine/);
    expect(rows()).toBe(3);
  });

  it('are a row each when several come in a row', async () => {
    const origin = await startOrigin((_request, response) => response.end('fine'));
    const test = await startEngine({ upstream: origin.url });
    const host = new URL(test.url).host;
    const client = await greet(test);
    client.send(request(1, head('GET', host)));
    await client.until(/fine/);
    const bad = [3, 5, 7].map((stream) => request(stream, head('GET', host), field('X-A', '1')));
    client.send(Buffer.concat([...bad, request(9, head('GET', host))]));
    await client.until(/fine[^]*fine/);
    client.send(Buffer.concat([11, 13].map((stream) => request(stream, head('GET', host), field('X-A', '1')))));
    await client.until((text) => resets(text).length === 5);
    client.socket.end();
    await test.finished((view) => view.url === 'stream 13');
    const { rows } = await test.engine.recorder.page(undefined, 100);
    expect(rows.filter(({ kind }) => kind === 'malformed').map(({ url }) => url)).toEqual(
      [13, 11, 7, 5, 3].map((stream) => `stream ${stream}`),
    );
  });

  it('by a body of another length than announced end their exchange, with the reason', async () => {
    const origin = await startOrigin((incoming, response) => {
      incoming.on('error', () => response.destroy());
      incoming.resume().on('end', () => response.end());
    });
    const test = await startEngine({ upstream: origin.url });
    const client = await greet(test);
    const fields = [head('POST', new URL(test.url).host), field('content-length', '5')];
    client.send(frame(HEADERS, END_HEADERS, 1, Buffer.concat(fields)));
    client.send(frame(DATA, END_STREAM, 1, Buffer.from('abc')));
    await client.until((text) => resets(text).length === 1);
    const { outcome } = await test.finished();
    expect(outcome).toMatchObject({ kind: 'aborted', by: 'client' });
    expect(outcome).toMatchObject({ message: expect.stringMatching(/PROTOCOL_ERROR.*length/) as string });
  });
});

describe('the streams that a connection refused', () => {
  it('are those of which nothing was heard, but not one whose fields are on their way', () => {
    const found: number[] = [];
    const refused = new RefusedStreams((stream) => found.push(stream));
    refused.look(1);
    refused.hear(1);
    refused.look(1);
    refused.tick();
    refused.tick();
    expect(found).toEqual([]);
    refused.look(3);
    refused.look(3);
    expect(found).toEqual([]);
    refused.hear(5);
    expect(found).toEqual([3]);
    refused.look(7);
    refused.look(9);
    expect(found).toEqual([3, 7]);
    refused.tick();
    expect(found).toEqual([3, 7]);
    refused.tick();
    refused.look(9);
    refused.tick();
    refused.settle();
    expect(found).toEqual([3, 7, 9]);
  });

  it('are not those that a client leaves out before its first, or by the thousand', () => {
    const found: number[] = [];
    const refused = new RefusedStreams((stream) => found.push(stream));
    refused.hear(13);
    expect(found).toEqual([]);
    refused.hear(100_013);
    expect(found.length).toBeLessThanOrEqual(101);
  });
});
