import { once } from 'node:events';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished } from 'vitest';
import type { CacheMode } from '../../shared/decision.ts';
import { wrongMarks } from '../support/deciders.ts';
import type { TestEngine } from '../support/engine.ts';
import { startEngine } from '../support/engine.ts';
import type { TestOrigin } from '../support/origin.ts';
import { startOrigin } from '../support/origin.ts';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly rawHeaders: readonly string[];
  readonly body: string;
}

export interface AskOptions {
  readonly headers?: Record<string, string | string[]>;
  readonly method?: string;
  readonly body?: string;
}

/** An engine with its cache in front of a Node origin. */
export interface CacheSetup {
  readonly proxy: TestEngine;
  readonly origin: TestOrigin;
  /** The requests that the origin has got. */
  readonly seen: readonly IncomingMessage[];
  /** Sends a request through the proxy in reverse mode; rejects when the answer breaks off. */
  readonly ask: (path: string, options?: AskOptions) => Promise<Answer>;
  /** Resolves once the engine has begun so many exchanges since the test started. */
  readonly begun: (count: number) => Promise<void>;
}

export async function startCache(
  listener: (request: IncomingMessage, response: ServerResponse, count: number) => void,
  mode: CacheMode = 'shared',
  /** Where the store on disk lies; it is in memory when absent. */
  dataDir?: string,
): Promise<CacheSetup> {
  const seen: IncomingMessage[] = [];
  const count: RequestListener = (request, response) => {
    seen.push(request);
    listener(request, response, seen.length);
  };
  const origin = await startOrigin(count);
  const store = dataDir === undefined ? 'memory' : 'disk';
  const settings = { cache: { mode, store } } as const;
  const place = dataDir === undefined ? {} : { dataDir };
  const proxy = await startEngine({ upstream: origin.url, settings, ...place });
  const begun = countExchanges(proxy);
  const marks: string[] = [];
  proxy.engine.recorder.subscribe((event) => {
    const wrong = event.type === 'cache.decided' ? wrongMarks(event.decision) : undefined;
    if (wrong !== undefined) marks.push(wrong);
  });
  onTestFinished(() => expect(marks, 'every decision has one step that settled it').toEqual([]));
  return { proxy, origin, seen, begun, ask: (path, options) => send(proxy.port, path, options) };
}

function countExchanges(proxy: TestEngine): (count: number) => Promise<void> {
  let started = 0;
  let look: () => void = () => undefined;
  proxy.engine.recorder.subscribe((event) => {
    if (event.type !== 'exchange.started') return;
    started++;
    look();
  });
  return (count) =>
    new Promise((resolve) => {
      look = () => {
        // A turn later the exchange has gone as far into the chain as it can without anybody's help.
        if (started >= count) setImmediate(resolve);
      };
      look();
    });
}

/** Sends one request on a connection of its own. `path` may be an absolute URL. */
export function send(port: number, path: string, { headers, method = 'GET', body }: AskOptions = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, path, method, agent: false, headers: headers ?? {} };
    const sent = httpRequest(options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const { statusCode = 0, rawHeaders } = response;
        const text = Buffer.concat(chunks).toString();
        resolve({ status: statusCode, headers: response.headers, rawHeaders, body: text });
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** A promise and the function that fulfils it, for origins that wait. */
export function gate(): { readonly opened: Promise<boolean>; readonly open: () => void } {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  return { opened: promise, open: () => resolve(true) };
}

/** An origin that the test can stop, so that its port refuses connections from then on. */
export async function startStoppableOrigin(listener: RequestListener): Promise<{ url: string; stop(): Promise<void> }> {
  const server = createServer(listener);
  server.listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const stop = async (): Promise<void> => {
    if (!server.listening) return;
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  onTestFinished(stop);
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, stop };
}
