/** A frame (RFC 9113 §4.1). */
export function frame(type: number, flags: number, stream: number, payload: Uint8Array = new Uint8Array()): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

export const DATA = 0;
export const HEADERS = 1;
export const RST_STREAM = 3;
export const SETTINGS = 4;
export const PING = 6;
export const CONTINUATION = 9;
export const END_STREAM = 1;
export const END_HEADERS = 4;

/** A request for `/`, by the static table (RFC 7541 Appendix A); nothing of it goes into the dynamic one. */
export function head(method: 'GET' | 'POST', host: string): Buffer {
  return Buffer.concat([Buffer.of(method === 'GET' ? 0x82 : 0x83, 0x86, 0x84, 0x01, host.length), Buffer.from(host)]);
}

/** The codes of all RST_STREAM frames that came. */
export function resets(received: string): number[] {
  const bytes = Buffer.from(received, 'latin1');
  const codes: number[] = [];
  for (let at = 0; at + 9 <= bytes.length; at += 9 + bytes.readUIntBE(at, 3)) {
    if (bytes[at + 3] === RST_STREAM && at + 13 <= bytes.length) codes.push(bytes.readUInt32BE(at + 9));
  }
  return codes;
}
