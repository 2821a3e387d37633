import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { TestEngine } from '../support/engine.ts';
import { startEngine } from '../support/engine.ts';
import { startHttpsOrigin } from '../support/https-origin.ts';
import { startRawOrigin } from '../support/origin.ts';
import type { RawClient } from '../support/raw-client.ts';
import { rawClient } from '../support/raw-client.ts';

const FINE = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';

/** What has come on `socket` once it holds `text`, as latin1. */
async function heard(socket: Socket, text: string): Promise<string> {
  let all = '';
  while (!all.includes(text)) {
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    all += chunk.toString('latin1');
  }
  return all;
}

describe('100 (Continue)', () => {
  const upload = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n';

  it('is asked of the origin, whose own makes the client send its body (RFC 9110 §10.1.1)', async () => {
    const { promise: connected, resolve } = Promise.withResolvers<Socket>();
    const origin = await startRawOrigin(resolve);
    const test = await startEngine({ upstream: origin.url });
    const client = await rawClient(test.port);
    client.send(upload);
    const socket = await connected;
    const head = await heard(socket, '\r\n\r\n');
    expect(head).toContain('\r\nExpect: 100-continue\r\n');
    expect(head).not.toContain('hello');
    expect(client.received()).toBe('');
    socket.write('HTTP/1.1 100 Continue\r\n\r\n');
    await client.until(/^HTTP\/1\.1 100 Continue\r\n\r\n$/);
    client.send('hello');
    expect(await heard(socket, 'hello')).toBe('hello');
    socket.write(FINE);
    await client.until(/\r\n\r\nHTTP\/1\.1 200 OK\r\n[^]*ok$/);
    expect(await test.finished()).toMatchObject({ requestBytes: 5, outcome: { kind: 'completed' } });
  });

  it('is not said when the origin refuses the body by its head', async () => {
    const origin = await startRawOrigin((socket) => {
      socket.once('data', () => socket.write('HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n'));
    });
    const test = await startEngine({ upstream: origin.url });
    const client = await rawClient(test.port);
    client.send(upload);
    expect(await client.until(/\r\n\r\n/)).toMatch(/^HTTP\/1\.1 413 Too Large\r\n/);
    expect(await test.finished()).toMatchObject({ status: 413, requestBytes: 0 });
  });

  it('is said by Hopscope for an origin that is silent about it', async () => {
    const origin = await startRawOrigin((socket) => void heard(socket, 'hello').then(() => socket.write(FINE)));
    const test = await startEngine({ upstream: origin.url });
    const client = await rawClient(test.port);
    client.send(upload);
    await client.until(/^HTTP\/1\.1 100 Continue\r\n\r\n$/);
    client.send('hello');
    await client.until(/HTTP\/1\.1 200 OK\r\n[^]*ok$/);
  });

  it('that nobody asked for is passed on like any interim response (RFC 9110 §15.2)', async () => {
    const origin = await startRawOrigin((socket) => {
      socket.once('data', () => socket.write(`HTTP/1.1 100 Continue\r\n\r\n${FINE}`));
    });
    const test = await startEngine({ upstream: origin.url });
    const client = await rawClient(test.port);
    client.send(GET);
    await client.until(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK\r\n[^]*ok$/);
    expect(await test.finished()).toMatchObject({ status: 200, informational: [{ status: 100 }] });
  });
});

