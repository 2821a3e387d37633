import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { buildConnector, Client } from 'undici';
import { ExchangeError } from '../errors.ts';
import { formatAddress } from '../http/format-address.ts';
import { pooledReads } from './read-memory.ts';

/** When the steps of opening a connection ended, on the engine's clock; absent steps did not happen (yet). */
export interface ConnectTimes {
  start: number;
  resolved?: number;
  connected?: number;
  secured?: number;
  /** TLS version and cipher. */
  tls?: string;
}

/** What every connection needs of its surroundings. */
export interface ConnectionEnvironment {
  now(): number;
  /** Says whether a connection to this address would lead back to this proxy. */
  isOwnAddress(address: string, port: number): boolean;
}

/** Heads larger than Node's own limit exist in the wild and are worth seeing. */
const MAX_HEAD = 2 * 1024 * 1024;

/** Reading stops when this much waits, so after one large chunk: more would only take memory. */
const READ_AHEAD_BYTES = 16_384;

let nextId = 1;

/** One undici client, that is one connection to an origin, that remembers how it was opened. */
export class UpstreamConnection {
  readonly origin: string;
  readonly client: Client;
  /** Tells connections apart; changes when the client connects anew. */
  id = 0;
  times: ConnectTimes | undefined;
  /** The remote address, as in `93.184.216.34:443`, once connected. */
  address: string | undefined;

  constructor(origin: string, connectTimeout: number, environment: ConnectionEnvironment) {
    this.origin = origin;
    this.client = new Client(origin, {
      pipelining: 1,
      maxHeaderSize: MAX_HEAD,
      allowH2: false,
      connect: (request, callback) => this.#connect(connectTimeout, request, callback, environment),
    });
  }

  #connect(
    timeout: number,
    request: buildConnector.Options,
    callback: buildConnector.Callback,
    environment: ConnectionEnvironment,
  ): void {
    const times: ConnectTimes = { start: environment.now() };
    this.times = times;
    this.id = nextId++;
    const reads = pooledReads();
    // undici's typings leave out highWaterMark, which it passes on to net.connect like the rest.
    const readAhead: object = { highWaterMark: READ_AHEAD_BYTES };
    const open = buildConnector({ allowH2: false, timeout, onread: reads.onread, ...readAhead });
    // undici's typings say void, but its connector returns the socket, which is the only way to see the steps.
    const socket = open(request, (error, opened) => {
      if (error !== null) {
        callback(error, null);
        return;
      }
      const { remoteAddress = '', remotePort = 0 } = opened;
      if (environment.isOwnAddress(remoteAddress, remotePort)) {
        opened.destroy();
        callback(new ExchangeError('LOOP', 'connect', `It is ${remoteAddress}:${remotePort}.`), null);
        return;
      }
      callback(null, opened);
    }) as unknown as Socket;
    reads.attach(socket);
    socket.once('lookup', () => (times.resolved = environment.now()));
    socket.once('connect', () => {
      times.connected = environment.now();
      this.address = formatAddress(socket.remoteAddress, socket.remotePort);
    });
    socket.once('secureConnect', () => {
      times.secured = environment.now();
      if (socket instanceof TLSSocket) times.tls = `${socket.getProtocol() ?? 'TLS'} ${socket.getCipher().name}`;
    });
  }
}
