/**
 * Captured text is hostile: it may hold control characters that hide things, and bidirectional controls that show them in
 * another order. This cuts text into plain pieces and characters that must be shown by name.
 */
export interface TextPiece {
  readonly text: string;
  /** True when `text` stands for a character that would not show itself. */
  readonly escaped: boolean;
}

// C0 and C1 controls, soft hyphen, Arabic letter mark, zero-width and bidirectional controls, line separators, BOM,
// interlinear annotations, tag characters and unpaired surrogates.
export const UNSHOWABLE =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]|\udb40[\udc00-\udc7f]/g;

/** `text` in pieces, in order; one plain piece when there is nothing to escape. Tabs are kept when `keepTabs`. */
export function visiblePieces(text: string, keepTabs = false): TextPiece[] {
  const pieces: TextPiece[] = [];
  let from = 0;
  for (const match of text.matchAll(UNSHOWABLE)) {
    if (keepTabs && match[0] === '\t') continue;
    if (match.index > from) pieces.push({ text: text.slice(from, match.index), escaped: false });
    pieces.push({ text: characterName(match[0]), escaped: true });
    from = match.index + match[0].length;
  }
  if (from < text.length || pieces.length === 0) pieces.push({ text: text.slice(from), escaped: false });
  return pieces;
}

/** The same as one string, for titles and labels. */
export function visibleText(text: string): string {
  return visiblePieces(text)
    .map((piece) => piece.text)
    .join('');
}

/** The same for what people have written, whose lines stay lines. */
export function visibleLines(text: string): string {
  return text.split(/\r?\n/).map(visibleText).join('\n');
}

const SHORT_NAMES: Readonly<Record<number, string>> = { 0: '\\0', 9: '\\t', 10: '\\n', 13: '\\r', 27: '\\e' };

/** What stands for a character that would not show itself. */
export function characterName(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return SHORT_NAMES[code] ?? `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}
