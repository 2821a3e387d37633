import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { fieldPicture } from './field-picture.ts';
import { frontPage, greetings, hopDrawing, styleSheet, varieties } from './hop-yard-page.ts';

export interface DemoSite {
  /** The site's origin, such as `http://127.0.0.1:40123`. */
  readonly url: string;
  /** Stops listening and drops what is still in flight. */
  close(): Promise<void>;
}

/** Milliseconds that `/slow` thinks. */
const slowness = 800;
/** `/stream` sends this many pieces of this many bytes (4 MiB in all), one every so many milliseconds. */
const pieces = 64;
const pieceBytes = 65_536;
const piecePause = 15;
/** The most that `/echo` takes in; it holds the body to send it back. */
const echoLimit = 1_048_576;

/**
 * Starts the built-in demo upstream on a free loopback port: a small site in which each resource asks something else of a
 * cache, so that a first start shows hits, misses, revalidations and errors without any network.
 */
export async function startDemoSite(): Promise<DemoSite> {
  const server = createServer(
    { requestTimeout: 30_000, headersTimeout: 10_000, keepAliveTimeout: 30_000 },
    (request, response) => {
      const gone = new AbortController();
      response.on('close', () => gone.abort());
      answer(request, response, gone.signal).catch((error: unknown) => {
        // A client that left needs no answer; anything else is a fault of this site and ends its connection visibly.
        if (!gone.signal.aborted) response.destroy(error instanceof Error ? error : new Error(String(error)));
      });
    },
  );
  server.maxConnections = 512;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

interface Page {
  readonly status?: number;
  readonly type?: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string | Buffer;
  /** Adds an ETag made from the body, and answers 304 to a request that already has it. */
  readonly validator?: boolean;
}

type Resource = (request: IncomingMessage, signal: AbortSignal) => Page | Promise<Page>;

const html = 'text/html; charset=utf-8';
const json = 'application/json';
const plain = 'text/plain; charset=utf-8';

let picture: Buffer | undefined;

/** The pages that GET and HEAD reach. */
const resources: Readonly<Record<string, Resource>> = {
  '/': () => ({ type: html, headers: { 'Cache-Control': 'public, max-age=60' }, body: frontPage(), validator: true }),
  '/style.css': () => ({
    type: 'text/css; charset=utf-8',
    headers: { 'Cache-Control': 'public, max-age=3600, immutable' },
    body: styleSheet,
    validator: true,
  }),
  '/art/hop.svg': () => ({
    type: 'image/svg+xml',
    headers: { 'Cache-Control': 'public, max-age=86400' },
    body: hopDrawing(),
    validator: true,
  }),
  '/art/field.png': () => ({
    type: 'image/png',
    headers: { 'Cache-Control': 'public, max-age=600' },
    // Drawn when first asked for: the drawing takes tens of milliseconds that a start should not wait for.
    body: (picture ??= fieldPicture()),
    validator: true,
  }),
  '/etag': () => ({
    type: json,
    headers: { 'Cache-Control': 'no-cache' },
    body: `${JSON.stringify({ year: 2025, rows: 48, cones: 'gold-green', note: 'Unchanged until the next harvest.' })}\n`,
    validator: true,
  }),
  '/vary': (request) => {
    const language = preferredLanguage(request.headers['accept-language']);
    return {
      type: plain,
      headers: { 'Cache-Control': 'public, max-age=300', Vary: 'Accept-Language', 'Content-Language': language },
      body: `${greetings[language] ?? ''}\n`,
    };
  },
  '/almanac': () => ({
    type: plain,
    // Twenty days old: a cache that estimates a tenth of the age calls it fresh for two days (RFC 9111 §4.2.2).
    headers: { 'Last-Modified': new Date(Date.now() - 20 * 86_400_000).toUTCString() },
    body: 'Plant in April, train in May, top wire by midsummer, pick in September.\n',
  }),
  '/basket': () => ({
    type: json,
    headers: { 'Cache-Control': 'private, max-age=60', 'Set-Cookie': 'basket=b41f; Path=/; HttpOnly; SameSite=Lax' },
    body: `${JSON.stringify({ basket: ['Saaz', 'Cascade'], grams: 150 })}\n`,
  }),
  '/slow': async (_request, signal) => {
    await pause(slowness, undefined, { signal });
    return {
      type: plain,
      headers: { 'Cache-Control': 'public, max-age=120' },
      body: 'Good things take 800 milliseconds.\n',
    };
  },
  '/api/time': () => ({
    type: json,
    headers: { 'Cache-Control': 'no-store' },
    body: `${JSON.stringify({ now: new Date().toISOString() })}\n`,
  }),
  '/api/items': () => ({
    type: json,
    headers: { 'Cache-Control': 'public, max-age=5, stale-while-revalidate=30' },
    body: `${JSON.stringify({ items: varieties })}\n`,
  }),
  '/redirect': () => ({ status: 302, headers: { 'Cache-Control': 'public, max-age=60', Location: '/vary' } }),
  '/error': () => ({ status: 500, type: plain, body: 'The press is broken, as it is on every visit.\n' }),
  '/missing': () => ({
    status: 404,
    type: plain,
    headers: { 'Cache-Control': 'public, max-age=30' },
    body: 'Nothing grows in this row.\n',
  }),
};

async function answer(request: IncomingMessage, response: ServerResponse, signal: AbortSignal): Promise<void> {
  const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
  const method = request.method ?? 'GET';
  if (path === '/echo' && method === 'POST') return echo(request, response);
  const readable = method === 'GET' || method === 'HEAD';
  if (path === '/stream' && readable) return stream(method, response, signal);
  const resource = Object.hasOwn(resources, path) ? resources[path] : undefined;
  const known = resource !== undefined || path === '/stream' || path === '/echo';
  if (known && (!resource || !readable)) {
    const allow = path === '/echo' ? 'POST' : 'GET, HEAD';
    return send(request, response, {
      status: 405,
      type: plain,
      headers: { Allow: allow },
      body: `Allowed here: ${allow}\n`,
    });
  }
  const page = await (resource?.(request, signal) ?? { status: 404, type: plain, body: `There is no ${path} here.\n` });
  send(request, response, page);
}

function send(request: IncomingMessage, response: ServerResponse, page: Page): void {
  const body = Buffer.from(page.body ?? '');
  const headers: OutgoingHttpHeaders = { Server: 'Hop Yard', ...page.headers };
  if (page.validator) {
    const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 16)}"`;
    headers['ETag'] = etag;
    if (namesTag(request.headers['if-none-match'], etag)) {
      response.writeHead(304, headers).end();
      return;
    }
  }
  if (page.type !== undefined) headers['Content-Type'] = page.type;
  headers['Content-Length'] = body.length;
  response.writeHead(page.status ?? 200, headers).end(request.method === 'HEAD' ? undefined : body);
}

