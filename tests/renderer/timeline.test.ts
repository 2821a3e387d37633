import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ExchangeView } from '../../shared/exchange-view.ts';
import type { SpanEnded, SpanLane } from '../../shared/trace-event.ts';
import { subtract, totalLength, union } from '../../renderer/views/timeline/intervals.ts';
import { criticalPath, gapsOf } from '../../renderer/views/timeline/critical-path.ts';
import { axisTicks } from '../../renderer/views/timeline/axis-ticks.ts';
import { phaseColour } from '../../renderer/views/timeline/phases.ts';
import { timelineSvg } from '../../renderer/views/timeline/timeline-svg.ts';
import { timelineText } from '../../renderer/views/timeline/timeline-text.ts';
import { selected, zoomed } from '../../renderer/views/timeline/timeline-zoom.ts';
import { buildTimeline, ownTime } from '../../renderer/views/timeline/timeline-model.ts';
import { en } from '../../renderer/i18n/en/catalogue.ts';
import { createTranslate } from '../../renderer/i18n/translate.ts';
import { followedRedirect } from '../../renderer/views/timeline/followed-redirect.ts';
import { relatedAxis, relatedRows } from '../../renderer/views/timeline/related-rows.ts';
import { axisPosition, waterfallAxis } from '../../renderer/views/request-list/waterfall-axis.ts';

const t = createTranslate('en', en);

let seq = 0;
function span(lane: SpanLane, name: string, start: number, at: number, handler?: string): SpanEnded {
  const base = { type: 'span', seq: ++seq, id: 1, lane, name, start, at } as const;
  return handler === undefined ? base : { ...base, handler };
}

function view(spans: SpanEnded[], more: Partial<ExchangeView> = {}): ExchangeView {
  return {
    ...{ id: 1, kind: 'http', start: 0, end: 100, method: 'GET', url: 'http://x/', version: 'HTTP/1.1', client: '' },
    ...{ connection: 1, nth: 1, requestBytes: 0, responseBytes: 0, warnings: 0, request: { headers: [] } },
    ...{ informational: [], spans, notes: [], open: [] },
    ...more,
  };
}

/** A miss through three handlers: 10 ms before the upstream, 50 there, delivery from 55 to 90, then finish. */
const miss = [
  span('handler', 'setup', 0, 1, 'guard'),
  span('handler', 'setup', 2, 5, 'cache'),
  span('upstream', 'connect', 10, 20),
  span('upstream', 'wait', 20, 50),
  span('handler', 'handle', 6, 51, 'upstream'),
  span('handler', 'handle', 5, 53, 'cache'),
  span('handler', 'handle', 1, 54, 'guard'),
  span('upstream', 'receive', 50, 60),
  span('client', 'deliver', 55, 90),
  span('handler', 'finish', 91, 95, 'cache'),
];

/** One that has not ended, in the upstream's handler since 5 and with its request out since 10. */
function running(spans: SpanEnded[], more: Partial<ExchangeView> = {}): ExchangeView {
  const open = ['guard.handle', 'upstream.handle'];
  const { end: _end, ...rest } = view([span('handler', 'setup', 0, 5, 'upstream'), ...spans], { open, ...more });
  return rest;
}
const base = { id: 1, seq: 0, headers: [] } as const;
const sent = { ...base, type: 'upstream.request', at: 10, method: 'GET', target: '/' } as const;
const answered = { ...base, type: 'upstream.response', at: 30, status: 200, reason: 'OK' } as const;

describe('intervals', () => {
  test('are united without overlaps', () => {
    expect(
      union([
        { start: 5, end: 9 },
        { start: 1, end: 3 },
        { start: 2, end: 6 },
        { start: 7, end: 7 },
      ]),
    ).toEqual([{ start: 1, end: 9 }]);
  });

  test('are subtracted', () => {
    const from = [{ start: 0, end: 10 }];
    const taken = [
      { start: 2, end: 3 },
      { start: 8, end: 20 },
    ];
    expect(subtract(from, taken)).toEqual([
      { start: 0, end: 2 },
      { start: 3, end: 8 },
    ]);
  });
});

