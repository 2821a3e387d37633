import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import type { MessageEntry } from '../../shared/messages.ts';
import { MESSAGE_KINDS, SENT_BIT } from '../../shared/messages.ts';
import { startEngine } from '../support/engine.ts';
import type { TestEngine } from '../support/engine.ts';
import { startRawOrigin } from '../support/origin.ts';
import { rawClient } from '../support/raw-client.ts';
import type { RawClient } from '../support/raw-client.ts';
import { behindHead, startTap } from '../support/tap.ts';
import { echo, openWebSocket, startWebSocketOrigin } from '../support/websocket-origin.ts';
import { closing, frame, masked } from './frame-bytes.ts';

async function entriesOf(proxy: TestEngine, id: number): Promise<readonly MessageEntry[]> {
  const page = await proxy.engine.recorder.readMessages({ id, from: 0, limit: 500 });
  return page?.entries ?? [];
}

async function payloadOf(proxy: TestEngine, id: number, index: number): Promise<string> {
  const bytes = await proxy.engine.recorder.readMessagePayload({ id, index, offset: 0, length: 1024 * 1024 });
  return Buffer.from(bytes ?? []).toString();
}

async function ask(client: WebSocket, message: string | Buffer): Promise<Buffer> {
  const answer = once(client, 'message');
  client.send(message);
  const [data] = (await answer) as [Buffer];
  return data;
}

