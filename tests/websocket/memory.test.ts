import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { hopscope } from '../support/hopscope-process.ts';
import { begin, startRecorder, temporaryDirectory } from '../support/recorder.ts';
import { echo, openWebSocket, startWebSocketOrigin } from '../support/websocket-origin.ts';

const MIB = 1024 * 1024;

function residentBytes(pid: number): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;
}

describe('memory', () => {
  it.skipIf(process.platform !== 'linux')(
    'stays flat while 100 MB of messages go up and come back',
    { timeout: 120_000 },
    async () => {
      const origin = await startWebSocketOrigin(echo, { maxPayload: 8 * MIB });
      const flags = ['--port', '0', '--no-ui', '--log-format', 'json', '--data-dir', await temporaryDirectory()];
      const host = hopscope('serve', ...flags, '--upstream', origin.url, '--cache', 'off');
      const { proxy } = JSON.parse(await host.ready) as { proxy: string };
      const client = await openWebSocket(`${proxy.replace('http', 'ws')}/`, { perMessageDeflate: false });
      const message = Buffer.alloc(MIB, 'hop ');
      const round = async (count: number): Promise<void> => {
        for (let i = 0; i < count; i++) {
          const answer = once(client, 'message');
          client.send(message);
          const [data] = (await answer) as [Buffer];
          expect(data.length).toBe(MIB);
        }
      };
      await round(20);
      const before = residentBytes(host.child.pid as number);
      await round(100);
      expect(residentBytes(host.child.pid as number) - before).toBeLessThan(60 * MIB);
    },
  );

  it('holds three numbers for 512 messages, and every one of 200,000 can be found', async () => {
    const { recorder } = await startRecorder({ maxBytes: 64 * MIB });
    const trace = begin(recorder, { kind: 'websocket' });
    const sink = trace.messages();
    const payload = Buffer.alloc(40);
    const add = (from: number, to: number): void => {
      for (let i = from; i < to; i++) {
        payload.write(`message ${i}`.padEnd(40));
        sink?.add({ at: i, sent: i % 2 === 0, kind: 'text', fin: true, size: 40, payload, problems: [] });
      }
    };
    // In parts, as traffic comes, so that the disk keeps up.
    for (let from = 0; from < 200_000; from += 10_000) {
      add(from, from + 10_000);
      await recorder.flushed();
    }
    sink?.closed({ by: 'client', code: 1000, reason: '' });
    trace.finished({ kind: 'completed' });
    for (const from of [0, 511, 100_000, 199_990]) {
      const page = await recorder.readMessages({ id: trace.id, from, limit: 2 });
      expect(page).toMatchObject({ total: 200_000, entries: [{ index: from, at: from }, { index: from + 1 }] });
      expect(page?.entries[0]?.preview.trim()).toBe(`message ${from}`);
    }
    const kinds = await recorder.readMessageKinds({ id: trace.id, from: 0, limit: MIB });
    expect(kinds?.length).toBe(200_000);
    expect(kinds?.filter((byte) => byte === 1).length).toBe(100_000);
  });
});
