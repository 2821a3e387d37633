import { headerPairs, isHeaderName } from '../headers.ts';
import type { HeaderList } from '../headers.ts';
import type { FilterNode, FilterTerm, FilterValue } from './filter-ast.ts';
import type { Side } from './filter-keys.ts';
import type { Annotation } from '../annotation.ts';
import type { FilterDetail, FilteredExchange } from './filtered-exchange.ts';
import { inRange } from './quantity.ts';
import { textTest } from './text-pattern.ts';
import type { TextTest } from './text-pattern.ts';

/**
 * Whether an exchange passes: no, yes, or not to be told without its details. As numbers, so that "and" is the least of
 * its parts, "or" the greatest and "not" the opposite (the three-valued logic of Kleene).
 */
export const NO = 0;
export const UNKNOWN = 1;
export const YES = 2;
export type Truth = typeof NO | typeof UNKNOWN | typeof YES;

/** Never {@link UNKNOWN} when `detail` is given. */
export type FilterTest = (row: FilteredExchange, note?: Annotation, detail?: FilterDetail) => Truth;

/** A filter as a function. It may be kept and called for any number of exchanges; nothing is parsed again. */
export function compileFilter(node: FilterNode): FilterTest {
  switch (node.type) {
    case 'and':
      return all(cheapFirst(node.parts).map(compileFilter));
    case 'or':
      return any(cheapFirst(node.parts).map(compileFilter));
    case 'not': {
      const test = compileFilter(node.part);
      return (row, note, detail) => (YES - test(row, note, detail)) as Truth;
    }
    case 'term':
      return compileTerm(node);
  }
}

/** Whether anything in the filter asks for details. */
export function needsDetail(node: FilterNode): boolean {
  switch (node.type) {
    case 'and':
    case 'or':
      return node.parts.some(needsDetail);
    case 'not':
      return needsDetail(node.part);
    case 'term':
      return detailCost(node) > 0;
  }
}

/** Whether anything in the filter asks for bodies, which cost more than heads to read. */
export function needsBody(node: FilterNode): boolean {
  switch (node.type) {
    case 'and':
    case 'or':
      return node.parts.some(needsBody);
    case 'not':
      return needsBody(node.part);
    case 'term':
      return node.key.kind === 'body';
  }
}

function detailCost(term: FilterTerm): number {
  const { kind } = term.key;
  return kind === 'body' ? 2 : kind === 'header' || kind === 'cache-key' ? 1 : 0;
}

function costOf(node: FilterNode): number {
  if (node.type === 'term') return detailCost(node);
  return needsBody(node) ? 2 : needsDetail(node) ? 1 : 0;
}

function cheapFirst(parts: readonly FilterNode[]): FilterNode[] {
  return parts.toSorted((a, b) => costOf(a) - costOf(b));
}

function all(tests: readonly FilterTest[]): FilterTest {
  return (row, note, detail) => {
    let least: Truth = YES;
    for (const test of tests) {
      const truth = test(row, note, detail);
      if (truth === NO) return NO;
      if (truth < least) least = truth;
    }
    return least;
  };
}

function any(tests: readonly FilterTest[]): FilterTest {
  return (row, note, detail) => {
    let greatest: Truth = NO;
    for (const test of tests) {
      const truth = test(row, note, detail);
      if (truth === YES) return YES;
      if (truth > greatest) greatest = truth;
    }
    return greatest;
  };
}

function compileTerm(term: FilterTerm): FilterTest {
  const { key, values, field } = term;
  switch (key.kind) {
    case 'text': {
      const test = anyPattern(values);
      return (row, note) => {
        const text = key.read(row, note);
        return text !== undefined && test(text) ? YES : NO;
      };
    }
    case 'texts': {
      const test = anyPattern(values);
      return (row) => (key.read(row).some(test) ? YES : NO);
    }
    case 'number': {
      const ranges = values.flatMap((value) => (value.kind === 'range' ? [value.range] : []));
      return (row) => {
        const number = key.read(row);
        return number !== undefined && ranges.some((range) => inRange(range, number)) ? YES : NO;
      };
    }
    case 'word': {
      const words = values.flatMap((value) => (value.kind === 'word' ? [value.word] : []));
      return (row, note) => (words.some((word) => key.is(row, word, note)) ? YES : NO);
    }
    case 'header': {
      const test = headerTest(values, field);
      return fromDetail((detail) => sides(key.side).some((side) => test(headersOf(detail, side))));
    }
    case 'body': {
      const test = anyPattern(values);
      return fromDetail((detail) => sides(key.side).some((side) => test(bodyOf(detail, side))));
    }
    case 'cache-key': {
      const test = anyPattern(values);
      return fromDetail(({ cacheKey }) => cacheKey !== '' && test(cacheKey));
    }
  }
}

function fromDetail(test: (detail: FilterDetail) => boolean): FilterTest {
  return (_row, _note, detail) => (detail === undefined ? UNKNOWN : test(detail) ? YES : NO);
}

function anyPattern(values: readonly FilterValue[]): TextTest {
  const tests = values.flatMap((value) => (value.kind === 'pattern' ? [textTest(value.pattern)] : []));
  const [only] = tests;
  return tests.length === 1 && only !== undefined ? only : (text) => tests.some((test) => test(text));
}

/** Of one field its value is looked at; without a name each line as it is sent, `Name: value`. */
function headerTest(values: readonly FilterValue[], field: string | undefined): (headers: HeaderList) => boolean {
  const test = values.some(({ kind }) => kind === 'present') ? () => true : anyPattern(values);
  return (headers) => {
    for (const [name, value] of headerPairs(headers)) {
      if (field === undefined ? test(`${name}: ${value}`) : isHeaderName(name, field) && test(value)) return true;
    }
    return false;
  };
}

function sides(side: Side): readonly ('request' | 'response')[] {
  return side === undefined ? ['request', 'response'] : [side];
}

function headersOf(detail: FilterDetail, side: 'request' | 'response'): HeaderList {
  return side === 'request' ? detail.requestHeaders : detail.responseHeaders;
}

function bodyOf(detail: FilterDetail, side: 'request' | 'response'): string {
  return side === 'request' ? detail.requestBody : detail.responseBody;
}
