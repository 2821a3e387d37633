import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { request as nodeRequest } from 'node:http';
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { startEngine } from '../support/engine.ts';
import type { TestEngine } from '../support/engine.ts';
import { ask, openSession } from '../support/http2-origin.ts';
import { rawClient } from '../support/raw-client.ts';

let folder = '';
let outside = '';

beforeEach(async () => {
  const base = await mkdtemp(join(tmpdir(), 'hopscope-files-'));
  onTestFinished(() => rm(base, { recursive: true, force: true }));
  folder = join(base, 'site');
  outside = join(base, 'secret.txt');
  await mkdir(join(folder, 'docs'), { recursive: true });
  await writeFile(outside, 'secret');
  await writeFile(join(folder, 'app.js'), 'let a = 1;');
  await writeFile(join(folder, 'a name.txt'), 'spaced');
  await writeFile(join(folder, 'docs', 'index.html'), '<p>docs');
  await utimes(join(folder, 'app.js'), 1_700_000_000.5, 1_700_000_000.5);
});

/** An engine whose one rule answers everything from `path`. */
function serving(path: string): Promise<TestEngine> {
  return startEngine({ settings: { rules: [{ name: 'Local', action: { type: 'file', path } }] } });
}

async function get({ port }: TestEngine, path: string, headers: OutgoingHttpHeaders = {}, method = 'GET') {
  const sent = nodeRequest({ host: '127.0.0.1', port, path: `http://a.test${path}`, method, headers, agent: false });
  const [response] = (await once(sent.end(), 'response')) as [IncomingMessage];
  const body = (await buffer(response)).toString();
  return { status: response.statusCode, headers: response.headers, body };
}

describe('a rule that answers from a folder', () => {
  it('finds files by the path, and says what they are', async () => {
    const test = await serving(folder);
    const script = await get(test, '/app.js?v=3');
    expect([script.status, script.body]).toEqual([200, 'let a = 1;']);
    expect(script.headers).toMatchObject({
      ...{ 'content-type': 'text/javascript; charset=utf-8', 'content-length': '10', 'cache-control': 'no-cache' },
      ...{ 'last-modified': 'Tue, 14 Nov 2023 22:13:20 GMT', 'accept-ranges': 'bytes' },
    });
    expect((await get(test, '/a%20name.txt')).body).toBe('spaced');
    expect(await test.finished()).toMatchObject({ from: 'hopscope', rules: [{ name: 'Local', action: 'file' }] });
  });

  it('shows the index of a folder, under a URL with a slash at its end', async () => {
    const test = await serving(folder);
    expect(await get(test, '/docs?q=1')).toMatchObject({ status: 302, headers: { location: '/docs/?q=1' } });
    expect(await get(test, '/docs/?q=1')).toMatchObject({ status: 200, body: '<p>docs' });
    expect((await get(test, '/app.js/')).status).toBe(404);
    expect((await get(test, '/')).status).toBe(404);
  });

  it('says which rule looked for what, where there is nothing', async () => {
    const test = await serving(folder);
    const { status, body } = await get(test, '/none.css');
    expect(status).toBe(404);
    expect(body).toContain(`The rule “Local” looks for ${join(folder, 'none.css')}.`);
    expect((await get(test, `/${'x'.repeat(300)}`)).status).toBe(404);
  });

  it.each([
    '/../secret.txt',
    '/docs/../../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/docs%2f..%2f../secret.txt',
    '/%00',
    '/%zz',
    '/link/secret.txt',
    '/link.txt',
  ])('lets nobody out of it by %s', async (path) => {
    await symlink(join(folder, '..'), join(folder, 'link'));
    await symlink(outside, join(folder, 'link.txt'));
    const test = await serving(folder);
    const client = await rawClient(test.port);
    client.send(`GET http://a.test${path} HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n`);
    const answer = await client.ended();
    expect(answer).toMatch(/^HTTP\/1\.1 404 /);
    expect(answer).not.toContain('\r\n\r\nsecret');
  });

  it('follows links that stay in it', async () => {
    await symlink(join(folder, 'app.js'), join(folder, 'alias.js'));
    expect((await get(await serving(folder), '/alias.js')).body).toBe('let a = 1;');
  });
});

