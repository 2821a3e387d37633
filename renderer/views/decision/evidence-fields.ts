import type { DecisionStep } from '../../../shared/decision.ts';
import { headerPairs } from '../../../shared/headers.ts';
import type { HeaderList } from '../../../shared/headers.ts';

/** A piece of a field value; `marked` when the decision rests on it. */
export interface ValuePiece {
  readonly text: string;
  readonly marked: boolean;
}

/** A header field that a cache looks at. */
export interface EvidenceField {
  readonly name: string;
  readonly pieces: readonly ValuePiece[];
  /** Some of it decided. */
  readonly decided: boolean;
}

/** What a cache looks at, besides the fields that a Vary names. */
const OF_REQUESTS: ReadonlySet<string> = new Set([
  ...['cache-control', 'pragma', 'authorization', 'range', 'if-range', 'if-match', 'if-none-match'],
  ...['if-modified-since', 'if-unmodified-since'],
]);
const OF_RESPONSES: ReadonlySet<string> = new Set([
  ...['cache-control', 'cdn-cache-control', 'expires', 'age', 'date', 'vary', 'etag', 'last-modified', 'pragma'],
  ...['content-range', 'cache-groups', 'no-vary-search', 'set-cookie'],
]);

/**
 * The fields of a message that a cache looks at, with the parts marked that the steps of a decision name. The steps set
 * code in backticks: a directive such as `max-age=60`, a whole field such as `ETag: "a"`, or a field's name.
 */
export function evidenceFields(
  side: 'request' | 'response',
  headers: HeaderList,
  steps: readonly DecisionStep[],
  vary: readonly string[],
): EvidenceField[] {
  const named = namedIn(steps);
  const looked = side === 'request' ? OF_REQUESTS : OF_RESPONSES;
  const fields: EvidenceField[] = [];
  for (const [name, value] of headerPairs(headers)) {
    const lower = name.toLowerCase();
    const pieces = markedPieces(lower, value, side, named);
    const decided = pieces.some(({ marked }) => marked);
    const relevant = looked.has(lower) || (side === 'request' && vary.includes(lower));
    if (relevant || decided) fields.push({ name, pieces, decided });
  }
  return fields;
}

/** A piece of code in a step's evidence. */
interface Named {
  /** Lower case. */
  readonly text: string;
  /** The step says that it stands in the request. */
  readonly ofRequest: boolean;
}

function namedIn(steps: readonly DecisionStep[]): Named[] {
  const named: Named[] = [];
  for (const { evidence } of steps) {
    const parts = evidence.split('`');
    for (let i = 1; i + 1 < parts.length; i += 2) {
      const ofRequest = /\bin the request/.test(parts[i + 1] ?? '');
      named.push({ text: (parts[i] ?? '').toLowerCase(), ofRequest });
    }
  }
  return named;
}

function markedPieces(
  lowerName: string,
  value: string,
  side: 'request' | 'response',
  named: readonly Named[],
): ValuePiece[] {
  const line = `${lowerName}: ${value}`.toLowerCase();
  if (named.some(({ text }) => text === lowerName || text === line)) return [{ text: value, marked: true }];
  if (!lowerName.endsWith('cache-control') && lowerName !== 'pragma') return [{ text: value, marked: false }];
  // A directive does not say in which message it stands, but for these words of its step.
  const directives = named.filter(({ ofRequest }) => ofRequest === (side === 'request'));
  // Directives keep their separators, so that the value reads as it came.
  return value.split(/(\s*,\s*)/).map((text, place) => ({
    text,
    marked: place % 2 === 0 && directives.some((one) => sameDirective(one.text, text.trim())),
  }));
}

function sameDirective(named: string, directive: string): boolean {
  const [name = '', ...rest] = named
    .toLowerCase()
    .replace(/^cache-control: /, '')
    .split('=');
  const lower = directive.toLowerCase();
  return rest.length === 0 ? lower === name || lower.startsWith(`${name}=`) : lower === `${name}=${rest.join('=')}`;
}
