import { Columns3, Filter, PanelBottom, PanelRight, X } from 'lucide-react';
import type { KeyboardEvent, ReactElement } from 'react';
import type { Verdict } from '../../../shared/decision.ts';
import { formatCount } from '../../format/units.ts';
import { hasTerm, toggleTerm } from '../../../shared/filter/edit-filter.ts';
import { Hint } from '../common/hint.tsx';
import { useInspector, useTrace, useUi } from '../inspector-context.tsx';
import { ColumnsMenu } from './columns-menu.tsx';
import { focusFilter } from './focus-filter.ts';
import { VERDICTS } from './verdicts.ts';
import './filter-bar.css';

/** The filter's field, the verdicts as switches, and what the list and the details look like. */
export function FilterBar(): ReactElement {
  return (
    <search className="filter-bar" aria-label="Filter and columns">
      <FilterField />
      <div className="verdict-chips" role="group" aria-label="Show only one cache verdict">
        {VERDICTS.map((verdict) => (
          <VerdictChip key={verdict} verdict={verdict} />
        ))}
      </div>
      <div className="filter-bar-end">
        <ColumnsMenu icon={<Columns3 className="icon" />} />
        <DetailsToggle />
      </div>
    </search>
  );
}

function FilterField(): ReactElement {
  const { ui } = useInspector();
  const filter = useUi((state) => state.filter);
  const shown = useTrace((state) => state.shown);
  const total = useTrace((state) => state.counts.total);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') {
      event.stopPropagation();
      if (filter === '') document.querySelector<HTMLElement>('#request-list')?.focus();
      else ui.setState({ filter: '' });
    }
    if (event.key === 'Enter' || event.key === 'ArrowDown') {
      event.preventDefault();
      document.querySelector<HTMLElement>('#request-list')?.focus();
    }
  };

  return (
    <div className="filter-field" data-active={filter !== ''}>
      <Filter className="icon icon-small" aria-hidden="true" />
      <input
        id="filter"
        className="filter-input"
        type="text"
        aria-label="Filter requests"
        placeholder="Filter: words, host:example, status:4xx, -method:post"
        autoComplete="off"
        spellCheck={false}
        value={filter}
        onChange={(event) => ui.setState({ filter: event.target.value })}
        onKeyDown={onKeyDown}
      />
      {filter === '' ? (
        <kbd className="kbd" aria-hidden="true">
          /
        </kbd>
      ) : (
        <>
          <span className="filter-count" role="status">
            {formatCount(shown)} of {formatCount(total)}
          </span>
          <button
            type="button"
            className="icon-button"
            data-size="small"
            aria-label="Clear the filter"
            onClick={() => {
              ui.setState({ filter: '' });
              focusFilter();
            }}
          >
            <X className="icon icon-small" />
          </button>
        </>
      )}
    </div>
  );
}

function VerdictChip({ verdict }: { readonly verdict: Verdict }): ReactElement | null {
  const { ui } = useInspector();
  const count = useTrace((state) => state.counts.verdicts[verdict]);
  const value = verdict.toLowerCase();
  const on = useUi((state) => hasTerm(state.filter, 'cache', value));
  if (count === 0 && !on) return null;
  return (
    <button
      type="button"
      className="verdict-chip"
      aria-pressed={on}
      title={on ? 'Show all verdicts' : `Show only ${verdict}`}
      onClick={() => ui.setState(({ filter }) => ({ filter: toggleTerm(filter, 'cache', value) }))}
    >
      <span className="badge" data-verdict={verdict}>
        {verdict}
      </span>
      <span className="verdict-chip-count">{formatCount(count)}</span>
    </button>
  );
}

function DetailsToggle(): ReactElement {
  const { ui } = useInspector();
  const open = useUi((state) => state.detailsOpen);
  const dock = useUi((state) => state.dock);
  return (
    <Hint text={open ? 'Hide the details' : 'Show the details'} keys="D">
      <button
        type="button"
        className="icon-button"
        aria-label="Details"
        aria-pressed={open}
        onClick={() => ui.setState({ detailsOpen: !open })}
      >
        {dock === 'right' ? <PanelRight className="icon" /> : <PanelBottom className="icon" />}
      </button>
    </Hint>
  );
}
