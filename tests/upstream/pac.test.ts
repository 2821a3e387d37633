import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parsePacAnswer } from '../../electron/engine/upstream/pac/pac-answer.ts';
import { pacFunctions, shellMatch } from '../../electron/engine/upstream/pac/pac-functions.ts';
import { PacSandbox } from '../../electron/engine/upstream/pac/pac-sandbox.ts';
import {
  compileNoProxy,
  fromEnvironment,
  fromGsettings,
  fromRegistry,
  fromScutil,
} from '../../electron/engine/upstream/system-proxy/system-settings.ts';
import { startEngine } from '../support/engine.ts';
import { closedPort, startOrigin } from '../support/origin.ts';
import { rawClient } from '../support/raw-client.ts';

const script = (body: string): string => `function FindProxyForURL(url, host) { ${body} }`;

async function answer(body: string, host = 'a.test'): Promise<string> {
  return answerOf(script(body), host);
}

const NAMES = new Map([
  ['known.test', ['2001:db8::7', '10.1.2.3', '10.1.2.4']],
  ['six.test', ['2001:db8::6']],
]);

async function answerOf(source: string, host = 'a.test'): Promise<string> {
  const sandbox = await PacSandbox.load(source, ['2001:db8::5', '10.0.0.7']);
  const result = sandbox.run(`http://${host}/x`, host, (name) => NAMES.get(name) ?? []);
  return 'answer' in result ? result.answer : `needs ${result.needs}`;
}

test.each([
  ['return "PROXY " + host + ":8080; DIRECT";', 'PROXY a.test:8080; DIRECT'],
  ['return dnsDomainIs(host, ".test") ? "in" : "out";', 'in'],
  ['return isInNet("known.test", "10.1.0.0", "255.255.0.0") ? "in" : "out";', 'in'],
  ['return isInNet("10.2.0.1", "10.1.0.0", "255.255.0.0") ? "in" : "out";', 'out'],
  ['return [shExpMatch(url, "http://*.test/?"), isPlainHostName(host)].join("");', 'truefalse'],
  [
    'return dnsResolve("known.test") + " " + dnsResolve("unknown.test") + " " + myIpAddress();',
    '10.1.2.3 null 10.0.0.7',
  ],
  [
    'return [isResolvable("six.test"), isResolvableEx("six.test"), isResolvableEx("unknown.test")].join();',
    'false,true,false',
  ],
  ['return dnsResolveEx("known.test") + " " + dnsResolveEx("unknown.test") + "!";', '2001:db8::7;10.1.2.3;10.1.2.4 !'],
  ['return myIpAddressEx();', '2001:db8::5;10.0.0.7'],
  ['return [isInNetEx("known.test", "2001:db8::/64"), isInNetEx("10.2.0.1", "10.1.0.0/16")].join();', 'true,false'],
  [
    'return sortIpAddressList("2001:4898:28:3::1; 157.59.139.22;fe80::5efe:157.59.139.22 ;9.9.9.9;::2");',
    '::2;2001:4898:28:3::1;fe80::5efe:157.59.139.22;9.9.9.9;157.59.139.22',
  ],
  ['return "[" + [sortIpAddressList(""), sortIpAddressList("1.2.3.4;no")].join() + "]";', '[,]'],
  ['return getClientVersion();', '1.0'],
  ['return [isPlainHostName("printer"), isPlainHostName("::1")].join();', 'true,false'],
  ['return null;', ''],
  ['return [typeof process, typeof require, typeof globalThis.fetch].join();', 'undefined,undefined,undefined'],
  ['return this.constructor.constructor("return typeof process")();', 'undefined'],
  ['return dnsResolve.constructor("return typeof process + typeof module")();', 'undefinedundefined'],
])('%s', async (body, expected) => {
  expect(await answer(body)).toBe(expected);
});

test("Microsoft's function for IPv6 is asked where it is the only one", async () => {
  const legacy = 'function FindProxyForURL(url, host) { return "legacy"; }';
  const extended = 'function FindProxyForURLEx(url, host) { return "extended " + host; }';
  expect([await answerOf(extended), await answerOf(legacy + extended)]).toEqual(['extended a.test', 'legacy']);
});

test.each([
  ['while (true);', /took more than/],
  ['try { while (true); } catch (e) { return "caught"; }', /took more than/],
  ['let s = "x"; while (true) s += s;', /./],
  ['return (function f() { return f() + 1; })();', /stack|overflow|interrupted/i],
  ['throw new Error("no");', /Error: no/],
  ['return missing();', /missing/],
])('the script %s ends with an error', async (body, message) => {
  await expect(answer(body)).rejects.toThrow(message);
});

