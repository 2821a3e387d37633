import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:http2';
import { describe, expect, it, onTestFinished } from 'vitest';
import { AccessPolicy } from '../../electron/engine/access/access-policy.ts';
import { FailureLimits } from '../../electron/engine/access/failure-limits.ts';
import { hashPassword, verifyPassword } from '../../electron/engine/access/password-hash.ts';
import { defaultSettings, mergeSettings } from '../../shared/settings.ts';
import { startEngine } from '../support/engine.ts';
import { startOrigin } from '../support/origin.ts';
import { rawClient } from '../support/raw-client.ts';

const users = [{ name: 'ann', password: hashPassword('sesame') }];
const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;
const RIGHT = `Proxy-Authorization: ${basic('ann:sesame')}\r\n`;
const WRONG = `Proxy-Authorization: ${basic('ann:open')}\r\n`;

/** One request on a connection of its own. */
async function ask(port: number, line: string, fields = ''): Promise<string> {
  const client = await rawClient(port);
  client.send(`${line} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${fields}\r\n`);
  return client.ended();
}

async function askHttp2(url: string, fields: Record<string, string>): Promise<Record<string, unknown>> {
  const session = connect(url);
  onTestFinished(() => session.destroy());
  const [headers] = (await once(session.request(fields).resume(), 'response')) as [Record<string, unknown>];
  return headers;
}

