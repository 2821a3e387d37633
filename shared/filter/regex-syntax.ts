import { complement, union, withBothCases } from './character-set.ts';
import type { CharacterSet } from './character-set.ts';

/** A regular expression as a tree. */
export type RegexNode =
  | { readonly type: 'set'; readonly set: CharacterSet }
  | { readonly type: 'sequence'; readonly parts: readonly RegexNode[] }
  | { readonly type: 'either'; readonly options: readonly RegexNode[] }
  | { readonly type: 'repeat'; readonly part: RegexNode; readonly min: number; readonly max: number }
  | { readonly type: 'assert'; readonly what: Assertion };

export type Assertion = 'start' | 'end' | 'word' | 'not-word';

/** Where and why a pattern cannot be used. Offsets count from the pattern's first character. */
export class RegexSyntaxError extends Error {
  readonly at: number;

  constructor(at: number, message: string) {
    super(message);
    this.at = at;
  }
}

export const ANY: CharacterSet = [0, 0xffff];
const DIGITS: CharacterSet = [0x30, 0x39];
const WORD: CharacterSet = [0x30, 0x39, 0x41, 0x5a, 0x5f, 0x5f, 0x61, 0x7a];
const SPACE: CharacterSet = [9, 13, 0x20, 0x20, 0xa0, 0xa0, 0x2028, 0x2029, 0xfeff, 0xfeff];
const LINE_ENDS: CharacterSet = [10, 10, 13, 13, 0x2028, 0x2029];

const CLASSES: Readonly<Record<string, CharacterSet>> = {
  d: DIGITS,
  D: complement(DIGITS),
  w: WORD,
  W: complement(WORD),
  s: SPACE,
  S: complement(SPACE),
};
const CONTROLS: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, f: 12, v: 11, '0': 0 };
const MOST_REPEATS = 1000;
const MOST_DEPTH = 100;

export interface RegexFlags {
  /** `i` */
  readonly ignoreCase: boolean;
  /** `s`: the dot matches line ends too. */
  readonly dotAll: boolean;
}

/**
 * Reads a pattern in the common syntax, as far as it can be matched in linear time: no back references and no looking
 * around. Groups of every kind only group.
 * @throws RegexSyntaxError
 */
export function parseRegex(pattern: string, flags: RegexFlags): RegexNode {
  return new RegexParser(pattern, flags).parse();
}

class RegexParser {
  readonly #pattern: string;
  readonly #flags: RegexFlags;
  #at = 0;
  #depth = 0;

  constructor(pattern: string, flags: RegexFlags) {
    this.#pattern = pattern;
    this.#flags = flags;
  }

  parse(): RegexNode {
    const node = this.#either();
    if (this.#at < this.#pattern.length) throw this.#error('This bracket closes nothing.');
    return node;
  }

  #error(message: string, at = this.#at): RegexSyntaxError {
    return new RegexSyntaxError(at, message);
  }

