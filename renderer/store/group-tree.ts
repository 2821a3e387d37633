import type { ExchangeRow } from '../../shared/exchange-view.ts';
import { splitUrl } from '../../shared/url-parts.ts';
import type { RowSource } from './list-view.ts';
import { isError } from './tally.ts';

/** Requests under a host, or under a folder of its paths. */
export interface Group {
  /** What identifies it for as long as the page lives: host and folders. */
  readonly key: string;
  /** The host or the folder's own name; empty for requests that have no URL. */
  readonly name: string;
  /** From 1, as ARIA counts. */
  readonly level: number;
  readonly parent: Group | undefined;
  /** Stands for it among the ids of exchanges: never one of theirs, since it is negative. */
  readonly line: number;
  /** Of everything under it. */
  readonly count: number;
  readonly errors: number;
  readonly hits: number;
  /** Response body bytes. */
  readonly bytes: number;
}

interface Node extends Group {
  count: number;
  errors: number;
  hits: number;
  bytes: number;
  readonly inner: Node[];
  /** Exchanges right under it, in the order of the list. */
  readonly ids: number[];
}

/** Arranges the listed rows under hosts, or under hosts and the folders of their paths. */
export class GroupTree {
  readonly #rows: RowSource;
  readonly #byFolder: boolean;
  /** By the beginning of the URL that all their exchanges share. */
  readonly #nodes = new Map<string, Node>();
  readonly #byLine: Node[] = [];
  readonly #roots: Node[] = [];
  /** Which group each exchange is in: a URL is cut once. */
  #groupOf = new Map<number, Node>();

  constructor(rows: RowSource, byFolder: boolean) {
    this.#rows = rows;
    this.#byFolder = byFolder;
  }

  /** Counts and sorts everything anew. @param ids in the order in which they are listed */
  build(ids: readonly number[]): void {
    for (const node of this.#byLine) {
      Object.assign(node, { count: 0, errors: 0, hits: 0, bytes: 0 });
      node.ids.length = 0;
    }
    // What has gone is forgotten by and by.
    if (this.#groupOf.size > 2 * ids.length + 1000) this.#groupOf = new Map();
    for (const id of ids) {
      const row = this.#rows.get(id);
      if (row === undefined) continue;
      let node = this.#groupOf.get(id);
      if (node === undefined) {
        node = this.#nodeFor(row);
        this.#groupOf.set(id, node);
      }
      node.ids.push(id);
      node.count++;
      if (isError(row)) node.errors++;
      if (row.from === 'cache') node.hits++;
      node.bytes += row.responseBytes;
    }
    for (const root of this.#roots) sumUp(root);
  }

  /** Groups and exchanges from top to bottom, as lines: what is in a group that is not open is left out. */
  lines(isOpen: (group: Group) => boolean): number[] {
    const lines: number[] = [];
    const add = (node: Node): void => {
      if (node.count === 0) return;
      lines.push(node.line);
      if (!isOpen(node)) return;
      for (const inner of node.inner) add(inner);
      for (const id of node.ids) lines.push(id);
    };
    for (const root of this.#roots) add(root);
    return lines;
  }

  groupAt(line: number): Group | undefined {
    return line < 0 ? this.#byLine[-line - 1] : undefined;
  }

  groupByKey(key: string): Group | undefined {
    return this.#nodes.get(key);
  }

  groupOf(id: number): Group | undefined {
    return this.#groupOf.get(id);
  }

  /** Every group that has something in it. */
  groups(): Group[] {
    return this.#byLine.filter(({ count }) => count > 0);
  }

  /** Ids of all exchanges under a group, by its line. */
  idsUnder(line: number): number[] {
    const node = this.#byLine[-line - 1];
    return node === undefined ? [] : [...node.inner.flatMap((inner) => this.idsUnder(inner.line)), ...node.ids];
  }

  get rootCount(): number {
    return this.#roots.reduce((count, root) => (root.count > 0 ? count + 1 : count), 0);
  }

  #nodeFor(row: ExchangeRow): Node {
    if (row.kind === 'malformed') return this.#node('', '', undefined);
    const prefix = this.#byFolder ? folderOf(row.url) : splitUrl(row.url).host;
    const known = this.#nodes.get(prefix);
    if (known !== undefined) return known;
    const [host = '', ...folders] = prefix.split('/');
    let node = this.#node(host, host, undefined);
    for (const folder of folders) node = this.#node(`${node.key}/${folder}`, folder, node);
    return node;
  }

  #node(key: string, name: string, parent: Node | undefined): Node {
    const known = this.#nodes.get(key);
    if (known !== undefined) return known;
    const node: Node = {
      ...{ key, name, parent, level: (parent?.level ?? 0) + 1, line: -this.#byLine.length - 1 },
      ...{ count: 0, errors: 0, hits: 0, bytes: 0, inner: [], ids: [] },
    };
    this.#nodes.set(key, node);
    this.#byLine.push(node);
    insert(parent?.inner ?? this.#roots, node);
    return node;
  }
}

/** Host and folders of a URL, without scheme, query and what follows the last slash: `a.example/api/v1`. */
function folderOf(url: string): string {
  const { host, path } = splitUrl(url);
  const end = path.search(/[?#]/);
  const slash = (end < 0 ? path : path.slice(0, end)).lastIndexOf('/');
  return slash <= 0 ? host : host + path.slice(0, slash);
}

/** Groups stand in the order of their names. */
function insert(nodes: Node[], node: Node): void {
  let low = 0;
  let high = nodes.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((nodes[middle] as Node).name < node.name) low = middle + 1;
    else high = middle;
  }
  nodes.splice(low, 0, node);
}

function sumUp(node: Node): void {
  for (const inner of node.inner) {
    sumUp(inner);
    node.count += inner.count;
    node.errors += inner.errors;
    node.hits += inner.hits;
    node.bytes += inner.bytes;
  }
}
