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
  const named = namedIn(steps, side);
  const looked = side === 'request' ? OF_REQUESTS : OF_RESPONSES;
  const fields: EvidenceField[] = [];
  for (const [name, value] of headerPairs(headers)) {
    const lower = name.toLowerCase();
    const relevant = looked.has(lower) || (side === 'request' && vary.includes(lower));
    const pieces = markedPieces(lower, value, named);
    const decided = pieces.some(({ marked }) => marked);
    if (relevant || (decided && named.some((text) => text.toLowerCase().startsWith(`${lower}:`)))) {
      fields.push({ name, pieces, decided });
    }
  }
  return fields;
}

/** The code in the steps' evidence, as far as it is about this side's fields. */
function namedIn(steps: readonly DecisionStep[], side: 'request' | 'response'): string[] {
  const named: string[] = [];
  for (const { evidence } of steps) {
    const parts = evidence.split('`');
    for (let i = 1; i + 1 < parts.length; i += 2) {
      const ofRequest = /^[^`]*\bin the request/.test(parts[i + 1] ?? '');
      const text = parts[i] ?? '';
      // A directive says nothing of where it stands but for these words; whole fields are known by their names.
      if (text.includes(': ') || ofRequest === (side === 'request')) named.push(text);
    }
  }
  return named;
}

function markedPieces(lowerName: string, value: string, named: readonly string[]): ValuePiece[] {
  for (const text of named) {
    const lower = text.toLowerCase();
    if (lower === lowerName || lower === `${lowerName}: ${value}`.toLowerCase()) return [{ text: value, marked: true }];
  }
  if (!lowerName.endsWith('cache-control') && lowerName !== 'pragma') return [{ text: value, marked: false }];
  // Directives keep their separators, so that the value reads as it came.
  return value.split(/(\s*,\s*)/).map((text, place) => ({
    text,
    marked: place % 2 === 0 && named.some((one) => sameDirective(one, text.trim())),
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