test('a script that is none is refused', async () => {
  await expect(PacSandbox.load('function (', ['1.1.1.1'])).rejects.toThrow(/SyntaxError/);
});

test('a name that is not known yet ends the run, even when the script catches that', async () => {
  const sandbox = await PacSandbox.load(
    script('try { return dnsResolve("later.test"); } catch (e) { return "no"; }'),
    [],
  );
  expect(sandbox.run('http://a/', 'a', () => undefined)).toEqual({ needs: 'later.test' });
  expect(sandbox.run('http://a/', 'a', () => ['1.2.3.4'])).toEqual({ answer: '1.2.3.4' });
});

test('times and days are compared in ranges that may go around', () => {
  const at = (iso: string) => pacFunctions({ now: new Date(iso), myAddresses: [], resolve: () => [] });
  const friday = at('2026-03-06T23:30:00Z');
  expect(friday['weekdayRange']?.('FRI', 'MON', 'GMT')).toBe(true);
  expect(friday['weekdayRange']?.('MON', 'THU', 'GMT')).toBe(false);
  expect(friday['timeRange']?.(22, 6, 'GMT')).toBe(true);
  expect(friday['timeRange']?.(8, 30, 17, 0, 'GMT')).toBe(false);
  expect(friday['timeRange']?.(23, 'GMT')).toBe(true);
  // The last hour, or minute, belongs to the range.
  expect(friday['timeRange']?.(20, 23, 'GMT')).toBe(true);
  expect(friday['timeRange']?.(20, 0, 23, 29, 'GMT')).toBe(false);
  expect(friday['timeRange']?.(20, 0, 23, 30, 'GMT')).toBe(true);
  expect(at('2026-03-06T23:30:59Z')['timeRange']?.(20, 0, 23, 30, 'GMT')).toBe(true);
  expect(at('2026-03-06T23:30:59Z')['timeRange']?.(20, 0, 0, 23, 30, 30, 'GMT')).toBe(false);
  expect(friday['dateRange']?.('MAR', 'JUN', 'GMT')).toBe(true);
  expect(friday['dateRange']?.(1, 'JAN', 2026, 1, 'FEB', 2026, 'GMT')).toBe(false);
  expect(friday['dateRange']?.(6, 'GMT')).toBe(true);
});

test('a shell expression with many stars takes no time', () => {
  expect(shellMatch('a'.repeat(5_000), `${'*a'.repeat(500)}b`)).toBe(false);
});

test.each([
  [
    'PROXY a:3128; SOCKS5 b; SOCKS [::1]:9; HTTPS c; DIRECT',
    ['http://a:3128', 'socks5://b:1080', 'socks4://[::1]:9', 'https://c:443', undefined],
  ],
  ['', [undefined]],
  ['NONSENSE x; PROXY', [undefined]],
])('the answer %j', (text, labels) => {
  expect(parsePacAnswer(text).map((proxy) => proxy?.label)).toEqual(labels);
});

