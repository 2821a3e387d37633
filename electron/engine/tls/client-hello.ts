/** What a client tells of itself before anything is encrypted (RFC 8446 §4.1.2). */
export interface ClientHello {
  /** The host that the client wants to talk to (RFC 6066 §3), in lower case; absent when it does not say. */
  readonly serverName: string | undefined;
  /** The protocols it would speak inside, best first (RFC 7301); empty when it does not say. */
  readonly alpn: readonly string[];
}

const HANDSHAKE = 22;
const CLIENT_HELLO = 1;
const SERVER_NAME = 0;
const ALPN = 16;
const HOST_NAME = 0;
/** The largest ClientHello that is waited for; those of clients with large key shares have 2 KiB. */
const MAX_HELLO = 65_536;

/**
 * Reads a ClientHello from the first bytes of a TLS connection, over as many records as it takes.
 *
 * @returns `incomplete` when more bytes are needed, `invalid` when it is no ClientHello.
 */
export function parseClientHello(bytes: Uint8Array): ClientHello | 'incomplete' | 'invalid' {
  const message = handshakeMessage(bytes);
  if (typeof message === 'string') return message;
  try {
    return readHello(new Reader(message));
  } catch (error) {
    if (error instanceof RangeError) return 'invalid';
    throw error;
  }
}

/** The body of the first handshake message, joined from the records that it is spread over (RFC 8446 §5.1). */
function handshakeMessage(bytes: Uint8Array): Uint8Array | 'incomplete' | 'invalid' {
  const parts: Uint8Array[] = [];
  let have = 0;
  let at = 0;
  let wanted: number | undefined;
  while (wanted === undefined || have < wanted) {
    if (at + 5 > bytes.length) return bytes.length > MAX_HELLO ? 'invalid' : 'incomplete';
    if (bytes[at] !== HANDSHAKE || bytes[at + 1] !== 3) return 'invalid';
    const length = uint16(bytes, at + 3);
    if (length === 0 || length > 16_640) return 'invalid';
    const part = bytes.subarray(at + 5, at + 5 + length);
    if (have === 0 && part.length > 0 && part[0] !== CLIENT_HELLO) return 'invalid';
    parts.push(part);
    have += part.length;
    if (wanted === undefined && have >= 4) wanted = 4 + uint24(join(parts, have), 1);
    if (wanted !== undefined && wanted > MAX_HELLO) return 'invalid';
    if (part.length < length && (wanted === undefined || have < wanted)) return 'incomplete';
    at += 5 + length;
  }
  return join(parts, have).subarray(4, wanted);
}

function readHello(reader: Reader): ClientHello {
  // Version and random.
  reader.skip(34);
  reader.skip(reader.uint8()); // session id
  reader.skip(reader.uint16()); // cipher suites
  reader.skip(reader.uint8()); // compression methods
  let serverName: string | undefined;
  let alpn: readonly string[] = [];
  if (reader.left === 0) return { serverName, alpn };
  const extensions = reader.part(reader.uint16());
  while (extensions.left > 0) {
    const type = extensions.uint16();
    const content = extensions.part(extensions.uint16());
    if (type === SERVER_NAME) serverName = readServerName(content);
    else if (type === ALPN) alpn = readProtocols(content);
  }
  return { serverName, alpn };
}

function readServerName(content: Reader): string | undefined {
  if (content.left === 0) return undefined;
  const names = content.part(content.uint16());
  while (names.left > 0) {
    const type = names.uint8();
    const name = names.text(names.uint16());
    // RFC 6066 §3: without a dot at its end.
    if (type === HOST_NAME) return name.toLowerCase().replace(/\.$/, '');
  }
  return undefined;
}

function readProtocols(content: Reader): string[] {
  const names = content.part(content.uint16());
  const protocols: string[] = [];
  while (names.left > 0) protocols.push(names.text(names.uint8()));
  return protocols;
}

/** Reads numbers and parts from bytes in order; throws a RangeError where there is not enough. */
class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  skip(count: number): void {
    this.#take(count);
  }

  uint8(): number {
    const at = this.#take(1);
    return this.#bytes[at] as number;
  }

  uint16(): number {
    return uint16(this.#bytes, this.#take(2));
  }

  part(length: number): Reader {
    const at = this.#take(length);
    return new Reader(this.#bytes.subarray(at, at + length));
  }

  text(length: number): string {
    const at = this.#take(length);
    return String.fromCharCode(...this.#bytes.subarray(at, at + length));
  }

  #take(count: number): number {
    if (count > this.left) throw new RangeError('The ClientHello is shorter than it says');
    const at = this.#at;
    this.#at += count;
    return at;
  }
}

function uint16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
}

function uint24(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 16) | uint16(bytes, at + 1);
}

function join(parts: readonly Uint8Array[], length: number): Uint8Array {
  if (parts.length === 1) return parts[0] as Uint8Array;
  const joined = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
