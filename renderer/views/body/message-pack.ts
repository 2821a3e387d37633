import { TreeBuilder } from './tree-model.ts';
import type { ValueTree } from './tree-model.ts';

/** What is open: how many values it still gets, and whether every second one is a name. */
interface Holder {
  left: number;
  readonly map: boolean;
}

/** MessagePack as a tree; what is not MessagePack is told of, and what came before it is shown. */
export function messagePackTree(bytes: Uint8Array): ValueTree {
  const reader = new MessagePackReader(bytes);
  reader.readAll();
  return reader.builder.finish();
}

type Value =
  | { readonly kind: 'string' | 'number' | 'word' | 'note'; readonly text: string }
  | { readonly kind: 'object' | 'array'; readonly size: number };

class MessagePackReader {
  readonly builder = new TreeBuilder();
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #open: Holder[] = [];
  #at = 0;
  #name: string | undefined;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Values follow each other to the end of the bytes. */
  readAll(): void {
    try {
      while (this.#at < this.#bytes.length && !this.builder.full) this.#step();
      if (this.#open.length > 0) this.builder.complain((t) => t('body.endsInValue'));
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      const values = { at: String(this.#at), problem: error.message };
      this.builder.complain((t) => t('body.notMessagePack', values));
    }
  }

  #step(): void {
    const holder = this.#open.at(-1);
    const value = this.#value();
    if (holder?.map === true && this.#name === undefined) {
      this.#name = 'size' in value ? '(a container)' : value.text.replace(/^"|"$/g, '');
      if ('size' in value && value.size > 0) throw new RangeError('a container is used as a name');
      return;
    }
    const key = this.#name ?? (holder === undefined ? null : (this.builder.inside?.count ?? 0));
    this.#name = undefined;
    if (holder !== undefined) holder.left--;
    if ('size' in value) {
      this.builder.open(key, value.kind);
      this.#open.push({ left: value.size, map: value.kind === 'object' });
    } else this.builder.add(key, value.kind, value.text);
    while (this.#open.at(-1)?.left === 0) {
      this.#open.pop();
      this.builder.close();
    }
  }

  /** The next value, by the first byte (MessagePack specification, "Overview" of its formats). */
  #value(): Value {
    const first = this.#unsigned(1);
    if (first <= 0x7f) return number(first);
    if (first <= 0x8f) return { kind: 'object', size: first & 0x0f };
    if (first <= 0x9f) return { kind: 'array', size: first & 0x0f };
    if (first <= 0xbf) return this.#string(first & 0x1f);
    if (first >= 0xe0) return number(first - 256);
    switch (first) {
      case 0xc0:
        return { kind: 'word', text: 'null' };
      case 0xc2:
      case 0xc3:
        return { kind: 'word', text: first === 0xc3 ? 'true' : 'false' };
      case 0xc4:
      case 0xc5:
      case 0xc6:
        return this.#binary(this.#unsigned(1 << (first - 0xc4)), 'bytes');
      case 0xc7:
      case 0xc8:
      case 0xc9:
        return this.#extension(this.#unsigned(1 << (first - 0xc7)));
      case 0xca:
        return number(this.#take(4, (at) => this.#view.getFloat32(at)));
      case 0xcb:
        return number(this.#take(8, (at) => this.#view.getFloat64(at)));
      case 0xcf:
        return { kind: 'number', text: String(this.#take(8, (at) => this.#view.getBigUint64(at))) };
      case 0xd3:
        return { kind: 'number', text: String(this.#take(8, (at) => this.#view.getBigInt64(at))) };
      default:
        return this.#rest(first);
    }
  }

  #rest(first: number): Value {
    if (first >= 0xcc && first <= 0xce) return number(this.#unsigned(1 << (first - 0xcc)));
    if (first === 0xd0) return number(this.#take(1, (at) => this.#view.getInt8(at)));
    if (first === 0xd1) return number(this.#take(2, (at) => this.#view.getInt16(at)));
    if (first === 0xd2) return number(this.#take(4, (at) => this.#view.getInt32(at)));
    if (first >= 0xd4 && first <= 0xd8) return this.#extension(1 << (first - 0xd4));
    if (first >= 0xd9 && first <= 0xdb) return this.#string(this.#unsigned(1 << (first - 0xd9)));
    if (first === 0xdc || first === 0xdd) return { kind: 'array', size: this.#unsigned(first === 0xdc ? 2 : 4) };
    if (first === 0xde || first === 0xdf) return { kind: 'object', size: this.#unsigned(first === 0xde ? 2 : 4) };
    throw new RangeError('no value begins with 0xc1');
  }

  #string(length: number): Value {
    const at = this.#skip(length);
    return { kind: 'string', text: JSON.stringify(new TextDecoder().decode(this.#bytes.subarray(at, at + length))) };
  }

  #binary(length: number, what: string): Value {
    const at = this.#skip(length);
    return { kind: 'note', text: `${length} ${what}: ${hexOf(this.#bytes.subarray(at, at + Math.min(length, 64)))}` };
  }

  /** Type -1 is a time (MessagePack specification, "Timestamp extension type"). */
  #extension(length: number): Value {
    const type = this.#take(1, (at) => this.#view.getInt8(at));
    if (type === -1 && length === 4) {
      return { kind: 'note', text: new Date(this.#unsigned(4) * 1000).toISOString() };
    }
    return this.#binary(length, `B, ext ${type}`);
  }

  #unsigned(size: number): number {
    return this.#take(size, (at) => {
      if (size === 1) return this.#view.getUint8(at);
      return size === 2 ? this.#view.getUint16(at) : this.#view.getUint32(at);
    });
  }

  #take<T>(size: number, get: (at: number) => T): T {
    return get(this.#skip(size));
  }

  #skip(size: number): number {
    if (this.#at + size > this.#bytes.length) throw new RangeError('the bytes end in the middle of a value');
    this.#at += size;
    return this.#at - size;
  }
}

function number(value: number): Value {
  return { kind: 'number', text: String(value) };
}

function hexOf(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
}
