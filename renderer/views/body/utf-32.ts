import type { TextUnits } from '../../../shared/text-units.ts';

/** What turns bytes into text; with `stream`, a character that is cut off waits for the rest of its bytes. */
export interface Decoder {
  readonly encoding: string;
  decode(bytes: Uint8Array, options?: { readonly stream?: boolean }): string;
}

/** Code points that become characters at once: as many as a call takes as arguments without harm. */
const AT_ONCE = 8192;

/** A decoder for UTF-32, which browsers have none for. What is no character becomes U+FFFD. */
export function utf32Decoder(units: TextUnits): Decoder {
  const little = units === 'utf-32le';
  return {
    encoding: units,
    decode: (bytes) => {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      let text = '';
      let points: number[] = [];
      for (let at = 0; at < bytes.length; at += 4) {
        const point = at + 4 <= bytes.length ? view.getUint32(at, little) : Infinity;
        points.push(point > 0x10ffff || (point >= 0xd800 && point < 0xe000) ? 0xfffd : point);
        if (points.length < AT_ONCE) continue;
        text += String.fromCodePoint(...points);
        points = [];
      }
      return text + String.fromCodePoint(...points);
    },
  };
}
