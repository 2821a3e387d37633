import type { ExchangeRow } from '../../../shared/exchange-view.ts';

/** Exchanges that had to do with another one. */
export interface RelatedExchanges {
  /** What it caused: a revalidation in the background. */
  readonly children: readonly ExchangeRow[];
  /** Requests that waited for its answer. */
  readonly followers: readonly ExchangeRow[];
  /** The request whose answer it waited for. */
  readonly leader?: ExchangeRow;
}

export const NO_RELATED: RelatedExchanges = { children: [], followers: [] };

/** Ids are given in order of arrival, so what belongs together lies near. */
const REACH = 2_000;

/**
 * Finds what had to do with an exchange among the rows around it. A row answered from the cache although it missed is one
 * that waited for another request (RFC 9211 §2.6); for whom, the address and the times tell.
 */
export function relatedExchanges(
  row: ExchangeRow,
  rowOf: (id: number) => ExchangeRow | undefined,
  reach = REACH,
): RelatedExchanges {
  const waited = isCollapsed(row);
  const children: ExchangeRow[] = [];
  const followers: ExchangeRow[] = [];
  let leader: ExchangeRow | undefined;
  for (let id = Math.max(1, row.id - reach); id <= row.id + reach; id++) {
    const other = id === row.id ? undefined : rowOf(id);
    if (other === undefined) continue;
    if (other.parent === row.id) children.push(other);
    else if (waited && couldLead(other, row)) leader = other;
    else if (isCollapsed(other) && couldLead(row, other)) followers.push(other);
  }
  return leader === undefined ? { children, followers } : { children, followers, leader };
}

/** A text that is another one whenever a conversation would show these exchanges otherwise. */
export function relationKey({ children, followers, leader }: RelatedExchanges): string {
  const rows = [...children, ...followers, ...(leader === undefined ? [] : [leader])];
  return rows.map(({ id, responseAt, end }) => `${id} ${responseAt ?? ''} ${end ?? ''}`).join(';');
}

function isCollapsed(row: ExchangeRow): boolean {
  return row.verdict === 'MISS' && row.from === 'cache';
}

/** Whether `leader` asked the upstream for the same while `follower` came. */
function couldLead(leader: ExchangeRow, follower: ExchangeRow): boolean {
  return (
    leader.url === follower.url &&
    leader.method === follower.method &&
    leader.from === 'upstream' &&
    leader.start <= follower.start &&
    (leader.end ?? Infinity) >= follower.start
  );
}
