import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { HttpVersion } from '../../electron/engine/http/request-head.ts';
import { readUpgrade } from '../../electron/engine/http/upgrade.ts';
import { startEngine } from '../support/engine.ts';
import { ask, openSession } from '../support/http2-origin.ts';
import { startOrigin, startRawOrigin } from '../support/origin.ts';
import { rawClient } from '../support/raw-client.ts';
import { echo, openWebSocket, startWebSocketOrigin } from '../support/websocket-origin.ts';

const HANDSHAKE = [
  'Host: origin.test',
  'Connection: keep-alive, Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'sec-websocket-KEY: dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Protocol: chat, superchat',
];
/** RFC 6455 §1.3: what answers the key above. */
const ACCEPT = 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=';

function request(target: string, fields: readonly string[] = HANDSHAKE, method = 'GET'): string {
  return `${method} ${target} HTTP/1.1\r\n${fields.join('\r\n')}\r\n\r\n`;
}

/** Resolves with the head that arrives on `socket`; what follows is put back. */
async function head(socket: Socket): Promise<string> {
  let bytes = Buffer.alloc(0);
  while (!bytes.includes('\r\n\r\n')) {
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    bytes = Buffer.concat([bytes, chunk]);
  }
  socket.pause();
  const end = bytes.indexOf('\r\n\r\n') + 4;
  if (end < bytes.length) socket.unshift(bytes.subarray(end));
  return bytes.toString('latin1', 0, end);
}

describe('the wish to switch protocols (RFC 9110 §7.8)', () => {
  const read = (headers: string[], method = 'GET', version: HttpVersion = '1.1') =>
    readUpgrade({ method, version, headers });
  const asks = (protocols: string): string[] => ['Connection', 'Upgrade', 'Upgrade', protocols];

  it('is read from Upgrade when Connection lists it', () => {
    expect(read(['Host', 'a'])).toBeUndefined();
    expect(read(asks('websocket'))).toEqual({ upgrade: { protocols: 'websocket', websocket: true } });
    expect(read(asks('WebSocket'))?.upgrade).toMatchObject({ websocket: true });
    expect(read(asks('tcp'), 'POST')?.upgrade).toEqual({ protocols: 'tcp', websocket: false });
    expect(read(asks('websocket'), 'POST')?.upgrade).toMatchObject({ websocket: false });
  });

  it('is not passed on from HTTP/1.0, without Connection, with CONNECT, or for versions of HTTP', () => {
    expect(read(asks('websocket'), 'GET', '1.0')).toMatchObject({ upgrade: undefined });
    expect(read(['Upgrade', 'websocket'])).toMatchObject({ upgrade: undefined });
    expect(read(asks('websocket'), 'CONNECT')).toMatchObject({ upgrade: undefined });
    expect(read(asks('h2c'))).toMatchObject({ upgrade: undefined });
    expect(read(asks('HTTP/2.0'))).toMatchObject({ upgrade: undefined });
    expect(read(asks('h2c, websocket'))?.upgrade).toEqual({ protocols: 'websocket', websocket: true });
  });
});

