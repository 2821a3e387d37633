import { Database, List, ListChecks, Waypoints } from 'lucide-react';
import type { ReactElement } from 'react';
import { keysOf } from '../../commands/key-combination.ts';
import type { Page } from '../../store/ui-store.ts';
import { Hint } from '../common/hint.tsx';
import { useInspector, useT, useUi } from '../inspector-context.tsx';

/** The pages that are named in the bar; the settings have a button. */
const NAMED = ['traffic', 'cache', 'rules', 'routing'] as const satisfies readonly Page[];
type NamedPage = (typeof NAMED)[number];

const ICONS: Readonly<Record<NamedPage, typeof List>> = {
  ...{ traffic: List, cache: Database, rules: ListChecks, routing: Waypoints },
};

/** The pages of the window. */
export function PageSwitch(): ReactElement {
  const { ui } = useInspector();
  const t = useT();
  const page = useUi((state) => state.page);
  return (
    <nav className="page-switch" aria-label={t('topBar.pages')}>
      {NAMED.map((value) => (
        <Hint key={value} text={t(`topBar.${value}Hint`)} keys={keysOf(`go.${value}`)}>
          <button
            type="button"
            className="page-link"
            aria-label={t(`topBar.${value}`)}
            aria-current={page === value ? 'page' : undefined}
            onClick={() => ui.setState({ page: value })}
          >
            {iconOf(value)}
            <span className="page-name">{t(`topBar.${value}`)}</span>
          </button>
        </Hint>
      ))}
    </nav>
  );
}

function iconOf(page: NamedPage): ReactElement {
  const Icon = ICONS[page];
  return <Icon className="icon icon-small" />;
}