/** Whether an If-None-Match field names `etag`; the comparison is the weak one (RFC 9110 §13.1.2). */
function namesTag(field: string | undefined, etag: string): boolean {
  if (field === undefined) return false;
  return field.trim() === '*' || field.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
}

/** The language of `greetings` that an Accept-Language field weighs highest; English when it names none of them. */
function preferredLanguage(field: string | undefined): string {
  const ranges = (field ?? '').split(',').map((range) => {
    const [tag = '', ...parameters] = range.split(';').map((part) => part.trim());
    const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
    return { language: tag.split('-', 1)[0]?.toLowerCase() ?? '', weight: weight === undefined ? 1 : Number(weight) };
  });
  const wanted = ranges
    .filter(({ language, weight }) => Object.hasOwn(greetings, language) && weight > 0)
    .sort((a, b) => b.weight - a.weight);
  return wanted[0]?.language ?? 'en';
}

async function echo(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length <= echoLimit) chunks.push(chunk);
  }
  if (length > echoLimit) {
    return send(request, response, { status: 413, type: plain, body: `At most ${echoLimit} bytes are echoed.\n` });
  }
  const type = request.headers['content-type'] ?? 'application/octet-stream';
  send(request, response, { type, headers: { 'Cache-Control': 'no-store' }, body: Buffer.concat(chunks) });
}

async function stream(method: string, response: ServerResponse, signal: AbortSignal): Promise<void> {
  response.writeHead(200, { Server: 'Hop Yard', 'Content-Type': plain, 'Cache-Control': 'no-store' });
  if (method === 'HEAD') {
    response.end();
    return;
  }
  for (let piece = 1; piece <= pieces; piece++) {
    const line = `Load ${String(piece).padStart(2, '0')} of ${pieces}: a wagon of hops rolls by.\n`;
    const text = line.repeat(Math.ceil(pieceBytes / line.length)).slice(0, pieceBytes - 1);
    if (!response.write(`${text}\n`)) await once(response, 'drain', { signal });
    await pause(piecePause, undefined, { signal });
  }
  response.end();
}
