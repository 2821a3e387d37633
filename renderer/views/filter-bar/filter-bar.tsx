import { Columns3, PanelBottom, PanelRight } from 'lucide-react';
import type { ReactElement } from 'react';
import type { Verdict } from '../../../shared/decision.ts';
import { formatCount } from '../../format/units.ts';
import { hasTerm, toggleTerm } from '../../../shared/filter/edit-filter.ts';
import { Hint } from '../common/hint.tsx';
import { GroupChip } from '../compare/group-chip.tsx';
import { useInspector, useT, useTrace, useUi } from '../inspector-context.tsx';
import { ColumnsMenu } from './columns-menu.tsx';
import { FilterChips } from './filter-chips.tsx';
import { FilterField } from './filter-field.tsx';
import { FilterMenu } from './filter-menu.tsx';
import { GroupingMenu } from './grouping-menu.tsx';
import { SearchProgress } from './search-progress.tsx';
import { VERDICTS } from './verdicts.ts';
import './filter-bar.css';

/** The filter's field, the verdicts as switches, and what the list and the details look like. */
export function FilterBar(): ReactElement {
  const t = useT();
  return (
    <search className="filter-bar" aria-label={t('filterBar.bar')}>
      <FilterField />
      <FilterMenu />
      <SearchProgress />
      <FilterChips />
      <div className="verdict-chips" role="group" aria-label={t('filterBar.verdicts')}>
        {VERDICTS.map((verdict) => (
          <VerdictChip key={verdict} verdict={verdict} />
        ))}
      </div>
      <div className="filter-bar-end">
        <GroupChip />
        <GroupingMenu />
        <ColumnsMenu icon={<Columns3 className="icon" />} />
        <DetailsToggle />
      </div>
    </search>
  );
}

function VerdictChip({ verdict }: { readonly verdict: Verdict }): ReactElement | null {
  const { ui } = useInspector();
  const t = useT();
  const count = useTrace((state) => state.counts.verdicts[verdict]);
  const value = verdict.toLowerCase();
  const on = useUi((state) => hasTerm(state.filter, 'cache', value));
  if (count === 0 && !on) return null;
  return (
    <button
      type="button"
      className="verdict-chip"
      aria-pressed={on}
      title={on ? t('filterBar.allVerdicts') : t('filterBar.onlyVerdict', { verdict })}
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
  const t = useT();
  const open = useUi((state) => state.detailsOpen);
  const dock = useUi((state) => state.dock);
  return (
    <Hint text={t(open ? 'filterBar.hideDetails' : 'filterBar.showDetails')} keys="D">
      <button
        type="button"
        className="icon-button"
        aria-label={t('filterBar.details')}
        aria-pressed={open}
        onClick={() => ui.setState({ detailsOpen: !open })}
      >
        {dock === 'right' ? <PanelRight className="icon" /> : <PanelBottom className="icon" />}
      </button>
    </Hint>
  );
}
