import { once } from 'node:events';
import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { Handler } from '../../electron/engine/chain/handler.ts';
import type { Reply } from '../../electron/engine/chain/reply.ts';
import type { TestEngine } from '../support/engine.ts';
import { startEngine } from '../support/engine.ts';
import { closedPort, startOrigin, startRawOrigin } from '../support/origin.ts';
import type { RawClient } from '../support/raw-client.ts';
import { rawClient } from '../support/raw-client.ts';

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
const OK: Reply = { status: 200, reason: 'OK', headers: [], body: Buffer.from('short'), from: 'hopscope' };

/** A handler that writes down what is called, and behaves otherwise where told to. */
function witness(name: string, log: string[], but: Partial<Handler<string>> = {}): Handler<string> {
  return {
    name,
    setup(x) {
      log.push(`${name}.setup`);
      return but.setup?.(x) ?? `${name}'s state`;
    },
    async handle(x, state, next) {
      log.push(`${name}.handle(${state})`);
      return but.handle === undefined ? next() : but.handle(x, state, next);
    },
    finish(x, state, outcome) {
      log.push(`${name}.finish(${outcome.kind})`);
      return but.finish?.(x, state, outcome);
    },
  };
}

/** Resolves when the socket is closed, with an error or without. */
function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.once('close', () => resolve());
  });
}

interface Stage {
  test: TestEngine;
  client: RawClient;
  log: string[];
}

/** An engine whose chain is guard → a → b → cache → upstream. */
async function stage(
  upstream: string | undefined,
  but: { a?: Partial<Handler<string>>; b?: Partial<Handler<string>> } = {},
): Promise<Stage> {
  const log: string[] = [];
  const extraHandlers = [witness('a', log, but.a), witness('b', log, but.b)];
  const test = await startEngine({ extraHandlers, ...(upstream === undefined ? {} : { upstream }) });
  return { test, client: await rawClient(test.port), log };
}

const ENTERED = ['a.setup', "a.handle(a's state)", 'b.setup', "b.handle(b's state)"];
const bothFinish = (kind: string): string[] => [...ENTERED, `b.finish(${kind})`, `a.finish(${kind})`];

