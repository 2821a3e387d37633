import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { SocketReader } from '../../electron/engine/upstream/connect/socket-reader.ts';
import type { TestOrigin } from './origin.ts';
import { startRawOrigin } from './origin.ts';

/** What a SOCKS server of the tests was asked for. */
export interface SocksServer extends TestOrigin {
  /** The targets asked for, as in `name:port`, with the users in front: `user@name:port`. */
  readonly asked: string[];
}

/**
 * A SOCKS server (RFC 1928, 1929, and 4a) that connects every name to this machine.
 *
 * @param rules `user:password` that it wants, or the code that it answers every request with.
 */
export async function startSocks(
  rules: { readonly user?: string; readonly reply?: number } = {},
): Promise<SocksServer> {
  const asked: string[] = [];
  const server = await startRawOrigin((socket) => {
    serve(socket, rules, asked).catch(() => socket.destroy());
  });
  return { ...server, asked };
}

async function serve(socket: Socket, rules: { user?: string; reply?: number }, asked: string[]): Promise<void> {
  const reader = new SocketReader(socket);
  const [version = 0, second = 0] = await reader.take(2);
  const { name, port, user } = version === 5 ? await ask5(socket, reader, second, rules.user) : await ask4(reader);
  asked.push(`${user === '' ? '' : `${user}@`}${name}:${port}`);
  const code = rules.reply ?? 0;
  const answer = version === 5 ? [5, code, 0, 1, 0, 0, 0, 0, 0, 0] : [0, code === 0 ? 0x5a : 0x5b, 0, 0, 0, 0, 0, 0];
  reader.release();
  if (code !== 0) {
    socket.end(Buffer.from(answer));
    return;
  }
  const target = connect(port, '127.0.0.1', () => {
    socket.write(Buffer.from(answer));
    socket.pipe(target);
    target.pipe(socket);
  });
  target.on('error', () => socket.destroy());
  socket.on('close', () => target.destroy());
}

async function ask5(socket: Socket, reader: SocketReader, methods: number, wanted: string | undefined) {
  const offered = [...(await reader.take(methods))];
  let user = '';
  if (wanted === undefined) socket.write(Buffer.of(5, 0));
  else if (!offered.includes(2)) {
    socket.end(Buffer.of(5, 255));
    throw new Error('no credentials');
  } else {
    socket.write(Buffer.of(5, 2));
    const text = async (): Promise<string> => (await reader.take((await reader.take(1))[0] ?? 0)).toString();
    await reader.take(1);
    user = await text();
    const matches = `${user}:${await text()}` === wanted;
    socket.write(Buffer.of(1, matches ? 0 : 1));
    if (!matches) throw new Error('wrong credentials');
  }
  const [, , , kind] = await reader.take(4);
  const length = kind === 1 ? 4 : kind === 4 ? 16 : ((await reader.take(1))[0] ?? 0);
  const bytes = await reader.take(length);
  const name = kind === 3 ? bytes.toString() : [...bytes].join('.');
  return { name, port: (await reader.take(2)).readUInt16BE(), user };
}

async function ask4(reader: SocketReader) {
  const port = (await reader.take(2)).readUInt16BE();
  const address = [...(await reader.take(4))];
  const user = await takeText(reader);
  const isName = address[0] === 0 && address[1] === 0 && address[2] === 0;
  const name = isName ? await takeText(reader) : address.join('.');
  return { name, port, user };
}

/** Up to the zero at its end. */
async function takeText(reader: SocketReader): Promise<string> {
  const { text } = await reader.takeFound((bytes) => {
    const end = bytes.indexOf(0);
    return end === -1 ? undefined : { text: bytes.toString('utf8', 0, end), end: end + 1 };
  }, 300);
  return text;
}
