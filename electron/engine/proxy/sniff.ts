/** What a client speaks, by its first bytes. `other` is none of those we know. */
export type Protocol = 'http1' | 'h2' | 'tls' | 'socks4' | 'socks5' | 'other';

/** RFC 9113 §3.4: what every HTTP/2 client sends first. */
const H2_PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'latin1');
const H2_REQUEST_LINE = 16;
/** Longer than the first line of any request that a server would take. */
const MAX_LINE = 65_536;
const REQUEST_LINE = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,40} [^\s]+ HTTP\/1\.\d\r?\n/;
const LF = 10;

/** What the first bytes on the proxy's own port are; `undefined` when it takes more of them to tell. */
export function sniffClient(bytes: Buffer): Protocol | undefined {
  const first = bytes[0];
  if (first === undefined) return undefined;
  if (first === 0x05) return 'socks5';
  if (first === 0x04) return 'socks4';
  if (first === TLS_HANDSHAKE) return sniffTls(bytes);
  // Whatever else it is, the client talks to an HTTP proxy, and is told in HTTP what is wrong with it.
  return first === 0x50 ? sniffH2(bytes) : 'http1';
}

/**
 * What the first bytes inside of a tunnel are; `undefined` when it takes more of them to tell. Everything goes through
 * tunnels, so only what cannot be anything else is taken for HTTP: a whole request line, or the preface.
 */
export function sniffTunnel(bytes: Buffer): Exclude<Protocol, 'socks4' | 'socks5'> | undefined {
  const first = bytes[0];
  if (first === undefined) return undefined;
  if (first === TLS_HANDSHAKE) return sniffTls(bytes);
  const h2 = sniffH2(bytes);
  if (h2 !== 'http1') return h2;
  if (first < 0x21 || first > 0x7e) return 'other';
  const end = bytes.indexOf(LF);
  if (end === -1) return bytes.length > MAX_LINE ? 'other' : undefined;
  return REQUEST_LINE.test(bytes.toString('latin1', 0, end + 1)) ? 'http1' : 'other';
}

/** RFC 8446 §5.1: a record of the type handshake, whose version is 3.x for compatibility. */
const TLS_HANDSHAKE = 0x16;

function sniffTls(bytes: Buffer): 'tls' | 'other' | undefined {
  if (bytes.length < 2) return undefined;
  return bytes[1] === 3 ? 'tls' : 'other';
}

/** `http1` when it is not HTTP/2's preface; methods beginning with `PR` need a third byte. */
function sniffH2(bytes: Buffer): 'h2' | 'http1' | undefined {
  const compared = Math.min(bytes.length, H2_REQUEST_LINE);
  if (bytes.compare(H2_PREFACE, 0, compared, 0, compared) !== 0) return 'http1';
  return compared === H2_REQUEST_LINE ? 'h2' : undefined;
}