describe('the handler chain', () => {
  it('sets up inwards, finishes outwards, after the last byte of the body', async () => {
    let sendRest: () => void = () => undefined;
    const origin = await startOrigin((_request, response) => {
      response.write('first');
      sendRest = () => response.end('last');
    });
    const { test, client, log } = await stage(origin.url);
    client.send(GET);
    await client.until(/first/);
    expect(log).toEqual(ENTERED);
    sendRest();
    await client.until(/last\r\n0\r\n\r\n$/);
    const view = await test.finished();
    expect(view.outcome).toEqual({ kind: 'completed' });
    expect(log).toEqual(bothFinish('completed'));
  });

  it('gives every phase a span inside the exchange, and one outcome as the last event', async () => {
    const origin = await startOrigin((_request, response) => response.end('x'));
    const { test, client } = await stage(origin.url);
    client.send(GET);
    const view = await test.finished();
    const phases = view.spans.filter((span) => span.lane === 'handler').map((span) => `${span.handler}.${span.name}`);
    expect(phases).toEqual(
      expect.arrayContaining(['a.setup', 'a.handle', 'a.finish', 'b.setup', 'b.handle', 'b.finish']),
    );
    for (const span of view.spans) {
      expect(span.start).toBeGreaterThanOrEqual(view.start);
      expect(span.at).toBeGreaterThanOrEqual(span.start);
      expect(span.at).toBeLessThanOrEqual(view.end ?? 0);
    }
    expect(view.spans.map((span) => span.name)).toEqual(
      expect.arrayContaining(['accept', 'connect', 'send', 'wait', 'receive', 'deliver']),
    );
  });

  it('finishes everyone when the client leaves before the head', async () => {
    const origin = await startOrigin(() => undefined);
    const { test, client, log } = await stage(origin.url);
    client.send(GET);
    await test.event((event) => event.type === 'span' && event.name === 'send');
    client.socket.destroy();
    const view = await test.finished();
    expect(view.outcome).toMatchObject({ kind: 'aborted', by: 'client' });
    expect(log).toEqual(bothFinish('aborted'));
    await Promise.all([...origin.sockets].map(closed));
  });

  it('finishes everyone when the client leaves in mid-body, and lets go of the upstream', async () => {
    const origin = await startOrigin((_request, response) => {
      const more = (): void => {
        while (response.write(Buffer.alloc(65_536)));
        response.once('drain', more);
      };
      more();
    });
    const { test, client, log } = await stage(origin.url);
    client.send(GET);
    await client.until((text) => text.length > 100_000);
    const gone = [...origin.sockets].map(closed);
    client.socket.destroy();
    const view = await test.finished();
    expect(view.outcome).toMatchObject({ kind: 'aborted', by: 'client' });
    expect(log).toEqual(bothFinish('aborted'));
    await Promise.all(gone);
  });

  it('notices a client that leaves while the upstream is silent in mid-body', async () => {
    const origin = await startOrigin((_request, response) => void response.write('first'));
    const { test, client, log } = await stage(origin.url);
    client.send(GET);
    await client.until(/first/);
    const gone = [...origin.sockets].map(closed);
    client.socket.destroy();
    expect((await test.finished()).outcome).toMatchObject({ kind: 'aborted', by: 'client' });
    expect(log).toEqual(bothFinish('aborted'));
    await Promise.all(gone);
  });

  it('answers 502 and finishes everyone when the upstream fails before its head', async () => {
    const { test, client, log } = await stage(`http://127.0.0.1:${await closedPort()}`);
    client.send(GET);
    expect(await client.until(/Code:/)).toMatch(/^HTTP\/1\.1 502 Bad Gateway\r\n/);
    const view = await test.finished();
    expect(view.outcome).toMatchObject({ kind: 'failed', code: 'CONNECTION_REFUSED', phase: 'connect' });
    expect(log).toEqual(bothFinish('failed'));
  });

  it('breaks the response off and finishes everyone when the upstream fails in mid-body', async () => {
    const origin = await startRawOrigin((socket) => {
      socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this');
    });
    const { test, client, log } = await stage(origin.url);
    client.send(GET);
    expect(await client.ended()).toMatch(/only this$/);
    const view = await test.finished();
    expect(view.outcome).toMatchObject({ kind: 'failed', phase: 'receive' });
    expect(log).toEqual(bothFinish('failed'));
  });

  it('never ends a chunked response that the upstream broke off as if it were whole', async () => {
    const origin = await startRawOrigin((socket) => {
      socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n');
    });
    const { test, client } = await stage(origin.url);
    client.send(GET);
    expect(await client.ended()).toMatch(/5\r\nhello\r\n$/);
    expect((await test.finished()).outcome).toMatchObject({ kind: 'failed' });
  });

  it('does not finish a handler whose setup threw, nor set up those behind it', async () => {
    const { test, client, log } = await stage('http://127.0.0.1:1', {
      b: { setup: () => Promise.reject(new Error('no setup')) },
    });
    client.send(GET);
    expect(await client.until(/Code:/)).toMatch(/^HTTP\/1\.1 500 /);
    const view = await test.finished();
    expect(view.outcome).toMatchObject({ kind: 'failed', code: 'HANDLER_FAILED', phase: 'b' });
    expect(log).toEqual(['a.setup', "a.handle(a's state)", 'b.setup', 'a.finish(failed)']);
  });

  it('answers 500 when handle throws, and finishes the one that threw, too', async () => {
    const { test, client, log } = await stage('http://127.0.0.1:1', {
      b: { handle: () => Promise.reject(new Error('no handle')) },
    });
    client.send(GET);
    expect(await client.until(/Code:/)).toMatch(/^HTTP\/1\.1 500 [^]*no handle/);
    const view = await test.finished();
    expect(view.outcome).toMatchObject({ kind: 'failed', code: 'HANDLER_FAILED', phase: 'b' });
    expect(view.spans.find((span) => span.handler === 'b' && span.name === 'handle')?.error).toBe('no handle');
    expect(log).toEqual(bothFinish('failed'));
  });

  it('tells of a finish that throws and runs the others', async () => {
    const origin = await startOrigin((_request, response) => response.end('x'));
    const { test, client, log } = await stage(origin.url, {
      b: {
        finish: () => {
          throw new Error('no finish');
        },
      },
    });
    client.send(GET);
    const view = await test.finished();
    expect(view.outcome).toEqual({ kind: 'completed' });
    expect(view.notes).toMatchObject([{ level: 'error', code: 'FINISH_FAILED', text: 'b.finish threw: no finish' }]);
    expect(log).toEqual(bothFinish('completed'));
  });

  it('does not set up what lies behind a handler that answers itself', async () => {
    const { test, client, log } = await stage(undefined, { a: { handle: () => Promise.resolve(OK) } });
    client.send(`GET http://a.example/ HTTP/1.1\r\nHost: a\r\n\r\n`);
    expect(await client.until(/short/)).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect((await test.finished()).outcome).toEqual({ kind: 'completed' });
    expect(log).toEqual(['a.setup', "a.handle(a's state)", 'a.finish(completed)']);
  });

  it('refuses a second next', async () => {
    const origin = await startOrigin((_request, response) => response.end('x'));
    const { test, client, log } = await stage(origin.url, {
      a: {
        handle: async (_x, _state, next) => {
          await next();
          return next();
        },
      },
    });
    client.send(GET);
    expect(await client.until(/Code:/)).toMatch(/^HTTP\/1\.1 500 [^]*NEXT_TWICE/);
    expect((await test.finished()).outcome).toMatchObject({ kind: 'failed', code: 'NEXT_TWICE', phase: 'a' });
    expect(log).toEqual(bothFinish('failed'));
  });

  it('leaves a handler behind that ignores the abort, and says which', async () => {
    let release: (reply: Reply) => void = () => undefined;
    const { test, client, log } = await stage('http://127.0.0.1:1', {
      b: {
        handle: () =>
          new Promise((resolve) => {
            release = resolve;
          }),
      },
    });
    client.send(GET);
    await test.event((event) => event.type === 'span' && event.handler === 'b' && event.name === 'setup');
    client.socket.destroy();
    const view = await test.finished();
    expect(view.outcome).toMatchObject({ kind: 'aborted', by: 'client' });
    expect(view.notes).toMatchObject([{ level: 'warning', code: 'HANDLER_STUCK' }]);
    expect(view.notes[0]?.text).toMatch(/^b went on/);
    expect(log).toEqual(bothFinish('aborted'));
    release(OK);
  });

  it("fires the exchange's signal when the client leaves", async () => {
    const { test, client } = await stage('http://127.0.0.1:1', {
      b: {
        handle: async (x) => {
          await once(x.signal, 'abort');
          return OK;
        },
      },
    });
    client.send(GET);
    await test.event((event) => event.type === 'span' && event.handler === 'b' && event.name === 'setup');
    client.socket.destroy();
    expect((await test.finished()).outcome).toMatchObject({ kind: 'aborted', by: 'client' });
  });
});
