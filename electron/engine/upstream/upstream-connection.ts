import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { buildConnector, Client } from 'undici';
import type { Dispatcher } from 'undici';
import { ExchangeError } from '../errors.ts';

/** When the steps of opening a connection ended, on the engine's clock; absent steps did not happen (yet). */
export interface ConnectTimes {
  start: number;
  resolved?: number;
  connected?: number;
  secured?: number;
  /** The remote address, as in `93.184.216.34:443`. */
  address?: string;
  /** TLS version and cipher. */
  tls?: string;
}

/** What the pool gives each connection. */
export interface ConnectionEnvironment {
  now(): number;
  /** Says whether a connection to this address would lead back to this proxy. */
  isOwnAddress(address: string, port: number): boolean;
}

/** A handler that wants to know which connection its request goes to. */
export interface ConnectionAware extends Dispatcher.DispatchHandler {
  connection?: UpstreamConnection;
}

let nextId = 1;

/** One undici client, that is one connection to an origin, that remembers how it was opened. */
export class UpstreamConnection extends Client {
  /** Changes when the client connects anew. */
  connectionId = 0;
  times: ConnectTimes | undefined;
  /** Requests sent on the present connection. */
  served = 0;

  constructor(origin: URL | string, options: Client.Options, environment: ConnectionEnvironment) {
    const holder: { self?: UpstreamConnection } = {};
    const timeout = typeof options.connectTimeout === 'number' ? options.connectTimeout : 10_000;
    const open = buildConnector({ allowH2: false, timeout });
    super(origin, {
      ...options,
      connect: (request, callback) => {
        // The compiler cannot know it, but undici connects only after construction.
        if (holder.self !== undefined) connect(holder.self, open, request, callback, environment);
      },
    });
    holder.self = this;
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: ConnectionAware): boolean {
    handler.connection = this;
    return super.dispatch(options, handler);
  }
}

function connect(
  connection: UpstreamConnection,
  open: ReturnType<typeof buildConnector>,
  request: buildConnector.Options,
  callback: buildConnector.Callback,
  environment: ConnectionEnvironment,
): void {
  const times: ConnectTimes = { start: environment.now() };
  connection.times = times;
  connection.connectionId = nextId++;
  connection.served = 0;
  // undici's typings say void, but its connector returns the socket, which is the only way to see the steps.
  const socket = open(request, (error, opened) => {
    if (error !== null) {
      callback(error, null);
      return;
    }
    const { remoteAddress = '', remotePort = 0 } = opened as Socket;
    if (environment.isOwnAddress(remoteAddress, remotePort)) {
      (opened as Socket).destroy();
      callback(new ExchangeError('LOOP', 'connect', `It is ${remoteAddress}:${remotePort}.`), null);
      return;
    }
    callback(null, opened);
  }) as unknown as Socket;
  socket.once('lookup', () => (times.resolved = environment.now()));
  socket.once('connect', () => {
    times.connected = environment.now();
    times.address = formatAddress(socket.remoteAddress, socket.remotePort);
  });
  socket.once('secureConnect', () => {
    times.secured = environment.now();
    const tls = socket as TLSSocket;
    times.tls = `${tls.getProtocol() ?? 'TLS'} ${tls.getCipher().name}`;
  });
}

function formatAddress(address = '?', port = 0): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