describe('where the time went', () => {
  test('upstream, delivery and overhead are disjoint and add up to the total', () => {
    const { breakdown } = buildTimeline(t, view(miss), 0);
    expect(totalLength(breakdown.upstream)).toBe(50);
    expect(totalLength(breakdown.delivery)).toBe(30);
    expect(totalLength(breakdown.overhead)).toBe(20);
    expect(breakdown.total).toBe(100);
  });

  test('accepting a request is overhead, not delivery', () => {
    const { breakdown } = buildTimeline(t, view([span('client', 'accept', 0, 40)]), 0);
    expect(totalLength(breakdown.overhead)).toBe(100);
  });

  test('what a rule has paused or delayed is neither overhead nor the code of the rules', () => {
    const spans = [
      span('handler', 'delayed', 10, 20, 'rules'),
      span('handler', 'paused', 20, 70, 'rules'),
      span('handler', 'handle', 5, 95, 'rules'),
    ];
    const { breakdown, lanes } = buildTimeline(t, view(spans), 0);
    expect(totalLength(breakdown.rules)).toBe(60);
    expect(totalLength(breakdown.overhead)).toBe(40);
    const bars = lanes.flatMap(({ tracks }) => tracks.flatMap((track) => track.bars));
    expect(bars.map(({ label }) => label)).toContain('rules · paused for a person');
    expect(bars.map(ownTime)).toContain(30);
  });

  test('an exchange without spans is all overhead', () => {
    expect(totalLength(buildTimeline(t, view([]), 0).breakdown.overhead)).toBe(100);
  });
});

describe('what runs now', () => {
  const spent = (exchange: ExchangeView): Record<string, number> => {
    const { breakdown } = buildTimeline(t, exchange, 100);
    const { upstream, delivery, rules, overhead } = breakdown;
    return Object.fromEntries(
      Object.entries({ upstream, delivery, rules, overhead }).map(([part, times]) => [part, totalLength(times)]),
    );
  };
  const runs = (exchange: ExchangeView): string[] =>
    buildTimeline(t, exchange, 100)
      .lanes.flatMap(({ tracks }) => tracks.flatMap(({ bars }) => bars))
      .filter(({ open, lane, phase }) => open === true && (lane !== 'handler' || phase !== 'handle'))
      .map(({ label, start, end }) => `${label} ${start}–${end}`);

  test('is the upstream while an answer is waited for, not the proxy', () => {
    const waiting = running([span('upstream', 'send', 10, 12)], { upstreamRequest: sent });
    expect(runs(waiting)).toEqual(['Waiting 12–100']);
    expect(spent(waiting)).toEqual({ upstream: 90, delivery: 0, rules: 0, overhead: 10 });
    expect(criticalPath(t, buildTimeline(t, waiting, 100)).at(-1)?.name).toBe('Waiting');
  });

  test('is the upstream while a connection is opened or the request is written', () => {
    expect(runs(running([]))).toEqual(['Connect 5–100']);
    expect(runs(running([], { upstreamRequest: sent }))).toEqual(['Request sent 10–100']);
  });

  test('is the upstream again when a connection that failed is followed by another', () => {
    const failed = { ...span('upstream', 'wait', 12, 20), error: 'closed' };
    const again = running([span('upstream', 'send', 10, 12), failed], { upstreamRequest: sent });
    expect(runs(again)).toEqual(['Connect 20–100']);
  });

  test('is download and delivery while a body comes, and delivery alone when it is there', () => {
    const spans = [span('upstream', 'send', 10, 12), span('upstream', 'wait', 12, 30)];
    const more = { upstreamRequest: sent, upstreamResponse: answered, responseAt: 31, status: 200, open: [] };
    expect(runs(running(spans, more))).toEqual(['Deliver 31–100', 'Download 30–100']);
    expect(spent(running(spans, more))).toEqual({ upstream: 90, delivery: 0, rules: 0, overhead: 10 });
    const whole = running([...spans, span('upstream', 'receive', 30, 40)], more);
    expect(runs(whole)).toEqual(['Deliver 31–100']);
    expect(spent(whole)).toEqual({ upstream: 30, delivery: 60, rules: 0, overhead: 10 });
  });

  test('is what passes in a tunnel and in a WebSocket', () => {
    const spans = [span('upstream', 'send', 10, 12), span('upstream', 'wait', 12, 30)];
    const open = { responseAt: 31, open: [] };
    const switched = { ...open, upstreamRequest: sent, status: 101, messages: { sent: 1, received: 0, lost: 0 } };
    expect(runs(running(spans, switched))).toEqual(['WebSocket 31–100']);
    expect(runs(running([], { ...open, kind: 'tunnel', status: 200 }))).toEqual(['Tunnel 31–100']);
  });

  test('is a rule that pauses or delays', () => {
    const rule = { name: 'mine', index: 0, at: 20 } as const;
    const held = running([], { open: ['rules.handle'], held: 'request', rules: [{ ...rule, action: 'pause' }] });
    expect(runs(held)).toEqual(['rules · paused for a person 20–100']);
    expect(spent(held)).toEqual({ upstream: 0, delivery: 0, rules: 80, overhead: 20 });
    const delayed = running([], { open: ['rules.handle'], rules: [{ ...rule, action: 'delay' }] });
    expect(runs(delayed)).toEqual(['rules · delayed 20–100']);
    const over = running([span('handler', 'delayed', 20, 60, 'rules')], { rules: [{ ...rule, action: 'delay' }] });
    expect(runs(over)).toEqual(['Connect 60–100']);
  });

  test('is an application from its call to its return', () => {
    const called = { ...base, type: 'gateway.called', at: 10, application: 'a:app', worker: '', environ: [] } as const;
    const busy = running([], { open: ['gateway.handle'], gateway: [called] });
    expect(runs(busy)).toEqual(['Call 10–100']);
    expect(spent(busy)).toEqual({ upstream: 90, delivery: 0, rules: 0, overhead: 10 });
    expect(runs(running([span('application', 'call', 10, 50)], { open: [], gateway: [called] }))).toEqual([]);
  });
});

