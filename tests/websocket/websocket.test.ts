import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { startEngine } from '../support/engine.ts';
import { echo, openWebSocket, startWebSocketOrigin } from '../support/websocket-origin.ts';

describe('a WebSocket', () => {
  it('passes in reverse mode, with its frames recorded', async () => {
    const origin = await startWebSocketOrigin(echo);
    const proxy = await startEngine({ upstream: origin.url });
    const client = await openWebSocket(`ws://127.0.0.1:${proxy.port}/chat?x=1`);
    client.send('hello');
    const [answer] = (await once(client, 'message')) as [Buffer];
    expect(answer.toString()).toBe('hello');
    client.close(1000, 'done');
    await once(client, 'close');
    const view = await proxy.finished();
    expect(view).toMatchObject({
      kind: 'websocket',
      status: 101,
      outcome: { kind: 'completed' },
      messages: { sent: 2, received: 2, lost: 0 },
      close: { by: 'client', code: 1000, reason: 'done' },
    });
    const page = await proxy.engine.recorder.readMessages({ id: view.id, from: 0, limit: 10 });
    expect(page?.entries).toMatchObject([
      { index: 0, direction: 'sent', kind: 'text', size: 5, captured: 5, fin: true, preview: 'hello', problems: [] },
      { index: 1, direction: 'received', kind: 'text', preview: 'hello' },
      { index: 2, direction: 'sent', kind: 'close', close: { code: 1000, reason: 'done' } },
      { index: 3, direction: 'received', kind: 'close' },
    ]);
  });
});