describe('requests', () => {
  it.each([
    ['a server-wide OPTIONS', 'OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n', /^OPTIONS \* HTTP\/1\.1\r\nHost: 127/],
    [
      'the same in absolute form (RFC 9112 §3.2.4)',
      'OPTIONS http://{origin} HTTP/1.1\r\nHost: a\r\n\r\n',
      /^OPTIONS \* HTTP\/1\.1\r\nHost: 127/,
    ],
    [
      'Host among other fields',
      'GET / HTTP/1.1\r\nA: 1\r\nhOST: a\r\nB: 2\r\n\r\n',
      /^GET \/ HTTP\/1\.1\r\nA: 1\r\nhOST: 127[^\r]*\r\nB: 2\r\n/,
    ],
    ['a POST without a body', 'POST / HTTP/1.1\r\nHost: a\r\n\r\n', /\r\nContent-Length: 0\r\n/],
    ['a GET without one', GET, /^(?![^]*content-length)/i],
    [
      'TE for trailers, for this hop',
      'GET / HTTP/1.1\r\nHost: a\r\nTE: trailers, gzip\r\n\r\n',
      /\r\nTE: trailers\r\n[^]*\r\nConnection: TE\r\n/,
    ],
    [
      'the length of a body',
      'PUT / HTTP/1.1\r\nContent-length: 2\r\nHost: a\r\n\r\nhi',
      /^PUT \/ HTTP\/1\.1\r\nContent-length: 2\r\nHost: [^]*\r\n\r\nhi$/,
    ],
    [
      'chunks, joined or not',
      'PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2;x=y\r\nhi\r\n0\r\n\r\n',
      /\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n$/,
    ],
    ['one forward less', 'OPTIONS / HTTP/1.1\r\nHost: a\r\nMax-Forwards: 5\r\n\r\n', /\r\nMax-Forwards: 4\r\n/],
  ])('have %s written so', async (_what, request, written) => {
    const { promise: seen, resolve } = Promise.withResolvers<string>();
    const origin = await startRawOrigin((socket) => {
      let text = '';
      socket.on('data', (chunk: Buffer) => {
        text += chunk.toString('latin1');
        if (!/\r\n\r\n$|hi$/.test(text)) return;
        resolve(text);
        socket.write(FINE);
      });
    });
    const test = await startEngine({ upstream: origin.url });
    const client = await rawClient(test.port);
    client.send(request.replace('{origin}', new URL(origin.url).host));
    await client.until(/ok$/);
    expect(await seen).toMatch(written);
  });

  it('that may not be forwarded any further are answered here, without what is secret (RFC 9110 §7.6.2)', async () => {
    const test = await startEngine();
    const client = await rawClient(test.port);
    client.send(
      'TRACE http://nowhere.invalid/x HTTP/1.1\r\nHost: nowhere.invalid\r\nMax-Forwards: 0\r\nCookie: a=b\r\nX: y\r\n\r\n',
    );
    const text = await client.until(/\r\nX: y\r\n\r\n$/);
    expect(text).toMatch(
      /^HTTP\/1\.1 200 OK\r\nContent-Type: message\/http\r\n[^]*\r\n\r\nTRACE http:\/\/nowhere\.invalid\/x HTTP\/1\.1\r\n/,
    );
    expect(text).not.toContain('a=b');
    client.send('OPTIONS http://nowhere.invalid/ HTTP/1.1\r\nHost: nowhere.invalid\r\nMax-Forwards: 0\r\n\r\n');
    await client.until(/HTTP\/1\.1 200 OK\r\nAllow: GET, [^]*\r\nContent-Length: 0\r\n(?:[^\r]+\r\n)*\r\n$/);
  });
});