describe('lanes', () => {
  test('hold client, handlers in order of the chain, and upstream phases', () => {
    const { lanes } = buildTimeline(t, view(miss), 0);
    expect(lanes.map(({ id, tracks }) => [id, tracks.map(({ label, depth }) => `${depth} ${label}`)])).toEqual([
      ['client', ['0 Deliver']],
      ['handler', ['0 guard', '1 cache', '2 upstream']],
      ['upstream', ['0 Connect', '0 Waiting', '0 Download']],
    ]);
  });

  test('tell how much of a handle was its own code', () => {
    const tracks = buildTimeline(t, view(miss), 0).lanes.find(({ id }) => id === 'handler')?.tracks ?? [];
    const own = tracks.map(({ bars }) => bars.filter((bar) => bar.phase === 'handle').map(ownTime));
    // guard: 1–2 and 53–54; cache: 5–6 and 51–53; upstream: 6–10 and nothing after the answer began at 50.
    expect(own).toEqual([[2], [3], [4]]);
  });

  test('draw what is still running up to now', () => {
    const running = { ...view([span('handler', 'setup', 0, 1, 'cache')], { open: ['cache.handle'] }) };
    delete (running as { end?: number }).end;
    const model = buildTimeline(t, running, 500);
    const [setup, handle] = model.lanes[0]?.tracks[0]?.bars ?? [];
    expect(model).toMatchObject({ running: true, start: 0, end: 500 });
    expect(setup).toMatchObject({ phase: 'setup' });
    expect(handle).toMatchObject({ phase: 'handle', start: 1, end: 500, open: true });
  });

  test('include what began before the exchange or ended after it', () => {
    const model = buildTimeline(t, view([span('client', 'accept', -3, 0), span('handler', 'finish', 99, 104, 'a')]), 0);
    expect([model.start, model.end]).toEqual([-3, 104]);
  });
});

