import type { AppliedRule, ExchangeRow } from '../../../shared/exchange-view.ts';
import type { MessageCounts } from '../../../shared/messages.ts';
import type { Outcome } from '../../../shared/trace-event.ts';

/** The numbers of a row, in their order within {@link PackedRows.numbers}; NaN stands for what a row does not have. */
export const NUMBERS = [
  'id',
  'start',
  'end',
  'connection',
  'parent',
  'replay',
  'status',
  'responseAt',
  'ttl',
  'age',
  'requestBytes',
  'responseBytes',
  'warnings',
] as const;
/** The words of a row that many rows share, in their order within {@link PackedRows.codes}. */
export const WORDS = [
  'kind',
  'method',
  'version',
  'client',
  'from',
  'contentType',
  'upstream',
  'remote',
  'verdict',
  'fwd',
] as const;

/** Rows as few large values: copying them to another thread takes a fraction of what copying objects takes. */
export interface PackedRows {
  readonly count: number;
  readonly numbers: Float64Array<ArrayBuffer>;
  /** Every URL, one behind the other. */
  readonly urls: string;
  readonly urlLengths: Uint32Array<ArrayBuffer>;
  /** Positions in `words`. */
  readonly codes: Uint16Array<ArrayBuffer>;
  readonly words: readonly (string | undefined)[];
  /** Outcomes other than completion, and counts of messages, by position. */
  readonly outcomes: readonly (readonly [position: number, outcome: Outcome])[];
  readonly messages: readonly (readonly [position: number, messages: MessageCounts])[];
  /** The rules that were applied, by position. */
  readonly rules: readonly (readonly [position: number, rules: readonly AppliedRule[]])[];
}

export function packRows(rows: readonly ExchangeRow[]): PackedRows {
  const numbers = new Float64Array(rows.length * NUMBERS.length);
  const codes = new Uint16Array(rows.length * WORDS.length);
  const urlLengths = new Uint32Array(rows.length);
  const words: (string | undefined)[] = [];
  const known = new Map<string | undefined, number>();
  const outcomes: [number, Outcome][] = [];
  const messages: [number, MessageCounts][] = [];
  const rules: [number, readonly AppliedRule[]][] = [];
  const urls: string[] = [];
  rows.forEach((row, position) => {
    NUMBERS.forEach((name, at) => (numbers[position * NUMBERS.length + at] = Number(row[name] ?? NaN)));
    WORDS.forEach((name, at) => {
      const word = row[name];
      let code = known.get(word);
      if (code === undefined) {
        code = words.push(word) - 1;
        known.set(word, code);
      }
      codes[position * WORDS.length + at] = code;
    });
    urls.push(row.url);
    urlLengths[position] = row.url.length;
    if (row.outcome !== undefined && row.outcome.kind !== 'completed') outcomes.push([position, row.outcome]);
    if (row.messages !== undefined) messages.push([position, row.messages]);
    if (row.rules !== undefined) rules.push([position, row.rules]);
  });
  return { count: rows.length, numbers, urls: urls.join(''), urlLengths, codes, words, outcomes, messages, rules };
}

/** What can be handed over instead of being copied. */
export function transferables({ numbers, codes, urlLengths }: PackedRows): ArrayBuffer[] {
  return [numbers.buffer, codes.buffer, urlLengths.buffer];
}
