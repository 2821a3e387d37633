import type { Token, TokenKind } from './code-lines.ts';

/** Deeper levels are not indented further: a hostile body may nest a hundred thousand deep. */
const DEEPEST_INDENT = 40;

// A string (perhaps unterminated), a number or word, a mark, or white space. Everything else is taken one by one.
const LEXEME = /"(?:[^"\\\n]|\\.)*"?|[-+\w.]+|[{}[\],:]|\s+|[^]/gy;

/**
 * JSON laid out in lines without being parsed: numbers keep their digits, repeated keys and mistakes stay visible, and a
 * body that was cut off is shown as far as it goes. Works in one pass, without recursion.
 */
export function jsonLines(text: string): Token[][] {
  const layout = new JsonLayout();
  for (const match of text.matchAll(LEXEME)) {
    const [lexeme] = match;
    if (/^\s/.test(lexeme)) continue;
    const end = match.index + lexeme.length;
    layout.add(lexeme, lexeme.startsWith('"') && /^\s*:/.test(text.slice(end, end + 8)));
  }
  return layout.lines;
}

class JsonLayout {
  readonly lines: Token[][] = [[]];
  #depth = 0;
  /** The line so far ends with an opening bracket whose content decides whether a new line begins. */
  #justOpened = false;

  add(lexeme: string, beforeColon: boolean): void {
    switch (lexeme) {
      case '{':
      case '[':
        this.#beginItem();
        this.#put('punctuation', lexeme);
        this.#depth++;
        this.#justOpened = true;
        break;
      case '}':
      case ']':
        this.#depth = Math.max(0, this.#depth - 1);
        if (!this.#justOpened) this.#newLine();
        this.#justOpened = false;
        this.#put('punctuation', lexeme);
        break;
      case ',':
        this.#put('punctuation', lexeme);
        this.#newLine();
        break;
      case ':':
        this.#put('punctuation', ': ');
        break;
      default:
        this.#beginItem();
        this.#put(kindOf(lexeme, beforeColon), lexeme);
    }
  }

  #beginItem(): void {
    if (this.#justOpened) this.#newLine();
    this.#justOpened = false;
  }

  #newLine(): void {
    const indent = '  '.repeat(Math.min(this.#depth, DEEPEST_INDENT));
    this.lines.push(indent === '' ? [] : [{ kind: 'plain', text: indent }]);
  }

  #put(kind: TokenKind, text: string): void {
    this.lines.at(-1)?.push({ kind, text });
  }
}

function kindOf(lexeme: string, beforeColon: boolean): TokenKind {
  if (lexeme.startsWith('"')) return beforeColon ? 'key' : 'string';
  if (lexeme === 'true' || lexeme === 'false' || lexeme === 'null') return 'word';
  return /^-?\d/.test(lexeme) ? 'number' : 'plain';
}
