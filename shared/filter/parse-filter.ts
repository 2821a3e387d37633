import type { FilterNode, FilterTerm } from './filter-ast.ts';
import { filterKey, similarKey } from './filter-keys.ts';
import type { FilterKey } from './filter-keys.ts';
import { FilterSyntaxError } from './filter-problem.ts';
import type { FilterProblem } from './filter-problem.ts';
import { FilterReader } from './filter-reader.ts';
import type { WrittenKey } from './filter-reader.ts';
import { readValue } from './read-value.ts';

/** A filter's meaning, or what is wrong with it. The node is undefined for an empty filter, which everything passes. */
export type ParsedFilter =
  | { readonly ok: true; readonly node: FilterNode | undefined }
  | { readonly ok: false; readonly problem: FilterProblem };

const MOST_CHARACTERS = 10_000;
const MOST_DEPTH = 100;

/**
 * Reads the filter language. Never throws, and takes time linear in the text's length.
 *
 *     filter = either ;            either = both { ("OR" | "|") both }
 *     both   = not { ["AND"] not } not    = ("NOT" | "-" | "!") not | "(" either ")" | term
 *     term   = key operator value { "," value } | value
 *
 * `key:value` looks in one place, and a bare value in the URL. Values are words (parts of what they are looked for in; with
 * a star, patterns of the whole), "quoted text", /regular expressions/i, numbers with units, or ranges such as 400..499.
 */
export function parseFilter(text: string): ParsedFilter {
  try {
    return { ok: true, node: new FilterParser(text).parse() };
  } catch (error) {
    if (error instanceof FilterSyntaxError) return { ok: false, problem: error.problem };
    throw error;
  }
}

class FilterParser {
  readonly #reader: FilterReader;
  #depth = 0;

  constructor(text: string) {
    if (text.length > MOST_CHARACTERS) {
      throw new FilterSyntaxError('TOO_LONG', MOST_CHARACTERS, text.length, 'The filter is too long.');
    }
    this.#reader = new FilterReader(text);
  }

  parse(): FilterNode | undefined {
    const reader = this.#reader;
    reader.skipBlanks();
    if (reader.done) return undefined;
    const node = this.#either();
    if (reader.at >= reader.text.length) return node;
    throw new FilterSyntaxError('BRACKET', reader.at, reader.at + 1, 'This bracket closes nothing.');
  }

