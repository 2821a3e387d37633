import { compileRegex, RegexTooLarge } from './regex-program.ts';
import { RegexMatcher } from './regex-matcher.ts';
import { ANY, parseRegex, RegexSyntaxError } from './regex-syntax.ts';
import type { RegexNode } from './regex-syntax.ts';

/** How a text is looked for. All but regular expressions without the flag `i` ignore case. */
export interface TextPattern {
  readonly kind: 'contains' | 'equals' | 'glob' | 'regex';
  readonly text: string;
  /** For a regular expression: its flags, of which `i` and `s` are known. */
  readonly flags?: string;
  /** For a glob: it may match a part of the text instead of the whole. */
  readonly anywhere?: boolean;
}

export type TextTest = (text: string) => boolean;

/** What is wrong with a regular expression, and at which of its characters. */
export interface PatternProblem {
  readonly at: number;
  readonly message: string;
}

/** The problem of a pattern that cannot be used, or undefined. */
export function patternProblem(pattern: TextPattern): PatternProblem | undefined {
  try {
    textTest(pattern);
    return undefined;
  } catch (error) {
    if (error instanceof RegexSyntaxError) return { at: error.at, message: error.message };
    if (error instanceof RegexTooLarge) return { at: 0, message: error.message };
    throw error;
  }
}

/** @throws RegexSyntaxError, RegexTooLarge: see {@link patternProblem}. */
export function textTest(pattern: TextPattern): TextTest {
  const { kind, text } = pattern;
  switch (kind) {
    case 'contains': {
      const wanted = text.toLowerCase();
      return (candidate) => candidate.toLowerCase().includes(wanted);
    }
    case 'equals': {
      const wanted = text.toLowerCase();
      return (candidate) => candidate.length === text.length && candidate.toLowerCase() === wanted;
    }
    case 'glob':
      return matcherTest(globNode(text, pattern.anywhere === true));
    case 'regex': {
      const flags = pattern.flags ?? '';
      return matcherTest(parseRegex(text, { ignoreCase: flags.includes('i'), dotAll: flags.includes('s') }));
    }
  }
}

function matcherTest(node: RegexNode): TextTest {
  const matcher = new RegexMatcher(compileRegex(node));
  return (text) => matcher.test(text);
}

/** A star stands for any characters. A question mark stands for itself, because URLs are full of them. */
function globNode(glob: string, anywhere: boolean): RegexNode {
  const parts: RegexNode[] = [];
  if (!anywhere) parts.push({ type: 'assert', what: 'start' });
  for (const piece of glob.split(/(\*+)/)) {
    if (piece === '') continue;
    if (piece.startsWith('*')) parts.push({ type: 'repeat', part: { type: 'set', set: ANY }, min: 0, max: Infinity });
    else parts.push(parseRegex(piece.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'), { ignoreCase: true, dotAll: true }));
  }
  if (!anywhere) parts.push({ type: 'assert', what: 'end' });
  return { type: 'sequence', parts };
}
