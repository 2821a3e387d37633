import type { ReactElement } from 'react';
import { useStore } from 'zustand';
import { formatShare } from '../../format/units.ts';
import { useInspector, useT } from '../inspector-context.tsx';

/** How far a search that takes its time is, and the way to stop it. */
export function SearchProgress(): ReactElement | null {
  const { search } = useInspector();
  const t = useT();
  const { progress, incomplete } = useStore(search.store);
  if (progress !== undefined) {
    return (
      <span className="search-progress" role="status">
        <progress max={progress.total} value={progress.seen} aria-label={t('filterBar.searched')} />
        {formatShare(progress.seen, progress.total)}
        <button type="button" className="button" data-kind="quiet" onClick={() => search.cancel()}>
          {t('filterBar.stop')}
        </button>
      </span>
    );
  }
  if (incomplete === undefined) return null;
  const { seen, total, message } = incomplete;
  return (
    <span className="search-progress" role="status" data-tone="warn" title={message}>
      {t('filterBar.stopped', { seen, total })}
    </span>
  );
}