  #either(): FilterNode {
    return this.#joined(
      'or',
      () => this.#both(),
      () => this.#skipConnective('OR'),
    );
  }

  #both(): FilterNode {
    const goesOn = (): boolean => {
      if (this.#skipConnective('AND')) return true;
      return !this.#reader.done && this.#reader.peek() !== ')' && this.#reader.connective() !== 'OR';
    };
    return this.#joined('and', () => this.#not(), goesOn);
  }

  #joined(type: 'and' | 'or', part: () => FilterNode, goesOn: () => boolean): FilterNode {
    const first = part();
    const parts = [first];
    while (goesOn()) parts.push(part());
    return parts.length === 1 ? first : { type, parts, from: first.from, to: (parts.at(-1) as FilterNode).to };
  }

  #skipConnective(wanted: 'AND' | 'OR'): boolean {
    this.#reader.skipBlanks();
    if (this.#reader.connective() !== wanted) return false;
    this.#reader.skipConnective();
    this.#reader.skipBlanks();
    return true;
  }

  #not(): FilterNode {
    const reader = this.#reader;
    reader.skipBlanks();
    const from = reader.at;
    const word = reader.connective();
    if (word === 'NOT') reader.skipConnective();
    else if (word !== undefined || reader.done || reader.peek() === ')') throw this.#operandMissing();
    else if (!this.#skipSign()) return this.#operand();
    this.#deeper(from);
    const part = this.#not();
    this.#depth--;
    return { type: 'not', part, from, to: part.to };
  }

  /** A minus or an exclamation mark right in front of something; one that stands alone is a word. */
  #skipSign(): boolean {
    const reader = this.#reader;
    if (!/^[-!][^\s)]/.test(reader.text.slice(reader.at, reader.at + 2))) return false;
    reader.at++;
    return true;
  }

  #operandMissing(): FilterSyntaxError {
    const { at, text } = this.#reader;
    const end = /^\S*/.exec(text.slice(at))?.[0].length ?? 0;
    // At the end of what has been typed so far there is nothing wrong yet.
    const code = at >= text.length ? 'INCOMPLETE' : 'OPERAND';
    return new FilterSyntaxError(
      code,
      at,
      Math.min(text.length, at + Math.max(1, end)),
      'Something to look for is missing here.',
    );
  }

  #operand(): FilterNode {
    const reader = this.#reader;
    const from = reader.at;
    if (!reader.skip('(')) {
      const term = this.#term();
      reader.skipBlanks();
      return term;
    }
    this.#deeper(from);
    const node = this.#either();
    this.#depth--;
    reader.skipBlanks();
    if (!reader.skip(')')) throw new FilterSyntaxError('BRACKET', from, from + 1, 'This bracket is never closed.');
    const to = reader.at;
    reader.skipBlanks();
    return node.type === 'and' || node.type === 'or' ? { ...node, from, to, bracketed: true } : { ...node, from, to };
  }

  #deeper(from: number): void {
    if (++this.#depth > MOST_DEPTH)
      throw new FilterSyntaxError('TOO_DEEP', from, from + 1, 'This is nested too deeply.');
  }

  #term(): FilterNode {
    const reader = this.#reader;
    const from = reader.at;
    const written = reader.key((key) => isKey(key, reader.text));
    if (written === undefined) {
      const value = reader.value(false);
      const url = filterKey('url') as FilterKey;
      return { type: 'term', from, to: reader.at, key: url, values: [readValue(url, ':', value, true)] };
    }
    const key = filterKey(written.name);
    if (key === undefined) throw unknownKey(written);
    const term = this.#keyedTerm(key, written, from);
    return written.operator === '!=' ? { type: 'not', part: term, from, to: term.to } : term;
  }

  #keyedTerm(key: FilterKey, written: WrittenKey, from: number): FilterTerm {
    const reader = this.#reader;
    const field = fieldOf(key, written);
    if (written.operator === '')
      return { type: 'term', from, to: reader.at, key, ...field, values: [{ kind: 'present' }] };
    const operator = written.operator === '!=' ? '=' : written.operator;
    const values: FilterTerm['values'][number][] = [];
    do {
      const value = reader.value(true);
      // A comma that nothing follows yet is no value, and neither is what is still being typed.
      if (value.text !== '' || value.kind === 'quoted') values.push(readValue(key, operator, value, false));
    } while (reader.skip(','));
    if (values.length === 0) throw valueMissing(key, written);
    return { type: 'term', from, to: reader.at, key, ...field, values };
  }
}

/**
 * Whether what looks like a key is meant as one. An unknown name with a colon is a mistake worth telling, unless it resembles
 * none, as the host of `localhost:3000`, or is a scheme; with another operator it is a part of a query, as in `page=2`.
 */
function isKey({ name, field, operator, to }: WrittenKey, text: string): boolean {
  if (filterKey(name) !== undefined) return field === undefined || filterKey(name)?.kind === 'header';
  const rest = text.slice(to);
  return operator === ':' && !name.includes('.') && !rest.startsWith('//') && similarKey(name) !== undefined;
}

function unknownKey({ name, from }: WrittenKey): FilterSyntaxError {
  const similar = similarKey(name) ?? '';
  const message = `There is no key "${name}". Did you mean "${similar}"? In quotation marks it is looked for in the URL.`;
  return new FilterSyntaxError('KEY', from, from + name.length, message);
}

function fieldOf(key: FilterKey, { field, from, to }: WrittenKey): { field?: string } {
  if (key.kind !== 'header' || field === undefined) return {};
  if (!/^[\w!#$%&'*+.^`|~-]+$/.test(field)) {
    throw new FilterSyntaxError('KEY', from, to, "A field's name is wanted between the brackets, as in header[etag].");
  }
  return { field: field.toLowerCase() };
}

function valueMissing(key: FilterKey, { name, from, to }: WrittenKey): FilterSyntaxError {
  return new FilterSyntaxError('INCOMPLETE', from, to, `A value for "${name}" is missing. ${key.meaning}.`);
}
