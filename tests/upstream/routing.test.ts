import { describe, expect, test } from 'vitest';
import type { TargetUrl } from '../../electron/engine/http/request-target.ts';
import { parseAuthority } from '../../electron/engine/http/request-target.ts';
import { compileBypassList } from '../../electron/engine/upstream/routing/bypass-list.ts';
import { compileRouter, pathFor } from '../../electron/engine/upstream/routing/router.ts';
import { compileUrlPattern } from '../../electron/engine/upstream/routing/url-pattern.ts';
import type { SettingsPatch } from '../../shared/settings.ts';
import { defaultSettings, mergeSettings } from '../../shared/settings.ts';

function url(text: string): TargetUrl {
  const { protocol, host, pathname, search } = new URL(text);
  const parsed = parseAuthority(protocol === 'https:' ? 'https' : 'http', host, pathname + search);
  if (parsed === undefined) throw new Error(`${text} is no URL`);
  return parsed;
}

function router(patch: SettingsPatch) {
  return compileRouter(mergeSettings(defaultSettings(), { activeUpstream: 'none', ...patch }), 'http://127.0.0.1:7000');
}

const api = { id: 'api', label: 'API', url: 'https://api.example:8443/v1/' };
const spare = { id: 'spare', label: 'Spare', url: 'http://spare.example/other' };
const corp = { type: 'proxy', id: 'corp', label: 'Corp', url: 'http://proxy.corp:3128' } as const;

describe('a target that names its origin', () => {
  test('goes there by default', () => {
    const target = url('http://a.example/x');
    expect(router({}).route(target, '')).toMatchObject({ url: target, route: { kind: 'forward', reason: 'direct' } });
  });

  test('goes through the proxy that forwardTo names, unless the bypass list has it', () => {
    const corporate = router({ upstreams: [corp], forwardTo: 'corp', bypass: ['*.local', '10.0.0.0/8'] });
    expect(corporate.route(url('http://a.example/'), '').route.choices).toMatchObject([
      { upstream: 'corp', via: { type: 'proxy', proxy: { hostname: 'proxy.corp', port: 3128, protocol: 'http' } } },
    ]);
    for (const near of ['http://printer.local/', 'http://10.1.2.3/', 'http://localhost:3000/', 'http://127.0.0.1/']) {
      const { reason, choices } = corporate.route(url(near), '').route;
      expect([reason, choices]).toMatchObject(['bypass', [{ upstream: 'direct', via: { type: 'direct' } }]]);
    }
  });

  test('on this machine goes through a proxy on this machine, and elsewhere only when that is asked for', () => {
    const local = { ...corp, url: 'socks5://127.0.0.1' };
    const mine = url('http://localhost:3000/');
    const via = (patch: SettingsPatch) => router({ forwardTo: 'corp', ...patch }).route(mine, '').route.choices[0]?.via;
    expect(via({ upstreams: [local] })).toMatchObject({ type: 'proxy', proxy: { port: 1080 } });
    expect(via({ upstreams: [corp], bypass: ['<-loopback>'] })).toMatchObject({ type: 'proxy' });
    expect(via({ upstreams: [corp] })).toMatchObject({ type: 'direct' });
  });

  test('goes where the first route that matches sends it', () => {
    const routed = router({
      upstreams: [corp, api],
      routes: [
        { pattern: '*.example/static/*', targets: ['direct'] },
        { pattern: '*.example', targets: ['corp', 'direct'] },
        { pattern: 'a.example', targets: ['api'] },
        { pattern: 'b.test', targets: ['api'] },
      ],
    });
    const chosen = (text: string) => routed.route(url(text), '').route.choices.map(({ upstream }) => upstream);
    expect(chosen('http://a.example/static/x.js')).toEqual(['direct']);
    expect(chosen('http://a.example/other')).toEqual(['corp', 'direct']);
    expect(chosen('http://elsewhere.test/')).toEqual(['direct']);
    expect(routed.route(url('http://b.test/users?a'), '')).toMatchObject({
      url: { origin: 'https://api.example:8443', path: '/v1/users?a' },
      route: { kind: 'reverse', reason: 'b.test' },
    });
  });

  test('keeps its URL where the server is to see the Host that the client named', () => {
    const kept = { ...api, hostPolicy: 'client' as const };
    const target = url('http://b.test/users');
    const { url: asked, route } = router({ upstreams: [kept], routes: [{ pattern: '*', targets: ['api'] }] }).route(
      target,
      '',
    );
    expect(asked).toEqual(target);
    expect(route.choices[0] && pathFor(route.choices[0], route, asked)).toBe('/v1/users');
  });

  test('a tunnel is not sent to a server that its client did not name', () => {
    const target = { ...url('http://b.test:443/'), path: '' };
    const routed = router({
      upstreams: [api, corp],
      routes: [{ pattern: 'b.test', targets: ['api'] }],
      forwardTo: 'corp',
    });
    expect(routed.route(target, '').route.choices).toMatchObject([{ upstream: 'corp' }]);
  });
});

