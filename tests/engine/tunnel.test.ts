import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { startEngine } from '../support/engine.ts';
import { closedPort, startRawOrigin } from '../support/origin.ts';
import { rawClient } from '../support/raw-client.ts';

describe('CONNECT', () => {
  it('passes bytes both ways, also those sent early, counts them and says that it cannot look inside', async () => {
    const origin = await startRawOrigin((socket) => void socket.pipe(socket));
    const test = await startEngine();
    const client = await rawClient(test.port);
    const data = randomBytes(500_000).toString('latin1');
    client.send(`CONNECT 127.0.0.1:${origin.port} HTTP/1.1\r\nHost: a\r\n\r\n${data}`);
    await client.until((text) => text.length >= data.length + 39);
    expect(client.received()).toBe(`HTTP/1.1 200 Connection Established\r\n\r\n${data}`);
    client.socket.end();
    await client.ended();
    const view = await test.finished();
    expect(view).toMatchObject({ kind: 'tunnel', method: 'CONNECT', url: `127.0.0.1:${origin.port}`, status: 200 });
    expect(view).toMatchObject({
      requestBytes: data.length,
      responseBytes: data.length,
      outcome: { kind: 'completed' },
    });
    expect(view.notes).toMatchObject([{ code: 'TUNNELLED', text: expect.stringMatching(/not inspectable/) as string }]);
  });

  it('lets one side end while the other still sends', async () => {
    const origin = await startRawOrigin((socket) => {
      socket.resume();
      socket.on('end', () => socket.end('after your end'));
    });
    const test = await startEngine();
    const client = await rawClient(test.port);
    client.send(`CONNECT 127.0.0.1:${origin.port} HTTP/1.1\r\nHost: a\r\n\r\n`);
    await client.until(/\r\n\r\n$/);
    client.socket.end('x');
    expect(await client.ended()).toMatch(/after your end$/);
  });

  it('answers 502 when the other end cannot be reached', async () => {
    const test = await startEngine();
    const client = await rawClient(test.port);
    client.send(`CONNECT 127.0.0.1:${await closedPort()} HTTP/1.1\r\nHost: a\r\n\r\n`);
    expect(await client.until(/Phase/)).toMatch(/^HTTP\/1\.1 502 [^]*CONNECTION_REFUSED/);
    expect((await test.finished()).outcome).toMatchObject({ kind: 'failed', code: 'CONNECTION_REFUSED' });
  });

  it('ends with the reason when either side breaks off', async () => {
    const origin = await startRawOrigin((socket) => void socket.once('data', () => socket.resetAndDestroy()));
    const test = await startEngine();
    const client = await rawClient(test.port);
    client.send(`CONNECT 127.0.0.1:${origin.port} HTTP/1.1\r\nHost: a\r\n\r\n`);
    await client.until(/\r\n\r\n$/);
    client.send('x');
    await client.ended();
    expect((await test.finished()).outcome).toMatchObject({ kind: 'aborted', by: 'upstream', phase: 'tunnel' });
  });
});
