import { once } from 'node:events';
import {
  type ClientDuplexStream,
  type ClientReadableStream,
  type ClientUnaryCall,
  credentials,
  makeClientConstructor,
  Metadata,
  Server,
  ServerCredentials,
  type ServiceDefinition,
  type ServiceError,
  status,
} from '@grpc/grpc-js';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ExchangeView } from '../../shared/exchange-view.ts';
import type { TestEngine } from '../support/engine.ts';
import { startEngine } from '../support/engine.ts';
import { testAuthority } from '../support/https-origin.ts';

const bytes = { serialize: (text: string) => Buffer.from(text), deserialize: (data: Buffer) => data.toString() };
const method = (name: string, requestStream: boolean, responseStream: boolean): ServiceDefinition[string] => ({
  ...{ path: `/test.Echo/${name}`, requestStream, responseStream },
  ...{ requestSerialize: bytes.serialize, requestDeserialize: bytes.deserialize },
  ...{ responseSerialize: bytes.serialize, responseDeserialize: bytes.deserialize },
});
const service: ServiceDefinition = {
  say: method('Say', false, false),
  count: method('Count', false, true),
  join: method('Join', true, false),
  chat: method('Chat', true, true),
};

interface EchoClient {
  say(text: string, done: (error: ServiceError | null, answer?: string) => void): ClientUnaryCall;
  count(text: string): ClientReadableStream<string>;
  join(done: (error: ServiceError | null, answer?: string) => void): NodeJS.WritableStream;
  chat(): ClientDuplexStream<string, string>;
  close(): void;
}

/** A gRPC server; closed when the test ends. */
async function startGrpcServer(identity: ServerCredentials): Promise<number> {
  const server = new Server();
  server.addService(service, {
    say: (call: { request: string }, answer: (error: object | null, text?: string) => void) => {
      if (call.request === 'fail') answer({ code: status.NOT_FOUND, details: 'nothing of the kind' });
      else answer(null, `you said ${call.request}`);
    },
    count: (call: { request: string; write(text: string): void; end(fields?: Metadata): void }) => {
      for (let i = 1; i <= Number(call.request); i++) call.write(String(i));
      const fields = new Metadata();
      fields.set('x-total', call.request);
      call.end(fields);
    },
    join: (call: NodeJS.ReadableStream, answer: (error: null, text: string) => void) => {
      const parts: string[] = [];
      call.on('data', (part: string) => parts.push(part));
      call.on('end', () => answer(null, parts.join('+')));
    },
    chat: (call: NodeJS.ReadableStream & { write(text: string): void; end(): void }) => {
      call.on('data', (part: string) => call.write(`echo ${part}`));
      call.on('end', () => call.end());
    },
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', identity, (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
  onTestFinished(() => server.forceShutdown());
  return port;
}

interface Started {
  readonly client: EchoClient;
  readonly test: TestEngine;
  /** The row of the call that has ended. */
  readonly called: () => Promise<ExchangeView>;
}

/** The proxy stands in front of the server, without TLS. */
async function startInFront(): Promise<Started> {
  const test = await startEngine({
    upstream: `http://127.0.0.1:${await startGrpcServer(ServerCredentials.createInsecure())}`,
  });
  return { ...connect(`127.0.0.1:${test.port}`, credentials.createInsecure()), test, called: () => test.finished() };
}

/** The client goes through the proxy by CONNECT, and its TLS is intercepted. */
async function startIntercepted(): Promise<Started> {
  const { signer } = await testAuthority();
  const { certificate } = signer.sign('localhost');
  const pair = { cert_chain: Buffer.from(certificate), private_key: Buffer.from(signer.key) };
  const port = await startGrpcServer(ServerCredentials.createSsl(null, [pair]));
  const test = await startEngine();
  setEnvironment({ grpc_proxy: test.url, no_grpc_proxy: 'nowhere.example' });
  const trust = credentials.createSsl(Buffer.from(test.engine.authority.certificate));
  const called = (): Promise<ExchangeView> => test.finished(({ kind }) => kind === 'http');
  return { ...connect(`localhost:${port}`, trust), test, called };
}

function connect(address: string, how: ReturnType<typeof credentials.createInsecure>): Pick<Started, 'client'> {
  const Client = makeClientConstructor(service, 'Echo');
  const client = new Client(address, how) as unknown as EchoClient;
  onTestFinished(() => client.close());
  return { client };
}

/** For the rest of the test. */
function setEnvironment(values: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(values)) {
    const before = process.env[name];
    process.env[name] = value;
    onTestFinished(() => {
      if (before === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = before;
    });
  }
}

describe.each([
  ['with the proxy in front of the server', startInFront],
  ['through interception', startIntercepted],
])('gRPC %s', (_how, start) => {
  it('passes calls with one answer, and shows the status in the trailers', async () => {
    const { client, called } = await start();
    const answer = await new Promise((resolve) => {
      client.say('hello', (_error, text) => resolve(text));
    });
    expect(answer).toBe('you said hello');
    const view = await called();
    expect(view).toMatchObject({ version: 'HTTP/2', status: 200, outcome: { kind: 'completed' } });
    expect(view.response?.trailers).toEqual(expect.arrayContaining(['grpc-status', '0']));
  });

  it('passes failures, which are a head alone', async () => {
    const { client, called } = await start();
    const error = await new Promise<ServiceError | null>((resolve) => {
      client.say('fail', resolve);
    });
    expect(error).toMatchObject({ code: status.NOT_FOUND, details: 'nothing of the kind' });
    expect(await called()).toMatchObject({ outcome: { kind: 'completed' } });
  });

  it('passes streams from the server', async () => {
    const { client } = await start();
    const call = client.count('3');
    const seen: unknown[] = [];
    call.on('data', (text) => seen.push(text));
    const [{ metadata }] = (await once(call, 'status')) as [{ metadata: Metadata }];
    expect(seen).toEqual(['1', '2', '3']);
    expect(metadata.get('x-total')).toEqual(['3']);
  });

  it('passes streams from the client', async () => {
    const { client } = await start();
    const answer = await new Promise((resolve) => {
      const call = client.join((_error, text) => resolve(text));
      for (const part of ['a', 'b', 'c']) call.write(part);
      call.end();
    });
    expect(answer).toBe('a+b+c');
  });

  it('passes streams both ways at once, each message as it comes', async () => {
    const { client, called } = await start();
    const call = client.chat();
    for (const part of ['one', 'two']) {
      call.write(part);
      expect(await once(call, 'data')).toEqual([`echo ${part}`]);
    }
    call.end();
    call.resume();
    await once(call, 'end');
    expect(await called()).toMatchObject({ outcome: { kind: 'completed' } });
  });
});
