import { FilterSyntaxError } from './filter-problem.ts';

/** A value as it was written. */
export interface WrittenValue {
  readonly kind: 'plain' | 'quoted' | 'regex';
  readonly text: string;
  readonly flags: string;
  readonly from: number;
  readonly to: number;
  /** Where `text` begins, behind a quote or a slash. */
  readonly textFrom: number;
}

/** The key in front of a value, as it was written. */
export interface WrittenKey {
  readonly name: string;
  readonly field: string | undefined;
  /** Empty for a field alone, as in `header[etag]`. */
  readonly operator: '' | ':' | '=' | '!=' | '>' | '>=' | '<' | '<=';
  readonly from: number;
  readonly to: number;
}

const KEY = /([A-Za-z][A-Za-z.-]*)(\[[^\]\s]*\])?(:|!=|>=|<=|=|>|<)/y;
const FIELD_ALONE = /([A-Za-z][A-Za-z.-]*)(\[[^\]\s]+\])(?=[\s)]|$)/y;
const CONNECTIVE = /(AND|OR|NOT|&&|\|\||&|\|)(?=[\s()]|$)/y;

/** Reads a filter's text from left to right: blanks, connectives, brackets, keys and values. */
export class FilterReader {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  get done(): boolean {
    return this.at >= this.text.length;
  }

  skipBlanks(): void {
    while (!this.done && /\s/.test(this.peek())) this.at++;
  }

  peek(): string {
    return this.text.charAt(this.at);
  }

  skip(text: string): boolean {
    if (!this.text.startsWith(text, this.at)) return false;
    this.at += text.length;
    return true;
  }

  /** The connective that comes next, which is not taken. */
  connective(): 'AND' | 'OR' | 'NOT' | undefined {
    const match = this.#match(CONNECTIVE)?.[1];
    if (match === undefined) return undefined;
    if (match === 'NOT') return match;
    return match === 'OR' || match.startsWith('|') ? 'OR' : 'AND';
  }

  skipConnective(): void {
    this.at += this.#match(CONNECTIVE)?.[0].length ?? 0;
  }

  /** The key that comes next, which is taken only when `isKnown` says that it is one. */
  key(isKnown: (key: WrittenKey) => boolean): WrittenKey | undefined {
    const match = this.#match(KEY) ?? this.#match(FIELD_ALONE);
    if (match === null) return undefined;
    const [whole, name = '', field, operator = ''] = match;
    const to = this.at + whole.length;
    const key = { name, field: field?.slice(1, -1), operator: operator as WrittenKey['operator'], from: this.at, to };
    if (!isKnown(key)) return undefined;
    this.at = to;
    return key;
  }

  /** The value that comes next: in quotes, between slashes, or up to a blank, a closing bracket or (in a list) a comma. */
  value(inList: boolean): WrittenValue {
    if (this.peek() === '"') return this.#quoted();
    return this.#regex(inList) ?? this.#plain(inList);
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    return pattern.exec(this.text);
  }

  #quoted(): WrittenValue {
    const from = this.at++;
    let text = '';
    while (!this.done && this.peek() !== '"') {
      if (this.peek() === '\\' && /["\\]/.test(this.text.charAt(this.at + 1))) this.at++;
      text += this.text.charAt(this.at++);
    }
    if (this.done) throw new FilterSyntaxError('QUOTE', from, this.text.length, 'This quotation mark is never closed.');
    this.at++;
    return { kind: 'quoted', text, flags: '', from, to: this.at, textFrom: from + 1 };
  }

  /** A value between slashes that nothing but flags follows; what only begins with a slash is a path. */
  #regex(inList: boolean): WrittenValue | undefined {
    const from = this.at;
    if (this.peek() !== '/') return undefined;
    let inSet = false;
    for (let at = from + 1; at < this.text.length; at++) {
      const character = this.text.charAt(at);
      if (character === '\\') at++;
      else if (character === '[') inSet = true;
      else if (character === ']') inSet = false;
      else if (character === '/' && !inSet) {
        const flags = /^[is]*/.exec(this.text.slice(at + 1))?.[0] ?? '';
        const after = this.text.charAt(at + 1 + flags.length);
        if (at === from + 1 || !(after === '' || /[\s)]/.test(after) || (inList && after === ','))) return undefined;
        this.at = at + 1 + flags.length;
        return { kind: 'regex', text: this.text.slice(from + 1, at), flags, from, to: this.at, textFrom: from + 1 };
      }
    }
    return undefined;
  }

  #plain(inList: boolean): WrittenValue {
    const from = this.at;
    let open = 0;
    for (; !this.done; this.at++) {
      const character = this.peek();
      if (/\s/.test(character) || (inList && character === ',')) break;
      if (character === '(') open++;
      // Brackets that belong to a URL come in pairs; one too many closes a group.
      if (character === ')' && open-- === 0) break;
    }
    const text = this.text.slice(from, this.at);
    return { kind: 'plain', text, flags: '', from, to: this.at, textFrom: from };
  }
}
