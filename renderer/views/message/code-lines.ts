import { visiblePieces } from '../../format/visible-text.ts';

export type TokenKind = 'plain' | 'key' | 'string' | 'number' | 'word' | 'punctuation' | 'escape';

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
}

/** A line as it is drawn. Long lines are broken; `number` stands on the first part only. */
export interface CodeLine {
  readonly number?: number;
  readonly tokens: readonly Token[];
}

/** Lines that are made when they are drawn. */
export interface CodeLines {
  readonly count: number;
  readonly at: (index: number) => CodeLine;
}

/**
 * Lines of tokens broken at `columns`, numbered from 1. Characters that would not show are named; a tab is two spaces.
 * @param columns characters that fit on a line
 */
export function breakLines(lines: readonly (readonly Token[])[], columns: number): CodeLines {
  const broken: CodeLine[] = [];
  lines.forEach((line, index) => breakLine(line, index + 1, Math.max(20, columns), broken));
  return { count: broken.length, at: (index) => broken[index] ?? { tokens: [] } };
}

function breakLine(line: readonly Token[], number: number, columns: number, into: CodeLine[]): void {
  let tokens: Token[] = [];
  let used = 0;
  const begin = into.length;
  const flush = (): void => {
    into.push(into.length === begin ? { number, tokens } : { tokens });
    tokens = [];
    used = 0;
  };
  for (const piece of line.flatMap(escapePieces)) {
    let rest = piece.text;
    // The name of a character stays in one piece.
    if (piece.kind === 'escape' && used > 0 && used + rest.length > columns) flush();
    while (rest !== '') {
      const fit = fitting(rest, columns - used);
      if (fit === 0) {
        flush();
        continue;
      }
      tokens.push({ kind: piece.kind, text: rest.slice(0, fit) });
      used += widthOf(rest.slice(0, fit));
      rest = rest.slice(fit);
      if (rest !== '') flush();
    }
  }
  if (tokens.length > 0 || into.length === begin) flush();
}

function escapePieces(token: Token): Token[] {
  return visiblePieces(token.text.replaceAll('\t', '  ')).map(({ text, escaped }) => ({
    kind: escaped ? 'escape' : token.kind,
    text,
  }));
}

// East Asian wide characters and emoji take two columns in a monospaced font.
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{1f000}-\u{3fffd}]/u;
const ASCII = /^[\0-\x7f]*$/;

function widthOf(text: string): number {
  if (ASCII.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += WIDE.test(character) ? 2 : 1;
  return width;
}

/** How many UTF-16 units of `text` fit into `columns`, without cutting a character; at least one on an empty line. */
function fitting(text: string, columns: number): number {
  if (columns <= 0) return 0;
  const head = text.slice(0, columns);
  if (ASCII.test(head)) return head.length;
  let units = 0;
  let width = 0;
  for (const character of text) {
    width += WIDE.test(character) ? 2 : 1;
    if (width > columns) break;
    units += character.length;
  }
  return units;
}

/** Text as lines of plain tokens. */
export function textLines(text: string): Token[][] {
  return text.split(/\r\n|\n|\r/).map((line) => [{ kind: 'plain', text: line }]);
}

const BYTES_PER_LINE = 16;

/** A hex dump: offset, sixteen bytes, and the printable ASCII among them. */
export function hexLines(bytes: Uint8Array): CodeLines {
  return {
    count: Math.ceil(bytes.length / BYTES_PER_LINE),
    at: (index) => {
      const offset = index * BYTES_PER_LINE;
      const row = bytes.subarray(offset, offset + BYTES_PER_LINE);
      const hex = [...row].map((byte, place) => byte.toString(16).padStart(2, '0') + (place === 7 ? ' ' : ''));
      const ascii = [...row].map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '·')).join('');
      return {
        tokens: [
          { kind: 'punctuation', text: `${offset.toString(16).padStart(8, '0')}  ` },
          { kind: 'plain', text: hex.join(' ').padEnd(50) },
          { kind: 'string', text: ascii },
        ],
      };
    },
  };
}
