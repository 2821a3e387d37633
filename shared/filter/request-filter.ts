import type { FilterNode, FilterTerm } from './filter-ast.ts';
import type { FilterProblem } from './filter-problem.ts';
import { parseFilter } from './parse-filter.ts';
import type { ParsedFilter } from './parse-filter.ts';

/** The keys that are known when a request arrives. Of `header` that is the request's side; of `is` see {@link REQUEST_STATES}. */
export const REQUEST_KEYS: ReadonlySet<string> = new Set([
  ...['url', 'host', 'path', 'query', 'scheme', 'method', 'kind', 'is', 'header', 'request.header'],
  ...['client', 'protocol'],
]);

/** The states of `is:` that are known when a request arrives. */
export const REQUEST_STATES: ReadonlySet<string> = new Set([...['secure', 'tunnel', 'websocket', 'mutating']]);

/**
 * Reads a filter that is asked when a request arrives, before there is an answer: the filter language with the keys of
 * {@link REQUEST_KEYS} alone. What would be looked for in an answer is a problem of code `LATER`.
 */
export function parseRequestFilter(text: string): ParsedFilter {
  const parsed = parseFilter(text);
  if (!parsed.ok || parsed.node === undefined) return parsed;
  const problem = firstLater(parsed.node);
  return problem === undefined ? parsed : { ok: false, problem };
}

function firstLater(node: FilterNode): FilterProblem | undefined {
  switch (node.type) {
    case 'and':
    case 'or':
      for (const part of node.parts) {
        const problem = firstLater(part);
        if (problem !== undefined) return problem;
      }
      return undefined;
    case 'not':
      return firstLater(node.part);
    case 'term':
      return later(node);
  }
}

function later({ key, values, from, to }: FilterTerm): FilterProblem | undefined {
  const state = values.find((value) => value.kind === 'word' && !REQUEST_STATES.has(value.word));
  const what = !REQUEST_KEYS.has(key.name)
    ? key.name
    : key.name === 'is' && state?.kind === 'word'
      ? `is:${state.word}`
      : undefined;
  if (what === undefined) return undefined;
  return { code: 'LATER', from, to, message: `${what} is not known yet when a request arrives` };
}
