import { once } from 'node:events';
import { expect, test } from 'vitest';
import { answerOf, openSession } from '../support/http2-origin.ts';
import { rawClient } from '../support/raw-client.ts';
import { startApplications, wsgi } from './gateway-setup.ts';

const rules = wsgi('rules:application');

test('clients of HTTP/1.1 get 100 (Continue) when the application wants the body, and only then', async () => {
  const { port } = await startApplications([rules]);
  const head = (path: string): string =>
    `POST /${path} HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n`;
  const wanted = await rawClient(port);
  wanted.send(head('echo'));
  await wanted.until(/^HTTP\/1.1 100 Continue\r\n\r\n$/);
  wanted.send('body');
  await wanted.until(/200 OK[^]*body$/);
  const unwanted = await rawClient(port);
  unwanted.send(head('hello'));
  expect(await unwanted.until(/Hello$/)).not.toContain('100 Continue');
});

test('so do clients of HTTP/2', async () => {
  const { url } = await startApplications([rules]);
  const session = await openSession(url);
  const post = { ':method': 'POST', expect: '100-continue' };
  const wanted = session.request({ ...post, ':path': '/echo' });
  const echoed = answerOf(wanted);
  await once(wanted, 'continue');
  wanted.end('body');
  expect((await echoed).body.toString()).toBe('body');
  const unwanted = session.request({ ...post, ':path': '/hello' });
  let continued = false;
  unwanted.on('continue', () => (continued = true));
  expect((await answerOf(unwanted)).body.toString()).toBe('Hello');
  expect(continued).toBe(false);
});