describe('the frames of a WebSocket', () => {
  it('are recorded with direction, kind, size and payload, and pass as they are', async () => {
    const origin = await startWebSocketOrigin(echo);
    const behind = await startTap(origin.port);
    const proxy = await startEngine({ upstream: `http://127.0.0.1:${behind.port}` });
    const before = await startTap(proxy.port);
    const client = await openWebSocket(`ws://127.0.0.1:${before.port}/`, { perMessageDeflate: false });
    await ask(client, 'text ✓');
    await ask(client, Buffer.from([0, 1, 254, 255]));
    await ask(client, 'long '.repeat(60_000));
    client.ping('are you there?');
    await once(client, 'pong');
    client.close(4321, 'enough');
    await once(client, 'close');
    const { id, messages, close } = await proxy.finished();
    expect(messages).toEqual({ sent: 5, received: 5, lost: 0 });
    expect(close).toEqual({ by: 'client', code: 4321, reason: 'enough' });
    expect(await entriesOf(proxy, id)).toMatchObject([
      { direction: 'sent', kind: 'text', size: 8, preview: 'text ✓' },
      { direction: 'received', kind: 'text', size: 8 },
      { direction: 'sent', kind: 'binary', size: 4, preview: '00 01 fe ff' },
      { direction: 'received', kind: 'binary', size: 4 },
      { direction: 'sent', kind: 'text', size: 300_000, captured: 300_000 },
      { direction: 'received', kind: 'text', size: 300_000 },
      { direction: 'sent', kind: 'ping', preview: 'are you there?' },
      { direction: 'received', kind: 'pong', preview: 'are you there?' },
      { direction: 'sent', kind: 'close', close: { code: 4321, reason: 'enough' } },
      { direction: 'received', kind: 'close', close: { code: 4321 } },
    ]);
    expect(await payloadOf(proxy, id, 4)).toBe('long '.repeat(60_000));
    expect(await payloadOf(proxy, id, 5)).toBe('long '.repeat(60_000));
    expect(Buffer.compare(behindHead(before.forth()), behindHead(behind.forth()))).toBe(0);
    expect(Buffer.compare(behindHead(before.back()), behindHead(behind.back()))).toBe(0);
  });

  it.each([
    ['with windows kept', {}],
    ['without windows kept', { serverNoContextTakeover: true, clientNoContextTakeover: true }],
  ])('that are compressed pass as they are, and are shown inflated (%s)', async (_name, options) => {
    const origin = await startWebSocketOrigin(echo, { perMessageDeflate: { threshold: 0, ...options } });
    const behind = await startTap(origin.port);
    const proxy = await startEngine({ upstream: `http://127.0.0.1:${behind.port}` });
    const before = await startTap(proxy.port);
    const client = await openWebSocket(`ws://127.0.0.1:${before.port}/`, { perMessageDeflate: { threshold: 0 } });
    const said = [
      '{"kind":"greeting","text":"hello hello hello"}',
      '{"kind":"greeting","text":"hello hello again"}',
      'x'.repeat(100_000),
      '',
    ];
    for (const text of said) expect((await ask(client, text)).toString()).toBe(text);
    client.send('in three ', { fin: false });
    client.send('pieces', { fin: false });
    await ask(client, ' ✓');
    client.close();
    await once(client, 'close');
    const { id } = await proxy.finished();
    const entries = await entriesOf(proxy, id);
    const texts = entries.filter(({ direction, kind, fin }) => direction === 'received' && fin && kind === 'text');
    expect(await Promise.all(texts.map(({ index }) => payloadOf(proxy, id, index)))).toEqual([
      ...said,
      'in three pieces ✓',
    ]);
    expect(texts.every(({ coding }) => coding === 'inflated')).toBe(true);
    expect(texts[2]?.size).toBeLessThan(1_000);
    const fragments = entries.filter(({ direction, index }) => direction === 'sent' && index > 7);
    expect(fragments).toMatchObject([
      { kind: 'text', fin: false, coding: 'compressed' },
      { kind: 'continuation', fin: false, coding: 'compressed' },
      { kind: 'continuation', fin: true, coding: 'inflated', preview: 'in three pieces ✓' },
      { kind: 'close' },
    ]);
    expect(Buffer.compare(behindHead(before.forth()), behindHead(behind.forth()))).toBe(0);
    expect(Buffer.compare(behindHead(before.back()), behindHead(behind.back()))).toBe(0);
  });

  it('are counted while it runs, and can be read then', async () => {
    const origin = await startWebSocketOrigin(echo);
    const proxy = await startEngine({ upstream: origin.url });
    const client = await openWebSocket(`ws://127.0.0.1:${proxy.port}/`);
    for (let i = 0; i < 600; i++) await ask(client, `message ${i}`);
    const progress = await proxy.event(
      (event) => event.type === 'exchange.progress' && event.messages?.received === 600,
    );
    expect(progress).toMatchObject({ messages: { sent: 600, received: 600, lost: 0 } });
    const { id } = progress;
    const { recorder } = proxy.engine;
    const page = await recorder.readMessages({ id, from: 1_022, limit: 4 });
    expect(page?.total).toBe(1_200);
    expect(page?.entries.map(({ index, preview }) => [index, preview])).toEqual([
      [1_022, 'message 511'],
      [1_023, 'message 511'],
      [1_024, 'message 512'],
      [1_025, 'message 512'],
    ]);
    const kinds = await recorder.readMessageKinds({ id, from: 1_198, limit: 10 });
    const text = MESSAGE_KINDS.indexOf('text');
    expect([...(kinds ?? [])]).toEqual([text | SENT_BIT, text]);
  });

  it('are kept up to the caps, and counted beyond them', async () => {
    const origin = await startWebSocketOrigin(echo);
    // Room for 4 heads, and for 128 bytes of payload.
    const record = { bodyCap: 50, messagesCap: 128 };
    const proxy = await startEngine({ upstream: origin.url, settings: { record } });
    const client = await openWebSocket(`ws://127.0.0.1:${proxy.port}/`);
    await ask(client, 'x'.repeat(60));
    await ask(client, 'y'.repeat(60));
    client.close();
    await once(client, 'close');
    const { id, messages } = await proxy.finished();
    expect(messages).toEqual({ sent: 3, received: 3, lost: 2 });
    expect(await entriesOf(proxy, id)).toMatchObject([
      { size: 60, captured: 50, truncated: 'cap' },
      { size: 60, captured: 50, truncated: 'cap' },
      { size: 60, captured: 0, truncated: 'cap' },
      { size: 60, captured: 0, truncated: 'cap' },
    ]);
  });

  it('are not read at all while recording is paused', async () => {
    const origin = await startWebSocketOrigin(echo);
    const proxy = await startEngine({ upstream: origin.url, settings: { record: { paused: true } } });
    const client = await openWebSocket(`ws://127.0.0.1:${proxy.port}/`);
    expect((await ask(client, 'hello')).toString()).toBe('hello');
    client.close();
    await once(client, 'close');
    expect(proxy.engine.recorder.snapshot()).toMatchObject({ running: [], lastId: 0 });
  });
});

