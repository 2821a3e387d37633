import { textUnits, unitSize } from '../../../shared/text-units.ts';
import type { TextUnits } from '../../../shared/text-units.ts';
import type { Translate } from '../../i18n/translate.ts';
import { utf32Decoder } from './utf-32.ts';
import type { Decoder } from './utf-32.ts';

/** Bytes as text, and what the reader should know of how they became it. */
export interface DecodedText {
  readonly text: string;
  readonly charset: string;
  readonly note?: string;
}

/** A decoder for what these bytes begin, which marks what it cannot read; an unknown charset counts as UTF-8. */
export function lenientDecoder(charset: string, units: TextUnits): Decoder {
  if (unitSize(units) === 4) return utf32Decoder(units);
  return openDecoder(units === 'bytes' ? charset : units, { ignoreBOM: true }) ?? new TextDecoder();
}

/**
 * Bytes as text in `charset` (empty when none is given). A byte order mark wins, as it does in browsers; an unknown charset
 * counts as UTF-8; bytes that are no UTF-8 although nothing says what they are become Windows-1252, as browsers have it.
 */
export function decodeText(t: Translate, bytes: Uint8Array<ArrayBuffer>, charset: string): DecodedText {
  const units = textUnits(charset, bytes);
  if (unitSize(units) === 4) return decodeUtf32(t, bytes, units);
  const decoder = openDecoder(units === 'bytes' ? (utf8Mark(bytes) ?? charset) : units, { fatal: true });
  if (decoder === undefined) {
    const text = new TextDecoder().decode(bytes);
    return { text, charset: 'utf-8', note: t('body.charsetUnknown', { charset }) };
  }
  try {
    const { encoding } = decoder;
    const text = decoder.decode(bytes);
    if (!isUtf8Instead(bytes, encoding)) return { text, charset: encoding };
    return { text, charset: encoding, note: t('body.utf8Instead', { charset }) };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
  const given = charset === '' ? undefined : decoder.encoding;
  if (given === undefined) {
    const text = new TextDecoder('windows-1252').decode(bytes);
    return {
      text,
      charset: 'windows-1252',
      note: t('body.notUtf8'),
    };
  }
  const text = new TextDecoder(given).decode(bytes);
  return {
    text,
    charset: given,
    note: isUtf8Instead(bytes, given) ? t('body.utf8Instead', { charset }) : t('body.invalidBytes', { charset: given }),
  };
}

function decodeUtf32(t: Translate, bytes: Uint8Array<ArrayBuffer>, units: TextUnits): DecodedText {
  const decoder = utf32Decoder(units);
  const text = decoder.decode(bytes).replace(/^\ufeff/, '');
  const { encoding } = decoder;
  if (!text.includes('\ufffd')) return { text, charset: encoding };
  return {
    text,
    charset: encoding,
    note: t('body.invalidBytes', { charset: encoding }),
  };
}

function openDecoder(charset: string, options: TextDecoderOptions): TextDecoder | undefined {
  try {
    return new TextDecoder(charset === '' ? 'utf-8' : charset, options);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/**
 * Whether bytes that were read in another encoding are UTF-8 beyond doubt. By chance that hardly ever happens to text outside
 * of ASCII, and texts of 16-bit units have zeros where they are ASCII.
 */
function isUtf8Instead(bytes: Uint8Array, encoding: string): boolean {
  if (encoding === 'utf-8') return false;
  const wide = encoding.startsWith('utf-16');
  if (wide ? bytes.includes(0) : bytes.every((byte) => byte < 0x80)) return false;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}

/** Encoding Standard, "BOM sniff". */
function utf8Mark([first, second, third]: Uint8Array): string | undefined {
  return first === 0xef && second === 0xbb && third === 0xbf ? 'utf-8' : undefined;
}
