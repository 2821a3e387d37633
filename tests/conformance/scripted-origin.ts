import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';
import { getHeader } from '../../shared/headers.ts';
import type { Response } from './scenario.ts';

/** A request as it reached the origin. */
export interface SeenRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: readonly string[];
  /** The step that the client sent it for. */
  readonly step: number;
}

/** One running scenario as the origin knows it. */
export interface Script {
  /** Epoch milliseconds that `{+60}` counts from. */
  readonly start: number;
  answer(step: number): Response | undefined;
  readonly seen: SeenRequest[];
}

export interface ScriptedOrigin {
  readonly port: number;
  readonly scripts: Map<string, Script>;
  stop(): Promise<void>;
}

/** A TCP server that answers each request with the bytes its scenario says: the first path segment names the scenario. */
export async function startScriptedOrigin(): Promise<ScriptedOrigin> {
  const scripts = new Map<string, Script>();
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // Scenarios break connections on purpose; what follows from it is asserted at the client.
    socket.on('error', () => socket.destroy());
    serve(socket, scripts);
  });
  server.listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    scripts,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function serve(socket: Socket, scripts: Map<string, Script>): void {
  let pending = Buffer.alloc(0);
  let busy = false;
  const look = (): void => {
    if (busy) return;
    const parsed = parseRequest(pending);
    if (parsed === undefined) return;
    pending = pending.subarray(parsed.length);
    const { request } = parsed;
    const script = scripts.get(request.target.split('/')[1]?.split('?')[0] ?? '');
    script?.seen.push(request);
    busy = true;
    void answer(socket, request, script).then(() => {
      busy = false;
      look();
    });
  };
  socket.on('data', (chunk: Buffer) => {
    pending = Buffer.concat([pending, chunk]);
    look();
  });
}

async function answer(socket: Socket, request: SeenRequest, script: Script | undefined): Promise<void> {
  const response = script?.answer(request.step) ?? { status: 599, body: 'not expected here' };
  if (response.delay !== undefined) await wait(response.delay);
  if (response.drop === true) {
    socket.end();
    return;
  }
  if (response.before !== undefined) socket.write(response.before, 'latin1');
  const bytes = Buffer.from(format(response, request, script?.start ?? 0), 'latin1');
  if (response.pause === undefined) socket.write(bytes);
  else {
    const half = Math.max(bytes.indexOf('\r\n\r\n') + 4, Math.floor(bytes.length / 2));
    socket.write(bytes.subarray(0, half));
    await wait(response.pause);
    socket.write(bytes.subarray(half));
  }
  if (response.close === true) socket.end();
}

function format(response: Response, request: SeenRequest, start: number): string {
  if (response.raw !== undefined) return withDates(response.raw, start);
  const { status = 200, headers = [], bare = false } = response;
  const body = response.body ?? `body ${request.step}`;
  const has = (name: string): boolean => headers.some(([other]) => other.toLowerCase() === name);
  let text = `HTTP/1.1 ${status} Scripted\r\n`;
  if (!bare && !has('date')) text += `Date: ${new Date().toUTCString()}\r\n`;
  for (const [name, value] of headers) text += `${name}: ${withDates(value, start)}\r\n`;
  const bodiless = request.method === 'HEAD' || status === 204 || status === 304;
  if (!bare && !has('content-length') && !has('transfer-encoding') && status !== 204 && status !== 304)
    text += `Content-Length: ${body.length}\r\n`;
  return `${text}\r\n${bodiless ? '' : body}`;
}

/** Replaces `{now}`, `{+60}` and `{-60}` by dates. */
export function withDates(text: string, start: number): string {
  return text.replace(/\{(?:now|([+-]\d+))\}/g, (_all, seconds: string | undefined) =>
    new Date(start + Number(seconds ?? 0) * 1000).toUTCString(),
  );
}

export function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}

/** The first request in the bytes, once it is there with its content. */
function parseRequest(bytes: Buffer): { request: SeenRequest; length: number } | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [requestLine = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n');
  const headers = lines.flatMap((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]);
  const [method = '', target = ''] = requestLine.split(' ');
  let length = end + 4;
  if (getHeader(headers, 'transfer-encoding') !== undefined) {
    const last = bytes.indexOf('0\r\n\r\n', end);
    if (last < 0) return undefined;
    length = last + 5;
  } else {
    length += Number(getHeader(headers, 'content-length') ?? 0);
    if (bytes.length < length) return undefined;
  }
  return { request: { method, target, headers, step: Number(getHeader(headers, 'step') ?? -1) }, length };
}
