import { contains } from './character-set.ts';
import type { CharacterSet } from './character-set.ts';
import type { RegexProgram } from './regex-program.ts';

/** What came before a position, or comes after it. */
const EDGE = 0;
const WORD = 1;
const OTHER = 2;

interface State {
  /** The instructions that may go on here, before what needs no character is followed; ascending. */
  readonly waiting: readonly number[];
  readonly before: number;
  /** Where each kind of character leads; filled in as it is asked for. */
  readonly next: (State | undefined)[];
  /** Whether the text may end here; undefined until asked. */
  atEnd?: boolean;
}

/** With more states than this all are forgotten and found again: memory is bounded, and time stays linear. */
const MOST_KEPT = 1000;
const WORD_SET: CharacterSet = [0x30, 0x39, 0x41, 0x5a, 0x5f, 0x5f, 0x61, 0x7a];

/**
 * Says whether a pattern occurs in a text, in time linear in the text's length whatever the pattern: it walks all
 * possibilities at once, and remembers each set of possibilities as one state (a deterministic automaton made on demand).
 * The language's own regular expressions can take time exponential in the text's length, and nothing can stop them.
 */
export class RegexMatcher {
  readonly #program: RegexProgram;
  readonly #edges: readonly number[];
  readonly #kindOfByte: Uint16Array;
  /** A character of each kind. */
  readonly #samples: readonly number[];
  readonly #states = new Map<string, State>();
  readonly #found: State = { waiting: [], before: EDGE, next: [] };
  #first: State;

  constructor(program: RegexProgram) {
    this.#program = program;
    this.#edges = kindEdges(program);
    this.#samples = this.#edges;
    this.#kindOfByte = Uint16Array.from({ length: 256 }, (_, code) => this.#search(code));
    this.#first = this.#state([], EDGE);
  }

  test(text: string): boolean {
    const found = this.#found;
    let state = this.#first;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      const kind = code < 256 ? (this.#kindOfByte[code] as number) : this.#search(code);
      state = state.next[kind] ?? this.#step(state, kind);
      if (state === found) return true;
    }
    return (state.atEnd ??= this.#reach(state.waiting, state.before, EDGE) === undefined);
  }

  #step(state: State, kind: number): State {
    const code = this.#samples[kind] as number;
    const reached = this.#reach(state.waiting, state.before, aroundOf(code));
    let next: State;
    if (reached === undefined) next = this.#found;
    else {
      const waiting = new Set<number>();
      for (const at of reached) {
        const instruction = this.#program.instructions[at];
        if (instruction?.type === 'set' && contains(instruction.set, code)) waiting.add(instruction.next);
      }
      next = this.#state(
        [...waiting].sort((a, b) => a - b),
        this.#program.asserts ? aroundOf(code) : OTHER,
      );
    }
    state.next[kind] = next;
    return next;
  }

  /** Every instruction that waits for a character, or undefined when one of them has matched. */
  #reach(waiting: readonly number[], before: number, after: number): Set<number> | undefined {
    const seen = new Set<number>();
    // A match may begin anywhere.
    const stack = [this.#program.start, ...waiting];
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      if (seen.has(at)) continue;
      seen.add(at);
      const instruction = this.#program.instructions[at];
      if (instruction?.type === 'match') return undefined;
      if (instruction?.type === 'split') stack.push(...instruction.next);
      if (instruction?.type === 'assert' && holds(instruction.what, before, after)) stack.push(instruction.next);
    }
    return seen;
  }

  #state(waiting: readonly number[], before: number): State {
    const key = `${before} ${waiting.join(' ')}`;
    const known = this.#states.get(key);
    if (known !== undefined) return known;
    if (this.#states.size >= MOST_KEPT) this.#forget();
    const state: State = { waiting, before, next: [] };
    this.#states.set(key, state);
    return state;
  }

  #forget(): void {
    for (const state of this.#states.values()) state.next.length = 0;
    this.#states.clear();
    this.#first = this.#state([], EDGE);
  }

  /** The kind of a character: the last edge that is not above it. */
  #search(code: number): number {
    let low = 0;
    let high = this.#edges.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.#edges[middle] as number) <= code) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/** Where the characters divide into kinds that the program treats alike, as the first character of each. */
function kindEdges({ instructions, asserts }: RegexProgram): number[] {
  const edges = new Set([0]);
  const add = (set: CharacterSet): void => {
    for (let i = 0; i + 1 < set.length; i += 2) {
      edges.add(set[i] as number);
      if ((set[i + 1] as number) < 0xffff) edges.add((set[i + 1] as number) + 1);
    }
  };
  for (const instruction of instructions) if (instruction.type === 'set') add(instruction.set);
  if (asserts) add(WORD_SET);
  return [...edges].sort((a, b) => a - b);
}

function aroundOf(code: number): number {
  return contains(WORD_SET, code) ? WORD : OTHER;
}

function holds(what: 'start' | 'end' | 'word' | 'not-word', before: number, after: number): boolean {
  switch (what) {
    case 'start':
      return before === EDGE;
    case 'end':
      return after === EDGE;
    case 'word':
      return (before === WORD) !== (after === WORD);
    case 'not-word':
      return (before === WORD) === (after === WORD);
  }
}
