import type { ExchangeRow } from '../../../shared/exchange-view.ts';
import { splitUrl } from '../../../shared/url-parts.ts';
import type { Inspector } from '../../store/inspector.ts';

type Recorded = Pick<Inspector, 'index' | 'annotations'>;

/** Of the listed rows, those that `id` caused, and those that repeat it. */
export function childrenOf(recorded: Recorded, id: number): number[] {
  return listedIds(recorded, (row) => row.parent === id);
}

/** Of the listed rows, those that ask for the same as this one, itself among them. */
export function duplicatesOf(recorded: Recorded, { method, url }: ExchangeRow): number[] {
  return listedIds(recorded, (row) => row.method === method && row.url === url);
}

/**
 * Ended rows that are deleted together. A pinned one is never among them: it stays until it is deleted by itself, as it
 * survives a clear.
 */
export const ROW_SETS = {
  listed: (recorded) =>
    unpinned(
      recorded,
      listedIds(recorded, (row) => row.end !== undefined),
    ),
  hidden(recorded) {
    const listed = new Set(recorded.index.view);
    return unpinned(
      recorded,
      recordedIds(recorded, ({ id }) => !listed.has(id)),
    );
  },
  /** Without pin, mark and comment. */
  unmarked: (recorded) => recordedIds(recorded, ({ id }) => recorded.annotations.get(id) === undefined),
} satisfies Record<string, (recorded: Recorded) => number[]>;

/** Ended rows but those in `selection`; see {@link ROW_SETS} for pinned ones. */
export function allBut(recorded: Recorded, selection: ReadonlySet<number>): number[] {
  return unpinned(
    recorded,
    recordedIds(recorded, ({ id }) => !selection.has(id)),
  );
}

/** Ended rows of the host that `url` has; see {@link ROW_SETS} for pinned ones. */
export function ofSameHost(recorded: Recorded, url: string): number[] {
  const { host } = splitUrl(url);
  return unpinned(
    recorded,
    recordedIds(recorded, (row) => splitUrl(row.url).host === host),
  );
}

function unpinned({ annotations }: Recorded, ids: readonly number[]): number[] {
  return ids.filter((id) => annotations.get(id)?.pinned !== true);
}

function listedIds({ index }: Recorded, has: (row: ExchangeRow) => boolean): number[] {
  return index.view.filter((id) => {
    const row = index.get(id);
    return row !== undefined && has(row);
  });
}

function recordedIds({ index }: Recorded, has: (row: ExchangeRow) => boolean): number[] {
  return [...index.rows()].filter((row) => row.end !== undefined && has(row)).map(({ id }) => id);
}
