import { jsonTree, unquoted } from './json-tree.ts';
import { subtree } from './tree-model.ts';
import type { TreeNode, ValueTree } from './tree-model.ts';

/** What a client asks a GraphQL server for: one operation of a document, with values for its variables. */
export interface GraphqlRequest {
  readonly document: string;
  /** As named by `operationName`, or in the document where that has one operation alone; undefined for one without a name. */
  readonly name: string | undefined;
  readonly kind: 'query' | 'mutation' | 'subscription';
  readonly variables: ValueTree | undefined;
}

/** Requests of one body that are shown. */
const MOST = 50;

// The braces tell a document from the words of a search, which is also called `query` elsewhere.
const DOCUMENT = /^[\s,\ufeff]*(?:#|(?:query|mutation|subscription|fragment)\b[^]*\{|\{)/;
// White space is limited, so that a hostile document of nothing else costs nothing.
const OPERATION = /(?:^|[}\n])[\s,]{0,100}(query|mutation|subscription)\b[\s,]{0,100}([_A-Za-z]\w*)?/g;

/**
 * The GraphQL requests that a JSON body is made of: one, or several in a list. Undefined when it is something else. Numbers in
 * variables keep their digits.
 */
export function graphqlRequests(text: string): GraphqlRequest[] | undefined {
  if (!text.includes('"query"')) return undefined;
  const tree = jsonTree(text);
  const [root] = tree.nodes;
  if (root === undefined || tree.problem !== undefined) return undefined;
  const holders = root.kind === 'array' ? partsOf(tree, 0) : [0];
  const requests = holders.slice(0, MOST).map((place) => requestAt(tree, place));
  return requests.length > 0 && requests.every((one) => one !== undefined) ? requests : undefined;
}

/** Whether a JSON text may hold GraphQL requests, without reading all of it. */
export function mayBeGraphql(head: string): boolean {
  return /^\s*(?:\[\s*)?\{/.test(head) && head.includes('"query"');
}

function requestAt(tree: ValueTree, place: number): GraphqlRequest | undefined {
  const members = new Map(partsOf(tree, place).map((part) => [tree.nodes[part]?.key, part] as const));
  const textOf = (name: string): string | undefined => {
    const node = tree.nodes[members.get(name) ?? -1];
    return node?.kind === 'string' ? unquoted(node.text) : undefined;
  };
  const document = textOf('query');
  if (document === undefined || !DOCUMENT.test(document)) return undefined;
  const variables = members.get('variables');
  const holds = variables !== undefined && (tree.nodes[variables]?.count ?? 0) > 0;
  return {
    ...{ document, ...operationOf(document, textOf('operationName')) },
    variables: holds ? subtree(tree, variables) : undefined,
  };
}

/** Which operation of the document is meant (GraphQL §6.1). */
function operationOf(document: string, wanted: string | undefined): Pick<GraphqlRequest, 'name' | 'kind'> {
  const operations = [...document.matchAll(OPERATION)];
  const meant = operations.find((one) => one[2] === wanted) ?? operations[0];
  return {
    name: wanted ?? (operations.length === 1 ? meant?.[2] : undefined),
    kind: (meant?.[1] ?? 'query') as GraphqlRequest['kind'],
  };
}

/** The places of the values that a value holds itself. */
function partsOf({ nodes }: ValueTree, place: number): number[] {
  const parts: number[] = [];
  const holder: TreeNode | undefined = nodes[place];
  for (let at = place + 1; at < (holder?.end ?? 0); at = nodes[at]?.end ?? Infinity) parts.push(at);
  return parts;
}
