import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { RawData, WebSocket } from 'ws';
import type { Answer, EventMap, EventName } from '../../shared/contract.ts';
import type { ContractServer } from './contract-server.ts';
import type { UiFiles } from './ui-files.ts';

/** Requests are small, but for one that changes rules: each character of a body may take six in JSON, and there are 8 MiB of them. */
const MAX_REQUEST_BYTES = 64 * 1024 * 1024;
/** A page that takes nothing, such as a frozen one, is sent so much; it takes a new snapshot when it comes back. */
const MAX_WAITING_BYTES = 64 * 1024 * 1024;
/** Ports tried after the wanted one is found taken. */
const MORE_PORTS = 50;

export interface WebOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Whether the next free port will do when `port` is taken. */
  readonly portFallback: boolean;
  readonly onError: (error: unknown) => void;
}

/**
 * The contract over WebSocket, and the page that speaks it, on one port. Requests are JSON text frames
 * `{id, name, params}`, answers `{id, ok, value | error}`, events `{event, payload}`. Bytes are answered with one binary
 * frame: the length of a JSON header as four big-endian bytes, the header `{id, ok: true}`, the bytes.
 *
 * A page of another site must neither read nor drive it: the socket needs the random token, and both need a Host that is
 * ours (a name that was rebound to loopback is not) and an Origin, if there is one, that is the same.
 */
export class WebSocketTransport {
  readonly token = randomBytes(24).toString('base64url');
  readonly #contract: ContractServer;
  readonly #files: UiFiles;
  readonly #options: WebOptions;
  readonly #http: Server;
  readonly #sockets: WebSocketServer;

  constructor(contract: ContractServer, files: UiFiles, options: WebOptions) {
    this.#contract = contract;
    this.#files = files;
    this.#options = options;
    this.#http = createServer((request, response) => {
      this.#serveFile(request, response).catch((error: unknown) => {
        options.onError(error);
        response.destroy();
      });
    });
    this.#sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_REQUEST_BYTES, perMessageDeflate: false });
    this.#http.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
  }

  /** Address of the page, with the token that lets it in. */
  get url(): string {
    const { address, family, port } = this.#http.address() as AddressInfo;
    const host = family === 'IPv6' ? `[${address}]` : address;
    return `http://${host}:${port}/?token=${this.token}`;
  }

  /** Starts listening. Rejects when no port can be had. */
  async listen(): Promise<void> {
    const { host, port, portFallback } = this.#options;
    for (let candidate = port; ; candidate++) {
      try {
        this.#http.listen(candidate, host);
        await once(this.#http, 'listening');
        return;
      } catch (error) {
        const taken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
        const last = candidate >= Math.min(port + MORE_PORTS, 65_535);
        if (!taken || !portFallback || last) throw error;
      }
    }
  }

  /** Ends every connection and stops listening. */
  async close(): Promise<void> {
    for (const socket of this.#sockets.clients) socket.terminate();
    this.#sockets.close();
    if (!this.#http.listening) return;
    const closed = once(this.#http, 'close');
    this.#http.close();
    this.#http.closeAllConnections();
    await closed;
  }

  async #serveFile(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!this.#isOurHost(request)) return refuse(response, 403, 'This is not the name of Hopscope.');
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return refuse(response, 405, 'Only GET and HEAD work here.');
    const url = URL.parse(request.url ?? '', 'http://host.invalid');
    // Some browsers do not take 'self' to include WebSocket.
    const connect = [`ws://${request.headers.host ?? ''}`];
    const { status, headers, body } = await this.#files.respond(url?.pathname ?? '/', connect);
    response.writeHead(status, { ...headers, 'Content-Length': body.length });
    response.end(request.method === 'HEAD' ? undefined : body);
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const problem = this.#upgradeProblem(request);
    if (problem !== undefined) {
      // A client that is gone before it gets its refusal is nothing to report.
      socket.on('error', () => socket.destroy());
      socket.end(`HTTP/1.1 ${problem}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    this.#sockets.handleUpgrade(request, socket, head, (client) => this.#serveClient(client));
  }

  #upgradeProblem(request: IncomingMessage): string | undefined {
    const { origin } = request.headers;
    if (!this.#isOurHost(request)) return '403 Forbidden';
    if (origin !== undefined && origin !== `http://${request.headers.host}`) return '403 Forbidden';
    const url = URL.parse(request.url ?? '', 'http://host.invalid');
    if (url?.pathname !== '/ws') return '404 Not Found';
    return this.#isToken(url.searchParams.get('token') ?? '') ? undefined : '401 Unauthorized';
  }

  #isToken(given: string): boolean {
    const [a, b] = [Buffer.from(given), Buffer.from(this.token)];
    return a.length === b.length && timingSafeEqual(a, b);
  }

  #isOurHost({ headers }: IncomingMessage): boolean {
    const { port } = this.#http.address() as AddressInfo;
    return ['127.0.0.1', 'localhost', '[::1]'].some((name) => headers.host?.toLowerCase() === `${name}:${port}`);
  }

  #serveClient(client: WebSocket): void {
    const send = (data: string | Uint8Array): void => this.#send(client, data);
    const session = this.#contract.connect({
      emit: <N extends EventName>(event: N, payload: EventMap[N]) => send(JSON.stringify({ event, payload })),
    });
    client.on('message', (data: RawData, isBinary: boolean) => {
      const message = isBinary ? undefined : parseRequest(data);
      if (message === undefined) return client.close(1007, 'a request is {"id", "name", "params"}');
      void session.request(message.name, message.params).then((answer) => send(encodeAnswer(message.id, answer)));
    });
    client.on('close', () => session.close());
    // ws closes the connection itself; what a client did wrong is worth a line.
    client.on('error', (error) => this.#options.onError(error));
  }

  #send(client: WebSocket, data: string | Uint8Array): void {
    if (client.readyState !== client.OPEN) return;
    client.send(data);
    if (client.bufferedAmount <= MAX_WAITING_BYTES) return;
    client.terminate();
    this.#options.onError(new Error('A page of the interface took nothing of what it was sent; it was disconnected.'));
  }
}

function parseRequest(data: RawData): { id: number; name: unknown; params: unknown } | undefined {
  try {
    // Text frames come as one Buffer: `binaryType` is left at its default.
    const message = JSON.parse((data as Buffer).toString()) as Record<string, unknown> | null;
    const id = message?.['id'];
    return typeof id === 'number' ? { id, name: message?.['name'], params: message?.['params'] } : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function encodeAnswer(id: number, answer: Answer<unknown>): string | Uint8Array {
  if (!answer.ok || !(answer.value instanceof Uint8Array)) return JSON.stringify({ id, ...answer });
  const header = Buffer.from(JSON.stringify({ id, ok: true }));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(header.length);
  return Buffer.concat([length, header, answer.value]);
}

function refuse(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' });
  response.end(`${text}\n`);
}
