import { setImmediate as settled } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { MessageList } from '../../renderer/store/message-list.ts';
import type { InspectorApi, RequestName } from '../../shared/contract.ts';
import type { MessageEntry } from '../../shared/messages.ts';
import { KIND_LOST, MESSAGE_KINDS, SENT_BIT } from '../../shared/messages.ts';

/** An engine with `total` messages: the client's at even indexes, every tenth binary, message 55 not kept. */
function messages(total: { now: number }) {
  const asked: { name: RequestName; from: number; limit: number }[] = [];
  const isBinary = (index: number): boolean => index % 10 === 0;
  const range = (from: number, limit: number): number[] =>
    Array.from({ length: Math.max(0, Math.min(limit, total.now - from)) }, (_, i) => from + i);
  const entry = (index: number): MessageEntry => ({
    ...{ index, at: index, fin: true, size: 1, captured: 1, problems: [], preview: String(index) },
    ...{ direction: index % 2 === 0 ? 'sent' : 'received', kind: isBinary(index) ? 'binary' : 'text' },
  });
  const kindByte = (index: number): number => {
    if (index === 55) return KIND_LOST;
    return MESSAGE_KINDS.indexOf(isBinary(index) ? 'binary' : 'text') | (index % 2 === 0 ? SENT_BIT : 0);
  };
  const api = {
    request: (name: RequestName, params: { from: number; limit: number }) => {
      asked.push({ name, from: params.from, limit: params.limit });
      const indexes = range(params.from, params.limit);
      const entries = indexes.filter((index) => index !== 55).map(entry);
      const value = name === 'messages.read' ? { total: total.now, entries } : Uint8Array.from(indexes, kindByte);
      return Promise.resolve({ ok: true, value });
    },
  } as unknown as InspectorApi;
  return { list: new MessageList(api, 1), asked };
}

describe('a list of messages', () => {
  it('reads the pages in sight and no others', async () => {
    const { list, asked } = messages({ now: 100_000 });
    list.grow(100_000);
    list.show(70_050, 70_120);
    await settled();
    expect(asked.map(({ from }) => from)).toEqual([70_000, 70_100]);
    expect(list.entry(70_119)).toMatchObject({ preview: '70119' });
    expect(list.entry(5)).toBeUndefined();
    list.show(50, 60);
    await settled();
    expect(list.entry(55)).toBe('lost');
  });

  it('reads on where a page was not complete yet', async () => {
    const total = { now: 130 };
    const { list, asked } = messages(total);
    list.grow(130);
    list.show(100, 140);
    await settled();
    total.now = 180;
    list.show(100, 180);
    list.grow(180);
    await settled();
    expect(asked).toEqual([
      { name: 'messages.read', from: 100, limit: 100 },
      { name: 'messages.read', from: 130, limit: 70 },
    ]);
    expect(list.entry(179)).toMatchObject({ index: 179 });
  });

  it('lists what a filter lets through, also of what comes later', async () => {
    const total = { now: 100 };
    const { list } = messages(total);
    list.grow(100);
    list.setFilter({ kinds: 'binary', direction: 'both' });
    await settled();
    expect([list.count, list.indexAt(3), list.positionOf(30), list.positionOf(31)]).toEqual([
      10,
      30,
      { index: 3, found: true },
      { index: 4, found: false },
    ]);
    total.now = 121;
    list.grow(121);
    await settled();
    expect(list.count).toBe(13);
    list.setFilter({ kinds: 'text', direction: 'received' });
    await settled();
    // 60 odd indexes, of which 55 was not kept.
    expect(list.count).toBe(59);
    list.setFilter({ kinds: 'all', direction: 'both' });
    expect(list.count).toBe(121);
  });
});
