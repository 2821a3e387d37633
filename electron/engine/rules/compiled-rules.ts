import { compileFilter, NO } from '../../../shared/filter/compile-filter.ts';
import type { FilterTest } from '../../../shared/filter/compile-filter.ts';
import type { FilterDetail, FilteredExchange } from '../../../shared/filter/filtered-exchange.ts';
import { parseRequestFilter } from '../../../shared/filter/request-filter.ts';
import { NO_HEADERS } from '../../../shared/headers.ts';
import { appliesTo } from '../../../shared/rule-kinds.ts';
import type { Rule } from '../../../shared/rules.ts';
import type { Exchange } from '../chain/exchange.ts';
import { formatUrl } from '../http/request-target.ts';

/** A rule that is on, with its place in the settings. */
export interface PlacedRule {
  readonly rule: Rule;
  readonly index: number;
}

interface CompiledRule extends PlacedRule {
  /** Undefined when every request passes. */
  readonly test: FilterTest | undefined;
}

type Arrived = Pick<Exchange, 'id' | 'received' | 'client'>;

const NONE: readonly PlacedRule[] = [];

/** The rules that are on, read once for each change of the settings. */
export class CompiledRules {
  readonly #rules: readonly CompiledRule[];

  /** @param rules as the settings have let them through */
  constructor(rules: readonly Rule[]) {
    this.#rules = rules.flatMap((rule, index) => (rule.on ? [{ rule, index, test: compile(rule) }] : []));
  }

  /** Whether there is none to apply. */
  get empty(): boolean {
    return this.#rules.length === 0;
  }

  /** Those that apply to a request, in order. What counts is the request as it came, whatever the first ones make of it. */
  matching(x: Arrived): readonly PlacedRule[] {
    const kind = kindOf(x);
    const [row, detail] = [rowOf(x, kind), detailOf(x)];
    const matching = this.#rules.filter(
      ({ rule, test }) =>
        appliesTo(rule.action.type, kind) && (test === undefined || test(row, undefined, detail) !== NO),
    );
    return matching.length === 0 ? NONE : matching;
  }
}

function compile({ name, when }: Rule): FilterTest | undefined {
  const parsed = parseRequestFilter(when);
  if (!parsed.ok) throw new Error(`The rule ${name} got past its schema: ${parsed.problem.message}`);
  return parsed.node && compileFilter(parsed.node);
}

function kindOf({ received }: Arrived): FilteredExchange['kind'] {
  return received.upgrade?.websocket === true ? 'websocket' : received.method === 'CONNECT' ? 'tunnel' : 'http';
}

/** The request as the list shows it, with nothing in what is not known yet. */
function rowOf({ id, received, client }: Arrived, kind: FilteredExchange['kind']): FilteredExchange {
  const { method, url, version, protocol } = received;
  return {
    ...{ id, kind, start: 0, method, url: kind === 'tunnel' ? url.authority : formatUrl(url), client },
    ...{ version: protocol ?? `HTTP/${version}`, connection: 0, requestBytes: 0, responseBytes: 0, warnings: 0 },
  };
}

function detailOf({ received }: Arrived): FilterDetail {
  return {
    requestHeaders: received.headers,
    responseHeaders: NO_HEADERS,
    ...{ requestBody: '', responseBody: '', cacheKey: '' },
  };
}