describe('a path alone', () => {
  test('goes to the active upstream, below its path', () => {
    expect(
      router({ upstreams: [api], activeUpstream: 'api' }).route({ path: '/users' }, 'localhost:9000'),
    ).toMatchObject({
      url: { origin: 'https://api.example:8443', path: '/v1/users' },
      route: { kind: 'reverse', reason: 'activeUpstream' },
    });
    expect(router({ activeUpstream: 'demo' }).route({ path: '/' }, '').url.origin).toBe('http://127.0.0.1:7000');
  });

  test('goes nowhere without one', () => {
    expect(router({}).route({ path: '/users' }, 'b.test')).toMatchObject({
      url: { origin: 'http://b.test', path: '/users' },
      route: { kind: 'none' },
    });
  });

  test('goes by its Host and path to a server that a route names, but is never forwarded for its Host alone', () => {
    const routed = router({
      upstreams: [api, corp],
      routes: [
        { pattern: 'b.test', targets: ['corp'] },
        { pattern: '/api', targets: ['direct', 'api'] },
      ],
    });
    expect(routed.route({ path: '/api/x' }, 'b.test').route.choices).toMatchObject([{ upstream: 'api' }]);
    expect(routed.route({ path: '/apiary' }, 'b.test').route.kind).toBe('none');
  });

  test('is asked of the second server below its own path', () => {
    const { url: asked, route } = router({
      upstreams: [api, spare],
      routes: [{ pattern: '/*', targets: ['api', 'spare'] }],
    }).route({ path: '/users' }, 'x');
    expect(route.choices.map((choice) => pathFor(choice, route, asked))).toEqual(['/v1/users', '/other/users']);
  });
});

test.each([
  ['a.example', 'a.example', 80, '/x', true],
  ['a.example', 'b.a.example', 80, '/x', false],
  ['*.example', 'b.a.example', 80, '/x', true],
  ['A.EXAMPLE', 'a.example', 80, '', true],
  ['a.example:8080', 'a.example', 80, '/', false],
  ['a.example:80', 'a.example', 80, '/', true],
  ['[::1]:80/x', '::1', 80, '/x', true],
  ['/api', 'any', 80, '/api?x', true],
  ['/api/', 'any', 80, '/api/x', true],
  ['/api', 'any', 80, '/apiary', false],
  ['*/v*/users', 'any', 80, '/v2/users', true],
  ['*', 'any', 80, '', true],
])('the pattern %s for %s:%d%s: %s', (pattern, hostname, port, path, expected) => {
  expect(compileUrlPattern(pattern)(hostname, port, path)).toBe(expected);
});

