import { TreeBuilder } from './tree-model.ts';
import type { ValueTree } from './tree-model.ts';

/** Messages in messages deeper than this are shown as bytes. */
const DEEPEST = 60;

interface Field {
  readonly number: number;
  readonly wire: number;
  readonly value: bigint | Uint8Array;
}

/**
 * Protocol Buffers without their schema: numbers instead of names, and for each value what it can be. Bytes that read as a
 * message are taken for one, those that read as text for text.
 *
 * @param framed the messages of gRPC, each behind a flag and its length
 */
export function protobufTree(bytes: Uint8Array, framed: boolean): ValueTree {
  const builder = new TreeBuilder();
  const messages = framed ? grpcMessages(bytes, builder) : [bytes];
  messages.forEach((message, place) => {
    const fields = parseFields(message);
    if (fields === undefined) {
      builder.add(framed ? place : null, 'note', `${message.length} bytes: ${hexOf(message)}`);
      builder.complain((t) => t('body.notProtobuf'));
      return;
    }
    if (framed) builder.open(place, 'object', `message ${place + 1}`);
    addFields(builder, fields, 0);
    if (framed) builder.close();
  });
  return builder.finish();
}

/** "Length-Prefixed-Message" of gRPC over HTTP/2: one byte that tells of compression, four of length. */
function grpcMessages(bytes: Uint8Array, builder: TreeBuilder): Uint8Array[] {
  const messages: Uint8Array[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  while (at + 5 <= bytes.length) {
    const length = view.getUint32(at + 1);
    if (bytes[at] === 1) builder.complain((t) => t('body.compressedMessages'));
    messages.push(bytes.subarray(at + 5, at + 5 + length));
    at += 5 + length;
  }
  if (at !== bytes.length) builder.complain((t) => t('body.lastNotWhole'));
  return messages;
}

function addFields(builder: TreeBuilder, fields: readonly Field[], depth: number): void {
  for (const { number, wire, value } of fields) {
    if (builder.full) return;
    if (typeof value === 'bigint') builder.add(number, 'number', scalarWords(wire, value));
    else addBytes(builder, number, value, depth);
  }
}

function addBytes(builder: TreeBuilder, number: number, bytes: Uint8Array, depth: number): void {
  const text = asText(bytes);
  const inner = text === undefined || bytes.length > 1 ? parseFields(bytes) : undefined;
  // Short texts read as messages by chance; real messages hardly ever read as text.
  if (inner !== undefined && text === undefined && inner.length > 0 && depth < DEEPEST) {
    builder.open(number, 'object');
    addFields(builder, inner, depth + 1);
    builder.close();
  } else if (text !== undefined) builder.add(number, 'string', JSON.stringify(text));
  else builder.add(number, 'note', `${bytes.length} bytes: ${hexOf(bytes)}`);
}

/** All that a number of this wire type may mean, where that differs. */
function scalarWords(wire: number, value: bigint): string {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, value);
  if (wire === 1) return `${value} (double: ${view.getFloat64(0)})`;
  if (wire === 5) return `${value} (float: ${view.getFloat32(4)})`;
  const zigzag = (value >> 1n) ^ -(value & 1n);
  const signed = BigInt.asIntN(64, value);
  const others = [...(signed < 0n ? [`int64: ${signed}`] : []), ...(value > 1n ? [`sint: ${zigzag}`] : [])];
  return others.length === 0 ? String(value) : `${value} (${others.join(', ')})`;
}

/** The fields of a message; undefined when the bytes are none. */
function parseFields(bytes: Uint8Array): Field[] | undefined {
  const fields: Field[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const varint = (): bigint | undefined => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined) return undefined;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    return undefined;
  };
  while (at < bytes.length) {
    const tag = varint();
    if (tag === undefined || tag >> 3n === 0n || tag >> 3n > 536_870_911n) return undefined;
    const wire = Number(tag & 7n);
    const number = Number(tag >> 3n);
    if (wire === 0) {
      const value = varint();
      if (value === undefined) return undefined;
      fields.push({ number, wire, value });
    } else if (wire === 1 || wire === 5) {
      const size = wire === 1 ? 8 : 4;
      if (at + size > bytes.length) return undefined;
      const value = wire === 1 ? view.getBigUint64(at, true) : BigInt(view.getUint32(at, true));
      fields.push({ number, wire, value });
      at += size;
    } else if (wire === 2) {
      const length = varint();
      if (length === undefined || BigInt(at) + length > BigInt(bytes.length)) return undefined;
      fields.push({ number, wire, value: bytes.subarray(at, at + Number(length)) });
      at += Number(length);
    } else return undefined;
  }
  return fields;
}

function asText(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return /[\0-\x08\x0e-\x1f\x7f]/.test(text) ? undefined : text;
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

function hexOf(bytes: Uint8Array): string {
  const shown = [...bytes.subarray(0, 64)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
  return bytes.length > 64 ? `${shown} …` : shown;
}