const SWITCH =
  'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n';
const ASK =
  'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n';

/** A client and an origin that write what they like, with the proxy between them. */
async function rawPair(): Promise<{
  proxy: TestEngine;
  client: RawClient;
  origin: RawClient['socket'];
  heard: () => Buffer;
}> {
  const connected = Promise.withResolvers<RawClient['socket']>();
  const chunks: Buffer[] = [];
  const server = await startRawOrigin((socket) => {
    socket.once('data', () => {
      socket.write(SWITCH);
      socket.on('data', (chunk: Buffer) => chunks.push(chunk));
      connected.resolve(socket);
    });
  });
  const proxy = await startEngine({ upstream: server.url });
  const client = await rawClient(proxy.port);
  client.send(ASK);
  await client.until(/\r\n\r\n/);
  return { proxy, client, origin: await connected.promise, heard: () => Buffer.concat(chunks) };
}

describe('frames that break the rules', () => {
  it('pass as they are, and each is recorded with what is wrong', async () => {
    const { proxy, client, origin, heard } = await rawPair();
    const bytes = Buffer.concat([
      frame({ payload: 'not masked' }),
      masked({ opcode: 5, payload: 'reserved' }),
      masked({ payload: Buffer.from([0x61, 0xff]) }),
      masked({ payload: 'x', lengthBits: 64 }),
      masked({ opcode: 9, payload: Buffer.alloc(200, 'p') }),
      masked({ opcode: 8, payload: closing(999) }),
    ]);
    client.send(bytes);
    client.socket.end();
    await once(origin, 'end');
    expect(Buffer.compare(heard(), bytes)).toBe(0);
    origin.end(frame({ opcode: 8, payload: closing(1002, 'no') }));
    const view = await proxy.finished();
    expect(view).toMatchObject({ outcome: { kind: 'completed' }, close: { by: 'client', code: 999 } });
    expect((await entriesOf(proxy, view.id)).map(({ problems }) => problems)).toEqual([
      ['unmasked'],
      ['opcode'],
      ['utf8'],
      ['length'],
      ['control-length'],
      ['close-code'],
      [],
    ]);
    const notes = view.notes.filter(({ code }) => code === 'WEBSOCKET_VIOLATION');
    expect(notes).toHaveLength(5);
    expect(view.warnings).toBe(5);
  });

  it('that claim to be endless end the reading, not the traffic', async () => {
    const { proxy, client, origin, heard } = await rawPair();
    const bytes = Buffer.concat([Buffer.from([0x82, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 1]), Buffer.alloc(100_000, 1)]);
    client.send(bytes);
    client.socket.end();
    await once(origin, 'end');
    expect(Buffer.compare(heard(), bytes)).toBe(0);
    origin.end();
    const view = await proxy.finished();
    expect(await entriesOf(proxy, view.id)).toMatchObject([{ problems: ['untracked'] }]);
  });

  it('with damaged compressed data are marked, and the rest is shown as it passed', async () => {
    const origin = await startWebSocketOrigin(() => undefined, { perMessageDeflate: true });
    const proxy = await startEngine({ upstream: origin.url });
    const client = await rawClient(proxy.port);
    client.socket.on('end', () => client.socket.end());
    client.send(ASK.replace('\r\n\r\n', '\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n'));
    await client.until(/permessage-deflate[^]*\r\n\r\n/);
    client.send(
      Buffer.concat([
        masked({ rsv: 4, payload: Buffer.alloc(40, 0xff) }),
        masked({ rsv: 4, payload: Buffer.alloc(3) }),
      ]),
    );
    const view = await proxy.finished();
    expect(await entriesOf(proxy, view.id)).toMatchObject([
      { coding: 'compressed', problems: ['deflate'], preview: expect.stringMatching(/^ff ff/) as string },
      { coding: 'compressed', problems: [] },
      { direction: 'received', kind: 'close', close: { code: 1007 } },
    ]);
  });
});

