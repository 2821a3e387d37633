import type { ExchangeRow, ExchangeView } from '../../../shared/exchange-view.ts';
import type { RelatedExchanges } from '../conversation/related-exchanges.ts';
import type { Interval } from './intervals.ts';

/**
 * What an exchange has to do with another one: that caused it, was caused by it, was sent again as it, waited for it, was waited for by it, or
 * followed the redirection that it answered with.
 */
export type Relation = 'caused' | 'replayed' | 'waitedFor' | 'waiting' | 'followed';

/** An exchange beside the one that is looked at. */
export interface RelatedRow {
  readonly relation: Relation;
  readonly row: ExchangeRow;
}

/** What had to do with an exchange, in order of beginning. */
export function relatedRows(related: RelatedExchanges, followed: ExchangeRow | undefined): RelatedRow[] {
  const of = (relation: Relation, rows: readonly ExchangeRow[]): RelatedRow[] => rows.map((row) => ({ relation, row }));
  return [
    ...related.children.map((row): RelatedRow => ({ relation: row.replay === true ? 'replayed' : 'caused', row })),
    ...of('waitedFor', related.leader === undefined ? [] : [related.leader]),
    ...of('waiting', related.followers),
    ...of('followed', followed === undefined ? [] : [followed]),
  ].sort((a, b) => a.row.start - b.row.start || a.row.id - b.row.id);
}

/** The axis on which all of them have a place; what still runs ends `now`. */
export function relatedAxis(view: ExchangeView, rows: readonly RelatedRow[], now: number): Interval {
  const all = [view, ...rows.map(({ row }) => row)];
  return {
    start: Math.min(...all.map(({ start }) => start)),
    end: Math.max(...all.map(({ start, end }) => Math.max(start, end ?? now))),
  };
}