describe('through the proxy', () => {
  async function ask(source: string, url: string) {
    const engine = await startEngine({
      settings: { upstreams: [{ type: 'pac', id: 'pac', label: 'Script', from: 'text', source }], forwardTo: 'pac' },
    });
    const client = await rawClient(engine.port);
    client.send(`GET ${url} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    return { reply: await client.ended(), view: await engine.finished() };
  }

  test('the proxies of an answer are tried in turn', async () => {
    const origin = await startOrigin((_request, response) => response.end('here'));
    const source = script(
      `return "PROXY 127.0.0.1:${await closedPort()}; SOCKS5 127.0.0.1:${await closedPort()}; DIRECT";`,
    );
    const { reply, view } = await ask(source, origin.url);
    expect(reply).toMatch(/here$/);
    expect(view.notes.map(({ code }) => code)).toEqual(['FAILOVER', 'FAILOVER']);
    expect(view.spans.find(({ name }) => name === 'pac')?.detail).toMatch(/^PROXY .*DIRECT$/);
  });

  test('there is no way around proxies that the script does not name', async () => {
    const { reply } = await ask(script(`return "PROXY 127.0.0.1:${await closedPort()}";`), 'http://127.0.0.1:1/');
    expect(reply).toMatch(/PROXY_UNREACHABLE/);
  });

  test('a script that cannot be interrupted is ended, and meanwhile other requests pass', async () => {
    const origin = await startOrigin((_request, response) => response.end('here'));
    // Each step of the loop is one long call: the interpreter looks at the time after ten thousand of them.
    const source = script('for (;;) { try { new Array(1e6).fill("x"); } catch (e) {} }');
    const engine = await startEngine({
      settings: {
        upstreams: [{ type: 'pac', id: 'pac', label: 'Script', from: 'text', source }],
        ...{ forwardTo: 'pac', routes: [{ pattern: 'localhost', targets: ['direct'] }] },
      },
    });
    const stuck = await rawClient(engine.port);
    stuck.send(`GET ${origin.url}/stuck HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    const other = await rawClient(engine.port);
    other.send(`GET http://localhost:${origin.port}/other HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    expect(await other.ended()).toMatch(/here$/);
    expect((await engine.finished()).url).toMatch(/other$/);
    expect(await stuck.ended()).toMatch(/here$/);
    expect((await engine.finished()).notes).toMatchObject([{ code: 'PAC_FAILED' }]);
  });

  test('a script that fails is told of, and the request goes directly', async () => {
    const origin = await startOrigin((_request, response) => response.end('here'));
    const { reply, view } = await ask(script('while (true);'), origin.url);
    expect(reply).toMatch(/here$/);
    expect(view.notes).toMatchObject([{ code: 'PAC_FAILED', level: 'warning' }]);
  });
});

describe('a script that is somewhere else', () => {
  async function setUp(from: 'url' | 'file', source: string) {
    const engine = await startEngine({
      settings: { upstreams: [{ type: 'pac', id: 'pac', label: 'Script', from, source }], forwardTo: 'pac' },
    });
    const origin = await startOrigin((_request, response) => response.end('here'));
    return async (path: string) => {
      const client = await rawClient(engine.port);
      client.send(`GET ${origin.url}${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
      expect(await client.ended()).toMatch(/here$/);
      return engine.finished();
    };
  }

  test('is fetched from its URL once for many requests', async () => {
    let fetches = 0;
    const server = await startOrigin((_request, response) => {
      fetches++;
      response.setHeader('Content-Type', 'application/x-ns-proxy-autoconfig');
      response.end(script('return url.indexOf("/b") > 0 ? "DIRECT; PROXY b:1" : "DIRECT";'));
    });
    const ask = await setUp('url', `${server.url}/proxy.pac`);
    const answers = [];
    for (const path of ['/a', '/b', '/a']) {
      const { spans } = await ask(path);
      answers.push(spans.find(({ name }) => name === 'pac')?.detail);
    }
    expect(answers).toEqual(['DIRECT', 'DIRECT; PROXY b:1', 'DIRECT']);
    expect(fetches).toBe(1);
  });

  test('is read from a file', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'hopscope-pac-'));
    onTestFinished(() => rm(directory, { recursive: true }));
    const file = join(directory, 'proxy.pac');
    await writeFile(file, script('return "DIRECT; PROXY from-file:1";'));
    const { spans } = await (await setUp('file', file))('/');
    expect(spans.find(({ name }) => name === 'pac')?.detail).toBe('DIRECT; PROXY from-file:1');
  });

  test.each(['redirect', 'file URL'])('is found behind a %s', async (kind) => {
    const text = script('return "DIRECT; PROXY found:1";');
    const directory = await mkdtemp(join(tmpdir(), 'hopscope-pac-'));
    onTestFinished(() => rm(directory, { recursive: true }));
    const file = join(directory, 'proxy.pac');
    await writeFile(file, text);
    const server = await startOrigin((request, response) => {
      if (request.url === '/moved.pac') response.end(text);
      else response.writeHead(302, { Location: '/moved.pac' }).end();
    });
    const ask = await setUp('url', kind === 'redirect' ? `${server.url}/proxy.pac` : pathToFileURL(file).href);
    const { spans } = await ask('/');
    expect(spans.find(({ name }) => name === 'pac')?.detail).toBe('DIRECT; PROXY found:1');
  });

  test('is told of when it is not there, and not asked for again by each request', async () => {
    let fetches = 0;
    const server = await startOrigin((_request, response) => {
      fetches++;
      response.writeHead(404).end();
    });
    const ask = await setUp('url', `${server.url}/proxy.pac`);
    for (const path of ['/a', '/b']) {
      const { notes } = await ask(path);
      expect(notes).toMatchObject([{ code: 'PAC_FAILED', text: expect.stringContaining('answered 404') as string }]);
    }
    expect(fetches).toBe(1);
  });

  test('fails for one URL and answers for the next', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'hopscope-pac-'));
    onTestFinished(() => rm(directory, { recursive: true }));
    const file = join(directory, 'proxy.pac');
    await writeFile(file, script('if (url.indexOf("/bad") > 0) throw new Error("no"); return "DIRECT";'));
    const ask = await setUp('file', file);
    await ask('/good');
    expect((await ask('/bad')).notes).toMatchObject([{ code: 'PAC_FAILED' }]);
    expect((await ask('/fine')).notes).toEqual([]);
  });
});

