import { Columns3, PanelBottom, PanelRight } from 'lucide-react';
import type { ReactElement } from 'react';
import type { Verdict } from '../../../shared/decision.ts';
import { formatCount } from '../../format/units.ts';
import { hasTerm, toggleTerm } from '../../../shared/filter/edit-filter.ts';
import { Hint } from '../common/hint.tsx';
import { useInspector, useTrace, useUi } from '../inspector-context.tsx';
import { ColumnsMenu } from './columns-menu.tsx';
import { FilterField } from './filter-field.tsx';
import { FilterMenu } from './filter-menu.tsx';
import { GroupingMenu } from './grouping-menu.tsx';
import { SearchProgress } from './search-progress.tsx';
import { VERDICTS } from './verdicts.ts';
import './filter-bar.css';

/** The filter's field, the verdicts as switches, and what the list and the details look like. */
export function FilterBar(): ReactElement {
  return (
    <search className="filter-bar" aria-label="Filter and columns">
      <FilterField />
      <FilterMenu />
      <SearchProgress />
      <div className="verdict-chips" role="group" aria-label="Show only one cache verdict">
        {VERDICTS.map((verdict) => (
          <VerdictChip key={verdict} verdict={verdict} />
        ))}
      </div>
      <div className="filter-bar-end">
        <GroupingMenu />
        <ColumnsMenu icon={<Columns3 className="icon" />} />
        <DetailsToggle />
      </div>
    </search>
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