  #peek(): string {
    return this.#pattern.charAt(this.#at);
  }

  #take(): string {
    return this.#pattern.charAt(this.#at++);
  }

  #skip(text: string): boolean {
    if (!this.#pattern.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #either(): RegexNode {
    const options = [this.#sequence()];
    while (this.#skip('|')) options.push(this.#sequence());
    return options.length === 1 ? (options[0] as RegexNode) : { type: 'either', options };
  }

  #sequence(): RegexNode {
    const parts: RegexNode[] = [];
    while (this.#at < this.#pattern.length && this.#peek() !== '|' && this.#peek() !== ')')
      parts.push(this.#repeated());
    return parts.length === 1 ? (parts[0] as RegexNode) : { type: 'sequence', parts };
  }

  #repeated(): RegexNode {
    const at = this.#at;
    let part = this.#atom();
    for (let bounds = this.#bounds(); bounds !== undefined; bounds = this.#bounds()) {
      if (part.type === 'assert') throw this.#error('There is nothing here that could repeat.', at);
      part = { type: 'repeat', part, ...bounds };
      // Lazy or greedy decides which match is found; here it only counts whether there is one.
      this.#skip('?');
    }
    return part;
  }

  #bounds(): { min: number; max: number } | undefined {
    if (this.#skip('*')) return { min: 0, max: Infinity };
    if (this.#skip('+')) return { min: 1, max: Infinity };
    if (this.#skip('?')) return { min: 0, max: 1 };
    const counted = /^\{(\d+)(,?)(\d*)\}/.exec(this.#pattern.slice(this.#at, this.#at + 20));
    if (counted === null) return undefined;
    const min = Number(counted[1]);
    const max = counted[2] === '' ? min : counted[3] === '' ? Infinity : Number(counted[3]);
    if (max < min) throw this.#error('The second number is below the first.');
    if (min > MOST_REPEATS || (max !== Infinity && max > MOST_REPEATS)) {
      throw this.#error(`A part can repeat at most ${MOST_REPEATS} times.`);
    }
    this.#at += counted[0].length;
    return { min, max };
  }

  #atom(): RegexNode {
    const at = this.#at;
    const character = this.#take();
    switch (character) {
      case '(':
        return this.#group(at);
      case '[':
        return { type: 'set', set: this.#characterClass(at) };
      case '.':
        return { type: 'set', set: this.#flags.dotAll ? ANY : complement(LINE_ENDS) };
      case '^':
        return { type: 'assert', what: 'start' };
      case '$':
        return { type: 'assert', what: 'end' };
      case '\\':
        return this.#escape(at);
      case '*':
      case '+':
      case '?':
        throw this.#error(`There is nothing before this ${character} that could repeat.`, at);
      default:
        return { type: 'set', set: this.#folded(single(character.charCodeAt(0))) };
    }
  }

  #group(at: number): RegexNode {
    if (this.#skip('?')) {
      if (/^(=|!|<=|<!)/.test(this.#pattern.slice(this.#at))) {
        throw this.#error('Looking ahead or behind is not supported, because its cost cannot be bounded.', at);
      }
      const kind = /^(:|<[A-Za-z_]\w*>)/.exec(this.#pattern.slice(this.#at, this.#at + 100));
      if (kind === null) throw this.#error('This kind of group is not known.', at);
      this.#at += kind[0].length;
    }
    if (++this.#depth > MOST_DEPTH) throw this.#error('The groups are nested too deeply.', at);
    const node = this.#either();
    this.#depth--;
    if (!this.#skip(')')) throw this.#error('This group is never closed.', at);
    return node;
  }

  #escape(at: number): RegexNode {
    const next = this.#peek();
    if (next === 'b' || next === 'B') {
      this.#at++;
      return { type: 'assert', what: next === 'b' ? 'word' : 'not-word' };
    }
    if (/[1-9]/.test(next) || next === 'k') {
      throw this.#error('References back to a group are not supported, because their cost cannot be bounded.', at);
    }
    return { type: 'set', set: this.#folded(this.#escapedSet(at)) };
  }

  /** What follows a backslash, in a class or outside. */
  #escapedSet(at: number): CharacterSet {
    const next = this.#take();
    if (next === '') throw this.#error('Nothing follows this backslash.', at);
    const known = CLASSES[next];
    if (known !== undefined) return known;
    if (next in CONTROLS) return single(CONTROLS[next] as number);
    if (next === 'x' || next === 'u') return single(this.#hexadecimal(next === 'x' ? 2 : 4, at));
    if (/[A-Za-z]/.test(next)) throw this.#error(`\\${next} has no meaning here.`, at);
    return single(next.charCodeAt(0));
  }

  #hexadecimal(digits: number, at: number): number {
    const text = this.#pattern.slice(this.#at, this.#at + digits);
    if (text.length < digits || !/^[\dA-Fa-f]+$/.test(text)) {
      throw this.#error(`${digits} hexadecimal digits are wanted here.`, at);
    }
    this.#at += digits;
    return parseInt(text, 16);
  }

  #characterClass(at: number): CharacterSet {
    const negated = this.#skip('^');
    let set: CharacterSet = [];
    while (this.#peek() !== ']') {
      if (this.#at >= this.#pattern.length) throw this.#error('This set is never closed.', at);
      set = union(set, this.#classItem());
    }
    this.#at++;
    const folded = this.#folded(set);
    return negated ? complement(folded) : folded;
  }

  #classItem(): CharacterSet {
    const at = this.#at;
    const from = this.#classCharacter();
    const isRange =
      this.#peek() === '-' && this.#pattern.charAt(this.#at + 1) !== ']' && this.#at + 1 < this.#pattern.length;
    if (!isRange || from.length !== 2 || from[0] !== from[1]) return from;
    this.#at++;
    const to = this.#classCharacter();
    if (to.length !== 2 || to[0] !== to[1]) throw this.#error('A range ends with one character.', at);
    if ((to[0] as number) < (from[0] as number)) throw this.#error('This range runs backwards.', at);
    return [from[0] as number, to[0] as number];
  }

  #classCharacter(): CharacterSet {
    const at = this.#at;
    const character = this.#take();
    if (character !== '\\') return single(character.charCodeAt(0));
    if (this.#skip('b')) return single(8);
    return this.#escapedSet(at);
  }

  #folded(set: CharacterSet): CharacterSet {
    return this.#flags.ignoreCase ? withBothCases(set) : set;
  }
}

function single(code: number): CharacterSet {
  return [code, code];
}
