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
export const WINDOW_UPDATE = 8;
export const CONTINUATION = 9;
export const END_STREAM = 1;
export const END_HEADERS = 4;

/** A request for `/`, by the static table (RFC 7541 Appendix A); nothing of it goes into the dynamic one. */
export function head(method: 'GET' | 'POST', host: string): Buffer {
  return Buffer.concat([Buffer.of(method === 'GET' ? 0x82 : 0x83, 0x86, 0x84, 0x01, host.length), Buffer.from(host)]);
}

/** A frame that came. */
export interface ReceivedFrame {
  readonly type: number;
  readonly flags: number;
  readonly payload: Buffer;
}

/** All whole frames that came. */
export function frames(received: string): ReceivedFrame[] {
  const bytes = Buffer.from(received, 'latin1');
  const found: ReceivedFrame[] = [];
  for (let at = 0; at + 9 <= bytes.length;) {
    const end = at + 9 + bytes.readUIntBE(at, 3);
    if (end <= bytes.length) {
      found.push({
        type: bytes.readUInt8(at + 3),
        flags: bytes.readUInt8(at + 4),
        payload: bytes.subarray(at + 9, end),
      });
    }
    at = end;
  }
  return found;
}

/** The codes of all RST_STREAM frames that came. */
export function resets(received: string): number[] {
  return frames(received)
    .filter(({ type }) => type === RST_STREAM)
    .map(({ payload }) => payload.readUInt32BE());
}

/** How many bytes came in DATA frames. */
export function dataBytes(received: string): number {
  return frames(received).reduce((sum, { type, payload }) => sum + (type === DATA ? payload.length : 0), 0);
}
