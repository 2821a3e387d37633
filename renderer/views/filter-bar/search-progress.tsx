import type { ReactElement } from 'react';
import { useStore } from 'zustand';
import { formatCount, formatShare } from '../../format/units.ts';
import { useInspector } from '../inspector-context.tsx';

/** How far a search that takes its time is, and the way to stop it. */
export function SearchProgress(): ReactElement | null {
  const { search } = useInspector();
  const { progress, incomplete } = useStore(search.store);
  if (progress !== undefined) {
    return (
      <span className="search-progress" role="status">
        <progress max={progress.total} value={progress.seen} aria-label="Searched so far" />
        {formatShare(progress.seen, progress.total)}
        <button type="button" className="button" data-kind="quiet" onClick={() => search.cancel()}>
          Stop
        </button>
      </span>
    );
  }
  if (incomplete === undefined) return null;
  const { seen, total, message } = incomplete;
  return (
    <span className="search-progress" role="status" data-tone="warn" title={message}>
      {`Stopped after ${formatCount(seen)} of ${formatCount(total)}`}
    </span>
  );
}
