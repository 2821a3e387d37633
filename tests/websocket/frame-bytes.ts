/** How a frame is to be written; what is left out is as RFC 6455 wants it. */
export interface FrameSpec {
  readonly opcode?: number;
  readonly fin?: boolean;
  readonly rsv?: number;
  readonly payload?: Uint8Array | string;
  readonly mask?: readonly [number, number, number, number];
  /** Bits of the length field, where the shortest is not wanted. */
  readonly lengthBits?: 7 | 16 | 64;
}

const MASK = [0x12, 0x34, 0x56, 0x78] as const;

/** The bytes of one frame (RFC 6455 §5.2), right or wrong. */
export function frame({ opcode = 1, fin = true, rsv = 0, payload = '', mask, lengthBits }: FrameSpec): Buffer {
  const data = Buffer.from(payload as string);
  const bits = lengthBits ?? (data.length < 126 ? 7 : data.length < 65_536 ? 16 : 64);
  const head = Buffer.alloc(2 + (bits === 16 ? 2 : bits === 64 ? 8 : 0));
  head[0] = (fin ? 128 : 0) | (rsv << 4) | opcode;
  head[1] = (mask === undefined ? 0 : 128) | (bits === 7 ? data.length : bits === 16 ? 126 : 127);
  if (bits === 16) head.writeUInt16BE(data.length, 2);
  if (bits === 64) head.writeBigUInt64BE(BigInt(data.length), 2);
  if (mask === undefined) return Buffer.concat([head, data]);
  return Buffer.concat([head, Buffer.from(mask), data.map((byte, i) => byte ^ (mask[i & 3] as number))]);
}

/** A frame as a client sends it. */
export function masked(spec: FrameSpec): Buffer {
  return frame({ mask: MASK, ...spec });
}

/** A Close frame's payload. */
export function closing(code: number, reason = ''): Buffer {
  const payload = Buffer.alloc(2 + Buffer.byteLength(reason));
  payload.writeUInt16BE(code);
  payload.write(reason, 2);
  return payload;
}
