import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { MAX_EDITED_BODY } from '../../shared/resend-contract.ts';
import { startOrigin } from '../support/origin.ts';
import { rawClient } from '../support/raw-client.ts';
import { asking, CONTINUE, held, pausing } from '../support/ruled-traffic.ts';

describe('a paused response', () => {
  it('waits, can be read without its codings, and goes on as it came', async () => {
    const coded = gzipSync('{"a":1}');
    const origin = await startOrigin((_request, response) => {
      response
        .writeHead(201, 'Made Here', { 'Content-Encoding': 'gzip', 'Content-Type': 'application/json' })
        .end(coded);
    });
    const test = await pausing('response');
    const { answer } = asking(test, `${origin.url}/`);
    const id = await held(test, 'response');
    expect(await test.engine.held.read(id)).toMatchObject({
      ...{ stage: 'response', status: 201, reason: 'Made Here', body: { kind: 'text', text: '{"a":1}' } },
    });
    test.engine.held.release(id, CONTINUE);
    expect(await answer).toMatchObject({ status: 201, headers: { 'content-encoding': 'gzip' } });
    expect((await test.finished()).responseBytes).toBe(coded.length);
  });

  it('is edited: status, fields, and the body or not', async () => {
    const gzipped = gzipSync('{"a":1}');
    const origin = await startOrigin((_request, response) => {
      response.writeHead(200, { 'Content-Encoding': 'gzip', 'Content-Length': gzipped.length });
      response.end(gzipped);
    });
    const test = await pausing('response');
    const bodies = ['kept', 'none', { text: 'né' }] as const;
    const answers = [];
    let last = 0;
    for (const body of bodies) {
      const { answer } = asking(test, `${origin.url}/`);
      last = await held(test, 'response', last);
      const headers = ['X-New', '1', 'Content-Encoding', 'gzip', 'Content-Length', '999'];
      test.engine.held.release(last, { type: 'continue', response: { status: 404, headers, body } });
      answers.push(await answer);
    }
    expect(answers.map(({ status, headers }) => [status, headers['x-new']])).toEqual(bodies.map(() => [404, '1']));
    expect(answers.map(({ headers }) => headers['content-length'])).toEqual([String(gzipped.length), '0', '3']);
    expect(answers[2]).toMatchObject({ body: 'né' });
    expect(answers[2]?.headers).not.toHaveProperty('content-encoding');
  });

  it('can be aborted, and takes no orders for a request', async () => {
    const origin = await startOrigin((_request, response) => response.end('never seen'));
    const test = await pausing('response');
    const { answer } = asking(test, `${origin.url}/`);
    const id = await held(test, 'response');
    const request = { method: 'GET', url: origin.url, headers: [], body: 'none' } as const;
    expect(() => test.engine.held.release(id, { type: 'continue', request })).toThrow(/sent already/);
    const response = { status: 200, headers: [], body: 'none' } as const;
    expect(() => test.engine.held.release(id, { type: 'answer', response })).toThrow(/sent to its server already/);
    test.engine.held.release(id, { type: 'abort' });
    await expect(answer).rejects.toThrow(/socket hang up/);
  });

  it('may be one without an end, which is kept as it is', async () => {
    const origin = await startOrigin((_request, response) => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' }).write('data: 1\n\n');
    });
    const test = await pausing('response');
    const client = await rawClient(test.port);
    client.send(`GET ${origin.url}/ HTTP/1.1\r\nHost: a\r\n\r\n`);
    const id = await held(test, 'response');
    expect((await test.engine.held.read(id))?.body).toEqual({ kind: 'kept' });
    test.engine.held.release(id, CONTINUE);
    await client.until(/data: 1/);
    client.socket.destroy();
    expect((await test.finished()).outcome).toMatchObject({ kind: 'aborted', by: 'client' });
  });

  it('that is no UTF-8, or longer than can be edited, is kept', async () => {
    const bodies = [
      Buffer.from([0xff, 0xfe]),
      Buffer.alloc(MAX_EDITED_BODY + 1, 'x'),
      Buffer.alloc(MAX_EDITED_BODY, 'x'),
    ];
    let turn = 0;
    const origin = await startOrigin((_request, response) => response.end(bodies[turn++]));
    const test = await pausing('response');
    const kinds = [];
    let last = 0;
    for (const body of bodies) {
      const { answer } = asking(test, `${origin.url}/`);
      last = await held(test, 'response', last);
      const message = await test.engine.held.read(last);
      kinds.push(message?.body.kind === 'kept' ? message.body.bytes : message?.body.kind);
      test.engine.held.release(last, CONTINUE);
      await answer;
      expect((await test.finished()).responseBytes).toBe(body.length);
    }
    expect(kinds).toEqual([2, MAX_EDITED_BODY + 1, 'text']);
  });

  it('lets go of the server when its client leaves', async () => {
    const origin = await startOrigin((_request, response) => {
      const more = (): void => {
        while (response.write(Buffer.alloc(65_536)));
        response.once('drain', more);
      };
      more();
    });
    const test = await pausing('response');
    const { sent } = asking(test, `${origin.url}/`, { headers: { connection: 'keep-alive' } });
    sent.on('error', () => undefined);
    await held(test, 'response');
    const gone = [...origin.sockets].map(
      (socket) =>
        new Promise<void>((resolve) => {
          socket.once('close', () => resolve());
        }),
    );
    sent.destroy();
    expect((await test.finished()).outcome).toMatchObject({ kind: 'aborted', by: 'client' });
    await Promise.all(gone);
  });
});