describe('a WebSocket handshake', () => {
  it.each(['reverse', 'forward', 'tunnelled'])(
    'reaches the origin as it was sent, and its answer the client (%s)',
    async (mode) => {
      let received = '';
      const origin = await startRawOrigin((socket) => {
        void head(socket).then((text) => {
          received = text;
          const fields = `upgrade: WebSocket\r\nConnection: Upgrade\r\nSEC-WebSocket-Accept: ${ACCEPT}\r\nX-Extra: 1`;
          socket.write(`HTTP/1.1 101 Switching Protocols\r\n${fields}\r\n\r\nbehind`);
          socket.end();
        });
      });
      const proxy = await startEngine(mode === 'reverse' ? { upstream: origin.url } : {});
      const client = await rawClient(proxy.port);
      if (mode === 'tunnelled') {
        client.send(`CONNECT 127.0.0.1:${origin.port} HTTP/1.1\r\nHost: 127.0.0.1:${origin.port}\r\n\r\n`);
        await client.until(/\r\n\r\n/);
      }
      const before = client.received().length;
      client.send(request(mode === 'forward' ? `${origin.url}/chat?a=1` : '/chat?a=1'));
      const answer = (await client.until(/behind/)).slice(before);
      client.socket.end();
      expect(received).toMatch(/^GET \/chat\?a=1 HTTP\/1\.1\r\n/);
      expect(received).toMatch(/\r\nconnection: upgrade\r\nupgrade: websocket\r\n/i);
      expect(received).toContain('\r\nSec-WebSocket-Version: 13\r\nsec-websocket-KEY: dGhlIHNhbXBsZSBub25jZQ==\r\n');
      expect(received).toContain('\r\nSec-WebSocket-Protocol: chat, superchat\r\n');
      expect(received).not.toContain('keep-alive');
      const fields = ['upgrade: WebSocket', 'Connection: Upgrade', `SEC-WebSocket-Accept: ${ACCEPT}`, 'X-Extra: 1'];
      expect(answer).toMatch(/^HTTP\/1\.1 101 Switching Protocols\r\n/);
      expect(answer).toContain(`\r\n${fields.join('\r\n')}\r\nVia: 1.1 hopscope-`);
      expect(answer).toMatch(/\r\n\r\nbehind$/);
      const view = await proxy.finished(({ kind }) => kind === 'websocket');
      expect(view).toMatchObject({ status: 101, from: 'upstream' });
      // A tunnel has connected already.
      const names = [...(mode === 'tunnelled' ? [] : ['connect']), 'wait', 'deliver', 'websocket'];
      expect(view.spans.map(({ name }) => name)).toEqual(expect.arrayContaining(names));
    },
  );

  it('goes around the cache, which says why', async () => {
    const origin = await startWebSocketOrigin(echo);
    const proxy = await startEngine({ upstream: origin.url, settings: { cache: { mode: 'snapshot' } } });
    const client = await openWebSocket(`ws://127.0.0.1:${proxy.port}/`);
    client.close();
    const { decision } = await proxy.finished();
    expect(decision).toMatchObject({ verdict: 'BYPASS', fwd: 'bypass', steps: [{ rule: 'bypass.upgrade' }, {}] });
    expect(proxy.engine.cache.stats().entries).toBe(0);
  });

  it('is refused in the mode offline', async () => {
    const origin = await startWebSocketOrigin(echo);
    const proxy = await startEngine({ upstream: origin.url, settings: { cache: { mode: 'offline' } } });
    const client = await rawClient(proxy.port);
    client.send(request('/'));
    await client.until(/^HTTP\/1\.1 504 [^]*OFFLINE/);
  });

  it.each([200, 401, 426])('that is answered with %i is an ordinary exchange', async (status) => {
    const origin = await startOrigin((_request, response) => {
      response.writeHead(status, { 'Content-Type': 'text/plain', ...(status === 426 ? { Upgrade: 'websocket' } : {}) });
      response.end('no sockets here');
    });
    // Node hands requests with Upgrade to the listener as long as nobody listens for `upgrade`.
    const proxy = await startEngine({ upstream: origin.url });
    const client = await rawClient(proxy.port);
    client.send(request('/'));
    const answer = await client.until(/no sockets here/);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(answer).not.toMatch(/^Connection: close/im);
    const view = await proxy.finished();
    expect(view).toMatchObject({ kind: 'websocket', status, outcome: { kind: 'completed' } });
    expect(view.messages).toBeUndefined();
    client.send(request('/again', ['Host: origin.test']));
    await client.until((text) => text.split('no sockets here').length === 3);
    expect(await proxy.finished()).toMatchObject({ kind: 'http', status });
  });

  it('that the origin does not answer fails like any request', async () => {
    const origin = await startRawOrigin((socket) => socket.once('data', () => socket.destroy()));
    const proxy = await startEngine({ upstream: origin.url });
    const client = await rawClient(proxy.port);
    client.send(request('/'));
    await client.until(/^HTTP\/1\.1 502 /);
    expect(await proxy.finished()).toMatchObject({ kind: 'websocket', outcome: { kind: 'failed' } });
  });

  it('with a wrong Sec-WebSocket-Accept is passed on and marked', async () => {
    const origin = await startRawOrigin((socket) => {
      socket.once('data', () => {
        socket.end('HTTP/1.1 101 Sure\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: x\r\n\r\n');
      });
    });
    const proxy = await startEngine({ upstream: origin.url });
    const client = await rawClient(proxy.port);
    client.send(request('/'));
    await client.until(/^HTTP\/1\.1 101 [^]*Accept: x/);
    client.socket.end();
    const view = await proxy.finished();
    expect(view.notes).toContainEqual(expect.objectContaining({ level: 'warning', code: 'WRONG_ACCEPT' }));
  });
});