test.each([
  ['a.example', 'a.example', true],
  ['a.example', 'x.a.example', false],
  ['.a.example', 'a.example', true],
  ['.a.example', 'x.a.example', true],
  ['.a.example', 'ba.example', false],
  ['*.a.example', 'x.a.example', true],
  ['*.a.example', 'a.example', false],
  ['a.example:443', 'a.example', false],
  ['a.example:80', 'a.example', true],
  ['192.168.0.0/16', '192.168.4.1', true],
  ['192.168.0.0/16', '192.169.4.1', false],
  ['169.254/16', '169.254.4.1', true],
  ['10/8', '11.4.4.1', false],
  ['[fd00::]/8', 'fd12::1', true],
  ['fd00::/8', 'fd12::1', true],
  ['192.168.0.0/16', 'fd12::1', false],
  ['10.0.0.1', '10.0.0.1', true],
  ['*.bücher.example', 'a.xn--bcher-kva.example', true],
  ['<local>', 'printer', true],
  ['<local>', 'printer.example', false],
  ['<local>', '::1', false],
  ['*', 'anything', true],
])('the bypass rule %s for %s: %s', (rule, hostname, expected) => {
  expect(compileBypassList([rule]).matches(hostname, 80)).toBe(expected);
});

test.each<[SettingsPatch, string]>([
  [{ forwardTo: 'gone' }, 'forwardTo is none of the upstreams'],
  [{ upstreams: [api], forwardTo: 'api' }, 'forwardTo is an origin'],
  [{ upstreams: [corp], activeUpstream: 'corp' }, 'activeUpstream is a proxy'],
  [{ routes: [{ pattern: '*', targets: ['gone'] }] }, 'the route * leads to gone'],
  [{ routes: [{ pattern: '*', targets: [] }] }, 'a route needs a target'],
  [{ routes: [{ pattern: 'http://x', targets: ['direct'] }] }, 'a pattern is host'],
  [{ upstreams: [{ ...corp, url: 'ftp://x' }] }, 'a proxy URL is http://host:port'],
  [{ upstreams: [{ ...corp, url: 'http://u:p@x:1' }] }, 'a proxy URL is http://host:port'],
  [{ upstreams: [{ ...corp, url: 'socks5://256.1.1.1:1080' }] }, 'the host of this URL is neither'],
  [{ upstreams: [{ ...corp, url: 'http://a%zz:3128' }] }, 'the host of this URL is neither'],
  [{ upstreams: [{ ...api, url: 'http://256.1.1.1' }] }, 'the host of this URL is neither'],
  [{ upstreams: [{ ...api, url: 'https://[1]/' }] }, 'the host of this URL is neither'],
  [{ upstreams: [{ ...corp, credentials: { username: 'a:b', password: '' } }] }, 'a user name has no colon'],
  [{ bypass: ['http://x'] }, 'a bypass rule is a host'],
  [{ bypass: ['10.0.0.0/33'] }, 'a bypass rule is a host'],
  [{ bypass: ['10/33'] }, 'a bypass rule is a host'],
  [{ bypass: ['300.1/16'] }, 'a bypass rule is a host'],
  [{ access: { allow: ['10.1/33'] } }, 'an allowed client is an address or a CIDR block'],
  [{ access: { allow: ['10.1'] } }, 'an allowed client is an address or a CIDR block'],
  [{ dns: [{ host: 'a', address: '1.2.3' }] }, 'an address is IPv4 or IPv6'],
  [{ dns: [{ host: 'a:80', address: '1.2.3.4' }] }, 'a DNS override is for a host name'],
])('%j is refused: %s', (patch, message) => {
  expect(() => mergeSettings(defaultSettings(), patch)).toThrow(message);
});

test('settings from before upstreams had types are still valid', () => {
  const stored = JSON.parse(
    '{"upstreams":[{"id":"a","label":"A","url":"http://a"}],"activeUpstream":"a"}',
  ) as SettingsPatch;
  expect(mergeSettings(defaultSettings(), stored).upstreams).toEqual([
    { type: 'origin', id: 'a', label: 'A', url: 'http://a', hostPolicy: 'origin' },
  ]);
});
