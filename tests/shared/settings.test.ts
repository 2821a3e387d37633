import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import type { Settings } from '../../shared/settings.ts';
import {
  defaultSettings,
  describeIssues,
  mergeSettings,
  settingsPatchSchema,
  settingsSchema,
} from '../../shared/settings.ts';

const upstream = (url: string, id = 'one') => ({
  type: 'origin' as const,
  id,
  label: 'One',
  url,
  hostPolicy: 'origin' as const,
});

/** What is wrong with `settings`, in one line; empty when nothing is. */
function problem(settings: unknown): string {
  const parsed = v.safeParse(settingsSchema, settings);
  return parsed.success ? '' : describeIssues(parsed.issues);
}

test('nothing at all is valid and means the defaults', () => {
  expect(v.parse(settingsSchema, {})).toEqual(defaultSettings());
  expect(defaultSettings()).toMatchObject({
    cache: { mode: 'shared' },
    activeUpstream: 'demo',
    record: { level: 'full' },
  });
});

test('a patch changes what it names and nothing else', () => {
  const before = mergeSettings(defaultSettings(), { record: { bodyCap: 5 }, upstreams: [upstream('http://a')] });
  const after = mergeSettings(before, { record: { level: 'head' } });
  expect(after).toEqual({ ...before, record: { ...before.record, level: 'head' } });
  expect(mergeSettings(after, { upstreams: [upstream('http://b')] }).upstreams).toEqual([upstream('http://b')]);
});

test('a patch brings no defaults along', () => {
  expect(v.parse(settingsPatchSchema, { cache: {}, record: { paused: true } })).toEqual({
    cache: {},
    record: { paused: true },
  });
  expect(v.parse(settingsPatchSchema, {})).toEqual({});
});

test.each([
  [{ cach: {} }],
  [{ cache: { mod: 'off' } }],
  [{ cache: { mode: undefined } }],
  [{ cache: null }],
  [{ record: { level: 'all' } }],
  [{ upstreams: {} }],
  [null],
  ['cache'],
])('%j is no patch', (patch) => {
  expect(v.safeParse(settingsPatchSchema, patch).success).toBe(false);
});

describe('an upstream URL', () => {
  test.each([
    'http://example.test',
    'https://example.test/',
    'http://127.0.0.1:8080/api/v1',
    'http://[::1]:8080',
    'HTTP://EXAMPLE.TEST',
    'http://localhost:1',
    'http://a:65535',
  ])('may be %s', (url) => {
    expect(problem({ upstreams: [upstream(url)] })).toBe('');
  });

  test.each([
    '',
    'example.test',
    'ftp://example.test',
    'http://',
    'http:///path',
    'http://user@example.test',
    'http://user:secret@example.test',
    'http://example.test?query',
    'http://example.test/#fragment',
    'http://exa mple.test',
    'http://example.test:0',
    'http://example.test:65536',
    'http://example.test:port',
    'http://example.test:',
    'http://[::1',
    'http://::1',
  ])('must not be %j', (url) => {
    expect(problem({ upstreams: [upstream(url)] })).toMatch(/^upstreams\.0\.url: an upstream URL is http/);
  });
});

test('upstreams have ids of their own, and the active one exists', () => {
  expect(problem({ upstreams: [upstream('http://a'), upstream('http://b')] })).toBe(
    'upstreams: two upstreams have the same id',
  );
  expect(problem({ upstreams: [upstream('http://a', 'demo')] })).toContain(
    '"demo", "none", "direct" and "system" are taken',
  );
  expect(problem({ activeUpstream: 'one' })).toBe('activeUpstream is none of the upstreams');
  expect(problem({ activeUpstream: 'one', upstreams: [upstream('http://a')] })).toBe('');
  expect(problem({ activeUpstream: 'none' })).toBe('');
});