describe('a proxy with users', () => {
  it('wants their login for every request, and neither forwards nor records it', async () => {
    let seen: string[] = [];
    const origin = await startOrigin((request, response) => {
      seen = request.rawHeaders;
      response.end('in');
    });
    const test = await startEngine({ settings: { access: { users } } });
    const refused = await ask(test.port, `GET ${origin.url}/`);
    expect(refused).toMatch(/^HTTP\/1\.1 407 [^]*\r\nProxy-Authenticate: Basic realm="Hopscope"/);
    expect((await test.finished()).outcome).toMatchObject({ code: 'CREDENTIALS_REQUIRED', phase: 'access' });
    expect(await ask(test.port, `GET ${origin.url}/`, WRONG)).toMatch(/^HTTP\/1\.1 407 /);
    expect(await ask(test.port, `GET ${origin.url}/`, 'Proxy-Authorization: Bearer x\r\n')).toMatch(/^HTTP\/1\.1 407 /);
    await test.finished();
    await test.finished();
    expect(seen).toEqual([]);
    expect(await ask(test.port, `GET ${origin.url}/`, RIGHT)).toMatch(/^HTTP\/1\.1 200 [^]*in$/);
    expect(seen.join()).not.toMatch(/proxy-auth/i);
    const view = await test.finished();
    expect(JSON.stringify(view)).toContain('Basic (hidden)');
    expect(JSON.stringify(view)).not.toContain(basic('ann:sesame').slice(6));
  });

  it('wants it for CONNECT, and no more inside of the tunnel', async () => {
    const origin = await startOrigin((request, response) => response.end(request.url));
    const test = await startEngine({ settings: { access: { users } } });
    const tunnel = `CONNECT 127.0.0.1:${origin.port}`;
    expect(await ask(test.port, tunnel)).toMatch(/^HTTP\/1\.1 407 /);
    const client = await rawClient(test.port);
    client.send(`${tunnel} HTTP/1.1\r\nHost: a\r\n${RIGHT}\r\n`);
    await client.until(/200 Connection Established\r\n\r\n$/);
    client.send('GET /inside HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    expect(await client.ended()).toMatch(/\/inside$/);
  });

  it('wants it on a connection again that was let in by other credentials', async () => {
    const origin = await startOrigin((_request, response) => response.end('in'));
    const test = await startEngine({ settings: { access: { users } } });
    const client = await rawClient(test.port);
    client.send(`GET ${origin.url}/ HTTP/1.1\r\nHost: a\r\n${RIGHT}\r\n`);
    await client.until(/in$/);
    client.send(`GET ${origin.url}/ HTTP/1.1\r\nHost: a\r\n${RIGHT}\r\n`);
    await client.until(/in[^]*in$/);
    client.send(`GET ${origin.url}/ HTTP/1.1\r\nHost: a\r\n\r\n`);
    await client.until(/ 407 /);
    test.engine.updateSettings({ access: { users: [{ name: 'ann', password: hashPassword('other') }] } });
    client.send(`GET ${origin.url}/ HTTP/1.1\r\nHost: a\r\n${RIGHT}\r\n`);
    await client.until(/ 407 [^]* 407 /);
  });

  it('wants it of HTTP/2 and SOCKS', async () => {
    const origin = await startOrigin((_request, response) => response.end('in'));
    const test = await startEngine({ settings: { access: { users } } });
    const fields = { ':authority': `127.0.0.1:${origin.port}`, ':path': '/' };
    expect(await askHttp2(test.url, fields)).toMatchObject({ ':status': 407, 'proxy-authenticate': /^Basic/ as never });
    const login = { 'proxy-authorization': basic('ann:sesame') };
    expect(await askHttp2(test.url, { ...fields, ...login })).toMatchObject({ ':status': 200 });

    const port = [origin.port >> 8, origin.port & 255];
    const request = [5, 1, 0, 1, 127, 0, 0, 1, ...port];
    const socks = async (...bytes: (number | string)[]): Promise<string> => {
      const client = await rawClient(test.port);
      client.send(Buffer.concat(bytes.map((part) => Buffer.from(typeof part === 'string' ? part : [part]))));
      client.send('GET / HTTP/1.0\r\n\r\n');
      return client.ended();
    };
    const right = [5, 1, 2, 1, 3, 'ann', 6, 'sesame', ...request] as const;
    expect(await socks(...right)).toMatch(/^\x05\x02\x01\x00\x05\x00[^]*in$/);
    expect(await socks(5, 1, 2, 1, 3, 'ann', 4, 'open', ...request)).toBe('\x05\x02\x01\x01');
    expect(await socks(5, 1, 0, ...request)).toBe('\x05\xff');
    expect(await socks(4, 1, ...port, 127, 0, 0, 1, 0)).toBe('\x00\x5d\x00\x00\x00\x00\x00\x00');
    const refusals = [await test.finished(isRefusal), await test.finished(isRefusal), await test.finished(isRefusal)];
    expect(refusals.map(({ version }) => version)).toEqual(expect.arrayContaining(['HTTP/2', 'SOCKS5']));
  });

  it('asks as a server where it stands for one, by 401, and takes either field', async () => {
    let seen: string | undefined;
    const origin = await startOrigin((request, response) => {
      seen = request.headers.authorization;
      response.end('in');
    });
    const test = await startEngine({ upstream: origin.url, settings: { access: { users } } });
    expect(await ask(test.port, 'GET /')).toMatch(/^HTTP\/1\.1 401 [^]*\r\nWWW-Authenticate: Basic/);
    const login = `Authorization: ${basic('ann:sesame')}\r\n`;
    expect(await ask(test.port, 'GET /', login)).toMatch(/ 200 /);
    expect(seen).toBeUndefined();
    expect(await ask(test.port, 'GET /', `${RIGHT}Authorization: Bearer of-the-application\r\n`)).toMatch(/ 200 /);
    expect(seen).toBe('Bearer of-the-application');
  });

  it('checks no more than ten wrong passwords of an address in a minute', async () => {
    const origin = await startOrigin((_request, response) => response.end('in'));
    const test = await startEngine({ settings: { access: { users } } });
    expect(await ask(test.port, `GET ${origin.url}/`, RIGHT)).toMatch(/ 200 /);
    const guesses = Array.from({ length: 12 }, (_, i) => `Proxy-Authorization: ${basic(`ann:${i}`)}\r\n`);
    const answers = await Promise.all(guesses.map((guess) => ask(test.port, `GET ${origin.url}/`, guess)));
    expect(answers.filter((answer) => answer.includes(' 407 '))).toHaveLength(10);
    expect(answers.filter((answer) => /^HTTP\/1\.1 429 [^]*\r\nRetry-After: /.test(answer))).toHaveLength(2);
    const { outcome } = await test.finished((view) => view.status === 429);
    expect(outcome).toMatchObject({ code: 'TOO_MANY_FAILURES', phase: 'access' });
    // Who is known stays so.
    expect(await ask(test.port, `GET ${origin.url}/`, RIGHT)).toMatch(/ 200 /);
  });
});

const isRefusal = ({ outcome }: { outcome?: object }): boolean =>
  outcome !== undefined && 'code' in outcome && outcome.code === 'CREDENTIALS_REQUIRED';

describe('the hashes of passwords', () => {
  // By `htpasswd -nbs`, `openssl passwd -apr1` and `htpasswd -nbB`.
  it.each([
    ['sesame', '{SHA}' + createHash('sha1').update('sesame').digest('base64')],
    ['secret', '$apr1$abcdefgh$h9FWgUz3n9YxylKLlR5SQ/'],
    ['a much longer password than sixteen', '$apr1$abcdefgh$CWmSdRXg6.q2WlUC6/oKv1'],
    ['sesame', '$2y$05$7c3OkzHVrtHX7f.6DufDtODok61jXQL3SCZJEv8/SxBZM59gQpDzG'],
    ['sesame', hashPassword('sesame')],
  ])('of %s are told from others: %s', async (password, hash) => {
    expect(mergeSettings(defaultSettings(), { access: { users: [{ name: 'a', password: hash }] } })).toBeDefined();
    expect(await verifyPassword(password, hash)).toBe(true);
    expect(await verifyPassword(`${password} `, hash)).toBe(false);
  });
});

describe('requests of the process itself', () => {
  it('are let in by credentials that it alone knows, whoever else may use the proxy', async () => {
    let seen: string[] = [];
    const origin = await startOrigin((request, response) => {
      seen = request.rawHeaders;
      response.end('in');
    });
    const test = await startEngine({ upstream: origin.url, settings: { access: { users, allow: ['10/8'] } } });
    const own = test.engine.ownCredentials;
    expect(await ask(test.port, 'GET /', `Proxy-Authorization: ${own}\r\n`)).toMatch(/ 200 /);
    expect(seen.join()).not.toMatch(/authorization/i);
    expect(JSON.stringify(await test.finished())).not.toContain(own.slice(9));
    expect(await ask(test.port, 'GET /', `Proxy-Authorization: ${own}x\r\n`)).toMatch(/ 403 /);
    expect(await ask(test.port, 'GET /', `Proxy-Authorization: ${own.slice(0, -1)}\r\n`)).toMatch(/ 403 /);
  });
});

describe('a list of allowed clients', () => {
  it('refuses all others, whatever they speak', async () => {
    const origin = await startOrigin((_request, response) => response.end('in'));
    const test = await startEngine({ upstream: origin.url, settings: { access: { allow: ['10.0.0.0/8'] } } });
    expect(await ask(test.port, 'GET /')).toMatch(/^HTTP\/1\.1 403 [^]*ADDRESS_NOT_ALLOWED/);
    expect((await test.finished()).outcome).toMatchObject({ code: 'ADDRESS_NOT_ALLOWED', phase: 'access' });
    expect(await ask(test.port, `GET ${origin.url}/`)).toMatch(/^HTTP\/1\.1 403 /);
    expect(await askHttp2(test.url, { ':path': '/' })).toMatchObject({ ':status': 403 });
    const client = await rawClient(test.port);
    client.send(Buffer.from([5, 1, 0, 5, 1, 0, 1, 127, 0, 0, 1, origin.port >> 8, origin.port & 255]));
    expect((await client.ended()).slice(2, 4)).toBe('\x05\x02');
    test.engine.updateSettings({ access: { allow: ['10.0.0.0/8', '127.0.0.1'] } });
    expect(await ask(test.port, 'GET /')).toMatch(/ 200 /);
  });

  it.each([
    ['10.1.2.3', true],
    ['::ffff:10.1.2.3', true],
    ['11.1.2.3', false],
    ['::ffff:11.1.2.3', false],
    ['fd00::1', true],
    ['fe80::1%eth0', true],
    ['fd01::1', false],
    ['192.168.1.7', true],
    ['192.168.1.8', false],
    ['', false],
  ])('holds or does not hold %s', (ip, held) => {
    const allow = ['10.0.0.0/8', 'fd00::/16', 'fe80::/10', '192.168.1.7'];
    const policy = new AccessPolicy({ users: [], allow, hosts: [] }, new FailureLimits(), () => 0, 'own');
    expect(policy.admitsAddress(ip)).toBe(held);
  });
});

describe('the count of failures', () => {
  it('is kept for a minute, for IPv6 by networks, and goes down with what succeeded', () => {
    const limits = new FailureLimits();
    for (let i = 0; i < 10; i++) expect(limits.begin(`2001:db8:1:2::${i}`, 1_000)).toBe(0);
    expect(limits.begin('2001:db8:1:2:3:4:5:6', 31_000)).toBe(30);
    expect(limits.begin('2001:db8:1:3::1', 31_000)).toBe(0);
    limits.succeeded('2001:db8:1:2::99');
    expect(limits.begin('2001:db8:1:2::1', 31_000)).toBe(0);
    expect(limits.begin('2001:db8:1:2::1', 61_000)).toBe(0);
  });
});

describe('other machines', () => {
  it('cannot reach a proxy that anybody may use', async () => {
    await expect(startEngine({ host: '0.0.0.0' })).rejects.toThrow(/--auth USER:PASSWORD or --allow CIDR/);
    const test = await startEngine({ host: '0.0.0.0', settings: { access: { allow: ['127.0.0.1'] } } });
    expect(() => test.engine.updateSettings({ access: { allow: [] } })).toThrow(/say who may use it/);
    expect(test.engine.settings.access.allow).toEqual(['127.0.0.1']);
  });
});

describe('pages that lead a browser here by a name of theirs', () => {
  const BROWSER = 'User-Agent: Mozilla/5.0 (X11)\r\n';
  const page = async (port: number, host: string, fields = BROWSER): Promise<string> => {
    const client = await rawClient(port);
    client.send(`GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n${fields}\r\n`);
    return client.ended();
  };

  it('get no answer of the upstream', async () => {
    const origin = await startOrigin((_request, response) => response.end('secret'));
    const test = await startEngine({ upstream: origin.url });
    const answer = await page(test.port, `rebound.attacker.io:${test.port}`);
    expect(answer).toMatch(/^HTTP\/1\.1 421 [^]*access\.hosts/);
    expect((await test.finished()).outcome).toMatchObject({ code: 'FOREIGN_HOST', phase: 'access' });
    expect(await page(test.port, 'attacker.io', 'Accept-Language: en\r\nAccept-Encoding: gzip\r\n')).toMatch(/ 421 /);
    for (const known of [`127.0.0.1:${test.port}`, 'localhost', 'dev-box', 'shop.test', 'www.example.com', '[::1]:80'])
      expect(await page(test.port, known)).toMatch(/ 200 /);
    expect(await page(test.port, 'attacker.io', 'User-Agent: curl/8\r\n')).toMatch(/ 200 /);
    test.engine.updateSettings({ access: { hosts: ['Box.Tail.Net'] } });
    expect(await page(test.port, 'box.tail.net')).toMatch(/ 200 /);
  });

  it('cannot have the proxy ask itself, by address, by name or by a name that leads to it', async () => {
    const dns = [{ host: 'rebound.attacker.io', address: '127.0.0.1' }];
    const test = await startEngine({ settings: { dns } });
    for (const host of ['127.0.0.1', 'localhost', 'rebound.attacker.io']) {
      const authority = `${host}:${test.port}`;
      expect(await ask(test.port, `GET http://${authority}/`)).toMatch(/^HTTP\/1\.1 508 [^]*LOOP/);
      expect(await ask(test.port, `CONNECT ${authority}`)).toMatch(/^HTTP\/1\.1 508 [^]*LOOP/);
      const tunnel = { ':method': 'CONNECT', ':authority': authority };
      expect(await askHttp2(test.url, tunnel)).toMatchObject({ ':status': 508 });
    }
    const name = 'rebound.attacker.io';
    const client = await rawClient(test.port);
    client.send(Buffer.from([5, 1, 0, 5, 1, 0, 3, name.length, ...Buffer.from(name), test.port >> 8, test.port & 255]));
    expect((await client.ended()).slice(2, 4)).toBe('\x05\x02');
  });
});
