import { Search, X } from 'lucide-react';
import type { KeyboardEvent, ReactElement } from 'react';
import { formatCount } from '../../format/units.ts';
import { ENTRY_SEARCH_ID, focusEntryList } from '../cache-page-keys.ts';
import { useInspector, useT, useUi } from '../inspector-context.tsx';
import { useCacheList } from './cache-context.tsx';

/** Looks for entries by a part of their URL. */
export function EntrySearch(): ReactElement {
  const t = useT();
  const { ui } = useInspector();
  const search = useUi((state) => state.cacheSearch);
  const total = useCacheList((state) => state.total);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && search !== '') {
      event.stopPropagation();
      event.preventDefault();
      ui.setState({ cacheSearch: '' });
    } else if (event.key === 'Enter' || event.key === 'ArrowDown' || event.key === 'Escape') {
      event.stopPropagation();
      event.preventDefault();
      focusEntryList();
    }
  };

  return (
    <search className="filter-field entry-search" data-active={search !== ''} aria-label={t('cache.search')}>
      <Search className="icon icon-small" aria-hidden="true" />
      <input
        id={ENTRY_SEARCH_ID}
        className="filter-input"
        type="text"
        aria-label={t('cache.searchByUrl')}
        placeholder={t('cache.searchExample')}
        autoComplete="off"
        spellCheck={false}
        value={search}
        onChange={(event) => ui.setState({ cacheSearch: event.target.value })}
        onKeyDown={onKeyDown}
      />
      {search === '' ? (
        <kbd className="kbd" aria-hidden="true">
          /
        </kbd>
      ) : (
        <>
          <span className="filter-count" role="status">
            {total === undefined ? '' : t('cache.found', { number: formatCount(total) })}
          </span>
          <button
            type="button"
            className="icon-button"
            data-size="small"
            aria-label={t('cache.clearSearch')}
            onClick={() => {
              ui.setState({ cacheSearch: '' });
              document.querySelector<HTMLElement>(`#${ENTRY_SEARCH_ID}`)?.focus();
            }}
          >
            <X className="icon icon-small" />
          </button>
        </>
      )}
    </search>
  );
}
