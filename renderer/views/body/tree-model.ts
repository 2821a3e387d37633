import type { Translate } from '../../i18n/translate.ts';

/** How a value looks. */
export type ValueKind = 'object' | 'array' | 'string' | 'number' | 'word' | 'note';

/** One value of a tree, in the order in which they are drawn when everything is open. */
export interface TreeNode {
  readonly depth: number;
  /** The place of the value that holds it; -1 for one that stands alone. */
  readonly parent: number;
  /** Its name or number in what holds it. */
  readonly key: string | number | null;
  readonly kind: ValueKind;
  /** What is shown of it: a scalar's text, or nothing. */
  readonly text: string;
  /** How many values it holds itself. */
  readonly count: number;
  /** The place behind its last descendant. */
  readonly end: number;
}

/** What is wrong with the source, as a sentence in the reader's language. */
export type Problem = (t: Translate) => string;

/** A value with others in it, as a flat list: depth costs nothing. */
export interface ValueTree {
  readonly nodes: readonly TreeNode[];
  /** What is wrong with the source, and where. */
  readonly problem?: Problem;
}

/** Values beyond this are not made into nodes. */
export const MAX_NODES = 200_000;

type Draft = { -readonly [P in keyof TreeNode]: TreeNode[P] };

/** Builds a tree from what a parser meets, in order, without recursion. */
export class TreeBuilder {
  readonly #nodes: Draft[] = [];
  readonly #open: number[] = [];
  #problem: Problem | undefined;

  get full(): boolean {
    return this.#nodes.length >= MAX_NODES;
  }

  /** Something is wrong already. */
  get troubled(): boolean {
    return this.#problem !== undefined;
  }

  /** What is open innermost. */
  get inside(): TreeNode | undefined {
    return this.#nodes[this.#open.at(-1) ?? -1];
  }

  add(key: TreeNode['key'], kind: ValueKind, text: string): void {
    const parent = this.#open.at(-1) ?? -1;
    const place = this.#nodes.length;
    this.#nodes.push({ depth: this.#open.length, parent, key, kind, text, count: 0, end: place + 1 });
    const holder = this.#nodes[parent];
    if (holder !== undefined) holder.count++;
  }

  /** Adds a value whose parts follow, up to {@link close}. */
  open(key: TreeNode['key'], kind: 'object' | 'array', text = ''): void {
    this.add(key, kind, text);
    this.#open.push(this.#nodes.length - 1);
  }

  close(): void {
    const node = this.#nodes[this.#open.pop() ?? -1];
    if (node !== undefined) node.end = this.#nodes.length;
  }

  /** Tells what is wrong; the first one counts. */
  complain(problem: Problem): void {
    this.#problem ??= problem;
  }

  finish(): ValueTree {
    while (this.#open.length > 0) this.close();
    if (this.full) this.complain((t) => t('body.onlyFirst', { number: MAX_NODES }));
    const nodes = this.#nodes;
    return this.#problem === undefined ? { nodes } : { nodes, problem: this.#problem };
  }
}

const PLAIN_NAME = /^[A-Za-z_$][\w$]*$/;

/** Where a value is, in the notation of JSONPath (RFC 9535): `$.list[0]["odd name"]`. */
export function pathOf({ nodes }: ValueTree, place: number): string {
  const steps: string[] = [];
  for (let node = nodes[place]; node !== undefined; node = nodes[node.parent]) {
    const { key } = node;
    if (typeof key === 'number') steps.push(`[${key}]`);
    else if (key !== null) steps.push(PLAIN_NAME.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`);
  }
  return `$${steps.toReversed().join('')}`;
}

/** A value and all that it holds as a tree of its own. */
export function subtree({ nodes }: ValueTree, place: number): ValueTree {
  const root = nodes[place];
  if (root === undefined) return { nodes: [] };
  const parts = nodes.slice(place, root.end).map((node, at) => ({
    ...node,
    ...(at === 0 ? { key: null } : {}),
    ...{ depth: node.depth - root.depth, parent: at === 0 ? -1 : node.parent - place, end: node.end - place },
  }));
  return { nodes: parts };
}

/** The places of the values in sight when those in `closed` are closed. */
export function visiblePlaces({ nodes }: ValueTree, closed: ReadonlySet<number>): number[] {
  const places: number[] = [];
  for (let place = 0; place < nodes.length;) {
    places.push(place);
    place = closed.has(place) ? (nodes[place]?.end ?? nodes.length) : place + 1;
  }
  return places;
}

/** What is closed at first: everything is open in a small tree, the first levels in a large one. */
export function closedAtFirst({ nodes }: ValueTree): Set<number> {
  const closed = new Set<number>();
  if (nodes.length <= 400) return closed;
  nodes.forEach(({ depth, count }, place) => {
    if (depth >= 1 && count > 0) closed.add(place);
  });
  return closed;
}
