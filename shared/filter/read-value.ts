import type { FilterValue } from './filter-ast.ts';
import type { FilterKey } from './filter-keys.ts';
import { FilterSyntaxError } from './filter-problem.ts';
import type { WrittenValue } from './filter-reader.ts';
import { parseRange, QUANTITY_WORDS } from './quantity.ts';
import type { Comparison } from './quantity.ts';
import { patternProblem } from './text-pattern.ts';
import type { TextPattern } from './text-pattern.ts';

/** What a written value means for its key. @param bare it stands without a key @throws FilterSyntaxError */
export function readValue(key: FilterKey, operator: Comparison, value: WrittenValue, bare: boolean): FilterValue {
  switch (key.kind) {
    case 'number':
      return readNumber(key.dimension, operator, value);
    case 'word':
      return readWord(key.name, key.words, operator, value);
    case 'text':
    case 'texts':
    case 'header':
    case 'body':
    case 'cache-key':
      return { kind: 'pattern', pattern: readPattern(key, operator, value, bare || key.kind === 'body') };
  }
}

function readNumber(dimension: keyof typeof QUANTITY_WORDS, operator: Comparison, value: WrittenValue): FilterValue {
  // `status:>=400` means what `status>=400` means, also behind a comma.
  const [, written = '', rest = value.text] = /^(>=|<=|>|<)?(.*)$/s.exec(value.text) ?? [];
  const range = parseRange(written === '' ? operator : (written as Comparison), rest, dimension);
  if (range !== undefined && value.kind === 'plain') return { kind: 'range', range };
  throw new FilterSyntaxError('VALUE', value.from, value.to, `Here belongs ${QUANTITY_WORDS[dimension]}.`);
}

function readWord(key: string, words: readonly string[], operator: Comparison, value: WrittenValue): FilterValue {
  refuseComparison(key, operator, value);
  const word = value.text.toLowerCase();
  if (words.includes(word)) return { kind: 'word', word };
  const message = `"${key}" can be ${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}.`;
  throw new FilterSyntaxError('VALUE', value.from, value.to, message);
}

function readPattern(key: FilterKey, operator: Comparison, value: WrittenValue, anywhere: boolean): TextPattern {
  refuseComparison(key.name, operator, value);
  const pattern = patternOf(operator, value, anywhere);
  const problem = patternProblem(pattern);
  if (problem === undefined) return pattern;
  const at = Math.min(value.textFrom + problem.at, value.to - 1);
  throw new FilterSyntaxError('REGEX', at, at + 1, problem.message);
}

function patternOf(operator: Comparison, { kind, text, flags }: WrittenValue, anywhere: boolean): TextPattern {
  if (kind === 'regex') return { kind: 'regex', text, flags };
  if (operator === '=') return { kind: 'equals', text };
  if (kind === 'plain' && text.includes('*'))
    return anywhere ? { kind: 'glob', text, anywhere } : { kind: 'glob', text };
  return { kind: 'contains', text };
}

function refuseComparison(key: string, operator: Comparison, { from, to }: WrittenValue): void {
  if (operator === ':' || operator === '=') return;
  throw new FilterSyntaxError('OPERATOR', from, to, `"${key}" is not a number: use a colon instead of ${operator}.`);
}