test('the environment is read as curl reads it', () => {
  expect(fromEnvironment({ PATH: '/bin' })).toBeUndefined();
  const found = fromEnvironment({
    http_proxy: 'http://ann:s%20e@p:3128/',
    ALL_PROXY: 'socks5h://s',
    NO_PROXY: '.corp,10.0.0.0/8',
  });
  expect(found).toMatchObject({
    http: { label: 'http://p:3128', credentials: { username: 'ann', password: 's e' } },
    other: { label: 'socks5://s:1080' },
  });
  expect(found?.https).toBeUndefined();
  expect(fromEnvironment({ HTTP_PROXY: 'p:1', REQUEST_METHOD: 'GET' })).toBeUndefined();
});

test.each([
  ['corp', 'x.corp', 80, true],
  ['.corp', 'corp', 80, true],
  ['corp', 'mycorp', 80, false],
  ['corp:8080', 'corp', 80, false],
  ['*', 'any', 80, true],
  ['10.0.0.0/8,::1', '10.9.9.9', 80, true],
  ['10.0.0.0/8 ::1', '::1', 80, true],
])('NO_PROXY=%s for %s:%d: %s', (list, host, port, expected) => {
  expect(compileNoProxy(list).matches(host, port)).toBe(expected);
});

test("GNOME's settings", () => {
  const printed = [
    "org.gnome.system.proxy autoconfig-url ''",
    "org.gnome.system.proxy ignore-hosts ['localhost', '127.0.0.0/8', '::1']",
    "org.gnome.system.proxy mode 'manual'",
    "org.gnome.system.proxy.http host 'p.corp'",
    'org.gnome.system.proxy.http port 3128',
    "org.gnome.system.proxy.https host ''",
    'org.gnome.system.proxy.https port 0',
    "org.gnome.system.proxy.socks host 's'",
    'org.gnome.system.proxy.socks port 1080',
  ].join('\n');
  const found = fromGsettings(printed);
  expect(found).toMatchObject({ http: { label: 'http://p.corp:3128' }, other: { label: 'socks5://s:1080' } });
  expect(found?.https).toBeUndefined();
  expect(found?.bypass.matches('127.1.1.1', 80)).toBe(true);
  expect(fromGsettings(printed.replace("'manual'", "'none'"))).toBeUndefined();
  expect(fromGsettings(printed.replace("'manual'", "'auto'"))).toBeUndefined();
  expect(fromGsettings(printed.replace("'manual'", "'auto'").replace("url ''", "url 'file:///x.pac'"))).toMatchObject({
    pacUrl: 'file:///x.pac',
  });
});

test("macOS's settings", () => {
  const printed = `<dictionary> {
  ExceptionsList : <array> {
    0 : *.local
    1 : 169.254/16
  }
  ExcludeSimpleHostnames : 1
  HTTPEnable : 1
  HTTPPort : 8080
  HTTPProxy : p.corp
  HTTPSEnable : 0
  ProxyAutoConfigEnable : 1
  ProxyAutoConfigURLString : http://wpad/x.pac
}`;
  const found = fromScutil(printed);
  expect(found).toMatchObject({ pacUrl: 'http://wpad/x.pac', http: { label: 'http://p.corp:8080' } });
  expect(found?.bypass.matches('printer', 80)).toBe(true);
  expect(found?.bypass.matches('a.local', 80)).toBe(true);
  expect(fromScutil('<dictionary> {\n  HTTPEnable : 0\n}')).toBeUndefined();
});

test("Windows' settings", () => {
  const printed = (server: string): string =>
    `\r\nHKEY_CURRENT_USER\\Software\r\n    ProxyEnable    REG_DWORD    0x1\r\n    ProxyServer    REG_SZ    ${server}\r\n    ProxyOverride    REG_SZ    *.corp;<local>\r\n`;
  expect(fromRegistry(printed('p:8080'))).toMatchObject({
    http: { label: 'http://p:8080' },
    https: { label: 'http://p:8080' },
  });
  const each = fromRegistry(printed('http=a:1;socks=b:2'));
  expect(each).toMatchObject({ http: { label: 'http://a:1' }, other: { label: 'socks4://b:2' } });
  expect(each?.bypass.matches('x.corp', 80)).toBe(true);
  expect(fromRegistry(printed('p:8080').replace('0x1', '0x0'))).toBeUndefined();
});
