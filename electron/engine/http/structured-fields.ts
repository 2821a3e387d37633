/**
 * Structured field values (RFC 9651): parsing lists and dictionaries. The grammar is strict by design: a value with one error
 * in it is no value at all.
 */

export type BareItem =
  | { readonly type: 'integer' | 'decimal' | 'date'; readonly value: number }
  | { readonly type: 'string' | 'token' | 'display'; readonly value: string }
  | { readonly type: 'bytes'; readonly value: string }
  | { readonly type: 'boolean'; readonly value: boolean };

export type Parameters = ReadonlyMap<string, BareItem>;
export interface Item {
  readonly item: BareItem;
  readonly parameters: Parameters;
}
export interface InnerList {
  readonly items: readonly Item[];
  readonly parameters: Parameters;
}
export type Member = Item | InnerList;

const NO_PARAMETERS: Parameters = new Map();
const TRUE: BareItem = { type: 'boolean', value: true };

const KEY_START = /[a-z*]/;
const KEY_CHAR = /[a-z0-9_\-.*]/;
const TOKEN_START = /[A-Za-z*]/;
const TOKEN_CHAR = /[A-Za-z0-9!#$%&'*+\-.^_`|~:/]/;
const BASE64 = /^[A-Za-z0-9+/=]*$/;

/** Says whether a member is a parenthesised list. */
export function isInnerList(member: Member): member is InnerList {
  return 'items' in member;
}

/** Parses a List (RFC 9651 §4.2.1) from the combined field value; undefined when it is not one. */
export function parseList(value: string): readonly Member[] | undefined {
  const reader = new Reader(value);
  const members: Member[] = [];
  return parseMembers(reader, () => {
    const member = reader.member();
    if (member !== undefined) members.push(member);
    return member !== undefined;
  })
    ? members
    : undefined;
}

/** Parses a Dictionary (RFC 9651 §4.2.2) from the combined field value; undefined when it is not one. */
export function parseDictionary(value: string): ReadonlyMap<string, Member> | undefined {
  const reader = new Reader(value);
  const members = new Map<string, Member>();
  return parseMembers(reader, () => {
    const key = reader.key();
    if (key === undefined) return false;
    let member: Member | undefined;
    if (reader.take('=')) {
      member = reader.member();
    } else {
      const parameters = reader.parameters();
      member = parameters === undefined ? undefined : { item: TRUE, parameters };
    }
    if (member === undefined) return false;
    // A repeated key takes the place of the last one.
    members.delete(key);
    members.set(key, member);
    return true;
  })
    ? members
    : undefined;
}

/**
 * The strings of a List of Strings; undefined when the value is not a list or has a member of another type.
 * Parameters are ignored.
 */
export function parseStringList(value: string): readonly string[] | undefined {
  const members = parseList(value);
  if (members === undefined) return undefined;
  const strings: string[] = [];
  for (const member of members) {
    if (isInnerList(member) || member.item.type !== 'string') return undefined;
    strings.push(member.item.value);
  }
  return strings;
}

/** Walks comma-separated members; true when the value was consumed to its end without error. */
function parseMembers(reader: Reader, parseMember: () => boolean): boolean {
  reader.skip(' ');
  while (!reader.ended()) {
    if (!parseMember()) return false;
    reader.skip(' \t');
    if (reader.ended()) return true;
    if (!reader.take(',')) return false;
    reader.skip(' \t');
    // A trailing comma is an error.
    if (reader.ended()) return false;
  }
  return true;
}

/** A cursor over one field value. Its methods return undefined on a syntax error. */
class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    // Trailing spaces may be discarded (RFC 9651 §4.2, step 6).
    this.#text = text.replace(/ +$/, '');
  }

  ended(): boolean {
    return this.#at >= this.#text.length;
  }

  skip(chars: string): void {
    while (!this.ended() && chars.includes(this.#peek())) this.#at++;
  }

  take(char: string): boolean {
    if (this.#peek() !== char) return false;
    this.#at++;
    return true;
  }

  key(): string | undefined {
    if (!KEY_START.test(this.#peek())) return undefined;
    return this.#while(KEY_CHAR);
  }

  member(): Member | undefined {
    return this.#peek() === '(' ? this.#innerList() : this.#item();
  }

  parameters(): Parameters | undefined {
    if (this.#peek() !== ';') return NO_PARAMETERS;
    const parameters = new Map<string, BareItem>();
    while (this.take(';')) {
      this.skip(' ');
      const key = this.key();
      if (key === undefined) return undefined;
      const value = this.take('=') ? this.#bareItem() : TRUE;
      if (value === undefined) return undefined;
      parameters.delete(key);
      parameters.set(key, value);
    }
    return parameters;
  }

  #innerList(): InnerList | undefined {
    this.#at++;
    const items: Item[] = [];
    while (!this.ended()) {
      this.skip(' ');
      if (this.take(')')) {
        const parameters = this.parameters();
        return parameters === undefined ? undefined : { items, parameters };
      }
      const item = this.#item();
      if (item === undefined) return undefined;
      items.push(item);
      if (this.#peek() !== ' ' && this.#peek() !== ')') return undefined;
    }
    return undefined;
  }

  #item(): Item | undefined {
    const item = this.#bareItem();
    if (item === undefined) return undefined;
    const parameters = this.parameters();
    return parameters === undefined ? undefined : { item, parameters };
  }

  #bareItem(): BareItem | undefined {
    const char = this.#peek();
    if (char === '"') return this.#string();
    if (char === '-' || isDigit(char)) return this.#number();
    if (char === '?') return this.#boolean();
    if (char === ':') return this.#bytes();
    if (char === '@') return this.#date();
    if (char === '%') return this.#displayString();
    if (TOKEN_START.test(char)) return { type: 'token', value: this.#while(TOKEN_CHAR) };
    return undefined;
  }

  #string(): BareItem | undefined {
    this.#at++;
    let value = '';
    while (!this.ended()) {
      const char = this.#next();
      if (char === '"') return { type: 'string', value };
      if (char === '\\') {
        const escaped = this.#next();
        if (escaped !== '"' && escaped !== '\\') return undefined;
        value += escaped;
      } else if (char < ' ' || char > '~') {
        return undefined;
      } else {
        value += char;
      }
    }
    return undefined;
  }

  #number(): BareItem | undefined {
    const sign = this.take('-') ? -1 : 1;
    const whole = this.#while(/\d/);
    if (whole === '') return undefined;
    if (!this.take('.')) {
      return whole.length > 15 ? undefined : { type: 'integer', value: sign * Number(whole) };
    }
    const fraction = this.#while(/\d/);
    if (whole.length > 12 || fraction.length < 1 || fraction.length > 3) return undefined;
    return { type: 'decimal', value: sign * Number(`${whole}.${fraction}`) };
  }

  #boolean(): BareItem | undefined {
    this.#at++;
    if (this.take('1')) return TRUE;
    return this.take('0') ? { type: 'boolean', value: false } : undefined;
  }

  #bytes(): BareItem | undefined {
    this.#at++;
    const end = this.#text.indexOf(':', this.#at);
    if (end < 0) return undefined;
    const value = this.#text.slice(this.#at, end);
    this.#at = end + 1;
    return BASE64.test(value) ? { type: 'bytes', value } : undefined;
  }

  #date(): BareItem | undefined {
    this.#at++;
    const number = this.#number();
    return number?.type === 'integer' ? { type: 'date', value: number.value } : undefined;
  }

  #displayString(): BareItem | undefined {
    this.#at++;
    if (!this.take('"')) return undefined;
    let encoded = '';
    while (!this.ended()) {
      const char = this.#next();
      if (char === '"') return decodeDisplayString(encoded);
      if (char < ' ' || char > '~') return undefined;
      encoded += char;
    }
    return undefined;
  }

  #peek(): string {
    return this.#text.charAt(this.#at);
  }

  #next(): string {
    return this.#text.charAt(this.#at++);
  }

  #while(pattern: RegExp): string {
    const start = this.#at;
    while (!this.ended() && pattern.test(this.#peek())) this.#at++;
    return this.#text.slice(start, this.#at);
  }
}

function isDigit(char: string): boolean {
  return char >= '0' && char <= '9' && char.length === 1;
}

/** Percent-encoded UTF-8, in lower-case hexadecimal (RFC 9651 §4.2.10). */
function decodeDisplayString(encoded: string): BareItem | undefined {
  if (/%(?![0-9a-f]{2})/.test(encoded)) return undefined;
  try {
    return { type: 'display', value: decodeURIComponent(encoded) };
  } catch (error) {
    // Only bytes that are no UTF-8 make it throw; the value is then malformed like any other.
    if (error instanceof URIError) return undefined;
    throw error;
  }
}
