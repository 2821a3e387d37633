import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { rawClient } from '../support/raw-client.ts';
import { gate, startCache } from './cache-setup.ts';

const CLIENTS = 5;
const each = <T>(make: (i: number) => T): T[] => Array.from({ length: CLIENTS }, (_, i) => make(i));

describe('request collapsing (RFC 9111 §4)', () => {
  it('sends one request for several clients that wait for the same response', async () => {
    const ready = gate();
    const setup = await startCache((_request, response) => {
      void ready.opened.then(() => {
        response.setHeader('Cache-Control', 'max-age=60');
        response.end('shared');
      });
    });
    const answers = each(() => setup.ask('/'));
    await setup.begun(CLIENTS);
    ready.open();
    expect((await Promise.all(answers)).map(({ body }) => body)).toEqual(each(() => 'shared'));
    expect(setup.seen).toHaveLength(1);
    const views = await Promise.all(each(() => setup.proxy.finished()));
    const collapsed = views.filter(({ decision }) => decision?.collapsed === true);
    expect(collapsed).toHaveLength(CLIENTS - 1);
    expect(collapsed[0]?.decision).toMatchObject({ hit: false, fwd: 'uri-miss', fwdStatus: 200, verdict: 'MISS' });
  });

  it('lets everyone go as soon as the head shows that the response is not reusable', async () => {
    const head = gate();
    const setup = await startCache((_request, response, count) => {
      // The first response's body never ends: whoever waited for it would wait for ever.
      if (count === 1) {
        void head.opened.then(() => {
          response.setHeader('Cache-Control', 'no-store');
          response.write('endless');
        });
      } else {
        response.setHeader('Cache-Control', 'no-store');
        response.end(`own ${count}`);
      }
    });
    const leader = await rawClient(setup.proxy.port);
    leader.send('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await setup.begun(1);
    const answers = each(() => setup.ask('/'));
    await setup.begun(1 + CLIENTS);
    head.open();
    const bodies = (await Promise.all(answers)).map(({ body }) => body);
    expect(new Set(bodies).size).toBe(CLIENTS);
    expect(setup.seen).toHaveLength(1 + CLIENTS);
    leader.socket.resetAndDestroy();
    await setup.proxy.finished((view) => view.outcome?.kind === 'aborted');
  });

  it('does not wait again for a response that was of use to nobody a moment ago', async () => {
    const second = gate();
    const setup = await startCache((_request, response, count) => {
      response.setHeader('Cache-Control', 'no-store');
      if (count !== 2) return void response.end(String(count));
      void second.opened.then(() => response.end('2'));
    });
    await setup.ask('/');
    const slow = setup.ask('/');
    await setup.begun(2);
    // Answered although the request before it is still waiting for its head.
    expect((await setup.ask('/')).body).toBe('3');
    second.open();
    expect((await slow).body).toBe('2');
  });

  it.each(['no-cache', 'no-store', 'max-age=0'])('has %s wait for nobody', async (directive) => {
    const first = gate();
    const setup = await startCache((_request, response, count) => {
      response.setHeader('Cache-Control', 'max-age=60');
      if (count > 1) return void response.end('own');
      void first.opened.then(() => response.end('shared'));
    });
    const leader = setup.ask('/');
    await setup.begun(1);
    expect((await setup.ask('/', { headers: { 'Cache-Control': directive } })).body).toBe('own');
    first.open();
    expect((await leader).body).toBe('shared');
  });

  it('gives every client the variant it asked for, and fetches each variant once', async () => {
    const ready = gate();
    const setup = await startCache((request, response) => {
      void ready.opened.then(() => {
        response.setHeader('Cache-Control', 'max-age=60');
        response.setHeader('Vary', 'Accept-Language');
        response.end(`for ${request.headers['accept-language'] ?? ''}`);
      });
    });
    const languages = ['de', 'en', 'de', 'en', 'fr'];
    const answers = languages.map((language) => setup.ask('/', { headers: { 'Accept-Language': language } }));
    await setup.begun(languages.length);
    ready.open();
    expect((await Promise.all(answers)).map(({ body }) => body)).toEqual(
      languages.map((language) => `for ${language}`),
    );
    // Those that the first response is not for wait for one another again.
    expect(setup.seen.map(({ headers }) => headers['accept-language']).sort()).toEqual(['de', 'en', 'fr']);
  });

  it('chooses another one to go on when the one it waited for leaves', async () => {
    const first = gate();
    const setup = await startCache((request, response, count) => {
      if (count === 1) return void request.socket.once('close', () => first.open());
      response.setHeader('Cache-Control', 'max-age=60');
      response.end('after all');
    });
    const leader = await rawClient(setup.proxy.port);
    leader.send('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await setup.begun(1);
    const answers = each(() => setup.ask('/'));
    await setup.begun(1 + CLIENTS);
    leader.socket.resetAndDestroy();
    expect((await Promise.all(answers)).map(({ body }) => body)).toEqual(each(() => 'after all'));
    expect(setup.seen).toHaveLength(2);
  });

  it('has those with a copy of their own wait once at most, since a 304 helps nobody else', async () => {
    const [first, all] = [gate(), gate()];
    const setup = await startCache((_request, response, count) => {
      const opened = count === 1 ? first.opened : all.opened;
      void opened.then(() => response.writeHead(304, { 'Cache-Control': 'max-age=60', ETag: '"a"' }).end());
      // The others get their answers when all of them are here.
      if (count === 1 + CLIENTS) all.open();
    });
    const headers = { 'If-None-Match': '"a"' };
    const answers = [setup.ask('/', { headers }), ...each(() => setup.ask('/', { headers }))];
    await setup.begun(1 + CLIENTS);
    first.open();
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([304, ...each(() => 304)]);
  });

  it('lets everyone try for themselves when the request fails', async () => {
    const ready = gate();
    const setup = await startCache((request, response, count) => {
      if (count === 1) return void ready.opened.then(() => request.socket.destroy());
      response.setHeader('Cache-Control', 'max-age=60');
      response.end('x');
    });
    const leader = setup.ask('/');
    await setup.begun(1);
    const answers = each(() => setup.ask('/'));
    await setup.begun(1 + CLIENTS);
    ready.open();
    expect((await leader).status).toBe(502);
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual(each(() => 200));
  });

  it('frees those who wait for a body that breaks off', async () => {
    const broken = gate();
    const setup = await startCache((request, response, count) => {
      response.setHeader('Cache-Control', 'max-age=60');
      if (count > 1) return void response.end('whole');
      // Without a length or a tag nobody can read it along, however long it takes.
      response.write('half');
      void broken.opened.then(() => request.socket.destroy());
    });
    const leader = setup.ask('/').catch((error: unknown) => error);
    await setup.proxy.event(({ type }) => type === 'response.started');
    const answers = each(() => setup.ask('/'));
    await setup.begun(1 + CLIENTS);
    broken.open();
    expect(await leader).toBeInstanceOf(Error);
    expect((await Promise.all(answers)).map(({ body }) => body)).toEqual(each(() => 'whole'));
  });

  it('lets a waiting client leave by itself', async () => {
    const ready = gate();
    const setup = await startCache((_request, response) => {
      void ready.opened.then(() => {
        response.setHeader('Cache-Control', 'max-age=60');
        response.end('x');
      });
    });
    const leader = setup.ask('/');
    await setup.begun(1);
    const waiting = await rawClient(setup.proxy.port);
    waiting.send('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await setup.begun(2);
    waiting.socket.resetAndDestroy();
    const gone = await setup.proxy.finished();
    expect(gone).toMatchObject({ outcome: { kind: 'aborted', by: 'client' }, decision: { detail: 'CLIENT_GONE' } });
    ready.open();
    expect((await leader).body).toBe('x');
  });

  it('collapses validations too', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    onTestFinished(() => void vi.useRealTimers());
    const ready = gate();
    const setup = await startCache((request, response, count) => {
      const fields = { ETag: '"a"', 'Cache-Control': 'max-age=60', Date: new Date().toUTCString() };
      if (count === 1) {
        response.writeHead(200, fields);
        return void response.end('body');
      }
      void ready.opened.then(() => {
        response.writeHead(request.headers['if-none-match'] === '"a"' ? 304 : 500, fields);
        response.end();
      });
    });
    await setup.ask('/');
    vi.setSystemTime(Date.now() + 61_000);
    const answers = each(() => setup.ask('/'));
    await setup.begun(1 + CLIENTS);
    ready.open();
    expect((await Promise.all(answers)).map(({ body }) => body)).toEqual(each(() => 'body'));
    expect(setup.seen).toHaveLength(2);
    const views = await Promise.all(Array.from({ length: 1 + CLIENTS }, () => setup.proxy.finished()));
    const asked = views.filter(({ decision }) => decision?.steps.some(({ rule }) => rule === 'validation.sent'));
    // Whoever waited has asked nothing.
    expect(asked.map(({ decision }) => decision?.collapsed)).toEqual([undefined]);
    expect(views.filter(({ decision }) => decision?.collapsed === true)).toHaveLength(CLIENTS - 1);
  });
});
