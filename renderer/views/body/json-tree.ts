import { TreeBuilder } from './tree-model.ts';
import type { Problem, ValueTree } from './tree-model.ts';

// A string (perhaps unterminated), a number or word, or a mark. Everything else is taken one by one.
const LEXEME = /"(?:[^"\\\n]|\\.)*"?|[-+\w.]+|[{}[\],:]|\s+|[^]/gy;
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/;

/**
 * JSON as a tree. Numbers keep their digits and repeated names stay; what is not JSON is told of and shown as far as it can
 * be made out. Several values in a row (NDJSON) stand beside each other. One pass, without recursion.
 */
export function jsonTree(text: string): ValueTree {
  const parser = new JsonParser(text);
  for (const { 0: lexeme, index } of text.matchAll(LEXEME)) {
    if (parser.builder.full) break;
    if (!/^\s/.test(lexeme)) parser.take(lexeme, index);
  }
  return parser.finish();
}

class JsonParser {
  readonly builder = new TreeBuilder();
  readonly #text: string;
  /** The brackets that are open. */
  readonly #brackets: ('{' | '[')[] = [];
  /** The name that waits for its value. */
  #name: string | undefined;
  #expects: 'value' | 'colon' | 'comma' = 'value';
  /** A comma came last: what follows is not the end. */
  #owing = false;

  constructor(text: string) {
    this.#text = text;
  }

  take(lexeme: string, at: number): void {
    switch (lexeme) {
      case '{':
      case '[':
        this.#beginValue(at);
        this.builder.open(this.#key(), lexeme === '{' ? 'object' : 'array');
        this.#brackets.push(lexeme);
        this.#expects = 'value';
        this.#owing = false;
        break;
      case '}':
      case ']':
        this.#end(lexeme, at);
        break;
      case ',':
        if (this.#expects !== 'comma' || this.#brackets.length === 0) this.#complain((t) => t('body.extraComma'), at);
        this.#expects = 'value';
        this.#owing = true;
        break;
      case ':':
        if (this.#expects !== 'colon') this.#complain((t) => t('body.extraColon'), at);
        this.#expects = 'value';
        break;
      default:
        this.#scalar(lexeme, at);
    }
  }

  finish(): ValueTree {
    const end = this.#text.length;
    if (this.#brackets.length > 0 && !this.builder.full) this.#complain((t) => t('body.openBrackets'), end);
    return this.builder.finish();
  }

  #scalar(lexeme: string, at: number): void {
    const inObject = this.#brackets.at(-1) === '{';
    if (inObject && this.#name === undefined && this.#expects === 'value') {
      if (!lexeme.startsWith('"')) this.#complain((t) => t('body.unquotedName'), at);
      this.#name = unquoted(lexeme);
      this.#expects = 'colon';
      return;
    }
    this.#beginValue(at);
    const kind = kindOf(lexeme);
    if (kind === undefined) this.#complain((t) => t('body.stray', { text: lexeme.slice(0, 20) }), at);
    this.builder.add(this.#key(), kind ?? 'note', lexeme);
    this.#expects = 'comma';
    this.#owing = false;
  }

  #beginValue(at: number): void {
    // Values in a row at the top are lines of their own.
    if (this.#expects === 'comma' && this.#brackets.length > 0) this.#complain((t) => t('body.commaMissing'), at);
    if (this.#expects === 'colon') this.#complain((t) => t('body.colonMissing'), at);
  }

  #end(bracket: '}' | ']', at: number): void {
    const opened = this.#brackets.pop();
    if (opened !== (bracket === '}' ? '{' : '[')) this.#complain((t) => t('body.closesNothing', { text: bracket }), at);
    if (this.#owing || this.#name !== undefined) this.#complain((t) => t('body.valueMissing', { text: bracket }), at);
    if (opened !== undefined) this.builder.close();
    this.#name = undefined;
    this.#owing = false;
    this.#expects = 'comma';
  }

  /** The name or number of the value that comes now. */
  #key(): string | number | null {
    const name = this.#name;
    this.#name = undefined;
    if (name !== undefined) return name;
    const holder = this.builder.inside;
    return holder?.kind === 'array' ? holder.count : null;
  }

  #complain(what: Problem, at: number): void {
    if (this.builder.troubled) return;
    const before = this.#text.slice(0, at);
    const line = before.split('\n').length;
    const column = at - before.lastIndexOf('\n');
    this.builder.complain((t) => t('body.notJson', { line: String(line), column: String(column), what: what(t) }));
  }
}

function kindOf(lexeme: string): 'string' | 'number' | 'word' | undefined {
  if (lexeme.startsWith('"')) return lexeme.length > 1 && lexeme.endsWith('"') ? 'string' : undefined;
  if (lexeme === 'true' || lexeme === 'false' || lexeme === 'null') return 'word';
  return NUMBER.test(lexeme) ? 'number' : undefined;
}

/** A text without its quotes and escapes; as it is when they are wrong. */
export function unquoted(lexeme: string): string {
  if (!lexeme.includes('\\')) return lexeme.replaceAll('"', '');
  try {
    return JSON.parse(lexeme) as string;
  } catch (error) {
    if (error instanceof SyntaxError) return lexeme;
    throw error;
  }
}
