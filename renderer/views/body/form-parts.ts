/** One field of a form, or one part of a multipart body. */
export interface FormPart {
  readonly name: string;
  /** A text that is short enough to be shown whole; what it holds otherwise. */
  readonly value: string;
  readonly text: boolean;
  /** The part's own header fields, and its file name. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly fileName?: string;
  readonly bytes: number;
}

/** Parts beyond this are not listed. */
const MAX_PARTS = 2_000;

/** The fields of `application/x-www-form-urlencoded`, decoded. What is not valid percent-encoding stays as it is. */
export function urlEncodedParts(text: string): FormPart[] {
  return text
    .split('&', MAX_PARTS)
    .filter((pair) => pair !== '')
    .map((pair) => {
      const equals = pair.indexOf('=');
      const name = equals < 0 ? pair : pair.slice(0, equals);
      const value = equals < 0 ? '' : pair.slice(equals + 1);
      return { name: percentDecoded(name), value: percentDecoded(value), text: true, headers: [], bytes: value.length };
    });
}

/** A part of a query or form without its percent-encoding, as far as that is valid. */
export function percentDecoded(text: string): string {
  const spaced = text.replaceAll('+', ' ');
  if (!spaced.includes('%')) return spaced;
  return spaced.replace(/(?:%[0-9a-f]{2})+/gi, (run) => {
    try {
      return decodeURIComponent(run);
    } catch (error) {
      if (error instanceof URIError) return run;
      throw error;
    }
  });
}

/**
 * The parts of a multipart body (RFC 2046 §5.1).
 *
 * @param contentType the whole field value, which names the boundary
 * @returns undefined when it names none, or the body does not have it
 */
export function multipartParts(bytes: Uint8Array, contentType: string): FormPart[] | undefined {
  const boundary = /;\s*boundary\s*=\s*(?:"([^"]{1,200})"|([^\s;]{1,200}))/i.exec(contentType);
  const named = boundary?.[1] ?? boundary?.[2];
  if (named === undefined) return undefined;
  // One character for each byte, so that places in the text are places in the bytes.
  const text = byteText(bytes);
  const pieces = text.split(`--${named}`, MAX_PARTS + 1).slice(1);
  if (pieces.length === 0) return undefined;
  const parts: FormPart[] = [];
  for (const piece of pieces) {
    if (piece.startsWith('--')) break;
    parts.push(readPart(piece.replace(/^[ \t]*\r?\n/, '').replace(/\r?\n$/, '')));
  }
  return parts;
}

function readPart(piece: string): FormPart {
  const gap = /\r?\n\r?\n/.exec(piece);
  const head = gap === null ? piece : piece.slice(0, gap.index);
  const content = gap === null ? '' : piece.slice(gap.index + gap[0].length);
  const headers = head.split(/\r?\n/).flatMap((line): [string, string][] => {
    const colon = line.indexOf(':');
    return colon <= 0 ? [] : [[line.slice(0, colon).trim(), utf8(line.slice(colon + 1).trim())]];
  });
  const field = (name: string): string => headers.find(([other]) => other.toLowerCase() === name)?.[1] ?? '';
  const disposition = field('content-disposition');
  const fileName = parameter(disposition, 'filename');
  const type = field('content-type');
  const isText = (type === '' || type.startsWith('text/') || type.includes('json')) && !content.includes('\0');
  return {
    ...{ name: parameter(disposition, 'name') ?? '', text: isText, headers, bytes: content.length },
    value: isText ? utf8(content) : '',
    ...(fileName === undefined ? {} : { fileName }),
  };
}

function parameter(field: string, name: string): string | undefined {
  const match = new RegExp(`;\\s*${name}\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|([^\\s;]+))`, 'i').exec(field);
  return match?.[1]?.replace(/\\(.)/g, '$1') ?? match?.[2];
}

/** One character for each byte. (What browsers call latin1 is another charset.) */
function byteText(bytes: Uint8Array): string {
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length; at += 8_192) pieces.push(String.fromCharCode(...bytes.subarray(at, at + 8_192)));
  return pieces.join('');
}

/** Bytes that were read one by one, as the UTF-8 that they are. */
function utf8(latin1: string): string {
  return new TextDecoder().decode(Uint8Array.from(latin1, (character) => character.charCodeAt(0)));
}