describe('a rule that answers from a file', () => {
  it('answers every path from it, also to HEAD and over HTTP/2', async () => {
    const test = await serving(join(folder, 'app.js'));
    expect((await get(test, '/whatever/else')).body).toBe('let a = 1;');
    const head = await get(test, '/', {}, 'HEAD');
    expect([head.status, head.body, head.headers['content-length']]).toEqual([200, '', '10']);
    const { headers, body } = await ask(await openSession(test.url), { ':path': '/two' });
    expect([headers[':status'], headers['content-length'], body.toString()]).toEqual([200, '10', 'let a = 1;']);
  });

  it('tells a client that its copy is still good, until the file changes', async () => {
    const test = await serving(join(folder, 'app.js'));
    const { headers } = await get(test, '/');
    const etag = headers.etag ?? '';
    const fresh = await get(test, '/', { 'If-None-Match': `"other", ${etag}` });
    expect([fresh.status, fresh.body, fresh.headers.etag]).toEqual([304, '', etag]);
    const since = { 'If-Modified-Since': headers['last-modified'] };
    expect((await get(test, '/', since)).status).toBe(304);
    expect((await get(test, '/', { ...since, 'If-None-Match': '"other"' })).status).toBe(200);
    expect((await get(test, '/', { 'If-Match': '"other"' })).status).toBe(412);
    await writeFile(join(folder, 'app.js'), 'let a = 2;');
    expect((await get(test, '/', { 'If-None-Match': etag })).body).toBe('let a = 2;');
  });

  it('sends the range that is asked for, if there is such a range of the same file', async () => {
    const test = await serving(join(folder, 'app.js'));
    const part = await get(test, '/', { Range: 'bytes=4-6' });
    expect(part).toMatchObject({ status: 206, body: 'a =', headers: { 'content-range': 'bytes 4-6/10' } });
    expect((await get(test, '/', { Range: 'bytes=-2' })).body).toBe('1;');
    expect(await get(test, '/', { Range: 'bytes=10-' })).toMatchObject({
      status: 416,
      headers: { 'content-range': 'bytes */10' },
    });
    expect((await get(test, '/', { Range: 'bytes=4-6', 'If-Range': '"other"' })).status).toBe(200);
    expect((await get(test, '/', { Range: 'bytes=4-6', 'If-Range': part.headers.etag ?? '' })).status).toBe(206);
    expect((await get(test, '/', { Range: 'bytes=0-1,4-6' })).body).toBe('let a = 1;');
  });

  it('streams a large one, and stops when its client leaves', async () => {
    const large = Buffer.alloc(20 * 1024 * 1024, 'abcdefghij');
    await writeFile(join(folder, 'large'), large);
    const test = await serving(join(folder, 'large'));
    expect((await get(test, '/')).body.length).toBe(large.length);
    expect((await test.finished()).outcome).toEqual({ kind: 'completed' });
    const client = await rawClient(test.port);
    client.send('GET http://a.test/ HTTP/1.1\r\nHost: a.test\r\n\r\n');
    await client.until(/abcdefghij/);
    client.socket.destroy();
    expect((await test.finished()).outcome).toMatchObject({ kind: 'aborted', by: 'client' });
  });

  it('says why it cannot be read', async () => {
    const file = join(folder, 'app.js');
    await chmod(file, 0);
    onTestFinished(() => chmod(file, 0o600));
    const { status, body } = await get(await serving(file), '/');
    // Root reads whatever the permissions say.
    if (process.getuid?.() === 0) return expect(status).toBe(200);
    expect(status).toBe(500);
    expect(body).toContain(`The rule “Local” reads ${file}: EACCES`);
  });
});
