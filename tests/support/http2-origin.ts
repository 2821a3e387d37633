import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import type {
  ClientHttp2Session,
  ClientHttp2Stream,
  Http2SecureServer,
  Http2ServerRequest,
  Http2ServerResponse,
  IncomingHttpHeaders,
  OutgoingHttpHeaders,
  SecureServerOptions,
  ServerHttp2Session,
  ServerHttp2Stream,
} from 'node:http2';
import { connect, createSecureServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { testAuthority } from './https-origin.ts';

type OnStream = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, raw: string[]) => void;

/** An HTTP/2 server to be proxied to. */
export interface Http2Origin {
  readonly url: string;
  readonly port: number;
  readonly server: Http2SecureServer;
  /** Every session there was, the first one first. */
  readonly sessions: readonly ServerHttp2Session[];
}

/** An HTTP/2 server with TLS for `localhost` on a free loopback port; closed when the test ends. */
export async function startHttp2Origin(onStream: OnStream, options: SecureServerOptions = {}): Promise<Http2Origin> {
  return listen(await secureServer(options), onStream);
}

/** The same, answering as a server of node:http would. */
export async function startHttp2AppOrigin(listener: RequestListener): Promise<Http2Origin> {
  const server = await secureServer({});
  // What http2 hands out has everything that such a listener uses.
  server.on('request', listener as unknown as (request: Http2ServerRequest, response: Http2ServerResponse) => void);
  return listen(server, () => undefined);
}

async function secureServer(options: SecureServerOptions): Promise<Http2SecureServer> {
  const { signer } = await testAuthority();
  const { certificate } = signer.sign('localhost');
  return createSecureServer({ cert: certificate, key: signer.key, ...options });
}

async function listen(server: Http2SecureServer, onStream: OnStream): Promise<Http2Origin> {
  const sessions: ServerHttp2Session[] = [];
  server.on('session', (session: ServerHttp2Session) => {
    sessions.push(session);
    // A test that kills connections expects their errors.
    session.on('error', () => session.destroy());
  });
  server.on('stream', (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, _flags: number, raw: string[]) => {
    stream.on('error', () => stream.destroy());
    onStream(stream, headers, raw);
  });
  server.listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  onTestFinished(async () => {
    for (const session of sessions) session.destroy();
    server.close();
    await once(server, 'close');
  });
  const { port } = server.address() as AddressInfo;
  return { url: `https://localhost:${port}`, port, server, sessions };
}

/** A session with a proxy by prior knowledge (RFC 9113 §3.3), ended with the test. */
export async function openSession(url: string): Promise<ClientHttp2Session> {
  const session = connect(url);
  onTestFinished(() => session.destroy());
  await once(session, 'remoteSettings');
  return session;
}

export interface Answer {
  readonly headers: Record<string, unknown>;
  readonly body: Buffer;
  readonly trailers: Record<string, unknown>;
}

/** Sends a request, with a body if there is one, and collects the answer. */
export async function ask(
  session: ClientHttp2Session,
  headers: OutgoingHttpHeaders,
  body?: Uint8Array,
): Promise<Answer> {
  const stream = session.request(headers, { endStream: body === undefined });
  if (body !== undefined) stream.end(body);
  return answerOf(stream);
}

/** Collects the answer on a stream; rejects when it breaks off with an error. */
export async function answerOf(stream: ClientHttp2Stream): Promise<Answer> {
  const answer = { headers: {}, trailers: {} };
  stream.on('response', (headers: object) => (answer.headers = headers));
  stream.on('trailers', (trailers: object) => (answer.trailers = trailers));
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return { ...answer, body: Buffer.concat(chunks) };
}
