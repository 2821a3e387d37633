import type { IncomingMessage } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { startDemoSite } from '../../electron/demo/demo-site.ts';
import { sendSampleTraffic } from '../../electron/demo/sample-traffic.ts';
import { startOrigin } from '../support/origin.ts';

test('sends some twenty requests that the demo site answers in full', async () => {
  const site = await startDemoSite();
  onTestFinished(() => site.close());
  const sent = await sendSampleTraffic(site.url);
  expect(sent).toBeGreaterThanOrEqual(20);
  expect(sent).toBeLessThan(35);
});

test('asks in origin form, by its own name, at most four at a time', async () => {
  const requests: IncomingMessage[] = [];
  let underWay = 0;
  let most = 0;
  const { url } = await startOrigin((request, response) => {
    requests.push(request);
    most = Math.max(most, ++underWay);
    request.resume();
    // Answered one turn later, so that requests sent together are seen together.
    setImmediate(() => {
      underWay--;
      response.end('ok');
    });
  });
  expect(await sendSampleTraffic(url)).toBe(requests.length);
  expect(requests.every((request) => request.url?.startsWith('/'))).toBe(true);
  expect(new Set(requests.map((request) => request.headers['user-agent']))).toEqual(new Set(['Hopscope-Sample']));
  expect(new Set(requests.map((request) => request.headers.host))).toEqual(new Set([new URL(url).host]));
  expect(most).toBeLessThanOrEqual(4);
});

test('repeats requests, so that a cache has something to reuse, and varies them', async () => {
  const seen: string[] = [];
  const { url } = await startOrigin((request, response) => {
    seen.push(`${request.method} ${request.url} ${request.headers['accept-language'] ?? ''}`.trim());
    request.resume();
    response.end('ok');
  });
  await sendSampleTraffic(url);
  for (const repeated of ['GET /', 'GET /style.css', 'GET /etag', 'GET /slow', 'GET /vary en', 'GET /missing']) {
    expect(seen.filter((line) => line === repeated).length, repeated).toBeGreaterThanOrEqual(2);
  }
  expect(seen).toEqual(expect.arrayContaining(['GET /error', 'POST /echo', 'HEAD /art/hop.svg', 'GET /stream']));
});

test('rejects when the proxy breaks off a response', async () => {
  const { url } = await startOrigin((_request, response) => {
    response.writeHead(200, { 'Content-Length': 10 });
    response.write('half');
    setImmediate(() => response.destroy());
  });
  await expect(sendSampleTraffic(url)).rejects.toThrow();
});

test('stops when told to', async () => {
  const stop = new AbortController();
  const { url } = await startOrigin(() => stop.abort());
  await expect(sendSampleTraffic(url, {}, stop.signal)).rejects.toThrow(/abort/i);
});
