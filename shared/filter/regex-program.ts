import type { CharacterSet } from './character-set.ts';
import type { Assertion, RegexNode } from './regex-syntax.ts';

/** One state of the automaton: what it waits for, and what follows. */
export type Instruction =
  | { readonly type: 'set'; readonly set: CharacterSet; readonly next: number }
  | { readonly type: 'split'; readonly next: readonly number[] }
  | { readonly type: 'assert'; readonly what: Assertion; readonly next: number }
  | { readonly type: 'match' };

export interface RegexProgram {
  readonly instructions: readonly Instruction[];
  readonly start: number;
  /** It looks at what surrounds a character (`^`, `$`, `\b`). */
  readonly asserts: boolean;
}

/** With more states than this a pattern is refused: each character could have to visit all of them. */
const MOST_STATES = 1500;

/** Thrown when a pattern, written out, is too large. */
export class RegexTooLarge extends Error {
  constructor() {
    super('The pattern is too large: its repetitions multiply. Use smaller counts.');
  }
}

/** Turns a tree into an automaton without any way back (Thompson's construction). @throws RegexTooLarge */
export function compileRegex(root: RegexNode): RegexProgram {
  const instructions: Instruction[] = [];
  let asserts = false;
  const add = (instruction: Instruction): number => {
    if (instructions.length >= MOST_STATES) throw new RegexTooLarge();
    return instructions.push(instruction) - 1;
  };

  /** Adds what matches `node` and goes on with `next`; returns where it begins. */
  const build = (node: RegexNode, next: number): number => {
    switch (node.type) {
      case 'set':
        return add({ type: 'set', set: node.set, next });
      case 'assert':
        asserts = true;
        return add({ type: 'assert', what: node.what, next });
      case 'sequence':
        return node.parts.reduceRight((after, part) => build(part, after), next);
      case 'either':
        return add({ type: 'split', next: node.options.map((option) => build(option, next)) });
      case 'repeat':
        return repeat(node.part, node.min, node.max, next);
    }
  };

  const repeat = (part: RegexNode, min: number, max: number, next: number): number => {
    let after = next;
    if (max === Infinity) {
      // The loop's head is known only when its body is there.
      const head = add({ type: 'split', next: [] });
      instructions[head] = { type: 'split', next: [build(part, head), next] };
      after = head;
    } else {
      for (let i = min; i < max; i++) after = add({ type: 'split', next: [build(part, after), next] });
    }
    for (let i = 0; i < min; i++) after = build(part, after);
    return after;
  };

  const start = build(root, add({ type: 'match' }));
  return { instructions, start, asserts };
}