describe('the end of a WebSocket', () => {
  it.each(['client', 'upstream'] as const)('without a Close frame is the fault of who left first: %s', async (by) => {
    const { proxy, client, origin } = await rawPair();
    client.send(masked({ payload: 'hello' }));
    await once(origin, 'data');
    if (by === 'client') client.socket.end();
    else origin.end();
    await once(by === 'client' ? origin : client.socket, 'end');
    if (by === 'client') origin.end();
    else client.socket.end();
    const view = await proxy.finished();
    expect(view).toMatchObject({ outcome: { kind: 'aborted', by, phase: 'websocket' }, close: { by, code: 1006 } });
  });

  it.each(['client', 'upstream'] as const)('by a reset of the %s ends the other connection', async (by) => {
    const { proxy, client, origin } = await rawPair();
    client.send(masked({ payload: Buffer.alloc(500) }).subarray(0, 100));
    await once(origin, 'data');
    const other = by === 'client' ? origin : client.socket;
    const closed = once(other, 'close');
    (by === 'client' ? client.socket : origin).resetAndDestroy();
    // A FIN is all that the other side may see of it.
    other.on('end', () => other.destroy());
    await closed;
    const view = await proxy.finished();
    expect(view).toMatchObject({
      outcome: { kind: 'aborted', by, phase: 'websocket' },
      messages: { sent: 1, received: 0 },
    });
    expect(await entriesOf(proxy, view.id)).toMatchObject([{ truncated: 'aborted' }]);
  });

  it('comes when Hopscope stops', async () => {
    const { proxy, client, origin } = await rawPair();
    const ended = Promise.all([client.ended(), once(origin, 'end')]);
    const finished = proxy.finished();
    const stopping = proxy.engine.stop();
    await ended;
    await stopping;
    expect(await finished).toMatchObject({ outcome: { kind: 'aborted', by: 'hopscope' }, close: { code: 1006 } });
  });
});

const PYTHON_CLIENT = `
import base64, os, socket, struct, sys
s = socket.create_connection(('127.0.0.1', int(sys.argv[1])))
s.sendall(b'GET http://127.0.0.1:%d/py HTTP/1.1\\r\\nHost: x\\r\\nConnection: Upgrade\\r\\nUpgrade: websocket\\r\\nSec-WebSocket-Version: 13\\r\\nSec-WebSocket-Key: %s\\r\\n\\r\\n' % (int(sys.argv[2]), base64.b64encode(os.urandom(16))))
f = s.makefile('rb')
assert b'101' in f.readline()
while f.readline() != b'\\r\\n': pass
mask = os.urandom(4)
data = b'from python'
s.sendall(bytes([0x81, 0x80 | len(data)]) + mask + bytes(b ^ mask[i % 4] for i, b in enumerate(data)))
head = f.read(2)
print(f.read(head[1]).decode())
s.sendall(bytes([0x88, 0x82]) + b'\\0\\0\\0\\0' + struct.pack('>H', 1000))
`;

describe('other clients', () => {
  it("Python's sockets, through the proxy", async () => {
    const origin = await startWebSocketOrigin(echo);
    const proxy = await startEngine();
    const { stdout } = await promisify(execFile)('python3', [
      '-c',
      PYTHON_CLIENT,
      String(proxy.port),
      String(origin.port),
    ]);
    expect(stdout).toBe('from python\n');
    const view = await proxy.finished();
    expect(await entriesOf(proxy, view.id)).toMatchObject([
      { preview: 'from python' },
      { preview: 'from python' },
      { kind: 'close' },
      {},
    ]);
  });
});
