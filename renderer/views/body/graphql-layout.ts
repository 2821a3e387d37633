// A comment, a string in one or many lines, a spread, a name, a number, or any one character that counts.
const TOKEN = /#[^\n\r]*|"""(?:\\"""|[^])*?(?:"""|$)|"(?:[^"\\\n]|\\.)*"?|\.{3}|[\w]+|-?\d[\w.+-]*|[^\s,]/gy;
const SKIPPED = /[\s,\ufeff]*/y;
/** Deeper levels are not indented further: a hostile text may nest a hundred thousand deep. */
const DEEPEST_INDENT = 40;

/**
 * A GraphQL document laid out in lines, a field on each, without being parsed: mistakes stay visible. What stands in
 * parentheses stays in one line. One pass, without recursion.
 */
export function layOutGraphql(text: string): string {
  const layout = new GraphqlLayout();
  for (const token of tokensOf(text)) layout.add(token);
  return layout.text();
}

/** The words and marks of a GraphQL document (GraphQL §2.1.6), without the commas, which mean nothing. */
function* tokensOf(text: string): Generator<string> {
  for (let at = 0; at < text.length;) {
    SKIPPED.lastIndex = at;
    SKIPPED.exec(text);
    TOKEN.lastIndex = SKIPPED.lastIndex;
    const token = TOKEN.exec(text)?.[0];
    if (token === undefined) return;
    at = TOKEN.lastIndex;
    yield token;
  }
}

/** Marks that the next token follows without a space. */
const OPENING: ReadonlySet<string> = new Set(['(', '[', '$', '@', '...', '']);
/** Marks that stand directly behind the token before. */
const CLOSING: ReadonlySet<string> = new Set([')', ']', ':', '!', '(']);
/** Tokens between which and a name there is no end of a field or a value. */
const JOINING: ReadonlySet<string> = new Set([':', '=', '|', '&', '@', '$', '...', '(', '[', '{', '']);

class GraphqlLayout {
  readonly #pieces: string[] = [];
  /** What is open: a selection, or what stays in one line. */
  readonly #open: ('{' | 'inline')[] = [];
  /** Selections among them. */
  #depth = 0;
  #before = '';
  /** The token before `#before`. */
  #earlier = '';

  add(token: string): void {
    const inline = this.#open.at(-1) === 'inline';
    if (token.startsWith('#')) this.#line(token);
    else if (token === '}' && !inline) {
      if (this.#open.pop() === '{') this.#depth--;
      this.#newLine();
      this.#pieces.push('}');
    } else {
      if (!inline && this.#endsField(token)) this.#newLine(this.#open.length === 0);
      else this.#pieces.push(this.#between(token, inline));
      this.#pieces.push(token);
      this.#track(token, inline);
    }
    this.#earlier = this.#before;
    this.#before = token;
  }

  text(): string {
    return this.#pieces.join('').trim();
  }

  #track(token: string, inline: boolean): void {
    if (token === '(' || token === '[' || (token === '{' && inline)) this.#open.push('inline');
    else if (inline && (token === ')' || token === ']' || token === '}')) this.#open.pop();
    else if (token === '{') {
      this.#open.push('{');
      this.#depth++;
    }
  }

  /** Whether another field, or definition, begins with the token. */
  #endsField(token: string): boolean {
    if (this.#before === '{' || this.#before.startsWith('#')) return true;
    if (this.#before === '}') return token !== '@' && token !== '(';
    if (this.#open.length === 0) return false;
    if (!/^(?:[\w"]|\.{3}$)/.test(token) || JOINING.has(this.#before)) return false;
    // `... on Type` is one selection, `@include` is a part of its field.
    const spread = this.#earlier === '...' && this.#before === 'on';
    return !spread && !(this.#before === '...' && token === 'on');
  }

  #between(token: string, inline: boolean): string {
    if (CLOSING.has(token) || OPENING.has(this.#before)) {
      // `... on Type` has a space, `...Fragment` has none.
      return this.#before === '...' && token === 'on' ? ' ' : '';
    }
    if (!inline) return ' ';
    if (this.#before === '{' || token === '}') return '';
    const ends = !JOINING.has(this.#before) && !['=', '@', '{'].includes(token);
    const listed = token === '{' && !JOINING.has(this.#before);
    return (ends && token !== '|' && token !== '&') || listed ? ', ' : ' ';
  }

  #line(comment: string): void {
    this.#newLine();
    this.#pieces.push(comment);
  }

  #newLine(apart = false): void {
    if (this.#pieces.length === 0) return;
    const indent = '  '.repeat(Math.min(this.#depth, DEEPEST_INDENT));
    this.#pieces.push(apart && this.#before === '}' ? '\n\n' : '\n', indent);
  }
}
