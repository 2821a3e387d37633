/** Deeper levels are not indented further: a hostile body may nest a hundred thousand deep. */
const DEEPEST_INDENT = 40;

// A string (perhaps unterminated), a number or word, a mark, or white space. Everything else is taken one by one.
const LEXEME = /"(?:[^"\\\n]|\\.)*"?|[-+\w.]+|[{}[\],:]|\s+|[^]/gy;

/**
 * JSON laid out in lines without being parsed: numbers keep their digits, repeated keys and mistakes stay visible, and a
 * body that was cut off is shown as far as it goes. Works in one pass, without recursion.
 */
export function layOutJson(text: string): string {
  const layout = new JsonLayout();
  for (const [lexeme] of text.matchAll(LEXEME)) {
    if (!/^\s/.test(lexeme)) layout.add(lexeme);
    // Lines of NDJSON stay apart.
    else if (lexeme.includes('\n')) layout.lineBreak();
  }
  return layout.text();
}

class JsonLayout {
  readonly #pieces: string[] = [];
  #depth = 0;
  /** The line so far ends with an opening bracket whose content decides whether a new line begins. */
  #justOpened = false;
  #between = false;

  add(lexeme: string): void {
    if (this.#between && this.#depth === 0 && this.#pieces.length > 0) this.#newLine();
    this.#between = false;
    switch (lexeme) {
      case '{':
      case '[':
        this.#beginItem();
        this.#pieces.push(lexeme);
        this.#depth++;
        this.#justOpened = true;
        break;
      case '}':
      case ']':
        this.#depth = Math.max(0, this.#depth - 1);
        if (!this.#justOpened) this.#newLine();
        this.#justOpened = false;
        this.#pieces.push(lexeme);
        break;
      case ',':
        this.#pieces.push(lexeme);
        this.#newLine();
        break;
      case ':':
        this.#pieces.push(': ');
        break;
      default:
        this.#beginItem();
        this.#pieces.push(lexeme);
    }
  }

  lineBreak(): void {
    this.#between = true;
  }

  text(): string {
    return this.#pieces.join('');
  }

  #beginItem(): void {
    if (this.#justOpened) this.#newLine();
    this.#justOpened = false;
  }

  #newLine(): void {
    this.#pieces.push(`\n${'  '.repeat(Math.min(this.#depth, DEEPEST_INDENT))}`);
  }
}
