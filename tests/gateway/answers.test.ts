import { join } from 'node:path';
import { expect, test } from 'vitest';
import { answerOf, openSession } from '../support/http2-origin.ts';
import { rawClient } from '../support/raw-client.ts';
import { apps, gatewayEvents, startApplications, wsgi } from './gateway-setup.ts';

const answers = wsgi('answers:application', { threads: 2 });

/** What comes for a GET, up to where it matches. */
async function got(port: number, path: string, end: RegExp): Promise<string> {
  const client = await rawClient(port);
  client.send(`GET /${path} HTTP/1.1\r\nHost: a\r\n\r\n`);
  return client.until(end);
}

test('the end of a body, and a head without one, do not wait for close', async () => {
  const { port, url, finished } = await startApplications([wsgi('answers:application', { threads: 3 })]);
  await got(port, 'closes-late', /one,\r\n3\r\ntwo\r\n0\r\n\r\n$/);
  await got(port, 'closes-late-empty', /200 OK[^]*Content-Length: 0[^]*\r\n\r\n$/);
  await (await fetch(`${url}/go`)).text();
  const view = await finished((one) => one.url.endsWith('/closes-late'));
  expect(view.outcome).toEqual({ kind: 'completed' });
});

test('a close that exits comes too late to harm the answer', async () => {
  const { url, finished } = await startApplications([answers]);
  expect(await (await fetch(`${url}/closes-by-exit`)).text()).toBe('one,two');
  const view = await finished();
  expect(view.outcome).toEqual({ kind: 'completed' });
  expect(view.notes).toMatchObject([{ code: 'CLOSE_FAILED', text: 'SystemExit: from close()' }]);
});

test('an answer has one Content-Length', async () => {
  const { url } = await startApplications([answers]);
  expect((await fetch(`${url}/same-length-twice`)).headers.get('content-length')).toBe('5');
  const two = await fetch(`${url}/two-lengths`);
  expect([two.status, await two.text()]).toEqual([500, expect.stringContaining('given twice, as 5 and as 7')]);
});

test('blanks around a value are not sent', async () => {
  const { port } = await startApplications([answers]);
  expect(await got(port, 'padded', /12345$/)).toContain('\r\nX-Padded: a b\r\n');
});

test('204 is sent without Content-Length, and the trace has what the application said', async () => {
  const { url, finished } = await startApplications([answers]);
  const { status, headers } = await fetch(`${url}/no-content`);
  expect([status, headers.get('content-length'), headers.get('x-kept')]).toEqual([204, null, '1']);
  expect(gatewayEvents(await finished(), 'gateway.answered')[0]?.headers).toContain('Content-Length');
});

test('a result that does not tell its length is iterated', async () => {
  const { url } = await startApplications([answers]);
  expect(await (await fetch(`${url}/uncounted`)).text()).toBe('one,two');
});

test.each([
  ['bytes', 'the application returned bytes instead of an iterable of bytes'],
  ['status-unicode', 'a space and a latin-1 phrase'],
])('a mistake is named: %s', async (path, sentence) => {
  const { url } = await startApplications([answers]);
  expect(await (await fetch(`${url}/${path}`)).text()).toContain(sentence);
});

test('an exception is told in one line, which begins with its name', async () => {
  const { url, finished } = await startApplications([answers]);
  const page = await (await fetch(`${url}/two-lines`)).text();
  expect(page).toMatch(/Traceback[^]*ValueError: what happened\nand more of it\n/);
  expect((await finished()).notes).toMatchObject([{ code: 'APPLICATION_FAILED', text: 'ValueError: what happened' }]);
});

test('SERVER_PROTOCOL has both numbers, also for HTTP/2', async () => {
  const { url } = await startApplications([answers]);
  const session = await openSession(url);
  const answer = await answerOf(session.request({ ':path': '/protocol' }));
  expect(answer.body.toString()).toBe('HTTP/2.0');
});

test.each([wsgi('rules:application'), wsgi(join(apps, 'javascript-rules.ts'), { kind: 'javascript' })])(
  'a malformed body is the mistake of its client, not of the application: $kind',
  async (application) => {
    const { port, finished } = await startApplications([application]);
    const client = await rawClient(port);
    client.send('POST /count HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nzz\r\n');
    expect(await client.ended()).toMatch(/^HTTP\/1\.1 400 /);
    expect((await finished()).outcome).toMatchObject({ kind: 'failed', code: 'BAD_CHUNK' });
  },
);
