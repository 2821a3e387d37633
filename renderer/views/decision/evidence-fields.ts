import type { DecisionStep, FieldEvidence } from '../../../shared/decision.ts';
import type { ExchangeView } from '../../../shared/exchange-view.ts';
import { getAllHeaders, headerPairs } from '../../../shared/headers.ts';
import type { HeaderList } from '../../../shared/headers.ts';

/** A piece of a field value, and the places (from 0) of the steps that rest on it. */
export interface ValuePiece {
  readonly text: string;
  readonly steps: readonly number[];
}

/** A header field that a cache looks at. */
export interface EvidenceField {
  readonly name: string;
  readonly pieces: readonly ValuePiece[];
  /** The places of all steps that rest on some of it, ascending. */
  readonly steps: readonly number[];
}

/** The fields of one message. */
export interface EvidenceGroup {
  readonly side: FieldEvidence['side'];
  /** Only what the steps tell of the message is known: it was another one that was stored then. */
  readonly told: boolean;
  readonly fields: readonly EvidenceField[];
}

/** Field evidence with the place of its step. */
interface PlacedEvidence extends FieldEvidence {
  readonly step: number;
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

/** A longer value is marked as a whole, or not at all. */
const LONGEST = 8_000;

/**
 * The fields that the cache looked at, message by message, with the parts that each step rests on. What the store answered
 * with has the stored fields; of a stored response that did not answer only what the steps tell is known.
 */
export function evidenceGroups(view: ExchangeView, steps: readonly DecisionStep[]): EvidenceGroup[] {
  const evidence = steps.flatMap(({ fields = [] }, step): PlacedEvidence[] =>
    fields.map((field) => ({ ...field, name: field.name.toLowerCase(), step })),
  );
  const of = (side: FieldEvidence['side']): PlacedEvidence[] => evidence.filter((one) => one.side === side);
  const headers = view.response?.headers ?? [];
  const answer = view.upstreamResponse?.headers ?? (view.from === 'upstream' ? headers : []);
  const varied = [...headers, ...answer].length === 0 ? [] : variedFields([...headers, ...answer]);
  const groups: EvidenceGroup[] = [
    {
      ...{ side: 'request', told: false },
      fields: fieldsOf(view.request.headers, of('request'), new Set([...OF_REQUESTS, ...varied])),
    },
    view.from === 'cache'
      ? { side: 'stored', told: false, fields: fieldsOf(headers, of('stored'), OF_RESPONSES) }
      : { side: 'stored', told: true, fields: toldFields(of('stored'), view) },
    { side: 'response', told: false, fields: fieldsOf(answer, of('response'), OF_RESPONSES) },
  ];
  return groups.filter(({ fields }) => fields.length > 0);
}

function variedFields(headers: HeaderList): string[] {
  return getAllHeaders(headers, 'vary').flatMap((value) => value.split(',').map((name) => name.trim().toLowerCase()));
}

function fieldsOf(
  headers: HeaderList,
  evidence: readonly PlacedEvidence[],
  looked: ReadonlySet<string>,
): EvidenceField[] {
  const fields: EvidenceField[] = [];
  for (const [name, value] of headerPairs(headers)) {
    const lower = name.toLowerCase();
    const named = evidence.filter((one) => one.name === lower);
    if (named.length === 0 && !looked.has(lower)) continue;
    const pieces = piecesOf(value, named);
    fields.push({ name, pieces, steps: stepsOf(pieces) });
  }
  return fields;
}

function piecesOf(value: string, evidence: readonly PlacedEvidence[]): ValuePiece[] {
  const whole = evidence.filter(({ directive }) => directive === undefined).map(({ step }) => step);
  const directives = evidence.filter(({ directive }) => directive !== undefined);
  if (directives.length === 0) return [{ text: value, steps: whole }];
  // Directives keep their separators, so that the value reads as it came.
  return directiveTexts(value).map((text) => ({
    text,
    steps: [...whole, ...directives.filter((one) => isDirective(text, one.directive ?? '')).map(({ step }) => step)],
  }));
}

/** A list's members and the commas between them, in turn; commas in quotes separate nothing (RFC 9110 §5.6.1). */
function directiveTexts(value: string): string[] {
  if (value.length > LONGEST) return [value];
  const texts: string[] = [];
  let [from, quoted] = [0, false];
  for (let at = 0; at < value.length; at++) {
    const char = value[at];
    if (quoted && char === '\\') at++;
    else if (char === '"') quoted = !quoted;
    else if (char === ',' && !quoted) {
      texts.push(value.slice(from, at));
      from = at + 1;
      while (value[from] === ' ' || value[from] === '\t') from++;
      texts.push(value.slice(at, from));
      at = from - 1;
    }
  }
  return [...texts, value.slice(from)];
}

/** Whether a member of the field is the directive, which has its name in lower case and its value without quotes. */
function isDirective(text: string, directive: string): boolean {
  const [name = '', ...rest] = text.split('=');
  const lower = name.trim().toLowerCase();
  if (!directive.includes('=')) return lower === directive;
  return `${lower}=${rest.join('=').trim().replace(/^"|"$/g, '')}` === directive;
}

/** What the steps tell of a stored response: directives in full, of other fields that they counted. */
function toldFields(evidence: readonly PlacedEvidence[], { decision }: ExchangeView): EvidenceField[] {
  const names = [...new Set(evidence.map(({ name }) => name))];
  return names.map((name) => {
    const named = evidence.filter((one) => one.name === name);
    const texts = [...new Set(named.map(({ directive }) => directive ?? ''))];
    const pieces = texts.flatMap((text, place): ValuePiece[] => {
      const steps = named.filter(({ directive }) => (directive ?? '') === text).map(({ step }) => step);
      const value = text === '' && name === 'vary' ? (decision?.nearMiss?.field ?? '') : text;
      const piece = { text: value === '' ? '…' : value, steps };
      return place === 0 ? [piece] : [{ text: ', ', steps: [] }, piece];
    });
    return { name, pieces, steps: stepsOf(pieces) };
  });
}

function stepsOf(pieces: readonly ValuePiece[]): number[] {
  return [...new Set(pieces.flatMap(({ steps }) => steps))].sort((a, b) => a - b);
}