describe('other protocols', () => {
  it('pass as opaque bytes once the origin has switched, with the body of the request before them', async () => {
    const origin = await startRawOrigin((socket) => {
      void (async () => {
        const text = await head(socket);
        expect(text).toMatch(/^POST \/exec HTTP\/1\.1\r\n/);
        expect(text).toMatch(/upgrade: tcp/i);
        socket.resume();
        const [body] = (await once(socket, 'data')) as [Buffer];
        expect(body.toString()).toBe('{"cmd":"ls"}');
        socket.write('HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n');
        // As in a remote shell: it goes on after the client has closed its side.
        let said = '';
        for await (const chunk of socket) said += String(chunk);
        socket.end(said.toUpperCase());
      })();
    });
    const proxy = await startEngine({ upstream: origin.url });
    const client = await rawClient(proxy.port);
    const fields = ['Host: a', 'Connection: Upgrade', 'Upgrade: tcp', 'Content-Length: 12'];
    client.send(`${request('/exec', fields, 'POST')}{"cmd":"ls"}`);
    await client.until(/\r\n\r\n/);
    client.send('\0hello');
    client.socket.end(' there');
    expect(await client.ended()).toMatch(/\r\n\r\n\0HELLO THERE$/);
    const view = await proxy.finished();
    expect(view).toMatchObject({ kind: 'http', status: 101, outcome: { kind: 'completed' } });
    expect(view.notes.map(({ code }) => code)).toEqual(expect.arrayContaining(['SWITCHED', 'TUNNELLED']));
    expect(view.responseBytes).toBe(12);
  });

  it('h2c is asked of nobody, and the request goes on without it', async () => {
    const origin = await startOrigin((incoming, response) => response.end(JSON.stringify(incoming.headers)));
    const proxy = await startEngine({ upstream: origin.url });
    const client = await rawClient(proxy.port);
    client.send(
      request('/', ['Host: a', 'Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABk']),
    );
    const answer = await client.until(/\}/);
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(answer).not.toMatch(/"upgrade"|http2-settings/i);
    const view = await proxy.finished();
    expect(view.kind).toBe('http');
    expect(view.notes).toContainEqual(expect.objectContaining({ code: 'UPGRADE_DROPPED' }));
  });

  it('a switch that nobody asked for is an error', async () => {
    const origin = await startRawOrigin((socket) => {
      socket.once('data', () => socket.write('HTTP/1.1 101 Hm\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'));
    });
    const proxy = await startEngine({ upstream: origin.url });
    const client = await rawClient(proxy.port);
    client.send(request('/', ['Host: a']));
    await client.until(/^HTTP\/1\.1 502 /);
  });
});

describe('a 426 (Upgrade Required)', () => {
  it('tells HTTP/1.1 clients to what (RFC 9110 §15.5.22), and those of HTTP/2 nothing (RFC 9113 §8.2.2)', async () => {
    const origin = await startOrigin((_incoming, response) => {
      const fields = { Connection: 'Upgrade, X-Hop', Upgrade: 'websocket, chat/2', 'X-Hop': '1', 'X-Whole': '2' };
      response.writeHead(426, fields).end('please');
    });
    const proxy = await startEngine({ upstream: origin.url });
    const client = await rawClient(proxy.port);
    // It is no end of the connection.
    for (let i = 0; i < 2; i++) {
      client.send(request('/', ['Host: a']));
      const answer = await client.until((text) => text.split('please').length === i + 2);
      expect(answer).toMatch(
        /^HTTP\/1\.1 426 [^]*\r\nX-Whole: 2\r\n[^]*\r\nUpgrade: websocket, chat\/2\r\nConnection: Upgrade\r\n/,
      );
      expect(answer).not.toMatch(/X-Hop|Connection: close/);
    }
    const { headers } = await ask(await openSession(proxy.url), { ':path': '/' });
    expect(headers).toMatchObject({ ':status': 426, 'x-whole': '2' });
    expect(headers).not.toHaveProperty('upgrade');
  });

  it.each(['200 OK', '403 Forbidden'])('and no other answer, such as a %s', async (status) => {
    const origin = await startRawOrigin((socket) => {
      const fields = 'Connection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: 2\r\n';
      socket.on('data', () => socket.write(`HTTP/1.1 ${status}\r\n${fields}\r\nok`));
    });
    const proxy = await startEngine({ upstream: origin.url });
    const client = await rawClient(proxy.port);
    client.send(request('/', ['Host: a']));
    expect(await client.until(/ok$/)).not.toMatch(/upgrade/i);
  });
});

describe('a client that leaves while the origin is being asked', () => {
  it('leaves no connection behind', async () => {
    const asked = Promise.withResolvers<Socket>();
    const origin = await startRawOrigin((socket) => socket.once('data', () => asked.resolve(socket)));
    const proxy = await startEngine({ upstream: origin.url });
    const client = connect(proxy.port, '127.0.0.1');
    client.write(request('/'));
    const socket = await asked.promise;
    client.destroy();
    await once(socket, 'end');
    expect(await proxy.finished()).toMatchObject({ outcome: { kind: 'aborted', by: 'client' } });
  });
});