test.each(Object.keys(en.phases))('the phase %s has a colour', (phase) => {
  const css = readFileSync(join(import.meta.dirname, '../../renderer/views/timeline/timeline.css'), 'utf8');
  expect(css).toContain(`[data-phase='${phaseColour(phase)}']`);
});

describe('the ticks of an axis', () => {
  test.each([
    [[0, 9.33], 600, '2 ms, 4 ms, 6 ms, 8 ms'],
    [[0, 9.33], 300, '2 ms, 4 ms, 6 ms, 8 ms'],
    [[0, 9.33], 250, '5 ms'],
    [[0, 9.33], 90, ''],
    [[0, 100], 500, '20 ms, 40 ms, 60 ms, 80 ms'],
    [[0, 100], 170, '50 ms'],
    [[0, 1.3], 330, '500 µs, 1 ms'],
    [[0, 0.004], 1000, '1 µs, 2 µs, 3 µs'],
    [[0, 150_000], 400, '30 s, 1 min, 1 min 30 s, 2 min'],
    [[0, 9_000_000], 330, '1 h, 2 h'],
    // A part that is looked at closely: what stays the same in all labels is needed as much.
    [[1234.4, 1238.1], 420, '1.235 s, 1.236 s, 1.237 s, 1.238 s'],
    [[61_200.2, 61_201.9], 420, '1 min 1.2005 s, 1 min 1.201 s, 1 min 1.2015 s'],
    [[-3, 9], 600, '-2 ms, 2 ms, 4 ms, 6 ms, 8 ms'],
    [[0, 0], 500, ''],
    [[5, 5], 500, ''],
    [[0, 10], 0, ''],
    [[0, NaN], 500, ''],
  ] as const)('over %j ms in %d pixels are %s', ([start, end], width, labels) => {
    expect(
      axisTicks({ start, end }, width)
        .map(({ label }) => label)
        .join(', '),
    ).toBe(labels);
  });

  test('are apart from each other at any width and length, with labels that differ', () => {
    for (let length = 0.003; length < 1e8; length *= 1.7) {
      for (const [start, width] of [0, length * 3.3, 1234.5678].flatMap((at) =>
        [60, 170, 333, 900].map((w) => [at, w] as const),
      )) {
        const ticks = axisTicks({ start, end: start + length }, width);
        const place = (at: number): number => ((at - start) / length) * width;
        for (const [i, { at, label }] of ticks.entries()) {
          const next = ticks[i + 1];
          if (next === undefined) continue;
          const half = ((label.length + next.label.length) / 2) * 6.5;
          expect(place(next.at) - place(at), `${label}, ${next.label}`).toBeGreaterThan(Math.max(63, half));
          expect(label).not.toBe(next.label);
        }
        if (width === 900 && length > 0.01) expect(ticks.length, `${start}+${length}`).toBeGreaterThan(1);
      }
    }
  });
});

describe('the waterfall axis', () => {
  test('is linear while something runs', () => {
    const axis = waterfallAxis(
      [
        { start: 100, end: 200 },
        { start: 150, end: 300 },
      ],
      [],
    );
    expect([100, 150, 300].map((time) => axisPosition(axis, time))).toEqual([0, 0.25, 1]);
    expect(axis.folds).toEqual([]);
  });

  test('folds long idle time away and leaves short pauses', () => {
    const axis = waterfallAxis(
      [
        { start: 0, end: 100 },
        { start: 110, end: 200 },
        { start: 100_000, end: 100_100 },
      ],
      [],
    );
    expect(axis.folds).toHaveLength(1);
    expect(axis.shown).toBeCloseTo(300);
    expect(axisPosition(axis, 200)).toBeGreaterThan(0.6);
    expect(axisPosition(axis, 50_000)).toBe(axisPosition(axis, 200));
    expect(axisPosition(axis, 100_100)).toBeCloseTo(1);
  });

  test('is not taken over by a row that runs and runs', () => {
    const axis = waterfallAxis([{ start: 0, end: 100 }], [{ start: 50, end: 1_000_000 }]);
    expect(axisPosition(axis, 100)).toBeGreaterThan(0.7);
    expect(axisPosition(axis, 1_000_000)).toBe(1);
  });

  test('has room for rows that took no time', () => {
    const axis = waterfallAxis([{ start: 5, end: 5 }], []);
    expect(axisPosition(axis, 5)).toBe(0);
  });
});

