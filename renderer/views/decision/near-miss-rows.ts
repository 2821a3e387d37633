import type { Translate } from '../../i18n/translate.ts';
import type { CacheEntryRow } from '../../../shared/cache-contract.ts';
import type { NearMiss } from '../../../shared/decision.ts';
import type { ExchangeView } from '../../../shared/exchange-view.ts';
import { joinedHeader } from '../../../shared/headers.ts';

/** One line of the comparison between what is stored and what was asked for. */
export interface ComparedRow {
  readonly name: string;
  readonly stored: string;
  readonly requested: string;
  /** It is this that kept the stored response from answering. */
  readonly stops: boolean;
}

const ABSENT = '(absent)';

/** What the near miss's field is called, where it is not a header field. */
const NAMES = ['query', 'method', 'content', 'range', 'authorization', 'mode', 'age'] as const;

/** Fields whose values the engine puts into words of its own; those of other fields are what the messages have. */
const WORDED: ReadonlySet<string> = new Set([
  ...['content', 'range', 'authorization', 'mode', 'age', 'vary', 'cache-control', 'pragma'],
]);

/**
 * The entry that almost answered and the request that it did not answer, side by side.
 *
 * @param entry the entry, when it is still stored
 */
export function nearMissRows(
  t: Translate,
  nearMiss: NearMiss,
  view: ExchangeView,
  entry: CacheEntryRow | undefined,
): ComparedRow[] {
  const { field, stored, requested } = nearMiss;
  const rows: ComparedRow[] = [];
  const same = (name: string, left: string, right: string): void => {
    rows.push({ name, stored: left, requested: right, stops: false });
  };
  if (entry !== undefined && field !== 'query') same('URL', entry.uri, view.url);
  if (entry !== undefined && field !== 'method') same(t('nearMissNames.method'), 'GET', view.method);
  for (const [name, value] of entry?.selecting ?? []) {
    if (name !== field && name !== '*') {
      const absent = t.said(ABSENT);
      same(name, value ?? absent, joinedHeader(view.request.headers, name) ?? absent);
    }
  }
  rows.push({
    name: nameOf(t, field),
    stored: told(t, field, stored),
    requested: told(t, field, requested),
    stops: true,
  });
  return rows;
}

function told(t: Translate, field: string, value: string): string {
  return value === ABSENT || WORDED.has(field) ? t.said(value) : value;
}

function nameOf(t: Translate, field: string): string {
  const known = NAMES.find((name) => name === field);
  return known === undefined ? field : t(`nearMissNames.${known}`);
}

/** Of the entries under the near miss's key, the one that it means. */
export function meantEntry(nearMiss: NearMiss, rows: readonly CacheEntryRow[]): CacheEntryRow | undefined {
  const { field, stored } = nearMiss;
  const by = field === 'vary' ? '*' : field;
  return (
    rows.find(({ selecting }) => selecting.some(([name, value]) => name === by && (value ?? ABSENT) === stored)) ??
    rows[0]
  );
}