describe('odd responses', () => {
  it.each([
    ['lines that end with LF alone', 'HTTP/1.1 200 OK\nContent-Length: 2\nX: y\n\nok'],
    ['an empty line in front', `\r\n${FINE.replace('\r\n\r\n', '\r\nX: y\r\n\r\n')}`],
    ['white space before a colon', 'HTTP/1.1 200 OK\r\nContent-Length : 2\r\nX\t: y\r\n\r\nok'],
    ['the coding "identity"', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: Identity\r\nContent-Length: 2\r\nX: y\r\n\r\nok'],
    ['no reason phrase', 'HTTP/1.1 200\r\nContent-Length: 2\r\nX: y\r\n\r\nok'],
    [
      'a hundred interim ones in front',
      `${'HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(100)}${FINE.replace('\r\n\r\n', '\r\nX: y\r\n\r\n')}`,
    ],
    [
      'one byte at a time',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX: y\r\n\r\n1\r\no\r\n1\r\nk\r\n0\r\n\r\n',
    ],
  ])('with %s are understood', async (what, response) => {
    const origin = await startRawOrigin((socket) => {
      socket.setNoDelay(true);
      socket.once('data', () => {
        if (!what.startsWith('one byte')) socket.write(response, 'latin1');
        else for (const byte of Buffer.from(response)) socket.write(Buffer.of(byte));
      });
    });
    const test = await startEngine({ upstream: origin.url });
    const client = await rawClient(test.port);
    client.send('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    expect(await client.ended()).toMatch(/^(?:HTTP\/1\.1 103 [^]*)?HTTP\/1\.1 200[^]*\r\nX: y\r\n/);
    expect(await test.finished()).toMatchObject({ responseBytes: 2, outcome: { kind: 'completed' } });
  });

  it.each([
    ['both kinds of length', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok'],
    ['a switch of protocols that nobody asked for', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n'],
    ['another version', 'HTTP/2.0 200 OK\r\n\r\n'],
    ['a flood of interim ones', `${'HTTP/1.1 100 Continue\r\n\r\n'.repeat(101)}${FINE}`],
    ['a control character', 'HTTP/1.1 200 OK\r\nX: \u0000\r\n\r\n'],
  ])('with %s are refused', async (_what, response) => {
    const origin = await startRawOrigin((socket) => void socket.once('data', () => socket.write(response, 'latin1')));
    const test = await startEngine({ upstream: origin.url });
    const client = await rawClient(test.port);
    client.send(GET);
    await client.until(/^(?:HTTP\/1\.1 100 Continue\r\n\r\n)*HTTP\/1\.1 502 /);
    expect((await test.finished()).outcome).toMatchObject({ code: 'MALFORMED_RESPONSE', phase: 'wait' });
  });

  it('with interim ones that have more bytes together than a head may have are refused', async () => {
    const interim = `HTTP/1.1 103 Early Hints\r\nLink: <${'x'.repeat(50_000)}>\r\n\r\n`;
    const origin = await startRawOrigin((socket) => {
      socket.once('data', () => socket.write(interim.repeat(43) + FINE, 'latin1'));
    });
    const test = await startEngine({ upstream: origin.url });
    const client = await rawClient(test.port);
    client.send(GET);
    await client.until((text) => text.includes('\r\n\r\nHTTP/1.1 502 ') && text.endsWith('Phase: wait\n'));
    expect(client.received()).toContain('Its interim responses (1xx) have more than 2097152 bytes.');
  });
});

describe('a connection', () => {
  /** An origin that answers each request on a connection with the next of `responses`, and counts its connections. */
  async function answering(...responses: string[]): Promise<{ url: string; connections: Socket[] }> {
    const connections: Socket[] = [];
    const { url } = await startRawOrigin((socket) => {
      connections.push(socket);
      socket.on('data', () => socket.write(responses.shift() ?? FINE));
    });
    return { url, connections };
  }

  it.each([
    ['HTTP/1.1', FINE, 1],
    ['HTTP/1.1 with Connection: close', FINE.replace('\r\n', '\r\nConnection: close\r\n'), 2],
    ['HTTP/1.0', FINE.replace('HTTP/1.1', 'HTTP/1.0'), 2],
    [
      'HTTP/1.0 with Connection: keep-alive',
      'HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok',
      1,
    ],
    ['more than the response', `${FINE}HTTP/1.1 200 OK\r\n`, 2],
    ['a 204', 'HTTP/1.1 204 No Content\r\nX: ok\r\n\r\n', 1],
    ['a 204 of no bytes', 'HTTP/1.1 204 No Content\r\nContent-Length: 0\r\nX: ok\r\n\r\n', 1],
    ['a 204 that announces a body', 'HTTP/1.1 204 No Content\r\nContent-Length: 2\r\nX: ok\r\n\r\n', 2],
    ['a 204 in chunks', 'HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\nX: ok\r\n\r\n', 2],
    ['a 304 with the length that a 200 would have', 'HTTP/1.1 304 OK\r\nContent-Length: 2\r\nX: ok\r\n\r\n', 1],
  ])('of %s carries the next request as it may', async (_what, response, count) => {
    const origin = await answering(response);
    const test = await startEngine({ upstream: origin.url });
    const client = await rawClient(test.port);
    client.send(GET);
    await client.until(/ok/);
    client.send(GET);
    await client.until(/ok[^]*ok$/);
    expect(origin.connections).toHaveLength(count);
  });

  it('that the server speaks on without being asked is closed', async () => {
    const origin = await answering();
    const test = await startEngine({ upstream: origin.url });
    const client = await rawClient(test.port);
    client.send(GET);
    await client.until(/ok$/);
    const [socket] = origin.connections;
    socket?.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil');
    await once(socket as Socket, 'end');
    client.send(GET);
    await client.until(/ok[^]*ok$/);
    expect(client.received()).not.toContain('evil');
  });

  it('is given up before the server does, as it says in Keep-Alive', async () => {
    const origin = await answering(FINE.replace('\r\n', '\r\nKeep-Alive: timeout=1\r\n'));
    const test = await startEngine({ upstream: origin.url });
    const client = await rawClient(test.port);
    client.send(GET);
    await client.until(/ok$/);
    await once(origin.connections[0] as Socket, 'end');
  });
});

describe('a kept connection', () => {
  /** A connection to an origin that has answered one request, and the client whose it was. */
  async function kept(): Promise<{ test: TestEngine; client: RawClient; first: Socket; asked: string[] }> {
    const asked: string[] = [];
    const { promise, resolve } = Promise.withResolvers<Socket>();
    const origin = await startRawOrigin((socket) => {
      resolve(socket);
      socket.on('data', (chunk: Buffer) => {
        asked.push(chunk.toString('latin1').split(' ', 2).join(' '));
        if (asked.at(-1) === 'GET /drop') socket.end();
        else socket.write(FINE);
      });
    });
    const test = await startEngine({ upstream: origin.url });
    const client = await rawClient(test.port);
    client.send(GET);
    await client.until(/ok$/);
    await test.finished();
    return { test, client, first: await promise, asked };
  }

  it.each(['end', 'reset'] as const)(
    'whose %s had come when the next request was written has it sent again, on a new one (RFC 9112 §9.3.1)',
    async (how) => {
      const { test, client, first, asked } = await kept();
      // Both are there when Hopscope looks the next time, the request first.
      client.socket.write(GET.replace('/', '/next'));
      if (how === 'end') first.destroy();
      else first.resetAndDestroy();
      await client.until(/ok[^]*ok$/);
      expect(asked).toEqual(['GET /', 'GET /next']);
      expect(await test.finished()).toMatchObject({
        notes: [{ code: 'TRIED_AGAIN' }],
        outcome: { kind: 'completed' },
      });
    },
  );

  it('has nothing sent again that is not idempotent (RFC 9110 §9.2.2)', async () => {
    const { test, client, first, asked } = await kept();
    client.socket.write('POST /next HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n');
    first.destroy();
    await client.until(/ 502 /);
    expect(asked).toEqual(['GET /']);
    expect(await test.finished()).toMatchObject({ notes: [], outcome: { kind: 'failed' } });
  });

  it('that the origin drops once it has read a request is not asked twice', async () => {
    const { test, client, asked } = await kept();
    client.send(GET.replace('/', '/drop'));
    await client.until(/ 502 [^]*kept from an earlier request; as the server may have acted on this one/);
    expect(asked).toEqual(['GET /', 'GET /drop']);
    expect(await test.finished()).toMatchObject({ notes: [], outcome: { kind: 'failed', code: 'CLOSED_EARLY' } });
  });
});

describe('a client that is answered before the end of its request', () => {
  it('may go on sending for longer than it may be silent (RFC 9112 §9.6)', async () => {
    const origin = await startRawOrigin((socket) => {
      socket.once('data', () =>
        socket.end('HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno'),
      );
      socket.resume();
    });
    const test = await startEngine({ upstream: origin.url });
    const client = await rawClient(test.port);
    const failures: Error[] = [];
    client.socket.on('error', (error) => failures.push(error));
    client.send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n');
    expect(await client.ended()).toMatch(/^HTTP\/1\.1 413 [^]*no$/);
    // Parts that come more often than once a second, for longer than that.
    for (let i = 0; i < 7 && failures.length === 0; i++) {
      client.send('more');
      await delay(250);
    }
    expect(failures).toEqual([]);
    client.socket.end();
    await once(client.socket, 'close');
    expect(failures).toEqual([]);
  });
});

describe('an origin that answers before it has read the request, and closes', () => {
  it.each([
    ['a known length', 'Content-Length: 20000000\r\n', (text: string) => text],
    ['chunks', 'Transfer-Encoding: chunked\r\n', (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`],
  ])('is heard, though its body of %s cannot be sent any more', async (_what, field, frame) => {
    const origin = await startRawOrigin((socket) => {
      socket.once('data', () => {
        socket.write('HTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno', () =>
          socket.destroy(),
        );
      });
    });
    const test = await startEngine({ upstream: origin.url });
    // Whether the answer or the failure is seen first is a matter of luck.
    for (let i = 0; i < 12; i++) {
      const client = await rawClient(test.port);
      client.send(`POST / HTTP/1.1\r\nHost: a\r\n${field}\r\n${frame('x'.repeat(1_000_000))}`);
      expect(await client.until(/\r\n\r\nno$/)).toMatch(/^HTTP\/1\.1 413 /);
      client.socket.destroy();
      expect(await test.finished()).toMatchObject({ status: 413, outcome: { kind: 'completed' } });
    }
  });

  it('is heard through TLS as well', async () => {
    const origin = await startHttpsOrigin((_request, response) => {
      // As a system does for a socket that is closed with bytes unread.
      const reset = (): void => [...origin.sockets].forEach((socket) => socket.resetAndDestroy());
      response.writeHead(413, { Connection: 'close', 'Content-Length': 2 }).end('no', reset);
    });
    const test = await startEngine({ upstream: origin.url });
    for (let i = 0; i < 5; i++) {
      const client = await rawClient(test.port);
      client.send(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 20000000\r\n\r\n${'x'.repeat(1_000_000)}`);
      expect(await client.until(/\r\n\r\nno$/)).toMatch(/^HTTP\/1\.1 413 /);
      expect(await test.finished()).toMatchObject({ status: 413, outcome: { kind: 'completed' } });
    }
  });
});

describe('trailers', () => {
  it('go on both ways, but for those that must not stand there (RFC 9110 §6.5.1)', async () => {
    const last = '0\r\nContent-Length: 5\r\nX-Sum: 42\r\nHost: b\r\nTransfer-Encoding: chunked\r\nTrailer: x\r\n\r\n';
    const { promise: connected, resolve } = Promise.withResolvers<Socket>();
    const origin = await startRawOrigin(resolve);
    const test = await startEngine({ upstream: origin.url });
    const client = await rawClient(test.port);
    client.send(`POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n${last}`);
    const socket = await connected;
    expect(await heard(socket, '42\r\n\r\n')).toMatch(/\r\n0\r\nX-Sum: 42\r\n\r\n$/);
    socket.write(`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n${last}`);
    await client.until(/\r\n0\r\nX-Sum: 42\r\n\r\n$/);
  });
});