describe('what made an exchange as long as it is', () => {
  const model = buildTimeline(t, view(miss), 0);

  test('is the way from its end back to its start', () => {
    const path = criticalPath(t, model);
    expect(path[0]?.start).toBe(0);
    expect(path.at(-1)?.end).toBe(100);
    path.slice(1).forEach((step, place) => expect(step.start).toBe(path[place]?.end));
    const names = path.map(({ name }) => name);
    expect(names).toContain('Waiting');
    expect(names).toContain('Deliver');
  });

  test('has names for the times that no phase tells of', () => {
    expect(gapsOf(t, model).map(({ start, end, name }) => [start, end, name])).toEqual([
      [90, 91, 'between Deliver and cache · finish'],
      [95, 100, 'after cache · finish'],
    ]);
  });

  test('is copied as text and as a picture in which nothing runs', () => {
    const text = timelineText(t, 'GET http://x/', model);
    expect(text).toContain('Waiting: 30.0 ms (20.0 ms to 50.0 ms)');
    expect(text).toMatch(/Critical path: .*Waiting 30.0 ms/);
    const svg = timelineSvg('GET http://x/?<script>alert(1)</script>', model);
    expect(svg).toContain('&#60;script&#62;');
    expect(svg).not.toContain('<script');
  });
});

test('the axis is zoomed within the whole', () => {
  const whole = { start: 0, end: 100 };
  expect(zoomed(whole, whole, 0.5)).toEqual({ start: 25, end: 75 });
  expect(zoomed(whole, { start: 0, end: 10 }, 4)).toEqual({ start: 0, end: 40 });
  expect(zoomed(whole, { start: 40, end: 50 }, Infinity)).toEqual(whole);
  expect(selected({ start: 10, end: 20 }, 0.9, 0.1)).toEqual({ start: 11, end: 19 });
  expect(selected(whole, 0.5, 0.5)).toBeUndefined();
});

describe('exchanges beside another one', () => {
  const redirect = view([], {
    ...{ id: 5, url: 'http://x/old', status: 302, client: '127.0.0.1:5000', responseAt: 80 },
    response: { reason: 'Found', headers: ['Location', '/new#part'] },
  });
  const later = (id: number, more: Partial<ExchangeView>): ExchangeView =>
    view([], { id, start: 110, end: 150, url: 'http://x/new', client: '127.0.0.1:5001', ...more });
  const followerAmong = (...rows: ExchangeView[]): number | undefined =>
    followedRedirect(redirect, (id) => rows.find((row) => row.id === id))?.id;

  test('follow a redirection when the same client asks for its Location next', () => {
    expect(followerAmong(later(6, { url: 'http://x/other' }), later(7, {}), later(8, {}))).toBe(7);
    expect(followerAmong(later(6, { client: '127.0.0.2:5001' }))).toBeUndefined();
    expect(followerAmong(later(6, { start: 40 }))).toBeUndefined();
    expect(followerAmong(later(6, { start: 90_000 }))).toBeUndefined();
    expect(followedRedirect(view([], { ...redirect, status: 200 }), () => later(6, {}))).toBeUndefined();
    const unreadable = { reason: '', headers: ['Location', 'http://['] };
    expect(followedRedirect(view([], { ...redirect, response: unreadable }), () => later(6, {}))).toBeUndefined();
  });

  test('have one axis with it, from the first beginning to the last end', () => {
    const rows = relatedRows(
      { children: [later(9, {})], followers: [], leader: later(3, { start: -20, end: 60 }) },
      later(7, { start: 105 }),
    );
    expect(rows.map(({ relation, row }) => `${relation} ${row.id}`)).toEqual(['waitedFor 3', 'followed 7', 'caused 9']);
    expect(relatedAxis(redirect, rows, 500)).toEqual({ start: -20, end: 150 });
  });
});