test.each([
  [{ record: { maxExchanges: 1 } }, /^record\.maxExchanges: /],
  [{ record: { maxBytes: 1.5 } }, /^record\.maxBytes: /],
  [{ record: { bodyCap: -1 } }, /^record\.bodyCap: /],
  [{ cache: { maxBytes: Number.POSITIVE_INFINITY } }, /^cache\.maxBytes: /],
  [{ cache: { heuristicFraction: 1.5 } }, /^cache\.heuristicFraction: a fraction is a number from 0 to 1$/],
  [{ cache: { heuristicCap: -1 } }, /^cache\.heuristicCap: seconds are 0 or more$/],
  [{ cache: { targetedFields: ['CDN-Cache-Control'] } }, /^cache\.targetedFields\.0: .* in lower case$/],
  [{ cache: { snapshotKey: 'host' } }, /^cache\.snapshotKey: /],
  [{ timeouts: { head: 2 ** 31 } }, /^timeouts\.head: /],
  [{ cache: { mode: 'x' }, record: { level: 'y' } }, /^cache\.mode: .*; record\.level: /],
])('%j is refused by name', (settings, expected) => {
  expect(problem(settings)).toMatch(expected);
  expect(() => mergeSettings(defaultSettings(), settings as never)).toThrow(v.ValiError);
});

describe('an overlay', () => {
  type Overlay = Settings['cache']['overlays'][number];
  const overlay: Overlay = { name: 'Images', pattern: 'http://example.test/*.png' };

  test.each<Partial<Overlay>>([
    {},
    { fixedLifetime: 60, ignoreNoStore: true },
    { minLifetime: 0, dropQuery: true, sortQuery: false },
    { dropQuery: ['utm_source', 'v'], neverCache: true },
  ])('may say %j', (rule) => {
    const overlays = [{ ...overlay, ...rule }];
    const settings = mergeSettings(defaultSettings(), { cache: { overlays } });
    expect(settings.cache).toEqual({ ...defaultSettings().cache, overlays });
    expect(v.safeParse(settingsPatchSchema, { cache: { overlays } }).success).toBe(true);
  });

  test.each([
    [{ name: ' ' }, '.name: an overlay needs a name'],
    [{ pattern: '' }, '.pattern: an overlay needs a pattern; * alone stands for every URL'],
    [{ fixedLifetime: 1.5 }, '.fixedLifetime: seconds are a whole number'],
    [{ minLifetime: '60' }, '.minLifetime: seconds are a number'],
    [{ ignoreVary: 'yes' }, '.ignoreVary: true or false'],
    [{ dropQuery: false }, '.dropQuery: true, or a list of query parameters'],
    [{ ignoreNostore: true }, '.ignoreNostore: there is nothing of this name'],
  ])('must not say %j', (rule, expected) => {
    const found = problem({ cache: { overlays: [{ ...overlay, ...rule }] } });
    expect(found).toContain(`cache.overlays.0${expected}`);
  });

  const refusal =
    'no URL matches this: a pattern is a whole URL of http or https, host/path or /path, or begins with * as in */path';
  test.each([
    ...['*', '*.png', 'http', 'HTTPS://a/', '/p', 'a.test', '127.0.0.1:1234/*', '[::1]/', 'h*://a/', 'a/?u=ftp://b'],
    ...[' http://a/ ', '*://a/'],
  ])('may be for %j', (pattern) => {
    expect(v.is(settingsPatchSchema, { cache: { overlays: [{ ...overlay, pattern }] } })).toBe(true);
  });

  test.each(['ftp://a/*', 'htp://a/', '.png', '?a=1', ':80/', '#a', '@a', 'http://a b/', '* .png'])(
    'cannot be for %j, which matches nothing, and is kept where it was saved before',
    (pattern) => {
      const overlays = [{ ...overlay, pattern }];
      const { issues } = v.safeParse(settingsPatchSchema, { cache: { overlays } });
      expect(describeIssues(issues ?? [])).toBe(`cache.overlays.0.pattern: ${refusal}`);
      expect(mergeSettings(defaultSettings(), { cache: { overlays } }).cache.overlays).toEqual(overlays);
    },
  );

  test('has up to 99 others beside it', () => {
    const overlays = Array.from({ length: 100 }, () => overlay);
    expect(problem({ cache: { overlays } })).toBe('');
    expect(problem({ cache: { overlays: [...overlays, overlay] } })).toBe('cache.overlays: at most 100 overlays');
  });
});
